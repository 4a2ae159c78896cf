"""A workspace in a temporary folder, with a small fictional study in it.

The study is opened once; each test works inside a transaction that is rolled back, and finds the
files of the study as they were when it was opened.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

INTERVIEWS = {
    "ana.md": """Interviewer: When did you realise you needed something else?

Ana: The day I lost my notebook in the van, I looked for something else. I have to find a
measurement in front of the client. It drives me mad to search for ten minutes.

Interviewer: What had you tried before?

Ana: Before that I kept it all in a paper notebook. I need to find my notes before a meeting. I was
so ashamed that day. I want to find my notes in front of the client.
""",
    "ben.md": """Interviewer: What do you use it for?

Ben: I use it to find my notes again before a meeting. It has to take me under a minute. I don't
want to look unprepared in front of clients.

Interviewer: And what still does not suit you?

Ben: I lose everything each time it syncs. I need to find my notes when the client asks. I'm afraid
it will make us lazy.
""",
    "cleo.md": """Interviewer: Tell me about the last time.

Cleo: On site there is no network and I wear gloves. I need to write a note without taking them off.
I try to find my notes in front of the client. Otherwise I ask a colleague.
""",
}
"""Fictional interviews, written for these tests."""

TOML = """[study]
title = "Pocket notes"
product = "Pocket"
language = "en"
question = "Why do people hire a notebook?"
fictional = true

[interviews]
interviewer_speakers = ["Interviewer"]

[offer]
Search = "Finds a word in all notes."
"""


def write_folder(folder: Path) -> Path:
    """Write the fictional study folder."""
    folder.mkdir(parents=True)
    for name, text in INTERVIEWS.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Any:
    os.environ.pop("DATABASE_URL", None)
    from embauche.workbench.configure import use_workspace

    return use_workspace(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="session")
def opened(workspace: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """Return the fictional study, opened, and the folder it came from."""
    from embauche.workbench.services.opening import open_folder

    folder = write_folder(tmp_path_factory.mktemp("folders") / "pocket")
    return open_folder(folder), folder


@pytest.fixture(scope="session")
def pristine(
    workspace: Any, opened: tuple[Any, Path], tmp_path_factory: pytest.TempPathFactory
) -> dict[Path, Path]:
    """Return a copy, made once, of each folder that belongs to the study."""
    copies = tmp_path_factory.mktemp("pristine")
    folders = (opened[1], workspace.studies / opened[0].slug)
    return {folder: shutil.copytree(folder, copies / folder.name) for folder in folders}


def _forget() -> None:
    from embauche.workbench.pages import pieces
    from embauche.workbench.services import kept_parts, restoring, state

    for kept in (restoring._cache, pieces._drawn, kept_parts._studies, state._counted):
        kept.clear()


@pytest.fixture
def study(
    opened: tuple[Any, Path], pristine: dict[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    """Return the study inside a transaction that is rolled back, its files put back after it."""
    from django.db import connection, transaction

    from embauche.workbench.models import Study
    from embauche.workbench.services import kept_parts, restored_evidence, restoring, state

    # What is kept by the study's stamp would outlive the rollback.
    _forget()
    # A test's own transaction stands for none: what a process keeps between requests is tested too.
    for module in (kept_parts, restored_evidence, restoring, state):
        monkeypatch.setattr(module, "uncommitted", lambda: bool(connection.savepoint_ids))
    with transaction.atomic():
        yield Study.objects.get(pk=opened[0].pk)
        transaction.set_rollback(True)
    _forget()
    for folder, copy in pristine.items():
        shutil.rmtree(folder)
        shutil.copytree(copy, folder)


@pytest.fixture
def owner(study: Any) -> Any:
    from embauche.workbench.services.roles import local_user

    return local_user()


@pytest.fixture
def client(workspace: Any) -> Any:
    """Return a browser that brought the token."""
    from django.test import Client

    browser = Client(HTTP_HOST="127.0.0.1", headers={"accept-language": "en"})
    browser.get("/", {"token": workspace.access_token()})
    return browser


@pytest.fixture
def proposal(study: Any) -> Any:
    """Return a piece of evidence that nobody has reviewed."""
    row = study.evidence.filter(status="proposed", current=True).first()
    assert row is not None, "the fictional interviews hold evidence"
    return row
