"""study.toml: what is refused, and where the error points."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embauche.errors import ConfigError
from embauche.study.config import parse_config, read_config

_TEXT = """\
[study]
title = "Essai"
language = "fr"

[interviews]
files = "a.txt"

[survey]
needs = ["besoin_*", "autre"]
outcome = "achat"

[survey.jobs]
"besoin_1" = "Retrouver une note"

[offer]
"Recherche" = "Trouve un mot."
"""


def test_a_whole_configuration_is_read() -> None:
    config = parse_config(_TEXT, Path("dossier"))
    assert config.study.title == "Essai"
    assert config.interviews.files == ("a.txt",)
    assert config.survey.needs == ("besoin_*", "autre")
    assert config.survey.satisfaction is None
    assert dict(config.survey.jobs) == {"besoin_1": "Retrouver une note"}
    assert dict(config.offer) == {"Recherche": "Trouve un mot."}
    assert config.written


def test_without_a_file_everything_is_inferred(tmp_path: Path) -> None:
    config = read_config(tmp_path)
    assert not config.written
    assert config.survey.needs is None


@pytest.mark.parametrize(
    ("text", "code", "line", "nearest"),
    [
        ("[studdy]\n", "config.unknown_section", 1, "study"),
        ("[study]\ntitel = 'x'\n", "config.unknown_key", 2, "title"),
        ("[study]\n[survey]\nid = 'a'\nneedz = ['x']\n", "config.unknown_key", 4, "needs"),
    ],
)
def test_a_misspelt_name_is_an_error_with_the_nearest(
    text: str, code: str, line: int, nearest: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, Path())
    assert caught.value.code == code
    assert caught.value.params["line"] == line
    assert caught.value.params["nearest"] == nearest
    assert nearest in caught.value.hint("fr")
    assert str(line) in caught.value.message("fr")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[study]\ntitle = 3\n", "config.not_a_text"),
        ("[study]\nfictional = 'yes'\n", "config.not_a_boolean"),
        ("[survey]\nneeds = [1, 2]\n", "config.not_a_list"),
        ("survey = 'x.csv'\n", "config.not_a_section"),
        ("[survey]\njobs = 'x'\n", "config.not_a_section"),
        ("[offer]\nsearch = 1\n", "config.not_a_text"),
        ("[study]\nlanguage = 'de'\n", "config.unknown_language"),
        ("[study\ntitle = 'x'\n", "config.not_toml"),
    ],
)
def test_a_wrong_value_is_an_error(text: str, code: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(text, Path())
    assert caught.value.code == code
    assert caught.value.params["line"] >= 1


@given(st.text(max_size=200))
def test_no_text_crashes_the_reader(text: str) -> None:
    try:
        parse_config(text, Path())
    except ConfigError as error:
        assert error.message("fr") != f"error.{error.code}"


def test_bytes_that_are_not_utf8_are_named(tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_bytes(b"[study]\ntitle = '\xe9'\n")
    with pytest.raises(ConfigError) as caught:
        read_config(tmp_path)
    assert caught.value.code == "config.not_utf8"
