"""Damaged and hostile files raise a clear error or are read; they never crash or hang."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from wounds import mutated, mutated_inside, tried

from embauche.collect import refi
from embauche.collect.transcripts import read_transcript
from embauche.errors import EmbaucheError
from fictional_refi import NADIA, PROGRAMS, TOM, bare_project, word_file, write_project, write_zip

_VTT = (
    "WEBVTT\n\n"
    + "".join(
        f"00:00:{n:02d}.000 --> 00:00:{n + 1:02d}.500\n<v {'Tom' if n % 2 else 'Interviewer'}>"
        f"{line}</v>\n\n"
        for n, line in enumerate(line for line in TOM.split("\n") if line)
    )
).encode()


def _read_qdpx(path: Path) -> None:
    project = refi.read_project(path)
    for source in project.sources:
        for text in source.texts:
            for selection in text.selections:
                text.words(selection)
    refi.write_project(project, path.with_name("again.qdpx"))
    refi.read_project(path.with_name("again.qdpx"))


def _read_interview(path: Path) -> None:
    transcript = read_transcript(path, path.name)
    for one in transcript.utterances:
        assert transcript.text[one.start : one.end].strip()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return one sound file of each format."""
    folder = tmp_path_factory.mktemp("sound")
    project = write_project(folder / "p.qdpx", PROGRAMS["nvivo-windows"])
    return {"qdpx": project.read_bytes(), "docx": word_file(NADIA), "vtt": _VTT}


@pytest.mark.parametrize("kind", ["qdpx", "docx", "vtt"])
def test_damaged_files_are_read_or_refused(
    kind: str, sound: dict[str, bytes], tmp_path: Path
) -> None:
    read = _read_qdpx if kind == "qdpx" else _read_interview
    path = tmp_path / f"p.{kind}"
    outcomes = []
    for seed in range(90):
        rng = np.random.default_rng([seed, len(kind)])
        inside = kind != "vtt" and seed % 3
        path.write_bytes((mutated_inside if inside else mutated)(sound[kind], rng))
        outcomes.append(tried(path, read))
    assert len(outcomes) == 90
    assert "read" in outcomes
    if kind != "vtt":
        assert len(set(outcomes)) >= 3


_DTD = b'<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
_BOMB = _DTD + b"".join(
    b'<!ENTITY %c "%s">' % (99 + n, (b"&%c;" % (98 + n)) * 10) for n in range(12)
)
_OUT = b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
_HEAD = b'<Project xmlns="urn:QDA-XML:project:1.0" name="x">'


def _xml(body: bytes) -> dict[str, bytes]:
    return {"project.qde": body}


def _zip_of(files: dict[str, bytes]) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return kept.getvalue()


