"""Colours can be read in both themes, and told apart by the colour-blind.

Vision without one kind of cone is simulated after Machado, Oliveira and Fernandes (2009, severity
1) in linear RGB; distances are Euclidean in OKLab (Ottosson 2020). A facet's stroke also has a
pattern and a letter, and a segment its name: colour is never the only cue.
"""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from embauche.present.chart_theme import DARK, LIGHT

_CSS = (Path(__file__).resolve().parents[2] / "frontend/src/styles/tokens.css").read_text("utf-8")
_BLOCKS = {"light": ":root {", "dark": ':root[data-theme="dark"] {', "system": ":root:not([data-"}
_VISION = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
APART, APART_WITHOUT = 0.06, 0.04
"""Least distance of two colours that mean different things, with all cones and without one."""


def tokens(theme: str) -> dict[str, str]:
    start = _CSS.index(_BLOCKS[theme])
    block = _CSS[start : _CSS.index("}", start)]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", block))


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def contrast(one: str, other: str) -> float:
    weights = np.array([0.2126, 0.7152, 0.0722])
    dark, light = sorted((linear(one) @ weights, linear(other) @ weights))
    return float((light + 0.05) / (dark + 0.05))


def distance(one: str, other: str, vision: str) -> float:
    seen = [
        _LAB @ np.cbrt(_CONES @ np.clip(_VISION[vision] @ linear(colour), 0, 1))
        for colour in (one, other)
    ]
    return float(np.linalg.norm(seen[0] - seen[1]))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_marks_stand_out_from_their_ground(theme: str) -> None:
    known = tokens(theme)
    said = ("ink", "ink-soft", "hire", "ember")
    marks = [name for name in known if name.startswith(("f-", "seg-"))]
    assert len(marks) == 18
    for ground in ("paper", "sheet"):
        for name in (*said, *marks):
            assert contrast(known[name], known[ground]) >= 4.5, (name, ground)
    for name, ground in (
        ("sheet", "hire"),
        ("ink", "hire-tint"),
        ("ink-soft", "hire-tint"),
        ("hire", "hire-tint"),
        ("ember", "ember-tint"),
        *(("heat-ink", f"heat-{step}") for step in range(6)),
    ):
        assert contrast(known[name], known[ground]) >= 4.5, (name, ground)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("vision", list(_VISION))
@pytest.mark.parametrize("kind", ["f-", "seg-"])
def test_colours_that_mean_different_things_differ(theme: str, vision: str, kind: str) -> None:
    least = APART if vision == "all cones" else APART_WITHOUT
    used = {name: colour for name, colour in tokens(theme).items() if name.startswith(kind)}
    for one, other in combinations(used, 2):
        assert distance(used[one], used[other], vision) >= least, (one, other)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_heat_ramp_only_gets_darker_or_only_lighter(theme: str) -> None:
    known = tokens(theme)
    for vision in _VISION:
        light = [
            (_LAB @ np.cbrt(_CONES @ np.clip(_VISION[vision] @ linear(known[f"heat-{n}"]), 0, 1)))[
                0
            ]
            for n in range(6)
        ]
        steps = np.diff(light)
        assert (steps > 0).all() or (steps < 0).all(), vision


def test_both_ways_to_the_dark_theme_are_the_same() -> None:
    assert tokens("system") == tokens("dark")


@pytest.mark.parametrize(("theme", "charts"), [("light", LIGHT), ("dark", DARK)])
def test_charts_have_the_colours_of_the_pages(theme: str, charts: object) -> None:
    known = tokens(theme)
    assert list(charts.segments) == [known[f"seg-{n}"] for n in range(1, 9)]
    for name in ("ink", "ink_soft", "paper", "sheet", "rule", "hire", "ember"):
        assert getattr(charts, name) == known[name.replace("_", "-")], name
    assert list(charts.heat[1:]) == [known[f"heat-{n}"] for n in range(1, 6)]
