"""An authority that became part of another: every address of its pages leads to the same page of that one, for ever."""

from functools import wraps

from django.http import Http404
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from ..models import Authority


def successor(user, slug) -> Authority | None:
    """What the authority of this address became, where `user` may see it."""
    row = Authority.objects.filter(slug=slug, merged_into__isnull=False).select_related("merged_into").first()
    while row is not None and row.merged_into_id:
        row = row.merged_into
    seen = Authority.objects.visible_to(user)
    return row if row is not None and seen.filter(pk=row.pk).exists() else None


def gone_to(request, slug):
    """The same page of the one that it became; every other authority that is hidden is a 404."""
    row = successor(request.user, slug)
    if row is None:
        raise Http404(_("There is no such authority."))
    match = request.resolver_match
    address = resolve_url(match.view_name, **{**match.kwargs, "slug": row.slug})
    query = request.META.get("QUERY_STRING", "")
    return redirect(f"{address}?{query}" if query else address, permanent=True)


def leads_on(view):
    """A page below the address of one authority: where there is none any more, that of the one that it became."""

    @wraps(view)
    def answer(request, slug, **kwargs):
        try:
            return view(request, slug, **kwargs)
        except Http404 as missing:
            try:
                return gone_to(request, slug)
            except Http404:
                raise missing from None

    return answer
