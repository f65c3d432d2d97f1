"""The directory: finding authorities."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ..models import Authority


@login_not_required
@require_safe
def network_list(request):
    rows = Authority.objects.visible_to(request.user).filter(hidden=False, merged_into=None)[:50]
    return render(request, "network/list.html", {"authorities": rows})
