"""Files on their way into a study: looked into, taken, replaced, removed; nothing coded is lost."""

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from fictional_talk import ANA, BEN, INTERVIEWS, code, drop, folder_of, take

from embauche.errors import EmbaucheError, ReadError

GUESSED = "\n\n".join(
    f"Speaker {1 + n % 2}: {words}"
    for n, words in enumerate(
        ["What do you use?", "A paper notebook, always.", "And why is that?", "I need to find it."]
    )
)
"""Fictional: nobody says who asks."""


@pytest.fixture
def empty(workspace: Any) -> Iterator[Any]:
    """Return a study made on the page, inside a transaction that is rolled back."""
    from django.db import transaction

    from embauche.workbench.services.intake_studies import create_study
    from embauche.workbench.services.roles import local_user

    with transaction.atomic():
        yield create_study(local_user(), title="Intake", language="en", question="Why?")
        transaction.set_rollback(True)


@pytest.fixture
def me(empty: Any) -> Any:
    from embauche.workbench.services.roles import local_user

    return local_user()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("\x00\x1f.md", "file.md"),
        (".hidden.md", "hidden.md"),
        ("CON.txt", "file-CON.txt"),
        ("study.toml", "file-study.toml"),
        ("what? [1]*.md", "what- -1.md"),
        ("e\u0301te\u0301.md", "été.md"),
        ("README.md", "file-README.md"),
        ("x" * 300 + ".docx", "x" * 100 + ".docx"),
    ],
)
def test_hostile_names_become_plain_ones(workspace: Any, name: str, safe: str) -> None:
    from embauche.workbench.services.intake_files import safe_name

    assert safe_name(name) == safe


def test_a_taken_transcript_can_be_read_before_any_analysis(empty: Any, me: Any) -> None:
    upload = drop(empty, me, "ana.md", ANA)
    assert (upload.kind, upload.error) == ("interview", None)
    assert not empty.sources.exists()
    done = take(empty, me, upload)
    assert done.names == ("interviews/ana.md",)
    row = empty.sources.get()
    assert (row.key, row.words > 50, row.current) == ("ana", True, True)
    assert empty.participants.get().pseudonym == "Ana"
    assert empty.runs.filter(state="waiting").count() == 1
    assert not empty.uploads.exists()
    assert (folder_of(empty) / "interviews" / "ana.md").read_text() == ANA


def test_what_was_stored_at_once_is_what_an_analysis_reads(empty: Any, me: Any) -> None:
    from embauche.study.config import read_config
    from embauche.study.stages import read_corpus
    from embauche.workbench.services.restoring import source

    take(empty, me, *(drop(empty, me, name, text) for name, text in INTERVIEWS.items()))
    take(
        empty,
        me,
        drop(empty, me, "guessed.txt", GUESSED),
        kind="interview",
        interviewers=("Speaker 2",),
    )
    corpus = read_corpus(read_config(folder_of(empty)))
    stored = {row.key: source(row) for row in empty.sources.all()}
    assert {one.id: one for one in corpus.sources} == stored
    assert {one.id for one in corpus.participants} == set(
        empty.participants.values_list("key", flat=True)
    )
    roles = [turn.role.value for turn in stored["guessed"].turns]
    assert roles == ["participant", "interviewer", "participant", "interviewer"]


def test_one_broken_file_stops_nothing(empty: Any, me: Any) -> None:
    broken = drop(empty, me, "broken.docx", b"PK\x03\x04 nothing")
    sound = drop(empty, me, "ben.md", BEN)
    music = drop(empty, me, "song.mp3", b"ID3")
    assert [one.error and one.error["code"] for one in (broken, sound, music)] == [
        "read.broken_archive",
        None,
        "intake.unknown_format",
    ]
    done = take(empty, me, broken, sound, music)
    assert (done.names, done.failed) == (("interviews/ben.md",), 2)
    assert empty.uploads.count() == 2


def test_the_same_file_twice_is_said(empty: Any, me: Any) -> None:
    take(empty, me, drop(empty, me, "ana.md", ANA))
    again = drop(empty, me, "other.md", ANA)
    assert again.error["code"] == "intake.there_already"


def test_a_second_file_of_the_same_name_changes_no_id(empty: Any, me: Any) -> None:
    take(empty, me, drop(empty, me, "ana.md", ANA))
    take(empty, me, drop(empty, me, "ana.txt", ANA.replace("Ana", "Eve")))
    assert set(empty.sources.values_list("key", flat=True)) == {"ana", "ana-2"}


