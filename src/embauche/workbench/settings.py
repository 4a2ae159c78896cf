"""Django's settings, built from the workspace folder that ``EMBAUCHE_HOME`` names."""

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
ACCESS_REQUIRED = os.environ.get("EMBAUCHE_NO_TOKEN") != "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

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
    "embauche.workbench.middleware.LocalHost",
    "embauche.workbench.middleware.SecurityPolicy",
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
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csrf",
                "embauche.workbench.page.everywhere",
            ],
            "builtins": ["embauche.workbench.templatetags.embauche"],
        },
    }
]

DATABASES = {"default": database(os.environ.get("DATABASE_URL"), WORKSPACE.database)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "workbench.User"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

# Cookies of 127.0.0.1 are shared by all its ports: two workspaces must not overwrite each other's.
SESSION_COOKIE_NAME = f"embauche_{_MARK}"
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_USE_SESSIONS = True
CSRF_FAILURE_VIEW = "embauche.workbench.pages.failures.csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True

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
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
SILENCED_SYSTEM_CHECKS = ["models.W042"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {
        # What went wrong is kept in the workspace, with no quote and no name in it.
        "file": {
            "class": "logging.handlers.RotatingFileHandler",
            "filename": str(WORKSPACE.folder / "workbench.log"),
            "maxBytes": 1_000_000,
            "backupCount": 2,
            "delay": True,
            "formatter": "plain",
        }
    },
    "root": {"handlers": ["file"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["file"], "level": "ERROR", "propagate": False}},
}
