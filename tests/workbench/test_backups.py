"""A workspace is backed up while it is open and restored, wholly or not at all."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from embauche.errors import WorkbenchError

_RESTORE = """
import sys
from pathlib import Path
from embauche.workbench.configure import use_workspace
workspace = use_workspace(Path(sys.argv[1]), migrate=False)
from embauche.workbench.backups.making import make_backup
from embauche.workbench.backups.restoring import restore_backup
from embauche.workbench.services.doctor import examine
restore_backup(workspace, Path(sys.argv[2]))
assert not [each for each in examine(workspace) if each.verdict == "problem"]
from django.db import transaction
from embauche.workbench.models import Event, Study, User
with transaction.atomic():  # numbering goes on after what was restored
    last = Event.objects.order_by("pk").last()
    event = Event(study=last.study, actor=last.actor, verb="x", kind="x", key="x", version=1)
    event.save()
    assert event.pk > last.pk
    transaction.set_rollback(True)
make_backup(workspace, Path(sys.argv[3]))
"""


def _manifest(file: Path) -> dict[str, Any]:
    with zipfile.ZipFile(file) as archive:
        found: dict[str, Any] = json.loads(archive.read("manifest.json"))
    return found


def _restored(workspace: Path, file: Path, again: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ}
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-c", _RESTORE, str(workspace), str(file), str(again)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def archive(workspace: Any, study: Any, owner: Any, proposal: Any, tmp_path: Path) -> Path:
    from embauche.workbench.backups.making import make_backup
    from embauche.workbench.services.review import review_evidence

    review_evidence(proposal.pk, "accepted", owner, proposal.version)
    made = make_backup(workspace, tmp_path / "one.zip")
    assert made.studies >= 1
    assert made.size == made.path.stat().st_size
    if os.name != "nt":
        assert made.path.stat().st_mode & 0o077 == 0
    return made.path


def test_what_is_restored_is_what_was_there(archive: Path, tmp_path: Path) -> None:
    again = tmp_path / "two.zip"
    done = _restored(tmp_path / "new", archive, again)
    assert done.returncode == 0, done.stderr
    assert _manifest(again)["files"] == _manifest(archive)["files"], "every hash, times included"
    # A workspace with studies in it is not written over.
    refused = _restored(tmp_path / "new", archive, tmp_path / "three.zip")
    assert "server.workspace_not_empty" in refused.stderr


def test_secrets_stay_out_unless_asked_for(workspace: Any, study: Any, tmp_path: Path) -> None:
    from embauche.workbench.backups.making import make_backup

    def names(*, secrets: bool) -> set[str]:
        made = make_backup(workspace, tmp_path / f"{secrets}.zip", secrets=secrets)
        return set(_manifest(made.path)["files"])

    assert not {"secret.key", "access.token"} & names(secrets=False)
    assert {"secret.key", "access.token"} <= names(secrets=True)


def test_a_backup_is_not_written_over(workspace: Any, archive: Path) -> None:
    from embauche.workbench.backups.making import make_backup

    with pytest.raises(WorkbenchError, match="exists already"):
        make_backup(workspace, archive)


@pytest.mark.parametrize("harm", ["changed", "added", "outside", "newer", "no_manifest"])
def test_a_damaged_archive_changes_nothing(archive: Path, tmp_path: Path, harm: str) -> None:
    from embauche.workbench.backups.archive import read_manifest, verify

    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(archive) as read, zipfile.ZipFile(bad, "w") as out:
        manifest = _manifest(archive)
        first = next(name for name in manifest["files"] if name.endswith(".jsonl"))
        if harm == "outside":
            manifest["files"]["studies/../../escaped"] = "0"
        if harm == "newer":
            manifest["format"] = 99
        for name in read.namelist():
            data = read.read(name)
            if name == "manifest.json":
                if harm == "no_manifest":
                    continue
                data = json.dumps(manifest).encode()
            out.writestr(name, data + b"\n" if harm == "changed" and name == first else data)
        if harm == "added":
            out.writestr("studies/extra.txt", "x")
    with zipfile.ZipFile(bad) as opened, pytest.raises(WorkbenchError):
        verify(opened, read_manifest(opened, bad), bad)


def test_torn_bytes_and_a_lost_end_are_told_as_such(archive: Path, tmp_path: Path) -> None:
    from embauche.workbench.backups.archive import read_manifest, verify
    from embauche.workbench.backups.restoring import _opened

    told: list[str] = []
    whole, bad = archive.read_bytes(), tmp_path / "bad.zip"
    for place in range(40, len(whole) - 40, len(whole) // 60):
        torn = bytearray(whole)
        torn[place : place + 4] = bytes(255 - byte for byte in torn[place : place + 4])
        bad.write_bytes(torn)
        try:
            with _opened(bad) as opened:
                verify(opened, read_manifest(opened, bad), bad)
        except WorkbenchError as error:  # what is no part of any file, as a time, harms nothing
            told.append(error.code)
    assert told.count("server.backup_damaged") > 50
    assert set(told) <= {"server.backup_damaged", "server.backup_cut", "server.not_a_backup"}
    for content, code in ((whole[: len(whole) // 2], "backup_cut"), (b"a letter", "not_a_backup")):
        bad.write_bytes(content)
        with pytest.raises(WorkbenchError) as error:
            _opened(bad)
        assert error.value.code == f"server.{code}"
    bad.unlink()
    with pytest.raises(WorkbenchError) as error:
        _opened(bad)
    assert error.value.code == "server.backup_closed"


_FULL = """
import errno, sys
from pathlib import Path
from embauche.workbench.configure import use_workspace
workspace = use_workspace(Path(sys.argv[1]), migrate=False)
from django.db import OperationalError
from embauche.errors import WorkbenchError
from embauche.workbench.backups import restoring
file, extract, load = Path(sys.argv[2]), restoring._extract, restoring._load
def no_room(*given, private):
    extract(*given, private=private)
    raise OSError(errno.ENOSPC, "No space left on device")
