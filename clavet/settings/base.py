"""What is true in every installation of the portal."""

import os
from datetime import timedelta
from pathlib import Path

from clavet import __version__, embedded_postgres

# Policy numbers: the decisions of the network, in one place.
REVIEW_WORKING_DAYS = 10  # after this a queue row is shown as overdue
KEPT_FILES_PER_DAY = 20  # of unfinished applications, by one person
APPLICATIONS_PER_DAY = 5  # for membership, by one person
RELAY_MESSAGES_PER_DAY = 5  # messages to owners from one address
REPORTS_PER_DAY = 20  # problem reports from one address
SUBMISSIONS_PER_DAY = 10  # fiches one person may submit in a day
DRAFTS_WITHOUT_SEAT = 50  # that one person without a seat keeps at once
OWN_AFTER_SEAT = timedelta(days=90)  # a coordinator decides nothing where a seat of theirs ended lately
READING_LEASE = timedelta(hours=2)  # “being read by X” ends by itself after this
ATTACHMENT_MAX_BYTES = 20 * 1024 * 1024
ATTACHMENT_MAX_PIXELS = 40_000_000
ATTACHMENTS_PER_FICHE = 10
SECTION_MAX_LENGTH = 10_000  # characters; capped before Markdown is parsed
SEARCH_COUNT_CAP = 1000
SEARCH_RANKED = 500  # hits of each kind that are ranked: translations.search.ranked
PAGE_SIZE = 20
FICHES_COMPARED = 4  # side by side
PDF_FICHES = 20  # in one document
LONG_EXPORTS = 2  # that one process writes at the same time: each takes a thread until its reader has it
CORPUS_VERSION_MAX_AGE = 1.0  # seconds a process may serve from its page cache unchecked
PAGE_CACHE_BYTES = 8 * 1024 * 1024  # ready pages for strangers, in each process; 0 for none
PDF_SECONDS = 10  # to wait for one's turn at the typesetter, and again for the document
PDF_MEMORY_MB = 1024  # address space of the typesetting process; it uses about a tenth
PDF_CHARACTERS = 600_000  # of passages in one document: the server itself reads their Markdown, in seconds
PDF_DATA_BYTES = 3_000_000  # texts of one document
SEAT_REQUEST_WORKING_DAYS = 5  # then a request for a seat is passed on: to the Euroregion, then to the coordinators
SEAT_INVITATION_DAYS = 30  # a link to take a seat is valid
SEAT_INVITATIONS_PER_DAY = 50  # of one authority
SEAT_REQUESTS_PER_DAY = 5  # of one person
SEAT_CONFIRMATION_MONTHS = 12  # then a person is asked whether they still act for the authority …
SEAT_CONFIRMATION_DAYS = 14  # … again after so many days, and the others are told after as many again
REPORT_MONTHS = 24  # a member reports
REPORT_OPENS_DAYS = 90  # before it is due
REPORT_REMINDER_DAYS = (60, 14)  # before a report is due
SIGNING_LINK_DAYS = 14  # a link to sign is valid
SIGNING_LINKS_PER_DAY = 10  # that one person sends
VERIFICATIONS_PER_HOUR = 60  # codes and files that one address may check
MEMORANDUM_REMINDER_DAYS = (180, 90, 30)  # before a memorandum ends
MEMORANDUM_MONTHS = 48  # usual length, proposed for a new one
REPRESENTATION_REMINDER_DAYS = 30  # before a representation ends
DOCUMENT_NOTICE_DAYS = 30  # a new version is announced before it takes force
DOCUMENT_NOTICE_LEAST = 14  # published later than so many days before, it takes force later; not a mere correction
ACCEPTANCE_REMINDER_DAYS = 14  # after a version took force, for those who have not accepted it
OBJECTIONS_PER_DAY = 100  # to representations, from one connection
REPRESENTED_ROWS = 1000  # of one list that a Euroregion uploads
MORNING_DIGEST_HOUR = 7  # in the coordinator's own time zone

