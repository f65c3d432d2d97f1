"""The page of one authority."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ..models import Authority


@login_not_required
@require_safe
def detail(request, slug):
    authority = get_object_or_404(Authority.objects.visible_to(request.user), slug=slug)
    return render(request, "network/detail.html", {"authority": authority})
