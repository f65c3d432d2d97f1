"""Every address of the portal; what has no language prefix is read by machines or follows the person's language."""

from allauth.account.decorators import secure_admin_login
from allauth.urls import build_provider_urlpatterns
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from network.views import acceptances, documents, relay_answer, verification

from . import health, my, pages, reports, sitemaps, themes, views

# The administration asks for no password of its own.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("admin/", admin.site.urls),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("robots.txt", health.robots_txt, name="robots_txt"),
    path(".well-known/security.txt", health.security_txt, name="security_txt"),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-pages.xml", sitemaps.sitemap_pages, name="sitemap_pages"),
    path("sitemap-fiches-<int:number>.xml", sitemaps.sitemap_fiches, name="sitemap_fiches"),
    path("sitemap-authorities-<int:number>.xml", sitemaps.sitemap_authorities, name="sitemap_authorities"),
    path("accounts/", include(build_provider_urlpatterns())),  # OpenID Connect: registered with the providers
]

if settings.DEMO:
    from . import demo_mail, styleguide

    urlpatterns += [
        path("demo/mail/", demo_mail.mail_list, name="demo_mail"),
        path("demo/mail/<slug:name>/", demo_mail.mail_detail, name="demo_mail_detail"),
        path("demo/mail/<slug:name>/html/", demo_mail.mail_html, name="demo_mail_html"),
        path("styleguide/", styleguide.styleguide, name="styleguide"),
    ]

urlpatterns += i18n_patterns(
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("fiches/", include("fiches.urls")),
    path("network/", include("network.urls")),
    path("themes/", themes.themes, name="themes"),
    path("themes/<slug:slug>/", themes.theme, name="theme"),
    path("themes/<slug:slug>/theme.pdf", themes.theme_pdf, name="theme_pdf"),
    path("about/", pages.about, name="about"),
    path("about/partners/", pages.partners, name="partners"),
    path("about/contact/", pages.contact, name="contact"),
    path("about/accessibility/", pages.accessibility, name="accessibility"),
    path("about/privacy/", documents.privacy, name="privacy"),
    path("about/terms/", documents.terms, name="terms"),
    path("about/<slug:slug>/", documents.document, name="document"),
    path("about/<slug:slug>/versions/", documents.document_versions, name="document_versions"),
    path("about/<slug:slug>/versions/<int:number>/", documents.document_version, name="document_version"),
    path("about/<slug:slug>/changes/", documents.document_changes, name="document_changes"),
    path("verify/", verification.verify, name="verify"),
    path("verify/<str:code>/", verification.verification, name="verification"),
    path("report/", reports.report_problem, name="report_problem"),
    path("report/sent/", reports.report_sent, name="report_sent"),
    path("my/", my.my, name="my"),
    path("my/documents/", acceptances.accept_documents, name="accept_documents"),
    path("my/messages/<int:pk>/", relay_answer.relay_answer, name="relay_answer"),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/3rdparty/", include("allauth.socialaccount.urls")),
    path("accounts/sessions/", include("allauth.usersessions.urls")),
    prefix_default_language=True,
)

handler400 = "clavet.errors.bad_request"
handler403 = "clavet.errors.permission_denied"
handler404 = "clavet.errors.page_not_found"
handler500 = "clavet.errors.server_error"
