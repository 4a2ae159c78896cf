"""Numbers as each language writes them."""

import pytest

from embauche.messages import MINUS, number


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
