"""`embauche doctor`: what is wrong with a workspace and what to do. Nothing is changed."""

from __future__ import annotations

import re
import shutil
import sqlite3
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Literal

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from embauche import __version__
from embauche.workbench import health
from embauche.workbench.models import Evidence, Result, Run, Source, Study, Survey
from embauche.workbench.services.inputs import results_folder, study_folder
from embauche.workbench.workspace import Workspace

_NAMED: Final = re.compile(r"[0-9a-f]{32}\.(?:parquet|npz)")
_STOPS: Final = {"migrations_pending", "migrations_newer", "database_lost"}
"""What says that the rest cannot be looked at."""
_SCARCE: Final = 2_000_000_000
_DAY: Final = 60 * 60 * 24
_WEEK: Final = 7 * _DAY

Verdict = Literal["ok", "weak", "problem"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes
    ----------
    code
        Catalogue key ``server.doctor.<code>``, and ``….hint`` where there is something to do.
    verdict
        Fine, worth knowing, or wrong.
    params
        What the sentence names.
    """

    code: str
    verdict: Verdict = "ok"
    params: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Catalogue key of the sentence."""
        return f"server.doctor.{self.code}"


def examine(workspace: Workspace) -> list[Check]:
    """Look at everything; a check that cannot be made is a problem of its own.

    Parameters
    ----------
    workspace
        The workspace that Django is set up on, best without migrating it.
    """
    found = [Check("program", params={"version": __version__, "python": _python()})]
    found += [*_database(), *_folders(workspace)]
    if any(check.verdict == "problem" and check.code.startswith("database") for check in found):
        return found
    found += _migrations(workspace)
    if any(check.code in _STOPS for check in found):
        return found
    parts: tuple[Callable[[Workspace], Iterator[Check]], ...] = (
        _studies, _frames, _texts, _quotes, _runs, _backups,
    )  # fmt: skip
    for part in parts:
        try:
            found += part(workspace)
        except (DatabaseError, OSError) as error:
            found.append(Check("unreadable", "problem", {"reason": _reason(error)}))
    return found


def _reason(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]


def _python() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def _database() -> Iterator[Check]:
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA quick_check(1)")
                said = str(cursor.fetchone()[0])
                if said != "ok":
                    yield Check("database_damaged", "problem", {"reason": said[:200]})
                cursor.execute("PRAGMA journal_mode")
                mode = str(cursor.fetchone()[0])
                if mode != "wal":
                    yield Check("journal", "weak", {"mode": mode})
                version = sqlite3.sqlite_version
            else:
                cursor.execute("SHOW server_version")
                version = str(cursor.fetchone()[0])
    except (DatabaseError, sqlite3.Error) as error:
        # SQLite's own words for bytes that are none of its own.
        torn = connection.vendor == "sqlite" and not isinstance(error, OperationalError)
        code = "database_damaged" if torn else "database_away"
        yield Check(code, "problem", {"reason": _reason(error)})
        return
    yield Check("database", params={"kind": connection.display_name, "version": version})


def _folders(workspace: Workspace) -> Iterator[Check]:
    open_to_others = [
        path.name or str(path)
        for path in (
            workspace.folder,
            *workspace.folder.glob("*.key"),
            *workspace.folder.glob("*.token"),
        )
        if sys.platform != "win32" and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if open_to_others:
        yield Check("permissions", "problem", {"files": open_to_others})
    free = shutil.disk_usage(workspace.folder).free
    verdict: Verdict = "problem" if free < health.LEAST_FREE else "weak" if free < _SCARCE else "ok"
    yield Check("disk" if verdict == "ok" else "disk_full", verdict, {"gb": free / 1e9})
    old = [
        path for path in workspace.incoming.glob("*") if time.time() - path.stat().st_mtime > _DAY
    ]
    if old:
        yield Check("uploads_left", "weak", {"n": len(old), "folder": str(workspace.incoming)})


def _migrations(workspace: Workspace) -> Iterator[Check]:
    loader = MigrationExecutor(connection).loader
    ours = {name for app, name in loader.applied_migrations if app == "workbench"}
    known = {name for app, name in loader.disk_migrations if app == "workbench"}
    if ours - known:
        yield Check("migrations_newer", "problem", {"name": max(ours - known)})
    elif not ours and (n := sum(path.is_dir() for path in workspace.studies.iterdir())):
        yield Check("database_lost", "problem", {"n": n})
    elif known - ours:
        yield Check("migrations_pending", "weak", {"n": len(known - ours)})
    else:
        yield Check("migrations", params={"name": max(ours)})


def _studies(workspace: Workspace) -> Iterator[Check]:
    slugs = set(Study.objects.values_list("slug", flat=True))
    folders = {path.name for path in workspace.studies.iterdir() if path.is_dir()}
    for study in Study.objects.all():
        if study.analysed_at is not None and not study_folder(study).is_dir():
            yield Check("study_without_files", "problem", {"study": study.slug})
    for name in sorted(folders - slugs):
        yield Check("files_without_study", "weak", {"folder": str(workspace.studies / name)})
    yield Check("studies", params={"n": len(slugs)})


def _frames(_workspace: Workspace) -> Iterator[Check]:
    """Compare the files of results with the results that name them."""
    for study in Study.objects.all():
        named: set[str] = set()
        for rows in (Result.objects.filter(study=study), Survey.objects.filter(study=study)):
            for data in rows.values_list("data", flat=True):
                named.update(_NAMED.findall(str(data)))
        folder = results_folder(study)
        there = {path.name for path in folder.glob("*") if _NAMED.fullmatch(path.name)}
        if named - there:
            yield Check(
                "results_missing", "problem", {"study": study.slug, "n": len(named - there)}
            )
        if there - named:
            yield Check("results_left", "weak", {"study": study.slug, "n": len(there - named)})


def _texts(_workspace: Workspace) -> Iterator[Check]:
    for key, name, text, expected in Source.objects.values_list(
        "key", "name", "text", "sha256"
    ).iterator():
        if sha256(text.encode()).hexdigest() != expected:
            yield Check("text_changed", "problem", {"source": name or key})


def _quotes(_workspace: Workspace) -> Iterator[Check]:
    """Compare every quote with its span, letter for letter."""
    total = 0
    for source, name, text in Source.objects.values_list("pk", "name", "text").iterator():
        rows = Evidence.objects.filter(source=source, current=True).order_by()
        broken = 0
        for start, end, quote in rows.values_list("start", "end", "quote"):
            total += 1
            broken += text[start:end] != quote
        if broken:
            yield Check("quotes_broken", "problem", {"source": name, "n": broken})
    yield Check("quotes", params={"n": total})


def _runs(_workspace: Workspace) -> Iterator[Check]:
    alive = health.worker()
    waiting = Run.objects.filter(state__in=(Run.State.WAITING, Run.State.RUNNING)).count()
    if waiting and not alive:
        yield Check("runs_without_worker", "weak", {"n": waiting})
    elif settings.SERVER_MODE and not alive:
        yield Check("worker_away", "weak")


def _backups(workspace: Workspace) -> Iterator[Check]:
    if not Study.objects.exists():
        return
    times = [path.stat().st_mtime for path in _copies(workspace)]
    if not times:
        yield Check("no_backup", "weak")
    elif time.time() - max(times) > _WEEK:
        yield Check("old_backup", "weak", {"days": int((time.time() - max(times)) / _DAY)})


def _copies(workspace: Workspace) -> Iterator[Path]:
    if workspace.backups.is_dir():
        yield from (path for path in workspace.backups.iterdir() if path.suffix != ".part")
