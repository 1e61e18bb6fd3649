"""Every setting of the portal, read from the environment once."""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, default: bool = False) -> bool:
    """A yes/no variable: 1, true, yes and on are yes."""
    return os.environ.get(name, str(default)).strip().lower() in {"1", "true", "yes", "on"}


def env_list(name: str, default: str = "") -> list[str]:
    """A comma-separated variable."""
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def kept_secret(path: Path) -> str:
    """A secret made on the first start and kept in the data directory, readable only by its owner."""
    try:
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
    except FileExistsError:
        pass
    return path.read_text()


def database(url: str) -> dict:
    """Django's connection settings for postgres://… or sqlite:///… addresses."""
    parts = urlsplit(url)
    if parts.scheme.startswith("postgres"):
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(query.get("host", parts.hostname or "")),
            "PORT": parts.port or "",
            # Under ASGI each request has a thread of its own: a kept connection would only linger.
            "CONN_MAX_AGE": 0,
        }
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": parts.path[1:] if parts.path.startswith("//") else parts.path,
        "OPTIONS": {
            # A deferred read-then-write fails at once under WAL, whatever the timeout.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA temp_store=MEMORY;"
                "PRAGMA mmap_size=134217728;PRAGMA journal_size_limit=27103364;PRAGMA cache_size=2000"
            ),
        },
    }


def attachment_store(bucket: str, folder: Path) -> dict:
    """Where the files of the workbook are kept; the bucket's credentials and Region come from the AWS variables."""
    if not bucket:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": folder,
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    options = {
        "bucket_name": bucket,
        "querystring_auth": True,
        "querystring_expire": 300,
        "file_overwrite": False,
        "signature_version": "s3v4",
        "default_acl": None,
    }
    return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}


DATA_DIR = Path(os.environ.get("IEM_DATA_DIR") or BASE_DIR / "var")
DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
DEBUG = env_bool("DEBUG")
PORT = int(os.environ.get("PORT", "8000"))
BASE_URL = os.environ.get("BASE_URL", f"http://localhost:{PORT}").rstrip("/")
# The demo has public passwords and mail: on only when nothing says that this is a real deployment.
DEMO = env_bool("DEMO", default=not (os.environ.get("DATABASE_URL") or BASE_URL.startswith("https://")))
SECRET_KEY = os.environ.get("SECRET_KEY") or kept_secret(DATA_DIR / "secret-key")
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", f"localhost,127.0.0.1,[::1],{urlsplit(BASE_URL).hostname}")
CSRF_TRUSTED_ORIGINS = env_list("CSRF_TRUSTED_ORIGINS", BASE_URL)
IS_HTTPS = BASE_URL.startswith("https://")

INSTALLED_APPS = [
    "iem_portal",
    "iem_portal.accounts",
    "iem_portal.live",
    "iem_portal.notifications",
    "iem_portal.aws",
    "engagements",
    "workbook",
    "escalation",
    "warroom",
    "review",
    "iem_portal.demo",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "iem_portal.middleware.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "iem_portal.middleware.ReadableTextMiddleware",
    "iem_portal.middleware.LanguageAndTimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "workbook.guests.middleware.GuestMiddleware",
    "iem_portal.middleware.SignInMiddleware",
    "engagements.middleware.EngagementMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
FORM_RENDERER = "iem_portal.forms.DesignRenderer"
CSRF_FAILURE_VIEW = "iem_portal.views.csrf_failure"
ROOT_URLCONF = "iem_portal.urls"
ASGI_APPLICATION = "iem_portal.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "iem_portal.context.portal",
                "iem_portal.accounts.context.shell",
            ],
        },
    }
]

