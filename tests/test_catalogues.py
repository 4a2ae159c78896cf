"""Both languages, always: same keys, same parameters, French typography, no sentence missing."""

import re
from pathlib import Path
from string import Formatter

import pytest

from embauche import vocabulary
from embauche.messages import messages
from embauche.vocabulary import Language, label

_SOURCES = Path(__file__).resolve().parents[1] / "src" / "embauche"
_FRENCH, _ENGLISH = messages("fr"), messages("en")


def _fields(form: str) -> set[str]:
    return {name.split(".")[0] for _, name, _, _ in Formatter().parse(form) if name}


def test_both_languages_have_the_same_keys() -> None:
    assert _FRENCH.keys() == _ENGLISH.keys()
    assert len(_FRENCH.keys()) > 100


@pytest.mark.parametrize("key", sorted(_FRENCH.keys()))
def test_a_sentence_names_the_same_things_in_both_languages(key: str) -> None:
    french = set().union(*(_fields(form) for form in _FRENCH.forms(key)))
    english = set().union(*(_fields(form) for form in _ENGLISH.forms(key)))
    assert french == english


@pytest.mark.parametrize("key", sorted(_FRENCH.keys()))
def test_french_typography(key: str) -> None:
    for form in _FRENCH.forms(key):
        text = re.sub(r"\{[^}]*\}|https?://\S+|\b\d{1,2}:\d{2}\b|<[^>]+>", "x", form)
        assert not re.search(
            r"[^\s\u00a0\u202f:/x?!.;(\"'`]\s?(?<![\u00a0\u202f])[;?!](?:\s|$)", text
        )
        assert not re.search(r"\w:(?:\s|$)", text), "no space before the colon"
        assert not re.search(r"«[^\u00a0\u202f]|[^\u00a0\u202f]»", text)
        assert "'" not in text


def _literal_codes(pattern: str) -> set[str]:
    found: set[str] = set()
    for file in _SOURCES.rglob("*.py"):
        found.update(re.findall(pattern, file.read_text(encoding="utf-8")))
    return found


def test_every_notice_raised_has_a_sentence() -> None:
    codes = _literal_codes(r"""Notice\(\s*["']([a-z0-9_.]+)["']""")
    assert len(codes) > 10
    assert sorted(code for code in codes if f"notice.{code}" not in _FRENCH) == []


def test_every_error_raised_has_a_sentence_and_a_hint() -> None:
    codes = _literal_codes(r"""\w+Error\(\s*["']([a-z0-9_]+\.[a-z0-9_.]+)["']""")
    assert len(codes) > 10
    missing = [
        key
        for code in sorted(codes)
        for key in (f"error.{code}", f"error.{code}.hint")
        if key not in _FRENCH
    ]
    assert missing == []


def test_every_sentence_asked_for_by_key_exists() -> None:
    keys = _literal_codes(r"""\.text\(\s*["']([a-z0-9_.]+)["']""")
    assert sorted(key for key in keys if key not in _FRENCH) == []


def test_every_term_of_the_method_has_both_names() -> None:
    enums = [
        value
        for value in vars(vocabulary).values()
        if isinstance(value, type) and issubclass(value, vocabulary.StrEnum) and len(value)
    ]
    assert len(enums) >= 12
    for enum in enums:
        for term in enum:
            assert label(term, Language.FR)
            assert label(term, Language.EN)


@pytest.mark.parametrize("language", list(Language))
def test_positions_found_in_one_source_are_not_in_one_sources(language: Language) -> None:
    words = messages(language)
    for way in ("code_points", "utf16", "utf8"):
        key = f"notice.refi.positions.{way}.two"
        assert words.text(key, origin="x", selections=3, n=1).endswith(" 1 source.")
        assert words.text(key, origin="x", selections=3, n=2).endswith(" 2 sources.")
