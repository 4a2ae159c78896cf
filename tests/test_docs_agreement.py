"""The pages on agreement and saturation state the constants and options of the code."""

import re
from pathlib import Path

import click
import pytest

from embauche.cli.agreement import agreement
from embauche.identify import agreement_doubts, agreement_figures
from embauche.identify.agreement import RESAMPLES
from embauche.identify.saturation import ADDS, AHEAD, AT_MOST, FEWEST, ORDERINGS
from embauche.jobs.goals import SURE_ENOUGH

_DOCS = Path(__file__).resolve().parents[1] / "docs"
_METHOD = " ".join((_DOCS / "method.md").read_text(encoding="utf-8").split())
_CLI = (_DOCS / "reference" / "cli.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "sentence",
    [
        f"percentiles of {RESAMPLES:,} resamples of *sources*",
        f"None is given from fewer than {agreement_figures.LEAST_SOURCES} sources",
        f"under {agreement_doubts.FEW_UNITS} sentences, under {agreement_doubts.FEW_SOURCES} sources",
        f"coded fewer than {agreement_doubts.FEW_CODES} times a coder",
        f"rarer than {agreement_doubts.RARE * 100:g} %",
        f"agreement of {agreement_doubts.PARADOX_AGREEMENT * 100:g} % or more",
        f"κ at least {agreement_doubts.PARADOX_GAP:g} under AC1",
        f"α under {agreement_doubts.ACCEPTABLE:g}",
        f"about the next {AHEAD} interviews: they add where {ADDS:g} new items or more",
        f"the upper limit is under {AT_MOST:g}",
        f"under {FEWEST} interviews. Facets",
        f"that of {ORDERINGS:,} random orderings",
        f"sure statements ({SURE_ENOUGH:g}) of goals",
    ],
)
def test_the_method_states_the_constants(sentence: str) -> None:
    assert sentence in _METHOD


def test_intervals_are_withheld_where_the_page_says() -> None:
    assert agreement_figures.LEAST_DEFINED == 0.9
    assert "undefined in more than a tenth of the resamples" in _METHOD


@pytest.mark.parametrize("name", sorted(set(agreement.commands) - {"show"}))
def test_every_option_of_the_subcommands_is_documented(name: str) -> None:
    found = re.search(
        rf"^`embauche agreement {name} .*?(?=^`embauche |^## )", _CLI, re.MULTILINE | re.DOTALL
    )
    assert found, f"no entry for {name}"
    for parameter in agreement.commands[name].params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[0]}`" in found[0]


def test_every_option_of_the_table_is_documented() -> None:
    section = _CLI.split("## `embauche agreement FOLDER`")[1].split("`embauche agreement prepare")[
        0
    ]
    for parameter in agreement.commands["show"].params:
        if isinstance(parameter, click.Option):
            assert f"`{parameter.opts[0]}`" in section
