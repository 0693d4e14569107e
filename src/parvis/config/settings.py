"""Every setting, typed, with the environment variable that moves it. README lists those a server needs."""

import os
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlparse

from parvis.config.home import database_url, home, secret_key


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "oui"}


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def identity_providers(url: str) -> list[dict]:
    """The one OpenID Connect provider that the environment describes (ProConnect), or none."""
    if not url:
        return []
    return [
        {
            "provider_id": "identite",
            "name": os.environ.get("PARVIS_OIDC_NAME", "ProConnect"),
            "client_id": os.environ.get("PARVIS_OIDC_ID", ""),
            "secret": os.environ.get("PARVIS_OIDC_SECRET", ""),
            "settings": {
                "server_url": url,
                "scope": words("PARVIS_OIDC_SCOPE", "openid,email,given_name,usual_name"),
                "oauth_pkce_enabled": True,
                # True for a provider that checks every address itself, and does not say so in `email_verified`.
                "verified_email": flag("PARVIS_OIDC_VERIFIES_EMAIL") or None,
            },
        }
    ]


def database(url: str) -> dict:
    """Django's settings for a postgresql:// address; a socket folder may stand in `?host=`."""
    parts, query = urlparse(url), parse_qs(urlparse(url).query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [parts.hostname or ""])[0],
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5} | ({"sslmode": query["sslmode"][0]} if "sslmode" in query else {}),
    }


PACKAGE: Path = Path(__file__).resolve().parent.parent
HOME: Path = home()
SECRET_KEY: str = secret_key()
DEBUG: bool = False
HTTPS: bool = flag("PARVIS_HTTPS")
ALLOWED_HOSTS: list[str] = words("PARVIS_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS: list[str] = words("PARVIS_ORIGINS")
PUBLIC_ADDRESS: str = os.environ.get("PARVIS_ADDRESS", "http://127.0.0.1:8000")

DOMAINS: tuple[str, ...] = (
    "parvis.domains.steering",
    "parvis.domains.roadmaps",
    "parvis.domains.atlas",
    "parvis.domains.datahub",
    "parvis.domains.grants",
)
FACES: tuple[str, ...] = (*DOMAINS, "parvis.web")  # whose permissions, search, retentions the house shows
INSTALLED_APPS: list[str] = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "procrastinate.contrib.django",
    "parvis.kernel.organisation",
    "parvis.kernel.territories",
    "parvis.kernel.journal",
    "parvis.kernel.references",
    "parvis.kernel.documents",
    "parvis.kernel.contracts",
    "parvis.kernel.lake",
    *DOMAINS,
    "parvis.web",
]
MIDDLEWARE: list[str] = [
    "django.middleware.security.SecurityMiddleware",
    "parvis.web.middleware.content_security_policy",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "parvis.web.middleware.private_pages",
    "parvis.web.middleware.clock",
    "parvis.web.throttle.public_files",
    "parvis.web.middleware.second_factor",
    "parvis.web.middleware.refusals",
]
ROOT_URLCONF = "parvis.config.urls"
WSGI_APPLICATION = "parvis.config.wsgi.application"
TEMPLATES: list[dict] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],  # before django-allauth's own
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "parvis.web.context.house",
            ],
            "builtins": ["parvis.web.templatetags.parts", "parvis.web.templatetags.charts"],
        },
    }
]

DATABASES: dict[str, dict] = {"default": database(database_url())}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "organisation.Person"
CACHES: dict[str, dict] = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entry"},
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},  # for counts that may differ by process
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]  # English joins when its catalogue is whole: half a page in each would help nobody
TIME_ZONE = "Europe/Paris"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [("maplibre", Path(str(find_spec("maplibre").origin)).parent / "srcjs")]  # type: ignore[union-attr]
PLAIN_STATIC: bool = flag("PARVIS_PLAIN_STATIC")
STORAGES: dict[str, dict] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "documents"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if PLAIN_STATIC
        else "parvis.web.storage.StaticFiles"
    },
}
WHITENOISE_USE_FINDERS: bool = PLAIN_STATIC
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000  # a contract of 300 columns is one form
FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20
MAX_IMPORT_BYTES: int = int(os.environ.get("PARVIS_MAX_IMPORT_MB", "100")) * 2**20
MAX_DOCUMENT_BYTES: int = int(os.environ.get("PARVIS_MAX_DOCUMENT_MB", "25")) * 2**20

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_SSL_REDIRECT = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = False  # htmx reads the token from the page, scripts of ours from the cookie
CSRF_FAILURE_VIEW = "parvis.web.views.errors.forged"
X_FRAME_OPTIONS = "DENY"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/compte/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "parvis.web.accounts.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
# Attempts are counted in the database cache, so that every process of the server sees them.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key", "reset_password": "20/m/ip,5/h/key"}
ALLAUTH_TRUSTED_PROXY_COUNT: int = int(os.environ.get("PARVIS_PROXIES", "0"))
MFA_ADAPTER = "parvis.web.accounts.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the house itself wrote the address
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
SOCIALACCOUNT_ADAPTER = "parvis.web.accounts.Identities"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # a verified address opens the account that carries it
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_URL: str = os.environ.get("PARVIS_OIDC_URL", "")
SOCIALACCOUNT_PROVIDERS: dict[str, dict] = {"openid_connect": {"APPS": identity_providers(OIDC_URL)}}

EMAIL_BACKEND = os.environ.get("PARVIS_EMAIL_BACKEND", "django.core.mail.backends.filebased.EmailBackend")
EMAIL_FILE_PATH = HOME / "mail"
EMAIL_HOST = os.environ.get("PARVIS_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("PARVIS_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("PARVIS_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("PARVIS_SMTP_PASSWORD", "")
EMAIL_USE_TLS = flag("PARVIS_SMTP_TLS")
DEFAULT_FROM_EMAIL = os.environ.get("PARVIS_FROM", "parvis@localhost")

LAKE: Path = Path(os.environ.get("PARVIS_LAKE") or HOME / "lake")  # on several machines: a folder that all share
PUBLIC_FILES: Path = Path(os.environ.get("PARVIS_DATA") or PACKAGE.parent.parent.parent / "shared" / "data")
ENGINE: str = os.environ.get("PARVIS_ENGINE", "duckdb")
SPARK_LAKE: str = os.environ.get("PARVIS_SPARK_LAKE", "")  # the lake as a cluster sees it, when its address is another
SPARK_OPTIONS: dict[str, str] = dict(pair.split("=", 1) for pair in words("PARVIS_SPARK_OPTIONS") if "=" in pair)
ENGINE_MEMORY: str = os.environ.get("PARVIS_ENGINE_MEMORY", "2GB")

GEOCODER_URL: str = os.environ.get("PARVIS_GEOCODER_URL", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("PARVIS_LOG", "WARNING")},
}
