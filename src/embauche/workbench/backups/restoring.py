"""`embauche restore`: an archive into an empty workspace, wholly or not at all."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

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

_ZIP: Final = b"PK\x03\x04"
_KEYS: Final = "secrets"


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
        If the workspace holds a study or an account, the archive is damaged or too new, or the
        disk is full or the database away.
    """
    from django.core.management import call_command
    from django.db import OperationalError

    with _opened(file) as archive:
        manifest = read_manifest(archive, file)
        verify(archive, manifest, file)
        report("restore", 0.3)
        try:
            _require_empty(workspace)
            apps = _tables_of(manifest, file)
            _put_in(archive, manifest, apps, workspace, report)
        except (OSError, OperationalError) as error:
            raise _stopped("server.restore_stopped", workspace, error) from error
    report("restore", 0.9)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except (OSError, OperationalError) as error:
        raise _stopped("server.restore_unmigrated", workspace, error) from error
    report("restore", 1.0)
    return manifest


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise WorkbenchError("server.backup_closed", file=file.name, reason=reason) from error
    except zipfile.BadZipFile as error:
        with file.open("rb") as begun:
            cut = begun.read(len(_ZIP)) == _ZIP
        code = "server.backup_cut" if cut else "server.not_a_backup"
        raise WorkbenchError(code, file=file.name) from error


def _stopped(code: str, workspace: Workspace, error: Exception) -> WorkbenchError:
    reason = getattr(error, "strerror", None) or str(error).strip().partition("\n")[0]
    return WorkbenchError(code, folder=str(workspace.folder), reason=reason)


def _put_in(
    archive: zipfile.ZipFile, manifest: Manifest, apps: Any, workspace: Workspace, report: Report
) -> None:
    """Put files and rows in: all of them, or none; the keys that are in it before what they open.

    A key that was put in before the rest failed is that of an empty workspace.
    """
    draft = workspace.folder / "studies.restoring"
    shutil.rmtree(draft, ignore_errors=True)
    inside = [name for name in manifest.files if name.startswith(STUDIES)]
    keys = [name for name in manifest.files if name.startswith(SECRETS)]
    try:
        (draft / STUDIES).mkdir(parents=True)
        _extract(archive, inside, draft, private=False)
        _extract(archive, keys, draft / _KEYS, private=True)
        report("restore", 0.5)
        for name in keys:
            (workspace.folder / name).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            (draft / _KEYS / name).replace(workspace.folder / name)
        _insert(archive, manifest, apps, draft / STUDIES, workspace)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


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
    from django.db import DatabaseError, OperationalError, connection, transaction

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
        if isinstance(error, DatabaseError) and not isinstance(error, OperationalError):
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
