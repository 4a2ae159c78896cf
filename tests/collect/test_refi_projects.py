"""Projects of other programs are read with the right words and written without loss."""

import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from embauche.collect import refi
from embauche.collect.refi_conventions import CONVENTIONS
from embauche.collect.refi_model import NVIVO, Convention, RefiProject
from embauche.collect.refi_positions import Ruler, raw_text
from embauche.errors import ReadError
from fictional_refi import CODED, PROGRAMS, TAGUETTE, bare_project, write_project, write_zip


def _said(project: RefiProject) -> dict[str, list[tuple[str, str]]]:
    codes = {refi.guid_key(code.guid): code.name for code in project.walk_codes()}
    return {
        source.name: [
            (codes[refi.guid_key(coding.code)], text.words(selection) or "")
            for text in source.texts
            for selection in text.selections
            for coding in selection.codings
        ]
        for source in project.sources
        if source.texts
    }


def _bare(project: RefiProject) -> RefiProject:
    """Leave out what a file of ours says of itself: its origin and the way it counts."""
    sources = tuple(
        replace(
            source,
            texts=tuple(replace(text, convention=None, path=None) for text in source.texts),
        )
        for source in project.sources
    )
    return replace(project, origin="", sources=sources)


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_selections_of_every_program_have_the_right_words(name: str, tmp_path: Path) -> None:
    project = refi.read_project(write_project(tmp_path / "p.qdpx", PROGRAMS[name]))
    assert _said(project) == {source: list(coded) for source, coded in CODED.items()}
    assert [user.name for user in project.users] == ["Camille", "Sacha"]
    assert [notice.code for notice in project.notices if notice.severity == "problem"] == []


@pytest.mark.parametrize("convention", [refi.STANDARD, NVIVO], ids=["standard", "nvivo"])
@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_a_project_written_and_read_again_is_the_same(
    name: str, convention: Convention, tmp_path: Path
) -> None:
    first = refi.read_project(write_project(tmp_path / "p.qdpx", PROGRAMS[name]))
    refi.write_project(first, tmp_path / "q.qdpx", convention=convention)
    second = refi.read_project(tmp_path / "q.qdpx")
    assert _bare(second) == _bare(first)
    assert second.sets[0].name == "Les maux"
    assert [part for part in second.parts if part.startswith(("<Links", "<Graphs"))] != []
    assert any(file.name.endswith("photo.png") for file in second.files)
    with zipfile.ZipFile(tmp_path / "q.qdpx") as archive:
        picture = next(name for name in archive.namelist() if name.endswith("photo.png"))
        assert archive.read(picture) == b"\x89PNG fictional"
    refi.write_project(second, tmp_path / "r.qdpx", convention=convention)
    assert (tmp_path / "r.qdpx").read_bytes() == (tmp_path / "q.qdpx").read_bytes()


def test_what_the_writing_program_is_called_does_not_decide(tmp_path: Path) -> None:
    liar = replace(PROGRAMS["qualcoder"], origin="NVivo for Windows 12.6", named=False)
    project = refi.read_project(write_project(tmp_path / "p.qdpx", liar))
    assert _said(project)["Tom"] == list(CODED["Tom"])


def test_the_way_of_counting_is_told(tmp_path: Path) -> None:
    project = refi.read_project(write_project(tmp_path / "p.qdpx", PROGRAMS["nvivo-windows"]))
    told = {notice.code: notice.params for notice in project.notices}
    assert told["refi.positions.utf16.two"]["selections"] == sum(map(len, CODED.values()))
    inclusive = refi.read_project(write_project(tmp_path / "i.qdpx", PROGRAMS["to-the-letter"]))
    assert "refi.positions.inclusive" in {notice.code for notice in inclusive.notices}


_WORDS = [
    "je",
    "perds",
    "dix",
    "minutes",
    "chaque",
    "fois",
    "l'été",
    "où",
    "ça",
    "tombe",
    "à",
    "l'eau",
    "naïve",
    "📓",
    "cœur",
    "😤",
]


