"""The admin as a whole, and third parties' tables that coordinators keep."""

from django.contrib import admin
from taggit import admin as taggit_admin
from taggit.models import Tag

from accounts.coordinators import coordinators_may

admin.site.enable_nav_sidebar = False
admin.site.unregister(Tag)


@admin.register(Tag)
@coordinators_may(add=True, change=True, delete=True)
class TagAdmin(taggit_admin.TagAdmin):
    """Keywords: merge by renaming, delete what nobody needs."""
