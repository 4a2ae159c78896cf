"""A file written anew says the same with tokens, in its own form where that can be written."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.collect.pseudonyms import find_identifiers, token
from embauche.errors import ReadError
from embauche.study.preview import Company, read_alone
from embauche.study.rewriting import Piece, Rewritten, name_with_tokens, rewrite

TALK = (
    ("Interviewer", "When did you last look for something else?"),
    ("Marie Dupont", "My husband Tom lost the book. I called 06 12 34 56 78 twice."),
    ("Interviewer", "And then, Marie?"),
    ("Marie Dupont", "Then Tom said to write to marie@example.org. I did so at once."),
)
"""A fictional talk."""


def _markdown() -> str:
    return "\n\n".join(f"**{who}:** {words}" for who, words in TALK)


def _vtt() -> str:
    cues = [
        f"00:00:{10 * n:02}.000 --> 00:00:{10 * n + 8:02}.000\n<v {who}>{words}"
        for n, (who, words) in enumerate(TALK)
    ]
    return "WEBVTT\n\n" + "\n\n".join(cues)


def _csv() -> str:
    return "speaker,text\n" + "\n".join(f'{who},"{words}"' for who, words in TALK)


def _made(path: Path) -> tuple[Rewritten, list[Piece]]:
    source = read_alone(path, Company()).sources[0]
    labels = [turn.speaker for turn in source.turns if turn.speaker]
    found = find_identifiers(source.text, source.language, labels=labels)
    numbers: dict[str, int] = {}
    words, pieces = {}, []
    for item in found:
        mark = token(item.kind, numbers.setdefault(item.entity, len(numbers) + 1), source.language)
        words[item.text] = mark
        pieces.append(Piece(item.start, item.end, mark))
        if item.entity == "person marie dupont":
            words["Marie Dupont"] = mark  # a label beside the words, not among them
    return rewrite(path, source, pieces, words, Company()), pieces


@pytest.mark.parametrize(
    ("name", "text", "suffix"),
    [
        ("talk.md", _markdown(), ".md"),
        ("talk.txt", _markdown().replace("**", ""), ".txt"),
        ("talk.vtt", _vtt(), ".vtt"),
        ("talk.csv", _csv(), ".csv"),
    ],
)
def test_the_form_stays_and_the_names_go(name: str, text: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    before = read_alone(path, Company()).sources[0]
    made, _ = _made(path)
    assert Path(made.name).suffix == suffix
    for gone in ("Marie", "Dupont", "Tom", "06 12", "example.org"):
        assert gone not in made.data.decode()
    assert [turn.role for turn in made.source.turns] == [turn.role for turn in before.turns]
    assert {turn.begins_at for turn in made.source.turns} == {
        turn.begins_at for turn in before.turns
    }
    assert made.interviewers == ("Interviewer",)


def test_a_document_becomes_text_with_the_same_turns(tmp_path: Path) -> None:
    import docx

    document = docx.Document()
    for who, words in TALK:
        document.add_paragraph(f"{who} : {words}")
    path = tmp_path / "talk.docx"
    document.save(str(path))
    made, _ = _made(path)
    assert made.name == "talk.txt"
    assert len(made.source.turns) == len(TALK)
    assert b"Dupont" not in made.data


def test_a_workbook_becomes_a_table(tmp_path: Path) -> None:
    path = tmp_path / "talk.xlsx"
    pl.DataFrame({"speaker": [w for w, _ in TALK], "text": [t for _, t in TALK]}).write_excel(path)
    made, _ = _made(path)
    assert made.name == "talk.csv"
    assert b"Dupont" not in made.data


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_span_moves_to_the_same_words(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    name, text = data.draw(st.sampled_from([("t.md", _markdown()), ("t.vtt", _vtt())]))
    path = tmp_path_factory.mktemp("talk") / name
    path.write_text(text, encoding="utf-8")
    before = read_alone(path, Company()).sources[0]
    made, pieces = _made(path)
    turn = data.draw(st.sampled_from(before.turns))
    start = data.draw(st.integers(turn.start, turn.end - 1))
    end = data.draw(st.integers(start + 1, turn.end))
    a, b = made.span(start, end)
    wanted, at = "", start
    for piece in sorted(pieces, key=lambda piece: piece.start):
        if piece.end > start and piece.start < end:
            wanted += before.text[at : max(piece.start, at)] + piece.token
            at = piece.end
    wanted += before.text[at:end] if at < end else ""
    assert made.source.text[a:b] == wanted


def test_names_in_a_file_name_go_as_well() -> None:
    words = {"Marie Dupont": "[Person 1]", "Tom": "[Person 2]"}
    assert name_with_tokens("2023_marie-dupont_final", words) == "2023_Person 1_final"
    assert name_with_tokens("Tomography", words) == "Tomography"


def test_what_cannot_be_said_again_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "talk.md"
    path.write_text(_markdown(), encoding="utf-8")
    source = read_alone(path, Company()).sources[0]
    turn = source.turns[1]
    # A whole turn that becomes nothing but signs is no one's words any more.
    with pytest.raises(ReadError, match="anew"):
        rewrite(path, source, [Piece(turn.start, turn.end, "[…]")], {}, Company())
