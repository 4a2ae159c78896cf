"""Word and PDF documents, encodings, and files that are not what they claim (all fictional)."""

import io
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from embauche.collect import read_interviews
from embauche.collect.decoding import decode
from embauche.collect.documents import text_of_docx, text_of_pdf
from embauche.errors import ReadError

_TALK = "Chercheur : Pourquoi ?\n\nInterviewée : Parce que l'été, c'était plus sûr… « Oui ».\n"


def pdf(*pages: str) -> bytes:
    """Write a minimal PDF with a text line per line of each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    kids = []
    for page in pages:
        lines = "".join(f"({line}) Tj 0 -14 Td " for line in page.split("\n"))
        stream = f"BT /F1 12 Tf 50 780 Td {lines} ET" if page else ""
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            f"/Contents {len(objects)} 0 R /Resources << /Font << /F1 << /Type /Font "
            "/Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1"))
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010d} 00000 n \n" for place in places).encode())
    out.write(
        f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    )
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_encodings_and_line_breaks_give_one_text(tmp_path, encoding, line_break):
    path = tmp_path / "a.txt"
    path.write_bytes(_TALK.replace("\n", line_break).encode(encoding))
    source = read_interviews([path], root=tmp_path).sources[0]
    assert source.text == _TALK


def test_letters_and_accents_are_composed():
    assert decode("e\u0301te\u0301".encode(), "a.txt") == "été"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (bytes(range(256)) * 20, "read.not_text"),
        (b"caf\x81\x8d" * 10, "read.unknown_encoding"),
        (b"\x00\x00  \r\n", "read.empty_file"),
        (b"\xef\xbb\xbf  \n", "read.empty_file"),
    ],
)
def test_what_is_not_text_is_named(tmp_path, data, code):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    corpus = read_interviews([path], root=tmp_path)
    assert [(n.code, n.severity, n.params["file"]) for n in corpus.notices] == [
        (code, "problem", "a.txt")
    ]


def document(*paragraphs: str) -> docx.document.Document:
    made = docx.Document()
    for paragraph in paragraphs:
        made.add_paragraph(paragraph)
    return made


def saved(made: docx.document.Document) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_tracked_insertions_are_read_and_deletions_are_not():
    made = document("Début")
    paragraph = made.paragraphs[0]._p
    for tag, words in (("w:ins", " ajouté"), ("w:del", " retiré")):
        change, run = OxmlElement(tag), OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = words
        run.append(text)
        change.append(run)
        paragraph.append(change)
    assert text_of_docx(saved(made), "a.docx") == "Début ajouté"


def test_a_two_column_table_is_a_transcript(tmp_path):
    made = document("Entretien")
    table = made.add_table(rows=0, cols=2)
    for speaker, words in (
        ("Chercheur", "Alors ?"),
        ("Interviewé", "Voilà."),
        ("Chercheur", "Ok ?"),
    ):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = speaker, words
    path = tmp_path / "t.docx"
    path.write_bytes(saved(made))
    source = read_interviews([path], root=tmp_path).sources[0]
    assert [(t.speaker, source.text[t.start : t.end]) for t in source.turns] == [
        ("Chercheur", "Alors ?"),
        ("Interviewé", "Voilà."),
        ("Chercheur", "Ok ?"),
    ]


def test_pdf_heads_feet_and_cut_words_are_mended(tmp_path):
    pages = [
        f"Study of notes\nInterviewer: How do you orga-\nnise number {n}?\nParticipant: I organise it by\n"
        f"hand every day.\nPage {n}"
        for n in range(1, 5)
    ]
    path = tmp_path / "p.pdf"
    path.write_bytes(pdf(*pages))
    source = read_interviews([path], root=tmp_path).sources[0]
    assert "Study of notes" not in source.text
    assert "Page" not in source.text
    assert source.quote(source.sentences[0].start, source.sentences[0].end) == (
        "How do you organise number 1?"
    )
    assert [turn.role.value for turn in source.turns] == ["interviewer", "participant"] * 4


def test_a_scanned_pdf_says_what_to_do():
    with pytest.raises(ReadError, match="text recognition"):
        text_of_pdf(pdf("", ""), "scan.pdf")


def test_a_protected_pdf_is_named():
    import pypdf

    writer = pypdf.PdfWriter(io.BytesIO(pdf("Secret words")))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    with pytest.raises(ReadError) as caught:
        text_of_pdf(out.getvalue(), "s.pdf")
    assert caught.value.code == "read.password"


def test_one_broken_file_does_not_stop_the_others(tmp_path):
    (tmp_path / "a.txt").write_text(_TALK, encoding="utf-8")
    (tmp_path / "b.docx").write_bytes(b"PK\x03\x04 not a zip")
    (tmp_path / "c.docx").write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 600)
    (tmp_path / "d.odt").write_bytes(b"x")
    (tmp_path / "e.pdf").write_bytes(b"%PDF-1.4 nothing")
    (tmp_path / "f.txt").write_bytes(b"")
    corpus = read_interviews([*sorted(tmp_path.iterdir()), tmp_path / "z.txt"], root=tmp_path)
    assert [source.name for source in corpus.sources] == ["a.txt"]
    assert {n.params["file"]: n.code for n in corpus.notices} == {
        "b.docx": "read.broken_archive",
        "c.docx": "read.password_or_old",
        "d.odt": "read.unknown_format",
        "e.pdf": "read.damaged",
        "f.txt": "read.empty_file",
        "z.txt": "read.not_found",
    }
    assert {n.severity for n in corpus.notices} == {"problem"}


def test_a_zip_bomb_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(7):
            archive.writestr(f"word/{n}.xml", b"0" * 50_000_000)
    with pytest.raises(ReadError) as caught:
        text_of_docx(out.getvalue(), "bomb.docx")
    assert caught.value.code == "read.too_large"


_SUFFIXES = st.sampled_from(
    [".docx", ".pdf", ".txt", ".md", ".vtt", ".srt", ".csv", ".tsv", ".xlsx"]
)
_STARTS = st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.4\n", b"WEBVTT\n\n", b"\xff\xfe", b"a,b\n"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(suffix=_SUFFIXES, start=_STARTS, data=st.binary(max_size=300))
def test_any_bytes_give_a_source_or_a_notice(tmp_path, suffix, start, data):
    path = tmp_path / f"x{suffix}"
    path.write_bytes(start + data)
    corpus = read_interviews([path], root=tmp_path)
    assert len(corpus.sources) + len(corpus.notices) == 1


_LINES = st.lists(
    st.sampled_from(
        ["Paul : oui", "Marie: Non. Si ?", "", "[Ann] (0:01 - 0:02)", "00:01.000 --> 00:02.000",
         "[00:01.000 --> 00:02.000]  hé", "<v Bob>salut", "Interviewer:", "# T", "---", "- puce", "12:30",
         "**Bob:** eh", "Q: why?", "A: so", "été 😀 fini."]
    ),
    max_size=25,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(lines=_LINES, suffix=st.sampled_from([".txt", ".md", ".vtt", ".srt"]))
def test_turns_and_sentences_always_lie_in_order(tmp_path, lines, suffix):
    path = tmp_path / f"x{suffix}"
    path.write_text("\n".join(lines), encoding="utf-8")
    for source in read_interviews([path], root=tmp_path).sources:
        last = 0
        for index, turn in enumerate(source.turns):
            assert turn.index == index
            assert last <= turn.start < turn.end <= len(source.text)
            assert (turn.participant is None) == (turn.role.value == "interviewer")
            last = turn.end
        last = 0
        for sentence in source.sentences:
            turn = source.turn_of(sentence)
            assert turn.start <= sentence.start < sentence.end <= turn.end
            assert last <= sentence.start
            last = sentence.end
