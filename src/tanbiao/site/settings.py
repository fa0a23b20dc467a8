"""All settings in one file. What differs between installations comes from the environment:

DATABASE_URL          PostgreSQL to use; without it the embedded server (tanbiao.embedded) of `tanbiao serve`
TANBIAO_VAR           folder of data, keys and evidence files (default: var/)
TANBIAO_SECRET_KEY    secret of sessions; default: made once, kept in var/ with mode 0600
TANBIAO_HOSTS         names this site answers to, comma separated (default: localhost, 127.0.0.1)
TANBIAO_URL           address printed in labels and QR codes (default: http://localhost:8000)
TANBIAO_HTTPS         "1" behind a proxy that speaks https: secure cookies and HSTS
TANBIAO_PROXY         address of that proxy, whose word on client and scheme is taken (default: 127.0.0.1)
TANBIAO_SMTP          mail server for links to a new password: smtp://user:password@host:587 (STARTTLS), smtps:// for
                      TLS from the start, smtp+plain:// for a relay without; special characters of user and password
                      percent-encoded. Without it nothing is sent, and a forgotten password is the operator's matter.
TANBIAO_MAIL_FROM     sender of such mails (default: the user of TANBIAO_SMTP)
TANBIAO_LIBRARY_MAX_MB  largest database file taken by the web site, in MB (default: 128)
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from tanbiao.site.mail import mail_server
from tanbiao.site.place import secret, var_folder

VAR = var_folder()
PUBLIC_URL = os.environ.get("TANBIAO_URL", "http://localhost:8000").rstrip("/")
HTTPS = os.environ.get("TANBIAO_HTTPS") == "1"

SECRET_KEY = secret("secret_key")
DEBUG = False
ALLOWED_HOSTS = [name.strip() for name in os.environ.get("TANBIAO_HOSTS", "localhost,127.0.0.1").split(",")]

INSTALLED_APPS = [
    "tanbiao.platform.portal",
    "tanbiao.platform.certificates",
    "tanbiao.platform.certification",
    "tanbiao.platform.publiclog",
    "tanbiao.platform.footprints",
    "tanbiao.platform.products",
    "tanbiao.platform.rulebook",
    "tanbiao.platform.library",
    "tanbiao.platform.accounts",
    "tanbiao.platform.kernel",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "tanbiao.platform.kernel.pages.plain_requests_only",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tanbiao.platform.accounts.middleware.actor_middleware",
    "tanbiao.platform.kernel.pages.RefusalMiddleware",
]

ROOT_URLCONF = "tanbiao.site.urls"
WSGI_APPLICATION = "tanbiao.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tanbiao.platform.portal.context.navigation",
            ],
        },
    }
]

# Without DATABASE_URL, `tanbiao serve` and the tests set it from the embedded server before Django starts.
DATABASES = {"default": dj_database_url.config(default="postgresql:///tanbiao", conn_max_age=60)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "portal:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:home"
ACCOUNT_ADAPTER = "tanbiao.platform.accounts.adapter.ClosedSignUp"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # accounts are opened by an administrator who knows the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody can have us write to strangers
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MAIL = mail_server(os.environ.get("TANBIAO_SMTP", ""))
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL.hostname else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = MAIL.hostname or "", MAIL.port or (465 if MAIL.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(MAIL.username or ""), unquote(MAIL.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = MAIL.scheme == "smtps", MAIL.scheme == "smtp"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("TANBIAO_MAIL_FROM") or EMAIL_HOST_USER or "tanbiao@localhost"

# Counts failed sign-ins. In the memory of one process, which is all that `tanbiao serve` has; large enough that
# nobody pushes old counts out by inventing new addresses.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("中文")), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parents[1] / "platform/locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # static files straight from the apps: one step less to start

DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
WORKBOOK_MAX_BYTES = 10 * 1024 * 1024
LIBRARY_MAX_BYTES = int(os.environ.get("TANBIAO_LIBRARY_MAX_MB", "128")) * 1024 * 1024  # the command line has no bound

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31536000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
