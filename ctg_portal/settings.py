"""Settings of the portal, all from the environment (README, "Configuration").

A file ``.env`` beside ``manage.py`` is read too; the environment wins over it.
"""

import shlex
from datetime import timedelta
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import urlsplit
from zlib import crc32

import environ

from ctg_portal.hosting.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
env.read_env(BASE_DIR / ".env")

DEBUG = env.bool("DEBUG", default=False)
if DEBUG:
    SECRET_KEY = env.str("SECRET_KEY", default="insecure-development-key-" + "0" * 40)
else:
    SECRET_KEY = env.str("SECRET_KEY")
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=LOCAL_HOSTS if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env.str("SITE_URL", default=f"http://localhost:{env.str('PORT', '8000')}").rstrip("/")
DEMO_PASSWORD = env.str("DEMO_PASSWORD", default="ctg-demo-2026")
MAINTENANCE = env.bool("MAINTENANCE", default=False)

INSTALLED_APPS = [
    "ctg_portal",
    "accounts",
    "documents",
    "notifications",
    "spreadsheets",
    "conventions",
    "agreements",
    "committee",
    "actions",
    "indicators",
    "evaluation",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "django_filters",
    "django_htmx",
    "django_include_bootstrap",
    "django_guid",
    "django_tasks",
    "django_tasks_db",
    "health_check",
    "post_office",
    "simple_history",
    "whitenoise.runserver_nostatic",
    "ctg_portal.administration.config.PortalAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django_guid.middleware.guid_middleware",
    "ctg_portal.middleware.access_log",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "ctg_portal.middleware.private_pages",
    "ctg_portal.middleware.maintenance",
    "ctg_portal.middleware.Sessions",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.staying.staying",
    "ctg_portal.middleware.LoginRequired",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.browsers.recognise",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "ctg_portal.marks.cache.cache_readings",
    "ctg_portal.middleware.resent",
    "ctg_portal.middleware.refusals",
    "ctg_portal.middleware.not_found",
]

ROOT_URLCONF = "ctg_portal.urls"
WSGI_APPLICATION = "ctg_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "ctg_portal.templatetags.french",
                "ctg_portal.templatetags.components",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "ctg_portal.context_processors.portal",
            ],
        },
    }
]

# Data ---------------------------------------------------------------------------------------

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Throttling counts in the cache: it must be one for all processes, hence the database by default.
# What a web process keeps of what it has read (ctg_portal/marks/cache.py).
KEPT_BYTES = env.int("KEPT_MEGABYTES", default=64) * 2**20
CACHES = {"default": env.cache_url("CACHE_URL", default="dbcache://portal_cache")}
# Beyond the default 300 entries, counts of log-in attempts would be thrown away.
CACHES["default"].setdefault("OPTIONS", {}).setdefault("MAX_ENTRIES", 100_000)

# « Saisir mes données » sends six fields an indicator, all at once without JavaScript.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
# A command that reads an upload on its standard input, and ends with 0 (clean) or 1 (infected).
DOCUMENT_SCANNER = shlex.split(env.str("DOCUMENT_SCANNER", default=""))
DOCUMENT_SCANNER_TIMEOUT = env.int("DOCUMENT_SCANNER_TIMEOUT", default=20)
CONVENTION_UPLOADS_MB = env.int("CONVENTION_UPLOADS_MB", default=2000)
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(BASE_DIR / "media"))
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "documents.storage.WholeFiles"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# Language ------------------------------------------------------------------------------------

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["ctg_portal.formats"]

# People --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "conventions:home"
VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{VALIDATION}.CommonPasswordValidator"},
    {"NAME": f"{VALIDATION}.NumericPasswordValidator"},
    {"NAME": f"{VALIDATION}.UserAttributeSimilarityValidator", "OPTIONS": {
        "user_attributes": ("email", "first_name", "last_name")}},
    {"NAME": "accounts.passwords.VarietyValidator"},
]  # fmt: skip

ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # the same is written for them (accounts.mail)
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_RATE_LIMITS = {
    # A key is an account and the machine that asks (accounts.throttling): nobody locks somebody
    # else out. One machine, a whole town hall, may be wrong sixty times in an hour.
    "login_failed": "10/m/ip,60/h/ip,5/5m/key",
    # Here the account alone, from wherever: a code by mail lets its owner in.
    "password_guessed": "20/h/key",
    "reset_password": "20/m/ip",  # allauth’s own, reached after that of mail
    "mail_to_address": "20/m/ip,3/m/key",
    "my_data": "5/h/user",
    "hand_link_on": "3/h/key,20/h/ip",
}
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# allauth's own looks for the addresses of an account, and for none for nobody.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105  (no password)
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {
    "add_email": "accounts.forms.AddEmailForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "confirm_login_code": "accounts.forms.ConfirmLoginCodeForm",
    "login": "accounts.forms.LoginForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "request_login_code": "accounts.forms.RequestLoginCodeForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "set_password": "accounts.forms.SetPasswordForm",
}
MFA_ADAPTER = "accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "activate_totp": "accounts.forms.ActivateTOTPForm",
    "authenticate": "accounts.forms.MFAAuthenticateForm",
    "reauthenticate": "accounts.forms.MFAReauthenticateForm",
}
# An address awaiting confirmation is not yet the account's: it need not end double verification.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

