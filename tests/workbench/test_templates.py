"""The pages' templates name only what exists: a page that nobody opened in a test is checked too."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.template import engines
from jinja2 import Environment, nodes

import embauche.workbench

pytestmark = pytest.mark.usefixtures("workspace")
_GIVEN = {"super", "unseen"}
"""What a page's context and a block hold to be called."""


def _environment() -> Environment:
    made: Environment = engines["jinja2"].env  # type: ignore[attr-defined]
    return made


def _templates() -> list[str]:
    folder = Path(embauche.workbench.__file__).parent / "templates"
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*.html"))


def _tree(name: str) -> nodes.Template:
    made = _environment()
    assert made.loader is not None
    return made.parse(made.loader.get_source(made, name)[0])


@pytest.mark.parametrize("name", _templates())
def test_a_template_calls_only_what_there_is(name: str) -> None:
    made, tree = _environment(), _tree(name)
    assert {item.name for item in tree.find_all(nodes.Filter)} <= set(made.filters)
    called = {
        call.node.name for call in tree.find_all(nodes.Call) if isinstance(call.node, nodes.Name)
    }
    assert called <= set(made.globals) | _GIVEN


@pytest.mark.parametrize("name", _templates())
def test_no_variable_hides_what_a_template_calls(name: str) -> None:
    tree = _tree(name)
    called = {id(call.node) for call in tree.find_all(nodes.Call)}
    shadows = [
        item.name
        for item in tree.find_all(nodes.Name)
        if item.name in _environment().globals and id(item) not in called
    ]
    assert shadows == []


@pytest.mark.parametrize("name", _templates())
def test_a_template_includes_and_extends_what_exists(name: str) -> None:
    known = set(_templates())
    for item in _tree(name).find_all((nodes.Include, nodes.Extends)):
        assert isinstance(item.template, nodes.Const)
        assert item.template.value in known