def _lying_size() -> bytes:
    """Return an archive whose file says that it is ten bytes long and is a hundred million."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packed.compress(b"<" * 100_000_000) + packed.flush()
    name = b"project.qde"
    local = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, 0, len(data), 10, len(name), 0)
    central = struct.pack(
        "<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 0, 0, len(data), 10, len(name),
        0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    body = local + name + data
    directory = central + name
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, 1, 1, len(directory), len(body), 0)
    return body + directory + end


_HOSTILE: dict[str, tuple[Callable[[], bytes], str | None]] = {
    "empty": (lambda: b"", "read.empty_file"),
    "no zip": (lambda: b"hello", "refi.broken_archive"),
    "only a header": (lambda: b"PK\x03\x04", "refi.broken_archive"),
    "no project": (lambda: _zip_of({"a.txt": b"x"}), "refi.no_project"),
    "two projects": (lambda: _zip_of({"a.qde": b"", "b.qde": b""}), "refi.several_projects"),
    "billion laughs": (lambda: _zip_of(_xml(_BOMB + b"]><r>&m;</r>")), "refi.doctype"),
    "external entity": (lambda: _zip_of(_xml(_OUT + b"<r>&x;</r>")), "refi.doctype"),
    "deep": (lambda: _zip_of(_xml(b"<a>" * 200_000)), "refi.too_deep"),
    "wide": (lambda: _zip_of(_xml(_HEAD + b"<a/>" * 1_100_000)), "refi.too_many_elements"),
    "huge": (lambda: _zip_of(_xml(b" " * 200_000_000)), "refi.too_large"),
    "lying size": (_lying_size, None),
    "absolute": (lambda: _zip_of({"project.qde": _HEAD, "/etc/passwd": b"x"}), "refi.path_outside"),
    "drive": (lambda: _zip_of({"project.qde": _HEAD, "C:/x": b"x"}), "refi.path_outside"),
    "up": (lambda: _zip_of({"project.qde": _HEAD, "a/../../x": b"x"}), "refi.path_outside"),
    "reference up": (
        lambda: _zip_of(
            _xml(
                _HEAD
                + b'<Sources><TextSource guid="g" plainTextPath="internal://../../etc/passwd"/>'
                b"</Sources></Project>"
            )
        ),
        "refi.path_outside",
    ),
    "long attribute": (
        lambda: _zip_of(_xml(b'<Project name="' + b"x" * 10_000_000 + b'"/>')),
        "read",
    ),
    "many attributes": (
        lambda: _zip_of(
            _xml(b"<Project " + b" ".join(b'a%d="x"' % n for n in range(50_000)) + b"/>")
        ),
        "read",
    ),
    "position not a number": (
        lambda: _zip_of(
            _xml(
                _HEAD + b'<Sources><TextSource guid="g"><PlainTextContent>x</PlainTextContent>'
                b'<PlainTextSelection guid="h" startPosition="un" endPosition="2"/></TextSource>'
                b"</Sources></Project>"
            )
        ),
        "refi.bad_position",
    ),
    "huge offsets": (
        lambda: _zip_of(bare_project("Un texte.", [(0, 2**63), (-(2**70), 2**70), (5, 2)])),
        "read",
    ),
    "text of zeros": (
        lambda: _zip_of(bare_project("x", [(0, 1)], stored=b"\x00" * 5000)),
        "refi.not_text",
    ),
    "lone surrogates": (
        lambda: _zip_of(bare_project("x", [(0, 1)], stored=b"\xff\xfe\x00\xd8a\x00")),
        "refi.not_text",
    ),
    "one character a million times": (
        lambda: _zip_of(bare_project("e" + "\u0301" * 1_000_000, [(0, 9)])),
        "read",
    ),
    "wrong encoding declared": (
        lambda: _zip_of(_xml(b'<?xml version="1.0" encoding="utf-16"?>' + _HEAD + b"</Project>")),
        "read",
    ),
    "unknown encoding": (
        lambda: _zip_of(_xml(b'<?xml version="1.0" encoding="klingon"?>' + _HEAD + b"</Project>")),
        None,
    ),
    "undeclared prefix": (lambda: _zip_of(_xml(b"<q:Project name='x'/>")), "refi.bad_xml"),
    "html": (lambda: _zip_of(_xml(b"<html><body>404</body></html>")), "refi.wrong_root"),
}


@pytest.mark.parametrize("name", sorted(_HOSTILE))
def test_hostile_projects_are_refused_or_read(name: str, tmp_path: Path) -> None:
    make, expected = _HOSTILE[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        (tmp_path / "p.qdpx").write_bytes(make())
    outcome = tried(tmp_path / "p.qdpx", _read_qdpx)
    if expected is not None:
        assert outcome == expected
    else:
        assert outcome.startswith(("refi.", "read"))


_DOCX = "word/document.xml"


def _docx_with(body: bytes) -> bytes:
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word_file(TOM))) as archive,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in archive.namelist():
            target.writestr(name, body if name == _DOCX else archive.read(name))
    return kept.getvalue()


_WORD = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
_HOSTILE_WORD: dict[str, Callable[[], bytes]] = {
    "bomb": lambda: _docx_with(_BOMB + b"]><r>&m;</r>"),
    "entity": lambda: _docx_with(_OUT + _WORD + b"<w:body><w:p>&x;</w:p></w:body></w:document>"),
    "deep": lambda: _docx_with(_WORD + b"<w:body>" + b"<w:p>" * 100_000),
    "nested": lambda: _docx_with(
        _WORD + b"<w:body>" + b"<w:p>" * 900 + b"</w:p>" * 900 + b"</w:body></w:document>"
    ),
    "nested runs": lambda: _docx_with(
        _WORD
        + b"<w:body><w:p>"
        + b"<w:r>" * 5000
        + b"<w:t>x</w:t>"
        + b"</w:r>" * 5000
        + b"</w:p></w:body></w:document>"
    ),
    "empty": lambda: _docx_with(b""),
    "zeros": lambda: _docx_with(b"\x00" * 1000),
    "huge": lambda: _docx_with(b" " * 350_000_000),
    "no document": lambda: _zip_of({"a": b"x"}),
    "old": lambda: b"\xd0\xcf\x11\xe0" + b"x" * 500,
}


@pytest.mark.parametrize("name", sorted(_HOSTILE_WORD))
def test_hostile_word_files_are_refused_or_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "p.docx").write_bytes(_HOSTILE_WORD[name]())
    assert tried(tmp_path / "p.docx", _read_interview).startswith("read")


_HOSTILE_VTT: dict[str, bytes] = {
    "only a header": b"WEBVTT\n",
    "huge times": b"WEBVTT\n\n99999999999:99:99.999 --> 999999999999999:00:00.000\nTom: hello\n",
    "backwards": b"WEBVTT\n\n00:10.000 --> 00:01.000\n<v Tom>I go back.\n",
    "tags": b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<v " * 20_000 + b"x\n",
    "open tags": b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"<" * 100_000 + b"\n",
    "arrows": b"WEBVTT\n\n" + b"-->" * 100_000,
    "digits": b"WEBVTT\n\n" + b"9" * 100_000 + b":00 --> 1\nx\n",
    "colons": b"WEBVTT\n\n" + b"a:" * 50_000 + b"\n",
    "lines": b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"Tom: a\n" * 60_000,
    "spaces": b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b" " * 500_000 + b"x\n",
    "braces": b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"{\\" * 50_000,
    "zeros": b"WEBVTT\n\n\x00\x00\x00",
    "surrogates": b"\xff\xfeW\x00\x00\xd8",
    "entities": b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"&amp;" * 50_000,
    "words": b"WEBVTT\n\n00:01.000 --> 00:02.000\n" + b"word. " * 50_000,
}


@pytest.mark.parametrize("name", sorted(_HOSTILE_VTT))
def test_hostile_subtitles_are_refused_or_read(name: str, tmp_path: Path) -> None:
    (tmp_path / "p.vtt").write_bytes(_HOSTILE_VTT[name])
    assert tried(tmp_path / "p.vtt", _read_interview).startswith("read")


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "p.qdpx", {"project.qde": _HEAD + b"</Project>", "sources/a": b"x"})
    project = refi.read_project(path)
    (tmp_path / "q.qdpx").write_bytes(b"before")
    path.unlink()
    with pytest.raises(EmbaucheError, match="no longer in"):
        refi.write_project(project, tmp_path / "q.qdpx")
    assert (tmp_path / "q.qdpx").read_bytes() == b"before"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["q.qdpx"]
