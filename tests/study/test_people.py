"""participants.csv: names, situations and, apart, demographics, in every figure that names people."""

from pathlib import Path

import pytest

from embauche.errors import ColumnError, ReadError
from embauche.study.config import read_config
from embauche.study.files import list_files
from embauche.study.people import (
    People,
    Person,
    read_attributes,
    read_people,
    with_people,
    write_people,
)
from embauche.study.stages import read_corpus

ANA = "Interviewer: Why?\n\nAna: I need to find my notes before a meeting.\n"
BEN = "Interviewer: Why?\n\nBen: I need to write a note on site.\n"
"""Fictional."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ana.md").write_text(ANA)
    (tmp_path / "ben.md").write_text(BEN)
    (tmp_path / "study.toml").write_text('[participants]\ndemographics = ["trade"]\n')
    return tmp_path


def test_what_is_known_of_people_reaches_the_corpus(folder: Path) -> None:
    (folder / "participants.csv").write_text(
        "participant,name,place,trade\nana,Anaïs,office,baker\nnobody,No One,van,\n"
    )
    config = read_config(folder)
    people = {person.id: person for person in read_corpus(config).participants}
    assert people["ana"].pseudonym == "Anaïs"
    assert people["ana"].situation == {"place": "office"}
    assert people["ana"].demographics == {"trade": "baker"}
    assert (people["ben"].pseudonym, people["ben"].situation) == ("Ben", {})
    assert "participants.csv" not in {path.name for path in list_files(folder)}


def test_a_table_of_the_same_name_that_is_not_ours_is_read_as_ever(folder: Path) -> None:
    (folder / "participants.csv").write_text("id,need_a,need_b\n1,1,0\n")
    assert "participants.csv" in {path.name for path in list_files(folder)}


def test_written_and_read_is_the_same(folder: Path) -> None:
    people = People(
        ("place", 'odd, "name"'),
        ("trade",),
        (Person("ana", "Anaïs", {"place": "van, mostly"}, {"trade": "=cmd"}), Person("ben")),
    )
    write_people(folder, people)
    assert read_people(read_config(folder)) == people


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("participant,name,a,a\nana,Ana,1,2\n", "people.column_twice"),
        ("participant,name,a\nana,Ana,1\nana,Eve,2\n", "people.row_twice"),
        ("who,name\nana,Ana\n", "people.not_people"),
    ],
)
def test_what_is_wrong_is_named_and_stops_no_run(folder: Path, text: str, code: str) -> None:
    (folder / "participants.csv").write_text(text)
    config = read_config(folder)
    with pytest.raises(ReadError) as caught:
        read_people(config)
    assert caught.value.code == code
    corpus, notices = with_people(read_corpus(config), config)
    assert [notice.code for notice in notices] == [code]
    assert len(corpus.participants) >= 2


def test_attributes_are_matched_by_name_or_id_and_strangers_are_named_by_row(
    tmp_path: Path,
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Prénom;lieu\nANAÏS;bureau\nben;camion\nZoé;ailleurs\n")
    found = read_attributes(path, path.name, [("ana", "Anaïs"), ("ben", "Ben")])
    assert found.columns == ("lieu",)
    assert found.values == {"ana": {"lieu": "bureau"}, "ben": {"lieu": "camion"}}
    assert found.unknown == ((4, "Zoé"),)


def test_a_table_that_names_nobody_or_somebody_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,place\nZoe,here\n")
    with pytest.raises(ColumnError, match="names participants"):
        read_attributes(path, path.name, [("ana", "Ana")])
    path.write_text("name,place\nAna,here\nana,there\n")
    with pytest.raises(ColumnError, match="row 3"):
        read_attributes(path, path.name, [("ana", "Ana")])


def test_situations_stand_beside_quotes_and_in_the_tables(folder: Path) -> None:
    from embauche.present.results_json import results
    from embauche.present.tables import write_tables
    from embauche.study.stages import run_study

    (folder / "participants.csv").write_text(
        "participant,name,place,trade\nana,Anaïs,office,baker\nben,Ben,van,mason\n"
    )
    found = run_study(read_config(folder))
    out = folder / "out"
    out.mkdir()
    write_tables(found, out)
    text = (out / "evidence.csv").read_text()
    assert "place: office" in text
    assert "baker" not in text
    said = [item for job in results(found)["jobs"] for item in job["situations"]]
    assert all(item["attribute"] == "place" for item in said)
