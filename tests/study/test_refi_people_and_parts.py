"""What a project holds besides coded words: people's attributes are read, the rest is told."""

from pathlib import Path

import pytest
from refi_contents import foreign

from embauche.collect import refi
from embauche.messages import messages
from embauche.study.config import read_config
from embauche.study.people import read_people
from embauche.study.refi_exchange import Imported, export_study, import_study
from embauche.vocabulary import Language
from fictional_refi import write_zip

_NS = 'xmlns="urn:QDA-XML:project:1.0"'
_NADIA = (
    "Enquêtrice : Pourquoi ?\nNadia : Je perds dix minutes à chaque fois.\n"
    "Enquêtrice : Et avant ?\nNadia : Avant, je notais tout dans un carnet.\n"
)
_GROUP = (
    "Enquêtrice : Et vous ?\nTom : Je note tout dans un carnet.\n"
    "Inès : Moi, je retiens tout de mémoire.\nEnquêtrice : Et vous ?\nTom : Rien d'autre.\n"
)
_VARIABLES = (
    '<Variables><Variable guid="v1" name="Âge" typeOfVariable="Integer"/>'
    '<Variable guid="v2" name="Lieu d\'usage" typeOfVariable="Text"/>'
    '<Variable guid="v3" name="name" typeOfVariable="Text"/></Variables>'
)


def _value(variable: str, kind: str, value: str) -> str:
    return (
        f'<VariableValue><VariableRef targetGUID="{variable}"/><{kind}>{value}</{kind}>'
        "</VariableValue>"
    )


_NADIAS = _value("v1", "IntegerValue", "41") + _value("v2", "TextValue", "chantier")
_CASES = {
    # NVivo: a person with a name, by reference to the source.
    "nvivo": ("", f'<Case guid="p" name="Nadia">{_NADIAS}<SourceRef targetGUID="s1"/></Case>'),
    # NVivo: the person is a code as well, and the whole source is coded with it.
    "coded": ('<Coding guid="c9"><CodeRef targetGUID="p"/></Coding>', f'<Case guid="p" name="N.">{_NADIAS}</Case>'),
    # Quirkos, MAXQDA: a case without a name stands for a document.
    "quirkos": ("", f'<Case guid="p">{_NADIAS}<SourceRef targetGUID="{{S1}}"/></Case>'),
    # MAXQDA: the document itself has the variables.
    "maxqda": (_NADIAS, ""),
}  # fmt: skip


def _project(path: Path, source: str, cases: str, beside: str = "") -> Path:
    xml = (
        f'<Project {_NS} name="fictif" origin="fictif"><CodeBook><Codes>'
        '<Code guid="k" name="frustration" isCodable="true"/></Codes></CodeBook>'
        f"{_VARIABLES}<Cases>{cases}</Cases><Sources>"
        f'<TextSource guid="s1" name="Nadia" plainTextPath="internal://1.txt">{source}</TextSource>'
        '<TextSource guid="s2" name="Groupe" plainTextPath="internal://2.txt">'
        f'<PlainTextSelection guid="g1" startPosition="{_GROUP.index("Moi")}"'
        f' endPosition="{_GROUP.index("Enquêtrice", 9) - 1}"/></TextSource>'
        f"{beside}</Sources></Project>"
    )
    files = {"sources/1.txt": _NADIA.encode(), "sources/2.txt": _GROUP.encode()}
    return write_zip(path, {"project.qde": xml.encode(), **files})


def _people(found: Imported) -> dict[str, tuple[dict[str, str], dict[str, str]]]:
    people = read_people(read_config(found.folder))
    return {one.id: (dict(one.demographics), dict(one.situation)) for one in people.persons}


