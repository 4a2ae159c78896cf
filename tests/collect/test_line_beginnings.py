"""Labels that the reader does not know are named by how their lines begin; the text stays."""

from pathlib import Path

import pytest

from embauche.collect import read_interviews
from embauche.collect.line_beginnings import likely_beginnings
from embauche.collect.transcripts import read_transcript

SIGNS = """Talk with Lea, in May

A> When did you look for something else?
B> The day I lost my notebook.
And then nothing.

A> What about Anna?
B> A day without notes is lost.
"""
DASHES = """– Quand avez-vous cherché autre chose ?

Le jour où j'ai perdu mon carnet.
J'ai tout cherché.

– Et alors ?

Je n'aime pas chercher.
"""
CUES = """1
00:00:01,000 --> 00:00:03,000
{Ana} When did you

2
00:00:03,000 --> 00:00:05,000
look for something?

3
00:00:05,000 --> 00:00:08,000
{Lea} The day I lost it.
"""
"""Fictional."""


def _heard(folder: Path, name: str, text: str, said: dict[str, str]):  # type: ignore[no-untyped-def]
    (folder / name).write_text(text, encoding="utf-8")
    corpus = read_interviews([folder / name], root=folder, speakers_of={name: said})
    source = corpus.sources[0]
    turns = [(t.speaker, t.role.value, source.text[t.start : t.end]) for t in source.turns]
    return source, turns


def test_lines_that_begin_as_said_are_turns_of_the_same_text(tmp_path: Path) -> None:
    plain, turns = _heard(tmp_path, "lea.txt", SIGNS, {})
    assert [turn[0] for turn in turns] == [None]
    source, turns = _heard(
        tmp_path, "lea.txt", SIGNS, {"^A>": "interviewer", "^B>": "participant:lea"}
    )
    assert source.text == plain.text
    assert turns == [
        ("A", "interviewer", "When did you look for something else?"),
        ("B", "participant", "The day I lost my notebook.\nAnd then nothing."),
        ("A", "interviewer", "What about Anna?"),
        ("B", "participant", "A day without notes is lost."),
    ]


def test_lines_without_a_label_may_be_somebodys(tmp_path: Path) -> None:
    _, turns = _heard(tmp_path, "lea.txt", DASHES, {"^–": "interviewer", "^": "participant:lea"})
    assert turns == [
        ("–", "interviewer", "Quand avez-vous cherché autre chose ?"),
        (None, "participant", "Le jour où j'ai perdu mon carnet.\nJ'ai tout cherché."),
        ("–", "interviewer", "Et alors ?"),
        (None, "participant", "Je n'aime pas chercher."),
    ]


def test_a_cue_may_begin_with_a_label_and_keeps_its_time(tmp_path: Path) -> None:
    source, turns = _heard(
        tmp_path, "lea.srt", CUES, {"^{Ana}": "interviewer", "^{Lea}": "participant"}
    )
    assert [turn[0] for turn in turns] == ["Ana", "Lea"]
    assert [turn.begins_at for turn in source.turns] == [1.0, 5.0]


def test_a_word_counts_as_a_whole_and_nothing_changes_where_no_line_begins_so(
    tmp_path: Path,
) -> None:
    text = "A When did you look?\nAnd then?\nA Why?\n"
    _, turns = _heard(tmp_path, "lea.txt", text, {"^A": "participant"})
    assert [turn[2] for turn in turns] == ["When did you look?\nAnd then?", "Why?"]
    _, turns = _heard(tmp_path, "lea.txt", text, {"^Z>": "interviewer", "^": "participant"})
    assert len(turns) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (SIGNS, [("A>", 2), ("B>", 2)]),
        (DASHES, [("–", 2)]),
        ("It is late.\nIt rains. We go.\nIt rains again.\n", []),
    ],
)
def test_lines_that_begin_alike_are_offered(
    tmp_path: Path, text: str, found: list[tuple[str, int]]
) -> None:
    (tmp_path / "lea.txt").write_text(text, encoding="utf-8")
    transcript = read_transcript(tmp_path / "lea.txt", "lea.txt")
    assert [(one.text, one.lines) for one in likely_beginnings(transcript)] == found
