"""Numbers as each language writes them."""

import re

import pytest

from embauche.messages import MINUS, held_together, messages, number


@pytest.mark.parametrize(
    ("value", "language", "spec", "text"),
    [
        (-1.5, "fr", ".1", f"{MINUS}1,5"),
        (-0.12, "en", "%", f"{MINUS}12%"),
        (-1065, "en", "", f"{MINUS}1,065"),
        (-0.04, "fr", ".1", "0,0"),
        (-0.0, "en", "", "0"),
        (1065, "fr", "", "1\u202f065"),
        (-1.5, "fr", "raw", "-1.5"),
    ],
)
def test_negative_numbers_have_a_minus_sign(
    value: float, language: str, spec: str, text: str
) -> None:
    assert number(value, language, spec) == text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("· n = {n} of {total}", "· n\u00a0=\u00a0{n} of {total}"),
        ("R² = 0.4, p < 0.01", "R²\u00a0=\u00a00.4, p\u00a0<\u00a00.01"),
        ("at most {most:.0} MB, 5 min", "at most {most:.0}\u00a0MB, 5\u00a0min"),
        ("about ± 3, ≥ {least}, 5 × 3", "about ±\u00a03, ≥\u00a0{least}, 5 ×\u00a03"),
        ("95 % of them", "95\u00a0% of them"),
        ("write `top = 5` or `n = 3`", "write `top = 5` or `n = 3`"),
        ("{n} months, {n} sources, 3 bytes", "{n} months, {n} sources, 3 bytes"),
    ],
)
def test_a_figure_stays_with_its_sign_and_unit(typed: str, said: str) -> None:
    assert held_together(typed) == said


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_sentence_parts_a_figure_from_its_sign_or_unit(language: str) -> None:
    words = messages(language)
    parted = re.compile(r"\bn =|= \{n\}|[±≥≤≈] [\d{]|[\d}] (%|Mo|MB|ko|kB|ms)\b")
    for key in sorted(words.keys()):
        for form in words.forms(key):
            assert not parted.search(re.sub(r"`[^`]*`", "", form)), (key, form)


def test_an_interval_below_zero_is_written_in_words() -> None:
    assert messages("en").span(-0.03, 0.08, ".2") == "\u22120.03 to 0.08"
    assert messages("fr").span(-0.03, 0.08, ".2") == "\u22120,03 à 0,08"
    assert messages("en").span(0.03, 0.08, ".2") == "0.03–0.08"
