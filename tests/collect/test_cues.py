"""Subtitles, timed lines and transcripts kept as tables (all fictional)."""

import pytest
import xlsxwriter

from embauche.collect import read_interviews
from embauche.collect.transcript_tables import transcript_text_column

_WORDS = "Hello everyone. I am here with Rick and you saw the trailer that came out."


def source_of(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_interviews([path], root=folder).sources[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.vtt", "WEBVTT\n\n00:01.000 --> 00:03.000\nHello everyone.\n\n00:03.000 --> 00:05.500\nI am here with Rick and you saw the trailer\n\n00:05.500 --> 00:07.000\nthat came out.\n"),
        ("a.srt", "1\n00:00:01,000 --> 00:00:03,000\nHello everyone.\n\n2\n00:00:03,000 --> 00:00:05,500\nI am here with Rick and you saw the trailer\n\n3\n00:00:05,500 --> 00:00:07,000\nthat came out.\n"),
        ("a.txt", "[00:01.000 --> 00:03.000]  Hello everyone.\n[00:03.000 --> 00:05.500]  I am here with Rick and you saw the trailer\n[00:05.500 --> 00:07.000]  that came out.\n"),
        ("a.tsv", "start\tend\ttext\n1000\t3000\tHello everyone.\n3000\t5500\tI am here with Rick and you saw the trailer\n5500\t7000\tthat came out.\n"),
        ("b.csv", "start,end,text\n1,3,Hello everyone.\n3,5.5,I am here with Rick and you saw the trailer\n5.5,7,that came out.\n"),
    ],
)  # fmt: skip
def test_sentences_span_cues_and_keep_their_time(tmp_path, name, text):
    source = source_of(tmp_path, name, text)
    assert source.text == _WORDS
    assert len(source.turns) == 1
    assert (source.turns[0].begins_at, source.turns[0].ends_at) == (1.0, 7.0)
    assert [(source.quote(s.start, s.end), s.begins_at) for s in source.sentences] == [
        ("Hello everyone.", 1.0),
        ("I am here with Rick and you saw the trailer that came out.", 3.0),
    ]


def test_voices_and_names_in_cues(tmp_path):
    source = source_of(
        tmp_path,
        "v.vtt",
        "WEBVTT\n\nNOTE made up\n\n00:01.000 --> 00:03.000\n<v Interviewer>Hello <i>you</i> &amp; co?</v>\n\n"
        "00:03.000 --> 00:05.000\n<v Ann>I work\n\n00:05.000 --> 00:06.000\n"
        "<v Ann>in a shop.</v> <v Interviewer>Since when?</v>\n",
    )
    assert [(t.speaker, source.text[t.start : t.end]) for t in source.turns] == [
        ("Interviewer", "Hello you & co?"),
        ("Ann", "I work in a shop."),
        ("Interviewer", "Since when?"),
    ]
    source = source_of(
        tmp_path,
        "n.srt",
        "1\n00:00:01,000 --> 00:00:03,000\nPaul Martin: Ça va ?\n\n2\n00:00:03,000 --> 00:00:05,000\n"
        "Anne Roux: Oui, je travaille\n\n3\n00:00:05,000 --> 00:00:06,000\ndans une boutique.\n\n"
        "4\n00:00:07,000 --> 00:00:08,000\nPaul Martin: Ah ?\n\n5\n00:00:08,000 --> 00:00:09,000\n"
        "Anne Roux: Eh oui.\n",
    )
    assert (source.turns[1].speaker, source.text[source.turns[1].start : source.turns[1].end]) == (
        "Anne Roux",
        "Oui, je travaille dans une boutique.",
    )


def test_a_truncated_file_gives_what_is_there(tmp_path):
    source = source_of(
        tmp_path, "t.vtt", "WEBVTT\n\n00:01.000 --> 00:03.000\nHello my friend\n\n00:03.0"
    )
    assert source.text == "Hello my friend"


def test_rolling_captions_are_not_said_twice(tmp_path):
    source = source_of(
        tmp_path,
        "r.vtt",
        "WEBVTT\n\n00:01.000 --> 00:02.000\nfirst line\n\n00:02.000 --> 00:03.000\nfirst line\nsecond line\n\n"
        "00:03.000 --> 00:04.000\nsecond line\nthird line\n",
    )
    assert source.text == "first line second line third line"


def test_a_sheet_with_speakers(tmp_path):
    path = tmp_path / "e.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        for row, cells in enumerate(
            [
                ("Locuteur", "Texte", "Début"),
                ("Chercheuse", "Pourquoi ce carnet ?", "0:01"),
                ("Interviewé", "Pour ne rien oublier.", "0:04"),
                ("Chercheuse", "Et avant ?", "0:09"),
            ]
        ):
            sheet.write_row(row, 0, cells)
    source = read_interviews([path], root=tmp_path).sources[0]
    assert [(t.speaker, t.role.value, t.begins_at) for t in source.turns] == [
        ("Chercheuse", "interviewer", 1.0),
        ("Interviewé", "participant", 4.0),
        ("Chercheuse", "interviewer", 9.0),
    ]
    assert transcript_text_column(path, "e.xlsx") == "Texte"


def test_reviews_are_no_transcript(tmp_path):
    path = tmp_path / "r.csv"
    path.write_text(
        "author,text\n" + "".join(f"u{i},I like this app a lot\n" for i in range(20)),
        encoding="utf-8",
    )
    assert transcript_text_column(path, "r.csv") is None