@pytest.mark.parametrize("way", sorted(_CASES))
def test_variables_become_attributes_of_participants(way: str, tmp_path: Path) -> None:
    source, case = _CASES[way]
    path = _project(tmp_path / "p.qdpx", source, case)
    found = import_study(path, tmp_path / "s")
    assert _people(found) == {"nadia": ({"Âge": "41"}, {"Lieu d'usage": "chantier"})}
    codes = {notice.code for notice in found.notices}
    assert "refi.people" in codes
    assert not codes & {"refi.cases_alone", "refi.unknown_code"}
    export_study(read_config(found.folder), tmp_path / "q.qdpx")
    assert foreign(tmp_path / "q.qdpx") == foreign(path)
    again = import_study(tmp_path / "q.qdpx", tmp_path / "t")
    assert _people(again) == _people(found)


def test_people_of_a_group_are_told_apart(tmp_path: Path) -> None:
    cases = (
        f'<Case guid="a" name="Tom">{_value("v2", "TextValue", "atelier")}'
        '<SourceRef targetGUID="s2"/></Case>'
        f'<Case guid="b" name="I.">{_value("v2", "TextValue", "bureau")}'
        '<SelectionRef targetGUID="g1"/></Case>'
        f'<Case guid="c" name="Zoé">{_value("v2", "TextValue", "nulle part")}'
        '<SourceRef targetGUID="s2"/></Case>'
    )
    found = import_study(_project(tmp_path / "p.qdpx", "", cases), tmp_path / "s")
    assert _people(found) == {
        "groupe-tom": ({}, {"Lieu d'usage": "atelier"}),
        "groupe-ines": ({}, {"Lieu d'usage": "bureau"}),
    }
    told = next(notice for notice in found.notices if notice.code == "refi.cases_alone")
    assert told.params == {"n": 1, "cases": ["Zoé"]}


def test_what_holds_no_words_is_told_and_leaves_again(tmp_path: Path) -> None:
    coding = '<Coding guid="c{}"><CodeRef targetGUID="k"/></Coding>'
    beside = (
        '<PictureSource guid="s3" name="photo" path="internal://p.png"><PictureSelection guid="a1"'
        f' firstX="1" firstY="1" secondX="9" secondY="9">{coding.format(1)}</PictureSelection>'
        f'{coding.format(2)}</PictureSource><AudioSource guid="s4" name="bande"'
        ' path="relative:///b.m4a"><AudioSelection guid="a2" begin="0" end="900">'
        f"{coding.format(3)}</AudioSelection></AudioSource>"
    )
    noted = (
        '<PlainTextSelection guid="n1" startPosition="0" endPosition="10">'
        "<Description>À relire</Description></PlainTextSelection>"
    )
    path = _project(tmp_path / "p.qdpx", noted, "", beside)
    found = import_study(path, tmp_path / "s")
    told = {notice.code: notice.params for notice in found.notices}
    assert told["refi.no_words"] == {"n": 2, "sources": ["photo", "bande"]}
    assert told["refi.codings_beside_words"]["n"] == 3
    assert told["refi.noted_passages"]["n"] == 1
    assert found.sources == 4
    for language in Language:
        for notice in found.notices:
            assert "notice." not in messages(language).notice(notice)
    export_study(read_config(found.folder), tmp_path / "q.qdpx")
    assert foreign(tmp_path / "q.qdpx") == foreign(path)


def test_a_transcript_that_is_a_document_too_is_one_interview(tmp_path: Path) -> None:
    beside = (
        '<VideoSource guid="s3" name="film" path="relative:///f.mp4">'
        '<Transcript guid="t3" plainTextPath="internal://1.txt">'
        '<SyncPoint guid="m1" timeStamp="0" position="0"/></Transcript></VideoSource>'
    )
    found = import_study(_project(tmp_path / "p.qdpx", "", "", beside), tmp_path / "s")
    files = sorted(path.name for path in (found.folder / "interviews").iterdir())
    assert files == ["Groupe.txt", "Nadia.txt"]
    export_study(read_config(found.folder), tmp_path / "q.qdpx")
    again = refi.read_project(tmp_path / "q.qdpx")
    assert [source.kind for source in again.sources] == ["text", "text", "video"]