DATABASES = {
    "default": database(os.environ.get("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'portal.sqlite3'}")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = os.environ.get("REDIS_URL", "")
# Pub/sub knows no database numbers: two portals on one Redis need two names.
LIVE_CHANNEL = os.environ.get("LIVE_CHANNEL", "iem:live")

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["iem_portal.accounts.adapter.PeopleBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "iem_portal.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8}
ACCOUNT_EMAIL_VERIFICATION = "none"
# The address a person was invited at is who they are: nobody takes another one without a proof.
ACCOUNT_MAX_EMAIL_ADDRESSES = 1
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# Per address and per e-mail, over what allauth limits by itself.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip,5/5m/key",
    "request_login_code": "60/m/ip,5/5m/key",
}
MFA_TOTP_ISSUER = "IEM Portal"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
SESSION_COOKIE_AGE = 14 * 24 * 3600

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ko", _("Korean"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # empty until collectstatic; WhiteNoise warns when it is missing
WHITENOISE_USE_FINDERS = True

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env_bool("BEHIND_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# Addresses that take files, by whole path, in bytes; the page itself says in words what is too long for it.
UPLOAD_LIMITS = {
    r"/e/[^/]+/workbook/import/": 32_000_000,
    r"/e/[^/]+/workbook/[^/]+/files/": 21_000_000,
    r"/e/[^/]+/escalations/\d+/cases/(new|\d+/reply)/": 16_000_000,
    r"/api/v1/engagements/[^/]+/escalations/\d+/cases/files/": 6_000_000,
}

# Files of the workbook: on disk, or in a bucket of S3 whose addresses open for a few minutes only.
ATTACHMENTS_BUCKET = os.environ.get("ATTACHMENTS_BUCKET", "")
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "attachments": attachment_store(ATTACHMENTS_BUCKET, DATA_DIR / "attachments"),
}

MAIL_DIR = DATA_DIR / "mail"
EMAIL_HOST = os.environ.get("EMAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_bool("EMAIL_USE_TLS", default=True)
EMAIL_TIMEOUT = 10
EMAIL_FILE_PATH = MAIL_DIR
# Without a mail host, mail is kept on disk instead of being lost.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "IEM Portal <portal@localhost>")

AWS_ENDPOINT_URL = os.environ.get("AWS_ENDPOINT_URL", "")
SIMULATED_AWS = bool(AWS_ENDPOINT_URL)
# An outside watcher's address: asked for only after an audit of the clocks that found nothing wrong.
HEARTBEAT_URL = os.environ.get("HEARTBEAT_URL", "")
# Whom customers' trust policies name: the ARN of the role (or account) that the portal itself runs with.
PORTAL_PRINCIPAL = os.environ.get(
    "AWS_PORTAL_PRINCIPAL", "arn:aws:iam::000000000000:role/iem-portal" if SIMULATED_AWS else ""
)
# Whether the portal may ask AWS to change anything (quota increases); each event needs the customer's consent as well.
AWS_WRITES = env_bool("AWS_WRITES", default=DEMO and SIMULATED_AWS)
# Hosts (or host:port) inside one's own network that hooks may be told of; everything else must be public and https.
WEBHOOK_ALLOWED_HOSTS = [host.lower() for host in env_list("WEBHOOK_ALLOWED_HOSTS")]
# Text messages leave from the portal's own account: its number, and a Region where SNS sends SMS.
SMS_ACCOUNT_ID = os.environ.get("SMS_ACCOUNT_ID", "000000000000" if SIMULATED_AWS else "")
SMS_REGION = os.environ.get("SMS_REGION", "ap-northeast-1")
SMS_SENDER_ID = os.environ.get("SMS_SENDER_ID", "")
METRICS_TOKEN = os.environ.get("METRICS_TOKEN", "")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "iem_portal.accounts.tokens.PersonsToken",
        "rest_framework.authentication.SessionAuthentication",
    ],
    # Closed by default: an action without a declared permission answers 403.
    "DEFAULT_PERMISSION_CLASSES": ["engagements.access.EngagementPermission"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PAGINATION_CLASS": "iem_portal.paging.Pages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "PAGE_SIZE": 100,
    "EXCEPTION_HANDLER": "iem_portal.problems.problem",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "IEM Portal",
    "DESCRIPTION": "Engagements, criteria, milestones, cells, watches, steps, escalations and timeline.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "iem_portal.api_schema.with_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AnswerEnum": "escalation.models.Escalation.Answer",
        "UpdateStateEnum": "warroom.models.StatusUpdate.State",
        "UpdateAudienceEnum": "warroom.models.StatusUpdate.Audience",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "INFO")},
    "loggers": {"django": {"level": "WARNING"}, "botocore": {"level": "WARNING"}},
}
