"""The admin as a whole, and third parties' tables that coordinators keep."""

from django.apps import apps
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from taggit import admin as taggit_admin
from taggit.models import Tag

from accounts.coordinators import coordinators_may

admin.site.enable_nav_sidebar = False
apps.get_app_config("taggit").verbose_name = _("Keywords")
admin.site.unregister(Tag)


@admin.register(Tag)
@coordinators_may(add=True, change=True, delete=True)
class TagAdmin(taggit_admin.TagAdmin):
    """Keywords: merge by renaming, delete what nobody needs."""
