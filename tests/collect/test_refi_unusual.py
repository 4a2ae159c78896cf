"""Files as programs really write them, beyond the standard: nothing is lost, nothing drifts."""

import zipfile
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from embauche.collect import refi
from embauche.collect.refi_positions import Ruler, raw_text
from embauche.errors import ReadError
from fictional_refi import bare_project, write_zip

_TALK = """Ana : Je note tout 📓 dans un carnet.
Léo : Et e\u0301te\u0301 comme hiver ?
Ana : Le jour où je l'ai perdu 😤, j'ai cherché autre chose.
Ana : Ça me prend dix minutes.
"""
_NS = 'xmlns="urn:QDA-XML:project:1.0"'


def _recording(line_break: str, convention: refi.Convention, origin: str) -> dict[str, bytes]:
    """Return a film whose transcript is coded between moments, one moment a line."""
    ruler = Ruler(raw_text(_TALK.replace("\n", line_break)), convention)
    lines = _TALK.splitlines(keepends=True)
    starts = [sum(map(len, lines[:n])) for n in range(len(lines) + 1)]
    moments = "".join(
        f'<SyncPoint guid="m{n}" timeStamp="{n * 4000}" position="{ruler.of_point(at)}"/>'
        for n, at in enumerate(starts)
    )
    spans = "".join(
        f'<TranscriptSelection guid="s{n}" name="" fromSyncPoint="m{n}" toSyncPoint="m{n + 1}">'
        f'<Coding guid="c{n}"><CodeRef targetGUID="k"/></Coding></TranscriptSelection>'
        for n in (0, 2, 3)
    )
    xml = (
        f'<Project {_NS} name="fictif" origin="{origin}"><CodeBook><Codes>'
        '<Code guid="k" name="frustration" isCodable="true" color="#C0392B"/></Codes></CodeBook>'
        '<Sources><VideoSource guid="f" name="film" path="relative:///film.mp4">'
        '<Transcript guid="t" plainTextPath="internal://t.txt">'
        f"{moments}{spans}</Transcript></VideoSource></Sources></Project>"
    )
    return {"project.qde": xml.encode(), "Sources/t.txt": _TALK.replace("\n", line_break).encode()}


@pytest.mark.parametrize(
    ("line_break", "convention", "origin"),
    [
        ("\r\n", refi.NVIVO, "NVivo for Windows 14.23"),
        ("\n", refi.Convention("code_points", "one"), "Transana 5.10"),
        ("\r", refi.Convention("utf16", "one"), "f4analyse 3"),
    ],
)
def test_a_transcript_coded_between_moments_has_its_words(
    line_break: str, convention: refi.Convention, origin: str, tmp_path: Path
) -> None:
    path = write_zip(tmp_path / "p.qdpx", _recording(line_break, convention, origin))
    lines = _TALK.splitlines(keepends=True)
    project = refi.read_project(path)
    for _ in range(2):
        text = project.sources[0].texts[0]
        assert [text.words(item) for item in text.selections] == [lines[n] for n in (0, 2, 3)]
        assert [sync.at for sync in text.syncs] == ["0", "4000", "8000", "12000", "16000"]
        assert [len(item.codings) for item in text.selections] == [1, 1, 1]
        refi.write_project(project, tmp_path / "q.qdpx", convention=refi.NVIVO)
        project = refi.read_project(tmp_path / "q.qdpx")


def test_new_spans_of_a_transcript_are_written_as_the_standard_has_them(tmp_path: Path) -> None:
    text = refi.RefiText(
        "t",
        _TALK,
        "Transcript",
        selections=(refi.RefiSelection("s", 6, 37),),
        syncs=(refi.RefiSync("m0", "0", 0), refi.RefiSync("m1", "4000", 38)),
    )
    source = refi.RefiSource("video", "f", "film", texts=(text,))
    refi.write_project(refi.RefiProject("fictif", sources=(source,)), tmp_path / "p.qdpx")
    with zipfile.ZipFile(tmp_path / "p.qdpx") as archive:
        root = fromstring(archive.read("project.qde"))  # noqa: S314 - written just now
    found = [
        element.tag.rpartition("}")[2] for element in next(root.iter(f"{{{_urn()}}}Transcript"))
    ]
    assert found == ["PlainTextContent", *["SyncPoint"] * 4, "TranscriptSelection"]
    times = [element.get("timeStamp") for element in root.iter(f"{{{_urn()}}}SyncPoint")]
    assert times == ["0", "4000", "0", "4000"]
    again = refi.read_project(tmp_path / "p.qdpx").sources[0].texts[0]
    assert again.words(again.selections[0]) == _TALK[6:37]


def _urn() -> str:
    return "urn:QDA-XML:project:1.0"


@pytest.mark.parametrize("beyond", [1, 2])
def test_an_end_just_beyond_the_text_is_its_end(beyond: int, tmp_path: Path) -> None:
    text = "Ana : Je perds dix minutes.\nAna : J'ai peur d'oublier."
    pairs = [(6, 27), (34, len(text) + beyond)]
    project = refi.read_project(write_zip(tmp_path / "p.qdpx", bare_project(text, pairs)))
    held = project.sources[0].texts[0]
    assert [held.words(item) for item in held.selections] == [text[6:27], text[34:]]
    assert "refi.outside_text" not in {notice.code for notice in project.notices}


