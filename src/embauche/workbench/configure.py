"""Point Django at a workspace, once a process."""

from __future__ import annotations

import os
from pathlib import Path

from embauche.errors import WorkbenchError
from embauche.workbench.database_copy import copy_before_migration
from embauche.workbench.workspace import HOME_VARIABLE, Workspace, default_folder


def use_workspace(folder: Path | None = None, *, migrate: bool = True) -> Workspace:
    """Set Django up on a workspace folder and bring its database up to date.

    Parameters
    ----------
    folder
        The workspace; by default the one that ``EMBAUCHE_HOME`` names.
    migrate
        Whether the database is brought up to date; a copy is made before, if it holds something.

    Raises
    ------
    WorkbenchError
        If this process already works on another workspace, or no copy could be made.
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
    if migrate:
        bring_up_to_date(settings.WORKSPACE)
    return settings.WORKSPACE


def bring_up_to_date(workspace: Workspace) -> None:
    """Migrate the database where the program has newer tables, after a copy of what it holds.

    Raises
    ------
    WorkbenchError
        If no copy could be made, or a newer program has migrated the database already.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    applied = executor.loader.applied_migrations
    known = executor.loader.disk_migrations
    newer = [name for app, name in applied if app == "workbench" and (app, name) not in known]
    if newer:
        raise WorkbenchError("server.newer_database", name=max(newer))
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        if applied:
            copy_before_migration(workspace)
        call_command("migrate", verbosity=0, interactive=False)
