"""A command, an option or a setting that the docs do not name fails here."""

import json
import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from embauche.cli.main import main
from embauche.study import config

_ROOT = Path(__file__).resolve().parents[1]
_CLI = (_ROOT / "docs" / "reference" / "cli.md").read_text(encoding="utf-8")
_TOML = (_ROOT / "docs" / "reference" / "study-toml.md").read_text(encoding="utf-8")


def _part(text: str, heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found, f"no section {heading}"
    return found[0]


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_and_option_is_documented(name: str) -> None:
    section = _part(_CLI, f"`embauche {name}")
    for parameter in main.commands[name].params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[0]}`" in section


@pytest.mark.parametrize("name", sorted(config._SECTIONS))
def test_every_key_of_study_toml_is_documented(name: str) -> None:
    section = _part(_TOML, f"[{name}]")
    for item in fields(config._SECTIONS[name]):
        if item.name == "jobs":
            assert "## [survey.jobs]" in _TOML
        else:
            assert f"| `{item.name}` |" in section


def test_links_between_documents_lead_somewhere() -> None:
    documents = [*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md")]
    broken = []
    for document in documents:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
            if "://" not in target and not (document.parent / target).exists():
                broken.append(f"{document.relative_to(_ROOT)}: {target}")
    assert broken == []


def test_the_schema_of_the_results_ships_with_the_package() -> None:
    documented = json.loads((_ROOT / "docs" / "results.schema.json").read_text("utf-8"))
    assert documented["$schema"].startswith("https://json-schema.org/")


def test_no_document_names_a_path_of_a_machine() -> None:
    for document in [*_ROOT.glob("*.md"), *(_ROOT / "docs").rglob("*.md")]:
        assert not re.search(r"/(work|home|root|Users)/", document.read_text("utf-8")), document
