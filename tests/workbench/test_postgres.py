"""The workbench on PostgreSQL: a folder is opened, reviewed and written out there as well.

In a process of its own, since Django knows one database a process.
"""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import pytest

_URL = os.environ.get("EMBAUCHE_TEST_DATABASE_URL")
_INTERVIEW = """Interviewer: What do you use it for?

Ana: I use it to find my notes again before a meeting. I lose everything each time it syncs.
I want to find my notes in front of the client. Before that I kept it all in a paper notebook.
"""
_PROGRAM = """
import sys
from pathlib import Path
from embauche.workbench.configure import use_workspace
workspace, folder, target = map(Path, sys.argv[1:])
use_workspace(workspace)
from django.db import connection
from embauche.study.decisions import read_decisions
from embauche.workbench.models import Evidence
from embauche.workbench.services.exporting import export_folder
from embauche.workbench.services.opening import open_folder
from embauche.workbench.services.review import review_evidence
from embauche.workbench.services.roles import local_user
assert connection.vendor == "postgresql", connection.vendor
study = open_folder(folder)
row = Evidence.objects.filter(study=study).order_by("id").first()
review_evidence(row.id, "accepted", local_user(), row.version)
export_folder(study.id, target)
assert read_decisions(target).evidence[row.key]["status"] == "accepted"
print("stored", Evidence.objects.filter(study=study).count())
"""


@pytest.fixture
def database() -> str:
    """Return the URL of a new, empty database."""
    if not _URL:
        reason = "no PostgreSQL server: EMBAUCHE_TEST_DATABASE_URL is not set"
        if os.environ.get("EMBAUCHE_REQUIRE_POSTGRES"):
            pytest.fail(reason)
        pytest.skip(reason)
    import psycopg

    name = f"embauche_{uuid4().hex[:12]}"
    with psycopg.connect(_URL, autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    return f"{_URL.rsplit('/', 1)[0]}/{name}"


@pytest.mark.postgres
def test_a_study_lives_on_postgresql(database: str, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "fictional.txt").write_text(_INTERVIEW, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, *map(str, (tmp_path / "w", folder, tmp_path / "copy"))],
        env={**os.environ, "DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) > 3
