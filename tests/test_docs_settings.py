"""A variable of the environment that the code reads and the docs do not name fails here."""

import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_SETTINGS = (_ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
_READ = re.compile(r"""environ(?:ment)?(?:\.get\(|\[)\s*["']([A-Z][A-Z0-9_]+)["']""")
_NAMED = re.compile(r"\bEMBAUCHE_[A-Z0-9]+(?:_[A-Z0-9]+)*\b")
_OWN = {"DJANGO_SETTINGS_MODULE", "LANGUAGE"}  # set by the program, for libraries


def _variables() -> set[str]:
    found: set[str] = set()
    for file in (_ROOT / "src").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        found.update(_READ.findall(text))
        found.update(_NAMED.findall(text))
    return found - _OWN - {"EMBAUCHE_LLM"}


def test_the_code_reads_some() -> None:
    assert {"EMBAUCHE_HOME", "DATABASE_URL", "EMBAUCHE_SERVER"} <= _variables()


@pytest.mark.parametrize("name", sorted(_variables()))
def test_every_variable_of_the_environment_is_documented(name: str) -> None:
    assert f"`{name}`" in _SETTINGS


def test_no_variable_is_documented_that_nothing_reads() -> None:
    named = set(_NAMED.findall(_SETTINGS))
    # Those of the language model are put together from parts.
    assert {name for name in named if not name.startswith("EMBAUCHE_LLM_")} <= _variables()
