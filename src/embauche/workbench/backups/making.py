"""`embauche backup`: a workspace into one archive, while it is used."""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from embauche import __version__
from embauche.errors import WorkbenchError
from embauche.study.progress import Report, silent
from embauche.workbench.backups.archive import BLOCK, MANIFEST, SECRETS, STUDIES, TABLES, Manifest
from embauche.workbench.workspace import Workspace

_TRIES: Final = 3
CHARTS: Final = "charts-"
"""Beginning of the names of drawn charts (`services.drawn_charts`)."""

_NAMED: Final = re.compile(r"[0-9a-f]{32}\.(?:parquet|npz)")


@dataclass(frozen=True, slots=True)
class Backup:
    """An archive that was made.

    Attributes
    ----------
    path
        Where it lies.
    studies, rows, files, size
        What it holds; `size` in bytes.
    """

    path: Path
    studies: int
    rows: int
    files: int
    size: int


def make_backup(
    workspace: Workspace,
    target: Path | None = None,
    *,
    secrets: bool = False,
    report: Report = silent,
) -> Backup:
    """Write the workspace that Django is set up on into one archive.

    The database is read as it is at one moment; people may go on working. Files of results are
    checked against it, and everything is read again if an analysis ended in between.

    Parameters
    ----------
    workspace
        The workspace.
    target
        The archive; by default a name with the date in the workspace's folder of backups.
    secrets
        Whether the keys of pseudonyms and the keys of the workspace go into it.
    report
        Told of progress as stage ``backup``.

    Raises
    ------
    WorkbenchError
        If the file exists already, or cannot be written.
    """
    if target is None:
        workspace.backups.mkdir(exist_ok=True)
        if os.name != "nt":
            workspace.backups.chmod(0o700)
        stamp = datetime.now(tz=UTC).strftime("%Y%m%d-%H%M%S")
        target = workspace.backups / f"embauche-{stamp}.zip"
    if target.exists():
        raise WorkbenchError("server.backup_exists", file=str(target))
    part = target.with_name(f"{target.name}.part")
    try:
        for tries in range(_TRIES):
            part.unlink(missing_ok=True)
            part.touch(mode=0o600)
            manifest, whole = _write(workspace, part, secrets=secrets, report=report)
            # What was missing before is missing still; `doctor` tells.
            if whole or tries == _TRIES - 1:
                break
        part.replace(target)
    except OSError as error:
        raise WorkbenchError(
            "cli.cannot_write", file=str(target), reason=error.strerror or str(error)
        ) from error
    finally:
        part.unlink(missing_ok=True)
    return Backup(
        path=target,
        studies=manifest.rows.get("workbench_study", 0),
        rows=sum(manifest.rows.values()),
        files=len(manifest.files),
        size=target.stat().st_size,
    )


def _write(
    workspace: Workspace, part: Path, *, secrets: bool, report: Report
) -> tuple[Manifest, bool]:
    """Write the archive; tell whether all files that the tables name are in it."""
    from django.apps import apps

    from embauche.workbench.backups.tables import lines, one_moment, tables

    rows: dict[str, int] = {}
    files: dict[str, str] = {}
    named: set[str] = set()
    models = tables(apps)
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        with one_moment():
            migration = newest_migration()
            for place, (table, model) in enumerate(sorted(models.items())):
                name, found, count = f"{TABLES}{table}.jsonl", sha256(), 0
                with archive.open(name, "w", force_zip64=True) as out:
                    for line in lines(model):
                        data = line.encode() + b"\n"
                        out.write(data)
                        found.update(data)
                        count += 1
                        if table in {"workbench_result", "workbench_survey"}:
                            named.update(_NAMED.findall(line))
                rows[table], files[name] = count, found.hexdigest()
                report("backup", 0.5 * (place + 1) / len(models))
        paths = list(_files(workspace, secrets=secrets))
        for place, (name, path) in enumerate(paths):
            try:
                files[name] = _add(archive, name, path)
            except FileNotFoundError:
                continue  # an analysis replaced it meanwhile
            report("backup", 0.5 + 0.5 * (place + 1) / len(paths))
        manifest = Manifest(
            made_at=datetime.now(tz=UTC).isoformat(timespec="seconds"),
            program=__version__,
            migration=migration,
            rows=rows,
            files=files,
            secrets=secrets,
        )
        archive.writestr(MANIFEST, manifest.to_json())
    report("backup", 1.0)
    return manifest, named <= {name.rpartition("/")[2] for name in files}


def newest_migration() -> str:
    """Return the newest migration of our tables that the database has."""
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    applied: Any = MigrationRecorder(connection).applied_migrations()
    return max(name for app, name in applied if app == "workbench")


def _files(workspace: Workspace, *, secrets: bool) -> Iterator[tuple[str, Path]]:
    """List the studies' files, without what is being written and what can be drawn again."""
    for path in sorted(workspace.studies.rglob("*")):
        passing = path.name.endswith(".part") or path.name.startswith(CHARTS)
        if path.is_file() and not path.is_symlink() and not passing:
            yield STUDIES + path.relative_to(workspace.studies).as_posix(), path
    if secrets:
        for path in sorted(workspace.folder.rglob("*")):
            name = path.relative_to(workspace.folder).as_posix()
            if name.startswith(SECRETS) and path.is_file():
                yield name, path


def _add(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    found = sha256()
    with path.open("rb") as read:
        info = zipfile.ZipInfo.from_file(path, name)
        info.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(info, "w", force_zip64=True) as out:
            while block := read.read(BLOCK):
                out.write(block)
                found.update(block)
    return found.hexdigest()