def _talk(rng: np.random.Generator) -> tuple[str, list[tuple[int, int]]]:
    """Return a fictional text and the spans of some of its runs of words."""
    pieces, spans, at = [], [], 0
    for _ in range(60):
        words = " ".join(rng.choice(_WORDS, rng.integers(3, 9)))
        piece = words.capitalize() + str(rng.choice([".", " !", "…", ""]))
        spans.append((at, at + len(piece)))
        piece += str(rng.choice(["\n", " ", "\n\n"]))
        at += len(piece)
        pieces.append(piece)
    chosen = rng.permutation(60)[:25]
    return "".join(pieces), [spans[i] for i in sorted(chosen)]


@pytest.mark.parametrize("seed", range(2))
def test_every_way_of_counting_is_recognised_without_the_program_s_name(
    seed: int, tmp_path: Path
) -> None:
    rng = np.random.default_rng(seed)
    text, spans = _talk(rng)
    for convention in CONVENTIONS:
        for line_break in ("\n", "\r\n"):
            written = text.replace("\n", line_break)
            ruler = Ruler(raw_text(written), convention)
            pairs = [ruler.from_text(*span) for span in spans]
            files = bare_project(written, pairs, stored=written.encode())
            project = refi.read_project(write_zip(tmp_path / "p.qdpx", files))
            found = project.sources[0].texts[0]
            right = [text[a:b] for a, b in spans]
            assert [found.words(s) for s in found.selections] == right, convention


def test_a_codebook_of_taguette_is_read_and_written(tmp_path: Path) -> None:
    (tmp_path / "t.qdc").write_text(TAGUETTE, encoding="utf-8")
    book = refi.read_codebook(tmp_path / "t.qdc")
    assert [code.name for code in book.codes] == ["frustration", "people"]
    refi.write_codebook(book, tmp_path / "u.qdc")
    assert refi.read_codebook(tmp_path / "u.qdc").codes == book.codes


def test_text_in_the_xml_and_transcripts_are_read(tmp_path: Path) -> None:
    xml = """<Project xmlns="urn:QDA-XML:project:1.0" name="fictif"><Sources>
<VideoSource guid="00000000-0000-0000-0000-000000000001" name="film" path="absolute:///C:/f.mp4">
<Transcript guid="00000000-0000-0000-0000-000000000002"><PlainTextContent>Bonjour à tous.
Merci.</PlainTextContent>
<SyncPoint guid="00000000-0000-0000-0000-000000000003" timeStamp="1000" position="0"/>
<TranscriptSelection guid="00000000-0000-0000-0000-000000000004"
 fromSyncPoint="00000000-0000-0000-0000-000000000003"/></Transcript></VideoSource>
<PDFSource guid="00000000-0000-0000-0000-000000000005" name="article" path="internal://a.pdf">
<Representation guid="00000000-0000-0000-0000-000000000006"><PlainTextContent>Une page 😀 lue.
</PlainTextContent><PlainTextSelection guid="00000000-0000-0000-0000-000000000007"
 startPosition="4" endPosition="8"/></Representation></PDFSource></Sources></Project>"""
    path = write_zip(tmp_path / "p.qdpx", {"project.qde": xml.encode(), "sources/a.pdf": b"%PDF"})
    film, article = refi.read_project(path).sources
    assert film.texts[0].text == "Bonjour à tous.\nMerci."
    assert [sync.position for sync in film.texts[0].syncs] == [0]
    assert [item.placed for item in film.texts[0].selections] == [False]
    assert article.texts[0].words(article.texts[0].selections[0]) == "page"
    refi.write_project(refi.read_project(path), tmp_path / "q.qdpx")
    assert _bare(refi.read_project(tmp_path / "q.qdpx")) == _bare(refi.read_project(path))


def test_what_cannot_be_placed_is_kept_and_told(tmp_path: Path) -> None:
    files = bare_project("Un texte court.", [(0, 8), (9_000, 9_010), (3, 10**15)])
    path = write_zip(tmp_path / "p.qdpx", files)
    project = refi.read_project(path)
    text = project.sources[0].texts[0]
    assert [text.words(item) for item in text.selections] == ["Un texte", None, None]
    assert text.selections[1].start == 9_000
    told = next(notice for notice in project.notices if notice.code == "refi.outside_text")
    assert told.params["n"] == 2
    with pytest.raises(ReadError, match="outside of the text"):
        refi.read_project(path, strict=True)
    refi.write_project(project, tmp_path / "q.qdpx")
    again = refi.read_project(tmp_path / "q.qdpx").sources[0].texts[0]
    assert [item.start for item in again.selections] == [0, 9_000, 3]


