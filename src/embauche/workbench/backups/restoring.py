"""`embauche restore`: an archive into an empty workspace, wholly or not at all."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from embauche.errors import WorkbenchError
from embauche.study.progress import Report, silent
from embauche.workbench.backups.archive import (
    BLOCK,
    SECRETS,
    STUDIES,
    TABLES,
    Manifest,
    read_manifest,
    verify,
)
from embauche.workbench.workspace import Workspace


def restore_backup(workspace: Workspace, file: Path, *, report: Report = silent) -> Manifest:
    """Put an archive's rows and files into the workspace that Django is set up on.

    The database may be of another kind than the one the archive was made from, and the archive may
    come from an earlier version: its rows go into the tables of their time, which are migrated
    then. Every hash is checked before anything is written, rows are inserted in one transaction,
    and the studies' files are moved in whole within it.

    Parameters
    ----------
    workspace
        The workspace, set up without a migration (``use_workspace(migrate=False)``).
    file
        The archive.
    report
        Told of progress as stage ``restore``.

    Raises
    ------
    WorkbenchError
        If the workspace holds a study or an account, or the archive is damaged or too new.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile) as error:
        raise WorkbenchError("server.not_a_backup", file=file.name) from error
    with archive:
        manifest = read_manifest(archive, file)
        verify(archive, manifest, file)
        report("restore", 0.3)
        _require_empty(workspace)
        apps = _tables_of(manifest, file)
        draft = workspace.folder / "studies.restoring"
        shutil.rmtree(draft, ignore_errors=True)
        inside = [name for name in manifest.files if name.startswith(STUDIES)]
        keys = [name for name in manifest.files if name.startswith(SECRETS)]
        try:
            (draft / STUDIES).mkdir(parents=True)
            _extract(archive, inside, draft, private=False)
            report("restore", 0.5)
            _insert(archive, manifest, apps, draft / STUDIES, workspace)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        _extract(archive, keys, workspace.folder, private=True)
    report("restore", 0.9)
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    report("restore", 1.0)
    return manifest


def _require_empty(workspace: Workspace) -> None:
    from django.db import connection

    there = connection.introspection.table_names()
    if any(path.is_file() for path in workspace.studies.rglob("*")):
        raise WorkbenchError("server.workspace_not_empty", folder=str(workspace.folder))
    with connection.cursor() as cursor:
        for table, ours in (
            ("workbench_study", ""),
            ("workbench_user", "WHERE username <> 'local'"),
        ):
            if table not in there:
                continue
            cursor.execute(f"SELECT COUNT(*) FROM {table} {ours}")  # noqa: S608 (names of ours)
            if cursor.fetchone()[0]:
                raise WorkbenchError("server.workspace_not_empty", folder=str(workspace.folder))


def _tables_of(manifest: Manifest, file: Path) -> Any:
    """Bring the empty database to the tables of the archive, and return their models."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    loader = MigrationExecutor(connection).loader
    if ("workbench", manifest.migration) not in loader.disk_migrations:
        raise WorkbenchError("server.backup_newer", file=file.name, program=manifest.program)
    call_command("migrate", "workbench", manifest.migration, verbosity=0, interactive=False)
    return loader.project_state([("workbench", manifest.migration)]).apps


def _extract(archive: zipfile.ZipFile, names: list[str], folder: Path, *, private: bool) -> None:
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        opener = _for_its_owner if private else None
        with archive.open(name) as read, open(target, "wb", opener=opener) as out:
            shutil.copyfileobj(read, out, BLOCK)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _insert(
    archive: zipfile.ZipFile, manifest: Manifest, apps: Any, studies: Path, workspace: Workspace
) -> None:
    """Insert all rows and move the studies' files in, or neither."""
    from django.db import DatabaseError, connection, transaction

    from embauche.workbench.backups.tables import continue_numbering, tables

    file = Path(archive.filename or "").name
    models = tables(apps)
    try:
        with transaction.atomic():
            # The one row that a start makes by itself.
            models["workbench_user"]._base_manager.filter(username="local").delete()  # noqa: SLF001
            for table, rows in manifest.rows.items():
                _load(models.get(table), archive, table, rows)
            connection.check_constraints()
            continue_numbering(models.values())
            for folder in sorted(workspace.studies.rglob("*"), reverse=True):
                folder.rmdir()  # empty ones only: it was looked at before
            workspace.studies.rmdir()
            studies.rename(workspace.studies)
    except BaseException as error:
        if not studies.exists():
            workspace.studies.rename(studies)
        workspace.studies.mkdir(exist_ok=True)
        if isinstance(error, DatabaseError):
            raise WorkbenchError("server.backup_damaged", file=file, part=TABLES) from error
        raise


def _load(model: Any, archive: zipfile.ZipFile, table: str, rows: int) -> None:
    from embauche.workbench.backups.tables import load

    if model is None or load(model, _lines(archive, table)) != rows:
        file = Path(archive.filename or "").name
        raise WorkbenchError("server.backup_damaged", file=file, part=table)


def _lines(archive: zipfile.ZipFile, table: str) -> Iterator[str]:
    with archive.open(f"{TABLES}{table}.jsonl") as read:
        for line in read:
            yield line.decode()