def no_room_for_rows(model, archive, table, rows):
    load(model, archive, table, rows)
    if rows and table == "workbench_source":
        raise OperationalError("database or disk is full")
for name, full in (("_extract", no_room), ("_load", no_room_for_rows)):
    kept = getattr(restoring, name)
    setattr(restoring, name, full)
    try:
        restoring.restore_backup(workspace, file)
    except WorkbenchError as error:
        assert error.code == "server.restore_stopped", error.code
        print(error.params["reason"])
    setattr(restoring, name, kept)
    assert not any(path.is_file() for path in workspace.studies.rglob("*"))
    assert not (workspace.folder / "studies.restoring").exists()
from embauche.workbench.models import Study
restoring.restore_backup(workspace, file)
assert Study.objects.exists()
"""


def test_a_full_disk_stops_a_restore_and_leaves_nothing_behind(
    workspace: Any, study: Any, tmp_path: Path
) -> None:
    from embauche.workbench.backups.making import make_backup

    made = make_backup(workspace, tmp_path / "one.zip", secrets=True)
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(tmp_path / "new"), str(made.path)],
        env={name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["No space left on device", "database or disk is full"]
    for name in ("secret.key", "access.token"):
        kept = (tmp_path / "new" / name).read_bytes()
        assert kept == (workspace.folder / name).read_bytes()
        if os.name != "nt":
            assert (tmp_path / "new" / name).stat().st_mode & 0o077 == 0


_COMMAND = "from embauche.cli.main import main; main()"


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        ("garbage", "database_damaged"),
        ("lost", "database_lost"),
        ("table", "unreadable"),
        ("folder", "cannot_write"),
    ],
)
def test_the_doctor_and_the_others_say_what_is_wrong(
    archive: Path, tmp_path: Path, harm: str, code: str
) -> None:
    import sqlite3

    home = tmp_path / "home"
    assert _restored(home, archive, tmp_path / "again.zip").returncode == 0
    database = home / "embauche.sqlite3"
    if harm == "garbage":
        database.write_bytes(b"no database " * 1000)
    elif harm == "lost":
        database.unlink()
    elif harm == "table":
        with sqlite3.connect(database) as open_:
            open_.execute("DROP TABLE workbench_evidence")
    else:
        home = tmp_path / "again.zip"

    def run(command: str, *more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-c", _COMMAND, command, *more, "--lang", "en"],
            env={**os.environ, "EMBAUCHE_HOME": str(home)},
            capture_output=True,
            text=True,
            check=False,
        )

    looked = run("doctor", *(["--json"] if harm != "folder" else []))
    assert looked.returncode != 0
    assert "Traceback" not in looked.stderr
    if harm == "folder":
        assert "Cannot write" in looked.stderr
    else:
        assert code in {each["check"] for each in json.loads(looked.stdout)["checks"]}
    if harm == "garbage":
        refused = run("backup", str(tmp_path / "x.zip"))
        assert "The database is damaged" in refused.stderr
        assert "Traceback" not in refused.stderr
        assert not list(tmp_path.glob("x.zip*"))


def test_the_doctor_finds_what_is_broken(workspace: Any, study: Any) -> None:
    from embauche.workbench.models import Evidence
    from embauche.workbench.services.doctor import examine

    def problems() -> set[str]:
        return {each.code for each in examine(workspace) if each.verdict == "problem"}

    assert not problems()
    row = Evidence.objects.filter(study=study, current=True).first()
    Evidence.objects.filter(pk=row.pk).update(start=row.start + 1)
    study.sources.filter(pk=study.sources.last().pk).update(text="Other words.")
    lost = workspace.studies / "nobodys"
    lost.mkdir()
    try:
        assert {"quotes_broken", "text_changed"} <= problems()
        assert "files_without_study" in {each.code for each in examine(workspace)}
    finally:
        lost.rmdir()


def test_every_finding_of_the_doctor_has_its_words() -> None:
    import inspect
    import re

    from embauche.messages import messages
    from embauche.workbench.services import doctor

    source = inspect.getsource(doctor)
    codes = re.findall(r'Check\(\s*"([a-z_]+)"(?:, "(weak|problem)")?', source)
    codes += re.findall(r'\("([a-z_]+)", "(weak|problem)", ', source)
    assert len(codes) > 15
    for code, verdict in codes:
        assert f"server.doctor.{code}" in messages("fr")
        assert not verdict or f"server.doctor.{code}.hint" in messages("fr")
    assert "server.doctor.disk_full.hint" in messages("fr")


def test_the_copy_before_a_migration_is_a_whole_database(workspace: Any, study: Any) -> None:
    import sqlite3
    from contextlib import closing

    from embauche.workbench.database_copy import copy_before_migration

    path = copy_before_migration(workspace)
    if os.environ.get("EMBAUCHE_NO_BACKUP") == "1":
        assert path is None
        return
    assert path is not None
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("SELECT COUNT(*) FROM workbench_source").fetchone()[0] >= 3
    assert path.parent == workspace.backups