def test_a_missing_text_is_told_and_its_selections_kept(tmp_path: Path) -> None:
    files = bare_project("x", [(5, 9)])
    del files["sources/t.txt"]
    project = refi.read_project(write_zip(tmp_path / "p.qdpx", files))
    assert project.sources[0].texts[0].text is None
    assert [notice.code for notice in project.notices] == ["refi.text_missing"]
    refi.write_project(project, tmp_path / "q.qdpx")
    again = refi.read_project(tmp_path / "q.qdpx")
    assert (again.sources[0].texts[0].selections[0].end, again.sources[0].texts[0].path) == (
        9,
        "internal://t.txt",
    )


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"<Project name='x'", "refi.bad_xml"),
        (b"<!DOCTYPE p [<!ENTITY a 'b'>]><Project name='x'/>", "refi.doctype"),
        (b"<Projekt/>", "refi.wrong_root"),
        (b"<a>" * 500 + b"</a>" * 500, "refi.too_deep"),
    ],
)
def test_what_is_no_project_is_refused(xml: bytes, code: str, tmp_path: Path) -> None:
    with pytest.raises(ReadError) as caught:
        refi.read_project(write_zip(tmp_path / "p.qdpx", {"project.qde": xml}))
    assert caught.value.code == code
    for language in ("fr", "en"):
        assert "p.qdpx" in caught.value.message(language)
        assert caught.value.hint(language) != f"error.{code}.hint"


def test_departures_from_the_standard_are_told(tmp_path: Path) -> None:
    xml = b"""<Project xmlns="urn:QDA-XML:project:1.0"><CodeBook><Codes>
<Code guid="plugin" name="x"/></Codes></CodeBook></Project>"""
    project = refi.read_project(write_zip(tmp_path / "p.qdpx", {"project.qde": xml}))
    told = {notice.code: notice.params for notice in project.notices}
    assert told["refi.departs.value"]["detail"] == 'guid="plugin"'
    assert told["refi.departs.value"]["line"] == 2
    assert told["refi.departs.missing"]["n"] == 2
    with pytest.raises(ReadError):
        refi.read_project(tmp_path / "p.qdpx", strict=True)


def test_forbidden_characters_are_replaced_and_counted(tmp_path: Path) -> None:
    xml = b'<Project xmlns="urn:QDA-XML:project:1.0" name="a\x08b&#x0;"/>'
    project = refi.read_project(write_zip(tmp_path / "p.qdpx", {"project.qde": xml}))
    assert project.name == "a\ufffdb\ufffd"
    assert [(n.code, n.params["n"]) for n in project.notices] == [("refi.mended", 2)]


@pytest.mark.parametrize(
    ("file", "texts", "selections", "codes"),
    [("nvivo12-oltas0517", 2, 303, 152), ("qualitative-coding-demo", 2, 158, 262)],
)
def test_real_projects_begin_and_end_at_words(
    file: str, texts: int, selections: int, codes: int, shared_data: Path
) -> None:
    project = refi.read_project(shared_data / "qdpx" / f"{file}.qdpx")
    held = [text for source in project.sources for text in source.texts]
    assert (len(held), len(list(project.walk_codes()))) == (texts, codes)
    found = whole = 0
    for text in held:
        content = text.text or ""
        for selection in text.selections:
            found += 1
            start, end = selection.start, selection.end
            cut = (start and content[start - 1].isalnum() and content[start].isalnum()) or (
                end < len(content) and content[end - 1].isalnum() and content[end].isalnum()
            )
            whole += not cut
    assert found == selections
    assert whole >= 0.97 * found


def test_the_lines_that_the_demo_of_qc_names_are_the_lines_selected(shared_data: Path) -> None:
    project = refi.read_project(shared_data / "qdpx" / "qualitative-coding-demo.qdpx")
    text = project.sources[0].texts[0]
    lines = (text.text or "").split("\n")
    for selection in text.selections:
        number = int((selection.name or "").removeprefix("line:"))
        assert (text.words(selection) or "").rstrip("\n") == lines[number]
