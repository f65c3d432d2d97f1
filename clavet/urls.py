"""Every address of the portal; what has no language prefix is read by machines or follows the person's language."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from . import views

urlpatterns = [
    path("admin/", admin.site.urls),
]

if settings.DEMO:
    from . import demo_mail, styleguide

    urlpatterns += [
        path("demo/mail/", demo_mail.mail_list, name="demo_mail"),
        path("styleguide/", styleguide.styleguide, name="styleguide"),
    ]

urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path("fiches/", include("fiches.urls")),
    path("accounts/", include("allauth.urls")),
    prefix_default_language=True,
)
