"""Forms that create a row create one row, however often they are sent."""

import uuid
from functools import wraps

from django.db import IntegrityError, transaction
from django.http import HttpResponseRedirect

from .models import OnceToken

FIELD = "once"


def token_of(request) -> uuid.UUID:
    """The token that the form was sent with; a new one where it is missing or no token at all."""
    try:
        return uuid.UUID(request.POST.get(FIELD, ""))
    except ValueError:
        return uuid.uuid4()


def once(view):
    """Run the view of a form with {% once %} in one transaction with its token; a repeat leads to the same page.

    A second POST that arrives meanwhile waits for the first. A form that comes back with errors keeps its token.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        user = request.user if request.user.is_authenticated else None
        with transaction.atomic():
            row = _claim(token_of(request), user)
            if row.url:
                return HttpResponseRedirect(row.url)
            response = view(request, *args, **kwargs)
            if 300 <= response.status_code < 400:
                row.url = response["Location"]
                row.save(update_fields=["url"])
            else:
                row.delete()
        return response

    return wrapped


def _claim(token, user) -> OnceToken:
    """The row of this token: new (url empty), or the one with which the same person was here before."""
    try:
        with transaction.atomic():
            return OnceToken.objects.create(token=token, user=user)
    except IntegrityError:
        row = OnceToken.objects.filter(token=token, user=user, url__gt="").first()
    # Somebody else's token leads nowhere: it is as good as none.
    return row or OnceToken.objects.create(user=user)
