"""Django's settings, built from the workspace folder that ``EMBAUCHE_HOME`` names.

On a laptop there is one user, who brings the workspace's token. With ``EMBAUCHE_SERVER=1`` people
log in, and the host names come from ``EMBAUCHE_ALLOWED_HOSTS``. Every variable that is read here
stands in ``docs/reference/settings.md``.
"""

import os
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

from embauche.workbench.database_url import database
from embauche.workbench.workspace import Workspace, default_folder

WORKSPACE = Workspace(default_folder()).prepare()
_MARK = sha256(str(WORKSPACE.folder.resolve()).encode()).hexdigest()[:8]

DEBUG = False
SECRET_KEY = WORKSPACE.secret_key()
ACCESS_TOKEN = WORKSPACE.access_token()

# Several people log in; else one person brings the workspace's token.
SERVER_MODE = os.environ.get("EMBAUCHE_SERVER") == "1"
# A reverse proxy that we believe stands in front: what it says of scheme and client is taken.
TRUST_PROXY = SERVER_MODE and os.environ.get("EMBAUCHE_TRUST_PROXY") == "1"
# Pages reach people over https: cookies are sent over nothing else.
HTTPS = TRUST_PROXY and os.environ.get("EMBAUCHE_HTTPS") != "0"
ACCESS_REQUIRED = SERVER_MODE or os.environ.get("EMBAUCHE_NO_TOKEN") != "1"

_LOCAL_NAMES = ["127.0.0.1", "localhost", "[::1]"]
_NAMES = [name.strip() for name in os.environ.get("EMBAUCHE_ALLOWED_HOSTS", "").split(",")]
PUBLIC_HOSTS = [name for name in _NAMES if name] if SERVER_MODE else []
# This machine asks for /health/ by its own names in server mode too.
ALLOWED_HOSTS = [*_LOCAL_NAMES, *PUBLIC_HOSTS]
CSRF_TRUSTED_ORIGINS = [
    f"{'https' if HTTPS else 'http'}://{'*' if name.startswith('.') else ''}{name}"
    for name in PUBLIC_HOSTS
    if name != "*"
]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUST_PROXY else None
HSTS = "max-age=31536000" if HTTPS else ""

ROOT_URLCONF = "embauche.workbench.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django_tasks",
    "django_tasks_db",
    "embauche.workbench",
]
MIDDLEWARE = [
    "embauche.workbench.structured_log.RequestLog",
    "embauche.workbench.middleware.LocalHost",
    "embauche.workbench.middleware.SecurityPolicy",
    "embauche.workbench.middleware.Methods",
    "embauche.workbench.health.Health",
    "django.middleware.common.CommonMiddleware",
    "embauche.workbench.middleware.Compression",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "embauche.workbench.middleware.Preferences",
    "embauche.workbench.middleware.Access",
    "embauche.workbench.middleware.Assets",
    "embauche.workbench.middleware.Failures",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [Path(__file__).parent / "templates"],
        "OPTIONS": {
            "context_processors": ["embauche.workbench.page.everywhere"],
            "environment": "embauche.workbench.templating.environment.environment",
        },
    }
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL"), WORKSPACE.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "workbench.User"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# Cookies of 127.0.0.1 are shared by all its ports: two workspaces must not overwrite each other's.
# Over https the prefix keeps other hosts of the domain from planting a session.
SESSION_COOKIE_NAME = "__Host-embauche" if HTTPS else f"embauche_{_MARK}"
# "Lax" in server mode, so that a link in a message to who is logged in opens the page it names;
# changes need a form of ours in both.
SESSION_COOKIE_SAMESITE = "Lax" if SERVER_MODE else "Strict"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_USE_SESSIONS = True
CSRF_FAILURE_VIEW = "embauche.workbench.pages.failures.csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True

APPEND_SLASH = False
STATIC_URL = "/static/"
STATIC_ROOT = None
WHITENOISE_ROOT = None
ASSETS = Path(str(files("embauche.present") / "assets"))
WHITENOISE_USE_FINDERS = False
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 60 * 60 * 24 * 365

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
LANGUAGE_CODE = "en"

# What a request may carry: the whole of it (checked before it is read), its fields, its files.
# Files wait inside the workspace, not in a folder that other users can list.
MAX_REQUEST_BYTES = int(os.environ.get("EMBAUCHE_MAX_UPLOAD_MB") or 200) * 1_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
DATA_UPLOAD_MAX_NUMBER_FILES = 500
FILE_UPLOAD_TEMP_DIR = str(WORKSPACE.incoming)
FILE_UPLOAD_PERMISSIONS = 0o600
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 10}),
        ("UserAttributeSimilarityValidator", {}),
        ("CommonPasswordValidator", {}),
    )
]
SILENCED_SYSTEM_CHECKS = ["models.W042"]
# One JSON object a line, with no quote and no name in it: on a server for its journal (standard
# error), on a laptop into a file of the workspace.
_LOG = (
    {"class": "logging.StreamHandler", "formatter": "structured"}
    if SERVER_MODE
    else {
        "class": "logging.handlers.RotatingFileHandler",
        "filename": str(WORKSPACE.folder / "workbench.log"),
        "maxBytes": 1_000_000,
        "backupCount": 2,
        "delay": True,
        "formatter": "structured",
    }
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"structured": {"()": "embauche.workbench.structured_log.StructuredLog"}},
    "handlers": {"log": _LOG},
    "root": {"handlers": ["log"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["log"], "level": "ERROR", "propagate": False},
        "embauche.requests": {"handlers": ["log"], "level": "INFO", "propagate": False},
    },
}