def test_too_large_a_file_is_refused_with_its_size(
    empty: Any, me: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench.services import intake_uploads

    monkeypatch.setattr(intake_uploads, "MOST_BYTES", 10)
    with pytest.raises(ReadError, match="MB"):
        drop(empty, me, "ana.md", ANA)
    assert not empty.uploads.exists()


def test_tables_play_their_part_and_one_of_each(empty: Any, me: Any) -> None:
    from embauche.study.config import read_config

    rows = "\n".join(
        f"{n},{n % 5 + 1},{(n + 1) % 5 + 1},{n % 3 + 1},{n % 4 + 1}" for n in range(40)
    )
    survey = f"id,importance_a,importance_b,satisfaction_a,satisfaction_b\n{rows}"
    first = drop(empty, me, "survey.csv", survey)
    assert first.kind == "survey"
    take(empty, me, first)
    assert read_config(folder_of(empty)).survey.file == "survey.csv"
    second = drop(empty, me, "second.csv", survey.replace("importance_a", "importance_z"))
    assert take(empty, me, second, kind="survey").failed == 1
    second.refresh_from_db()
    assert second.error["code"] == "intake.second_table"
    done = take(empty, me, second, kind="survey", replaces="survey.csv")
    assert done.names == ("second.csv",)
    assert not (folder_of(empty) / "survey.csv").exists()


def test_reviews_become_sources_row_by_row(empty: Any, me: Any) -> None:
    words = "I need to find my notes before a meeting and it takes far too long"
    table = "who,comment\n" + "\n".join(f'p{n},"{words} number {n}."' for n in range(6))
    upload = drop(empty, me, "feedback.csv", table)
    take(empty, me, upload, kind="reviews", text="comment", participant="who")
    assert empty.sources.filter(kind="review").count() == 6
    assert set(empty.participants.values_list("pseudonym", flat=True)) == {
        f"p{n}" for n in range(6)
    }


def test_replacing_moves_what_was_coded_and_keeps_the_rest(empty: Any, me: Any) -> None:
    from embauche.workbench.services.inputs import decisions

    take(empty, me, drop(empty, me, "ana.md", ANA))
    row = empty.sources.get()
    stays = code(row, "drives me mad", me)
    goes = code(row, "lost my notebook", me, "trigger")
    corrected = "Interviewer: Thank you for coming.\n\n" + ANA.replace(
        "The day I lost my notebook in the van", "The day my notebook went"
    )
    upload = drop(empty, me, "ana-corrected.md", corrected)
    take(empty, me, upload, kind="interview", replaces="interviews/ana.md")
    row.refresh_from_db()
    assert (row.key, row.current) == ("ana", True)
    assert "Thank you for coming" in row.text
    stays.refresh_from_db()
    assert row.text[stays.start : stays.end] == stays.quote
    assert (stays.source_id, stays.status, stays.current) == (row.pk, "accepted", True)
    goes.refresh_from_db()
    assert (goes.current, goes.source.current, goes.status) == (False, False, "accepted")
    assert goes.source.text[goes.start : goes.end] == goes.quote
    told = decisions(empty).evidence
    assert told[stays.key]["start"] == stays.start
    assert told[goes.key]["source"] == goes.source.key


def test_removing_keeps_what_was_coded_as_history(empty: Any, me: Any) -> None:
    from embauche.workbench.services.conflicts import StaleVersionError
    from embauche.workbench.services.replacing import at_stake, remove_source

    take(empty, me, drop(empty, me, "ana.md", ANA), drop(empty, me, "ben.md", BEN))
    row, other = empty.sources.order_by("key")
    coded = code(row, "drives me mad", me)
    assert (at_stake(row).coded, at_stake(other).any) == (1, False)
    with pytest.raises(StaleVersionError):
        remove_source(row.pk, me, row.version + 1)
    remove_source(row.pk, me, row.version)
    remove_source(other.pk, me, other.version)
    row.refresh_from_db()
    coded.refresh_from_db()
    assert (row.current, coded.current, coded.status) == (False, False, "accepted")
    assert not empty.sources.filter(pk=other.pk).exists()
    assert not list((folder_of(empty) / "interviews").iterdir())


def test_a_folder_opened_again_leaves_alone_what_was_done_here(
    workspace: Any, tmp_path: Path
) -> None:
    from django.db import transaction

    from embauche.workbench.services.intake_studies import open_copy
    from embauche.workbench.services.opening import take_files
    from embauche.workbench.services.replacing import remove_source
    from embauche.workbench.services.roles import local_user

    folder = tmp_path / "origin"
    folder.mkdir()
    for name, text in INTERVIEWS.items():
        (folder / name).write_text(text)
    with transaction.atomic():
        me = local_user()
        study = open_copy(folder, me, origin=str(folder))
        assert study.sources.count() == len(INTERVIEWS)
        take(study, me, drop(study, me, "dan.md", ANA.replace("Ana", "Dan")))
        gone = study.sources.get(key="cleo")
        remove_source(gone.pk, me, gone.version)
        (folder / "ben.md").write_text(BEN + "\nBen: One more thing.\n")
        assert take_files(folder, study) == ["ben.md"]
        there = {path.name for path in folder_of(study).rglob("*.md")}
        assert there == {"ana.md", "ben.md", "dan.md"}
        transaction.set_rollback(True)


def test_a_study_goes_out_as_an_archive_and_comes_back(empty: Any, me: Any, tmp_path: Path) -> None:
    from embauche.workbench.services.intake_participants import add_column, save_grid
    from embauche.workbench.services.intake_studies import archive_of, open_archive

    take(empty, me, drop(empty, me, "ana.md", ANA))
    person = empty.participants.get()
    add_column(empty.pk, "situation", "place", me)
    add_column(empty.pk, "demographics", "age", me)
    cells = {
        "name": "Anaïs",
        "version": 1,
        "situation": {"place": "van"},
        "demographics": {"age": "41"},
    }
    assert save_grid(empty.pk, {person.pk: cells}, me) == 1
    made = archive_of(empty, tmp_path / "out.zip")
    again = open_archive(made, "intake.zip", me)
    assert (again.title, again.question, again.pk != empty.pk) == ("Intake", "Why?", True)
    back = again.participants.get()
    assert (back.pseudonym, back.situation, back.demographics) == (
        "Anaïs",
        {"place": "van"},
        {"age": "41"},
    )


@pytest.mark.parametrize("inner", ["../out.md", "/abs.md", "a/../../b.md", "c:/x.md"])
def test_an_archive_that_leads_out_is_refused(
    empty: Any, me: Any, tmp_path: Path, inner: str
) -> None:
    from embauche.workbench.services.intake_studies import open_archive

    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(inner, "Ana: hello")
    path = tmp_path / "evil.zip"
    path.write_bytes(data.getvalue())
    with pytest.raises(ReadError) as caught:
        open_archive(path, "evil.zip", me)
    assert caught.value.code == "intake.archive_leads_out"


def test_an_archive_that_swells_is_refused(
    empty: Any, me: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench.services import intake_studies

    monkeypatch.setattr(intake_studies, "MOST_UNPACKED", 1000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.md", "x" * 100_000)
    with pytest.raises(ReadError) as caught:
        intake_studies.open_archive(path, "bomb.zip", me)
    assert caught.value.code == "intake.archive_too_large"


def test_a_reader_can_bring_nothing(empty: Any, me: Any) -> None:
    from embauche.workbench.models import Membership, User

    reader = User.objects.create(username="reader")
    Membership.objects.create(user=reader, study=empty, role="reader")
    with pytest.raises(PermissionDenied):
        drop(empty, reader, "ana.md", ANA)
    upload = drop(empty, me, "ana.md", ANA)
    with pytest.raises(PermissionDenied):
        take(empty, reader, upload)


def test_deleting_a_study_takes_its_rows_files_and_key(workspace: Any) -> None:
    from embauche.workbench.models import Study
    from embauche.workbench.services.intake_keyring import Keyring, key_file, write_keyring
    from embauche.workbench.services.intake_studies import create_study, delete_study
    from embauche.workbench.services.roles import local_user

    me = local_user()
    study = create_study(me, title="Gone Soon", language="en")
    take(study, me, drop(study, me, "ana.md", ANA))
    code(study.sources.get(), "drives me mad", me)
    write_keyring(study, Keyring(added=["Ana"]))
    with pytest.raises(EmbaucheError, match="not this study"):
        delete_study(study.pk, "another", me)
    key, folder = key_file(study), folder_of(study).parent
    delete_study(study.pk, "gone soon", me)
    assert not Study.objects.filter(pk=study.pk).exists()
    assert not folder.exists()
    assert not key.exists()


def test_the_path_says_that_figures_are_being_computed(empty: Any, me: Any) -> None:
    from embauche.workbench.models import Run
    from embauche.workbench.services.intake_path import path
    from embauche.workbench.services.state import study_state

    take(empty, me, drop(empty, me, "ana.md", ANA))
    empty.refresh_from_db()

    def missing() -> set[str]:
        return {step.missing for step in path(empty, study_state(empty, me)).steps}

    assert missing() == {"", "running"}, "taking a file asks for an analysis"
    Run.objects.filter(study=empty).update(state=Run.State.CANCELLED)
    assert missing() == {"", "analysis"}
