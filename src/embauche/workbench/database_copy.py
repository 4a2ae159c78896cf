"""A copy of the database, made before it is migrated."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from embauche.errors import WorkbenchError
from embauche.workbench.workspace import Workspace

NO_BACKUP: Final = "EMBAUCHE_NO_BACKUP"
_KEPT: Final = 5


def copy_before_migration(workspace: Workspace) -> Path | None:
    """Copy the workspace's database into its folder of backups; the oldest copies go.

    SQLite is copied by its online backup, which waits for nobody; PostgreSQL by ``pg_dump`` in its
    own format (``pg_restore`` reads it).

    Returns
    -------
    Path or None
        The copy; ``None`` where ``EMBAUCHE_NO_BACKUP=1`` says that there is another.

    Raises
    ------
    WorkbenchError
        If there is no ``pg_dump``, or it fails. Nothing was migrated then.
    """
    if os.environ.get(NO_BACKUP) == "1":
        return None
    from django.db import connection

    folder = workspace.backups
    folder.mkdir(exist_ok=True)
    if os.name != "nt":
        folder.chmod(0o700)
    stamp = datetime.now(tz=UTC).strftime("%Y%m%d-%H%M%S-%f")
    if connection.vendor == "sqlite":
        target = folder / f"before-migration-{stamp}.sqlite3"
        copy_sqlite(Path(connection.settings_dict["NAME"]), target)
    else:
        target = folder / f"before-migration-{stamp}.dump"
        _dump_postgres(connection.settings_dict, target)
    copies = sorted(folder.glob("before-migration-*"))
    for old in copies[:-_KEPT]:
        old.unlink(missing_ok=True)
    return target


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite file as it stands, while others may write to it."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    try:
        part.touch(mode=0o600)
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(part)) as written:
            read.backup(written)
            written.execute("PRAGMA journal_mode=DELETE")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _dump_postgres(settings: dict[str, Any], target: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise WorkbenchError("server.no_pg_dump")
    part = target.with_name(target.name + ".part")
    part.touch(mode=0o600)
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    given = {name: str(settings[key]) for name, key in names.items() if settings.get(key)}
    given["PGDATABASE"] = str(settings["NAME"])
    if "sslmode" in settings.get("OPTIONS", {}):
        given["PGSSLMODE"] = str(settings["OPTIONS"]["sslmode"])
    done = subprocess.run(  # noqa: S603 (found on the path, no word of a user in it)
        [program, "--format=custom", "--no-password", f"--file={part}"],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        part.unlink(missing_ok=True)
        said = re.sub(r"\s+", " ", done.stderr).strip()[-200:]
        raise WorkbenchError("server.pg_dump_failed", reason=said)
    part.replace(target)
