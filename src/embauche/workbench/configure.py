"""Point Django at a workspace, once a process."""

from __future__ import annotations

import os
from pathlib import Path

from embauche.errors import WorkbenchError
from embauche.workbench.workspace import HOME_VARIABLE, Workspace, default_folder


def use_workspace(folder: Path | None = None) -> Workspace:
    """Set Django up on a workspace folder and bring its database up to date.

    Raises
    ------
    WorkbenchError
        If this process already works on another workspace.
    """
    import django
    from django.conf import settings

    chosen = (folder or default_folder()).expanduser().resolve()
    if settings.configured:
        if settings.WORKSPACE.folder.resolve() != chosen:
            raise WorkbenchError("workbench.other_workspace", folder=str(chosen))
        return settings.WORKSPACE
    os.environ[HOME_VARIABLE] = str(chosen)
    os.environ["DJANGO_SETTINGS_MODULE"] = "embauche.workbench.settings"
    django.setup()
    _migrate()
    return settings.WORKSPACE


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