BASE_DIR = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("VAR") or BASE_DIR / "var").absolute()
RELEASE = __version__

# The party that countersigns memoranda for the network.
COUNTERSIGNING_PARTY = os.environ.get("CLAVET_COUNTERSIGNING_PARTY", "")
COUNTERSIGNING_COUNTRY = os.environ.get("CLAVET_COUNTERSIGNING_COUNTRY", "")
COUNTERSIGNING_CONTACT = os.environ.get("CLAVET_COUNTERSIGNING_CONTACT", "")

DEBUG = False
DEMO = False  # demonstration log-ins, /demo/mail/ and /styleguide/ exist only where this is true

INSTALLED_APPS = [
    "modeltranslation",
    "clavet",
    "fiches",
    "network",
    "translations",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "taggit",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "clavet.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clavet.middleware.database_down",
    "clavet.middleware.compressed",
    "clavet.middleware.cached_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "clavet.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clavet.middleware.personal_preferences",
    "clavet.signed_out.SignInRequired",
    "accounts.middleware.two_factors_for_staff",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clavet.middleware.wrong_method",
]

ROOT_URLCONF = "clavet.urls"
WSGI_APPLICATION = "clavet.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["clavet.layout.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clavet.context_processors.portal",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "clavet.templatetags.kept",
                "clavet.templatetags.look",
            ],
        },
    }
]

DATABASES = {"default": embedded_postgres.database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
}

# Languages: English, the working language, and the official languages of the partner countries.
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("es", "español"),
    ("it", "italiano"),
    ("fr", "français"),
    ("nl", "Nederlands"),
    ("el", "ελληνικά"),
    ("ro", "română"),
    ("hr", "hrvatski"),
    ("tr", "Türkçe"),
]
LANGUAGE_CODES = [code for code, _name in LANGUAGES]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["clavet.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
MODELTRANSLATION_LANGUAGES = tuple(LANGUAGE_CODES)
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
# Only so that the editing side shows no blanks; public pages read Editions.
MODELTRANSLATION_FALLBACK_LANGUAGES = tuple(LANGUAGE_CODES)

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "accounts.adapter.SocialAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "network.forms.signup.SignupForm"  # the boxes of accounts.forms, and the terms
ACCOUNT_FORMS = {
    "login": "accounts.allauth_forms.LoginForm",
    "signup": "accounts.allauth_forms.SignupForm",
    "add_email": "accounts.allauth_forms.AddEmailForm",
    "change_password": "accounts.allauth_forms.ChangePasswordForm",
    "set_password": "accounts.allauth_forms.SetPasswordForm",
    "reset_password": "accounts.allauth_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.allauth_forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.allauth_forms.ReauthenticateForm",
}
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "10/m/ip,5/5m/key"}
SOCIALACCOUNT_FORMS = {"signup": "accounts.allauth_forms.SocialSignupForm"}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.allauth_forms.AuthenticateForm",
    "reauthenticate": "accounts.allauth_forms.MFAReauthenticateForm",
    "activate_totp": "accounts.allauth_forms.ActivateTOTPForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "CLAVET"
MFA_REQUIRED_FOR_STAFF = True
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": []}}
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_AUTO_SIGNUP = False  # nobody accepts the terms of use without being asked
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "clavet.errors.csrf_failure"

# Jobs
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful", "concurrency": 2}

# Files
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "clavet.fonts.PackageFinder",
]
MEDIA_ROOT = VAR / "media"  # private: served only by views that check
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1500

# Mail
# What links in mails begin with.
SITE_URL = os.environ.get("SITE_URL") or f"http://localhost:{os.environ.get('PORT') or 8000}"
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "CLAVET <no-reply@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_SUBJECT_PREFIX = ""
EMAIL_TIMEOUT = 20
CONTACT_EMAIL = os.environ.get("CONTACT_EMAIL", "contact@clavet.example")

# Safety
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}
