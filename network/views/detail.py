"""The page of one authority, and writing to it."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.once import once

from ..directory import page, presenting, represented
from ..emails import recipients
from ..models import Authority
from .merged import gone_to
from .relay import relay


@login_not_required
@require_safe
def detail(request, slug):
    part = represented.part(slug, request.user, request.GET)
    authority = page.read(slug, request.user, part.keys, part.whom.keys)
    if authority is None or authority.merged_into_id:
        return gone_to(request, slug)
    site = request.build_absolute_uri("/")[:-1]
    return render(request, "network/detail.html", presenting.context(authority, request.user, site, part))


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@once
def contact(request, slug):
    """Write to those who represent it, else to the coordinators; addresses stay hidden."""
    authority = Authority.objects.visible_to(request.user).filter(slug=slug, merged_into=None).first()
    if authority is None:
        return gone_to(request, slug)
    name, lang = page.name_of(authority)
    about = {"section": "network", "title": name, "title_lang": lang}
    return relay(request, authority, recipients.representatives(authority), about, form_page="network/contact.html")