@pytest.mark.parametrize("encoding", ["cp437", "cp850", "cp1252", "utf-8", "mac-roman"])
def test_names_of_files_are_found_in_whatever_encoding(encoding: str, tmp_path: Path) -> None:
    files = bare_project("Un texte.", [(0, 2)])
    xml = files["project.qde"].replace(b"internal://t.txt", "internal://Été réel.txt".encode())
    held = {"project.qde": xml, "sources/XXXX.txt": b"Un texte."}
    path = write_zip(tmp_path / "p.qdpx", held)
    name = "Été réel".encode(encoding)
    plain = path.read_bytes().replace(b"XXXX", name[:4].ljust(4, b"_"))
    if len(name) != 4:  # names of another length need an archive of their own
        write_zip(path, {"project.qde": xml, f"sources/{'X' * len(name)}.txt": b"Un texte."})
        plain = path.read_bytes().replace(b"X" * len(name), name)
    path.write_bytes(plain)
    project = refi.read_project(path)
    assert project.sources[0].texts[0].text == "Un texte."


def test_an_accent_written_in_two_characters_is_the_same_name(tmp_path: Path) -> None:
    files = bare_project("Un texte.", [(0, 2)])
    xml = files["project.qde"].replace(b"t.txt", "Été.txt".encode())
    path = write_zip(
        tmp_path / "p.qdpx", {"project.qde": xml, "sources/E\u0301te\u0301.txt": b"Un texte."}
    )
    assert refi.read_project(path).sources[0].texts[0].text == "Un texte."


@pytest.mark.parametrize("way", ["relative:///t.txt", "absolute:///C:/Talk/t.txt", "t.txt"])
@pytest.mark.parametrize("folder", ["", "Projet fictif/"])
def test_a_project_in_a_folder_and_paths_to_the_outside_are_read(
    way: str, folder: str, tmp_path: Path
) -> None:
    files = bare_project("Un texte.", [(0, 2)])
    xml = files["project.qde"].replace(b"internal://t.txt", way.encode())
    held = {f"{folder}Essai.qde": xml, f"{folder}Sources/t.txt": b"Un texte."}
    path = write_zip(tmp_path / "p.qdpx", {**held, f"{folder}Sources/photo.png": b"PNG"})
    project = refi.read_project(path)
    assert project.sources[0].texts[0].text == "Un texte."
    assert [file.name for file in project.files] == ["sources/photo.png"]
    refi.write_project(project, tmp_path / "q.qdpx")
    with zipfile.ZipFile(tmp_path / "q.qdpx") as archive:
        assert archive.read("sources/photo.png") == b"PNG"
        assert {name.partition("/")[0] for name in archive.namelist()} == {"project.qde", "sources"}


def test_codes_without_their_list_are_read(tmp_path: Path) -> None:
    xml = f'<Project {_NS}><CodeBook><Code guid="a" name="Prix"><Code guid="b" name="Prix"/></Code></CodeBook></Project>'
    project = refi.read_project(write_zip(tmp_path / "p.qdpx", {"project.qde": xml.encode()}))
    assert [code.guid for code in project.walk_codes()] == ["a", "b"]
    refi.write_project(project, tmp_path / "q.qdpx")
    assert [c.guid for c in refi.read_project(tmp_path / "q.qdpx").walk_codes()] == ["a", "b"]


def test_a_damaged_picture_is_named_when_the_project_is_written(tmp_path: Path) -> None:
    picture = bytes(range(256)) * 8
    path = write_zip(tmp_path / "p.qdpx", {**bare_project("x", []), "sources/a.png": picture})
    data = bytearray(path.read_bytes())
    at = data.index(b"sources/a.png") + len("sources/a.png")
    data[at : at + 20] = b"\xff" * 20
    path.write_bytes(data)
    project = refi.read_project(path)
    with pytest.raises(ReadError, match=r"a\.png"):
        refi.write_project(project, tmp_path / "q.qdpx")
    assert not (tmp_path / "q.qdpx").exists()


def test_one_text_used_again_and_again_is_refused(tmp_path: Path) -> None:
    body = "".join(f'<TextSource guid="{n}" plainTextPath="internal://t.txt"/>' for n in range(250))
    xml = f"<Project {_NS}><Sources>{body}</Sources></Project>"
    files = {"project.qde": xml.encode(), "sources/t.txt": b"mot " * 250_000}
    with pytest.raises(ReadError) as caught:
        refi.read_project(write_zip(tmp_path / "p.qdpx", files))
    assert caught.value.code == "refi.too_large"


def test_a_text_that_begins_with_two_marks_does_not_drift(tmp_path: Path) -> None:
    files = bare_project("", [(1, 9)], stored="\ufeff\ufeffUn texte court.".encode())
    first = refi.read_project(write_zip(tmp_path / "p.qdpx", files))
    refi.write_project(first, tmp_path / "q.qdpx")
    again = refi.read_project(tmp_path / "q.qdpx")
    words = [text.words(text.selections[0]) for p in (first, again) for text in p.sources[0].texts]
    assert words[0] == words[1]