SESSION_ENGINE = "ctg_portal.people.sessions"
# A working day at most, and never longer than the browser stays open; weeks for who asks and may
# (accounts/staying.py).
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
INVITATION_LIFETIME = timedelta(days=env.int("INVITATION_DAYS", default=14))
# Whether commands may take public statistics from their publishers' addresses.
STATISTICS_FETCH = env.bool("STATISTICS_FETCH", default=False)
ENTRY_LINK_LIFETIME = timedelta(days=env.int("ENTRY_LINK_DAYS", default=21))
INVITATION_KEPT = timedelta(days=env.int("INVITATION_KEPT_DAYS", default=30))  # once expired

# Mail and tasks ------------------------------------------------------------------------------

DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Portail CTG <portail@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_TRANSPORT = env.email_url(
    "EMAIL_URL", default="consolemail://" if DEBUG else "smtp://localhost:25"
)
vars().update({key: value for key, value in EMAIL_TRANSPORT.items() if key != "EMAIL_BACKEND"})
EMAIL_TIMEOUT = 20
# Every message goes to an outbox in the database; the worker delivers it, the clock retries.
EMAIL_BACKEND = "ctg_portal.mail.OutboxBackend"
POST_OFFICE = {
    "BACKENDS": {"default": EMAIL_TRANSPORT["EMAIL_BACKEND"]},
    "DEFAULT_PRIORITY": "medium",
    # A status is written once its batch is sent: a worker killed between two messages of a larger
    # one would send the first again.
    "BATCH_SIZE": 1,
    # Killed between the answer of the mail server and the status, it sends that one again: by its
    # number, the same each time, mailboxes know it.
    "MESSAGE_ID_ENABLED": True,
    "MESSAGE_ID_FQDN": urlsplit(SITE_URL).hostname or "localhost",
    "SENDING_ORDER": ["-priority", "id"],
    "MAX_RETRIES": 12,
    "RETRY_INTERVAL": timedelta(minutes=10),
    # The lock on SQLite: of this installation, not of every program on the machine that sends so.
    "LOCK_FILE_NAME": f"{gettempdir()}/ctg-portal-{crc32(bytes(BASE_DIR)):08x}-mail",
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Interface -----------------------------------------------------------------------------------

CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
MESSAGE_TAGS = {20: "quiet", 40: "danger"}

# What the operator of this installation must state to its users (legal pages).
OPERATOR = {
    "name": env.str("OPERATOR_NAME", default=""),
    "address": env.str("OPERATOR_ADDRESS", default=""),
    "phone": env.str("OPERATOR_PHONE", default=""),
    "email": env.str("OPERATOR_EMAIL", default=""),
    "publication_director": env.str("OPERATOR_PUBLICATION_DIRECTOR", default=""),
    "host": env.str("OPERATOR_HOST", default=""),
    "dpo": env.str("OPERATOR_DPO", default=""),
    "controller": env.str("OPERATOR_CONTROLLER", default=""),
    # "totalement conforme", "partiellement conforme" or "non conforme" (no audit yet): law of 2005.
    "accessibility_status": env.str("OPERATOR_ACCESSIBILITY_STATUS", default="non conforme"),
    "accessibility_date": env.str("OPERATOR_ACCESSIBILITY_DATE", default=""),
    "accessibility_contact": env.str("OPERATOR_ACCESSIBILITY_CONTACT", default=""),
}

# Security ------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "base-uri": ["'none'"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "img-src": ["'self'", "data:"],
        "manifest-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
SECURE_REFERRER_POLICY = "same-origin"
# What no page of ours asks of a browser, a script in it may not ask either.
PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "browsing-topics", "camera", "display-capture", "geolocation", "gyroscope",
        "hid", "magnetometer", "microphone", "midi", "payment", "serial", "usb",
    )
)  # fmt: skip
# The only pages that search engines may show.
INDEXED_PAGES = "/ouvert/"
CSRF_FAILURE_VIEW = "ctg_portal.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
if not DEBUG:
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^sante/"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    # Off where a sub-domain of the portal's host is still served without TLS.
    SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=True)
    SECURE_HSTS_PRELOAD = SECURE_HSTS_INCLUDE_SUBDOMAINS
    if ALLAUTH_TRUSTED_PROXY_COUNT:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

DJANGO_GUID = {"GUID_HEADER_NAME": "X-Request-ID", "VALIDATE_GUID": True, "UUID_FORMAT": "string"}
LOGGING = logging_config(readable=DEBUG, level=env.str("LOG_LEVEL", default="INFO"))
