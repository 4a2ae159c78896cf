"""The one Django application."""

from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    """Embauche's tables, pages and tasks."""

    name = "embauche.workbench"
    label = "workbench"
    default_auto_field = "django.db.models.BigAutoField"
