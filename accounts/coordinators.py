"""What coordinators may do with a model in the admin: a decorator, so that each admin class says it in one line."""


def coordinators_may(*, add=False, change=False, delete=False):
    """Let coordinators see the model in the admin, and add, change or delete rows as told; nobody else anything."""

    def asks(allowed):
        return lambda self, request, obj=None: allowed and request.user.is_coordinator

    def decorate(admin_class):
        admin_class.has_module_permission = lambda self, request: request.user.is_coordinator
        admin_class.has_view_permission = asks(True)
        admin_class.has_add_permission = asks(add)
        admin_class.has_change_permission = asks(change)
        admin_class.has_delete_permission = asks(delete)
        return admin_class

    return decorate
