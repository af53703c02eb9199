"""Every setting of the portal, read from the environment: see docs/operations.md for what each name means.

PORTAL_ENV is `production`, `demo` or `test`. Without it a process that was given its own DATABASE_URL counts as
production, so that forgetting the name can only make the portal stricter.
"""

import ipaddress
import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.environment import (
    Environment,
    broker_of,
    database_of,
    mail_of,
    roots_of,
    sms_fields_of,
    storage_of,
    wecom_of,
)
from config.keeping.wanted import wanted
from config.launcher.places import Places
from config.refusals import refuse_unsafe

BASE_DIR = Path(__file__).resolve().parent.parent
_environment = Environment()
_places = Places.from_environment()

PORTAL_ENV = _environment.text("PORTAL_ENV", "production" if _environment.text("DATABASE_URL") else "demo")
if PORTAL_ENV not in ("production", "demo", "test"):
    raise ImproperlyConfigured(f"PORTAL_ENV: production, demo or test, not {PORTAL_ENV!r}.")
_production = PORTAL_ENV == "production"
_embedded = not _production


def _kept_key(path: Path) -> str:
    """A key of this machine's own, made once and kept below var/ for its owner's eyes only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{secrets.token_hex(4)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(64))
        draft.rename(path)
    return path.read_text()


def _second_place(path: Path) -> str:
    """The demo has one disk; there the second place is a directory beside the documents."""
    path.mkdir(parents=True, exist_ok=True)
    return path.as_uri()


def _secret_key() -> str:
    if PORTAL_ENV == "test":
        return "only-for-tests-and-never-for-a-portal-that-people-use-0123456789"
    return _environment.text("SECRET_KEY") or ("" if _production else _kept_key(_places.var / "secret_key"))


DEBUG = _environment.yes("DEBUG")
SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = _environment.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = _environment.words("ALLOWED_HOSTS") or ([] if _production else ["127.0.0.1", "localhost", "testserver"])
PUBLIC_URL = _environment.text("PUBLIC_URL", "" if _production else "http://127.0.0.1:8000").rstrip("/")
DATABASE_URL = _environment.text("DATABASE_URL", _places.database_url if _embedded else "")
REDIS_URL = _environment.text("REDIS_URL", _places.queue_url if _embedded else "")
STORAGE_URL = _environment.text("STORAGE_URL", f"file://{_places.var / 'media'}" if _embedded else "")
KEYS_DIR = Path(_environment.text("KEYS_DIR", str(_places.var / "keys") if _embedded else ""))
_keeping = wanted(_environment.values)
BACKUP_DIR = str(_keeping.directory) if _keeping else ""  # where sealed backups go; none are kept without it
BACKUP_KEY_FILE = str(_keeping.key_file) if _keeping else ""
BACKUP_DATABASE_URL = _environment.text("BACKUP_DATABASE_URL") or DATABASE_URL  # of a role that may replicate
ROOTS_URL = _environment.text("ROOTS_URL") or (_second_place(_places.var / "roots") if PORTAL_ENV == "demo" else "")
EMAIL_URL = _environment.text("EMAIL_URL", {"demo": "console:", "test": "memory:"}.get(PORTAL_ENV, ""))
PRESS_FONTS = _environment.text("PRESS_FONTS")  # a folder with the fonts of official papers, if the bureau has them
# Open311: the name of the one jurisdiction, and the hosts from which photos are fetched; none unless named
OPEN311_JURISDICTION = _environment.text("OPEN311_JURISDICTION", "minhang.shanghai.gov.cn")
OPEN311_MEDIA_HOSTS = _environment.words("OPEN311_MEDIA_HOSTS")
METRICS_TOKEN = _environment.text("METRICS_TOKEN")
try:
    TRUSTED_PROXIES = [ipaddress.ip_network(word) for word in _environment.words("TRUSTED_PROXIES")]
except ValueError as error:
    raise ImproperlyConfigured(f"TRUSTED_PROXIES: {error}.") from error
WECOM = wecom_of(_environment.text("WECOM_URL"))
SMS_URL = _environment.text("SMS_URL")
SMS_TOKEN = _environment.text("SMS_TOKEN")
SMS_FIELDS = sms_fields_of(_environment.words("SMS_FIELDS"))
try:  # networks besides the public one that webhooks may reach; the demo and the tests speak to this machine
    WEBHOOK_NETWORKS = [ipaddress.ip_network(word) for word in _environment.words("WEBHOOK_NETWORKS")]
except ValueError as error:
    raise ImproperlyConfigured(f"WEBHOOK_NETWORKS: {error}.") from error
if not _production:
    WEBHOOK_NETWORKS += [ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128")]
if _production:
    refuse_unsafe(globals())

# --- rooms, from the ground up ---------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "pgtrigger",
    "bureau",
    "powers",
    "grid",
    "cases",
    "community",
    "oversight",
    "config",
]
MIDDLEWARE = [
    "config.proxy.TrustedProxyMiddleware",
    "bureau.views.denials.DenialMiddleware",
    "bureau.desk.api.middleware.ProblemMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "bureau.refused.RefusedPageMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
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
                "django.template.context_processors.csrf",
                "bureau.context.frame",
            ],
        },
    }
]

# --- database, queue, documents --------------------------------------------------------------------------------------
DATABASES: dict[str, dict[str, Any]] = {"default": database_of(DATABASE_URL)}
_options = DATABASES["default"]["OPTIONS"]
_options["options"] = "-c statement_timeout=15s -c lock_timeout=3s -c idle_in_transaction_session_timeout=30s"
_options["prepare_threshold"] = None  # a prepared LIKE forgets its index: see docs/decisions
_options.setdefault("connect_timeout", "5")
if _environment.yes("PORTAL_WITHOUT_POOL"):  # a worker that stands still loses what it holds by session too
    _options["options"] += " -c idle_session_timeout=120s"
elif PORTAL_ENV != "test":
    _options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 5}
DATABASES["default"]["TEST"] = {"NAME": "test_portal"}
CACHES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},  # a counter is not worth waiting for
    }
}
if PORTAL_ENV == "test":
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

MEDIA_ROOT = storage_of(STORAGE_URL)
ROOTS_DIR = roots_of(ROOTS_URL)
MEDIA_URL = ""  # documents have no public address: one view streams them after asking the subject's scope
STATIC_URL = "/static/"
STATIC_ROOT = Path(_environment.text("STATIC_ROOT", str(_places.var / "static")))
STATICFILES_DIRS = [path for path in (BASE_DIR / "static",) if path.is_dir()]
_static = {  # the demo is served over loopback, where compressing costs its first start half a minute for nothing
    "production": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    "demo": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    "test": "django.contrib.staticfiles.storage.StaticFilesStorage",
}[PORTAL_ENV]
STORAGES = {
    "default": {
        "BACKEND": "bureau.desk.storage.DurableStorage",
        "OPTIONS": {"location": str(MEDIA_ROOT), "file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {"BACKEND": _static},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = PORTAL_ENV == "test"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# --- words and time --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- who may come in -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "bureau.Officer"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "bureau.sign_in.StaffNumberOrMobileBackend"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "CommonPasswordValidator", "NumericPasswordValidator")
] + [{"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}}]
if PORTAL_ENV == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = not _environment.yes("AXES_OFF") or _production
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_COOLOFF_MESSAGE = _("Too many failed attempts to sign in. Try again in 15 minutes, or ask your administrator.")
AXES_LOCKOUT_CALLABLE = "bureau.views.door.locked_out"
AXES_SENSITIVE_PARAMETERS = ["password"]
AXES_VERBOSE = False

# --- what a browser may do with our pages ----------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "django.views.csrf.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if _production:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # kept only from TRUSTED_PROXIES: config.proxy
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

# --- REST ------------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {  # each view says the same itself (bureau.desk.api.views.ApiView); here for what is not ours
    "DEFAULT_AUTHENTICATION_CLASSES": ["bureau.desk.api.keys.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["bureau.desk.api.parsers.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "bureau.desk.api.paging.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "bureau.desk.api.schema.PortalSchema",
    "EXCEPTION_HANDLER": "bureau.desk.api.problems.handle",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "District enforcement portal",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    # Choices stay where they are used: named by the generator, two statuses would quarrel about one name.
    "POSTPROCESSING_HOOKS": ["bureau.desk.api.schema.add_problem"],
}

# --- the beat --------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = broker_of(REDIS_URL)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 120, "socket_timeout": 10}
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_TIME_LIMIT = 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(_places.run / "beat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # A knock that nobody heard within its own interval is dropped: the next one finds the same rows.
    "sweep": {"task": "oversight.tasks.sweep", "schedule": 10.0, "options": {"expires": 10}},
    "make_packs": {"task": "oversight.tasks.make_packs", "schedule": 20.0, "options": {"expires": 20}},
    "tell_unreceived": {"task": "oversight.tasks.tell_unreceived", "schedule": 60.0, "options": {"expires": 60}},
    "publish_bulletin": {"task": "oversight.tasks.publish_bulletin", "schedule": 30.0, "options": {"expires": 30}},
    "work_jobs": {"task": "bureau.desk.tasks.work_jobs", "schedule": 2.0, "options": {"expires": 2}},
    "settle_requests": {"task": "bureau.desk.tasks.settle_requests", "schedule": 10.0, "options": {"expires": 10}},
    "deliver_notices": {"task": "bureau.desk.tasks.deliver_notices", "schedule": 5.0, "options": {"expires": 5}},
    "carry_roots": {"task": "bureau.desk.tasks.carry_roots", "schedule": 20.0, "options": {"expires": 20}},
    "sweep_orphans": {"task": "bureau.desk.tasks.sweep_orphans", "schedule": 6 * 3600.0, "options": {"expires": 3600}},
    "seal_trail": {"task": "bureau.desk.tasks.seal_trail", "schedule": 60.0, "options": {"expires": 60}},
    "heartbeat": {"task": "config.tasks.heartbeat", "schedule": 30.0, "options": {"expires": 30}},
    "forget_answers": {"task": "bureau.desk.tasks.forget_answers", "schedule": 3600.0, "options": {"expires": 3600}},
}

# --- mail and logs ---------------------------------------------------------------------------------------------------
globals().update(mail_of(EMAIL_URL))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = _environment.text("EMAIL_FROM", "portal@localhost")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING" if PORTAL_ENV == "test" else "INFO"},
    "loggers": {
        "django": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "celery": {"level": "INFO"},
    },
}
SILENCED_SYSTEM_CHECKS: list[str] = []
