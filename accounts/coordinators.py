"""What coordinators may do with a model in the admin: a decorator, so that each admin class says it in one line."""


def coordinators_may(*, add=False, change=False, delete=False):
    """Let coordinators see the model in the admin, and add, change or delete rows as told; nobody else anything."""

    def asks(allowed):
        return lambda self, request, obj=None: allowed and request.user.is_coordinator

    def decorate(admin_class):
        """What the class itself says about a permission stays."""
        permissions = {"view": True, "add": add, "change": change, "delete": delete}
        for name, allowed in {**permissions, "module": True}.items():
            if f"has_{name}_permission" not in vars(admin_class):
                setattr(admin_class, f"has_{name}_permission", asks(allowed))
        return admin_class

    return decorate
