"""What somebody said of a file's speakers wins over what the reader would tell."""

from pathlib import Path

import pytest

from embauche.collect import read_interviews
from embauche.collect.said_speakers import carried_over, participant, participant_in, says_who
from embauche.errors import ConfigError
from embauche.study.config import parse_config

TALK = """Speaker 1: When did you look for something else?

Speaker 2: The day I lost my notebook I looked for something else.

Crew: The recording stops here and begins again.

Speaker 1: And then, what did you do about it?

Speaker 3: Then I bought a phone, because I need to find my notes.

Crew: The recording stops here and begins again.
"""
"""Fictional."""


def _read(folder: Path, said: dict[str, str]):  # type: ignore[no-untyped-def]
    (folder / "lea.txt").write_text(TALK, encoding="utf-8")
    (folder / "max.txt").write_text("Q: Why?\n\nMax: To find my notes.\n", encoding="utf-8")
    corpus = read_interviews(
        [folder / "lea.txt", folder / "max.txt"], root=folder, speakers_of={"lea.txt": said}
    )
    heard = [
        (turn.speaker, turn.role.value, turn.participant) for turn in corpus.source("lea").turns
    ]
    return corpus, heard


def test_roles_and_people_are_as_said(tmp_path: Path) -> None:
    plain, _ = _read(tmp_path, {})
    said = {
        "speaker 1": "interviewer",
        "Speaker 2": "participant:lea-speaker-2",
        "Speaker 3": "participant:lea-speaker-2",
        "Crew": "other",
    }
    corpus, heard = _read(tmp_path, said)
    assert heard == [
        ("Speaker 1", "interviewer", None),
        ("Speaker 2", "participant", "lea-speaker-2"),
        ("Speaker 1", "interviewer", None),
        ("Speaker 3", "participant", "lea-speaker-2"),
    ]
    assert corpus.source("lea").text == plain.source("lea").text
    assert [person.id for person in corpus.participants] == ["lea-speaker-2", "max"]


def test_somebody_of_another_file_keeps_their_name(tmp_path: Path) -> None:
    said = dict.fromkeys(("Speaker 1", "Crew", "Speaker 2"), "other")
    corpus, heard = _read(tmp_path, {**said, "Speaker 3": "participant:max"})
    assert heard == [("Speaker 3", "participant", "max")]
    names = {person.id: person.pseudonym for person in corpus.participants}
    assert names == {"max": "Max"}


def test_a_label_without_an_id_is_a_person_of_their_own(tmp_path: Path) -> None:
    _, heard = _read(tmp_path, {"Crew": "participant"})
    assert ("Crew", "participant", "lea-crew") in heard


def test_the_words_that_say_who() -> None:
    assert participant_in(participant("ana:b")) == "ana:b"
    assert [
        says_who(text) for text in ("interviewer", "other", "participant", "participant:x")
    ] == [True] * 4
    assert not any(says_who(text) for text in ("", "boss", "participant:", "interviewer:x"))


def test_another_file_in_its_place() -> None:
    said = {"A": "interviewer", "B": "participant:b", "C": "other"}
    assert carried_over(said, None) == said
    assert carried_over(said, ["b"]) == {"B": "interviewer", "C": "other"}


def test_study_toml_names_the_line_of_a_wrong_word() -> None:
    text = '[interviews.speakers."a b.txt"]\n"S 1" = "boss"\n'
    with pytest.raises(ConfigError) as caught:
        parse_config(text, Path())
    assert caught.value.code == "config.unknown_speaker"
    assert caught.value.params["line"] == 2
    good = parse_config(text.replace("boss", "other"), Path())
    assert good.interviews.speakers == {"a b.txt": {"S 1": "other"}}
