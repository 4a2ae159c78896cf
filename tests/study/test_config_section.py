from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embauche.study.config import parse_config
from embauche.study.config_section import with_section

TOML = """# A fictional study.
[study]
title = "Pocket"  # kept

[survey]
# Chosen with the team.
file = "answers.csv"
needs = ["need_*"]  # all of them
weight = "w"

[survey.jobs]
need_1 = "J-1"

[offer]
Search = "Finds a word."
"""


def test_comments_and_other_sections_stay_letter_for_letter():
    made = with_section(TOML, "survey", {"needs": ["need_1", "need_2"], "outcome": "spend"})
    kept = [line for line in TOML.splitlines() if not line.startswith("needs")]
    lines = made.splitlines()
    assert [line for line in lines if line in kept] == kept
    assert 'needs = ["need_1", "need_2"]  # all of them' in lines
    survey = parse_config(made, Path()).survey
    assert (survey.outcome, survey.jobs["need_1"]) == ("spend", "J-1")


def test_an_equal_value_is_not_touched():
    assert with_section(TOML, "survey", {"needs": ["need_*"], "weight": "w"}) == TOML


def test_none_takes_a_key_out():
    made = with_section(TOML, "survey", {"weight": None, "id": None})
    assert made == TOML.replace('weight = "w"\n', "")


@pytest.mark.parametrize("text", ["", TOML])
def test_a_section_that_is_not_there_is_added(text):
    made = with_section(text, "customers", {"file": "crm.csv", "value": ""})
    assert made.startswith(text)
    assert parse_config(made, Path()).customers.file == "crm.csv"


@given(st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=40), max_size=12))
def test_any_column_name_comes_back_as_it_was(names):
    made = with_section(TOML, "survey", {"needs": names})
    assert parse_config(made, Path()).survey.needs == tuple(names)
