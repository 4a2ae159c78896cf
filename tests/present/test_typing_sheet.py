import math
import re
from dataclasses import replace

import pytest

from embauche.messages import messages
from embauche.present.typing_sheet import (
    PER_NAT,
    lead_probability,
    typing_sheet,
    unsure_lead,
    whole_points,
)
from embauche.present.typing_words import typing_summary
from embauche.segment.typing_tool import Answer, Question, TypingTool
from embauche.vocabulary import Language

_TOOL = TypingTool(
    scorer="latent_class", segments=("S1", "S2", "S3"), start=(0.0, -0.5, -1.0),
    questions=(
        Question("find_fast", "Find a <b>note</b> fast", "yes_no", (
            Answer((0.0, 1.0, 0.4), 0), Answer((2.0, 0.0, 0.2), 1))),
        Question("r", "Rating", "1-100", (
            Answer((0.0, 1.0, 0.4), None, None, 40.0), Answer((2.0, 0.0, 0.2), None, 40.0))),
    ),
    unsure=0.6, target=0.9, reached=True, steps=(), agreement=0.9, low=0.8, high=0.95, recall=(),
    unsure_share=0.1, sure_agreement=0.95, claimed=0.8, n=100, folds=10, seed=0,
)  # fmt: skip


def test_points_by_hand_keep_the_differences():
    (row,) = whole_points([(-3.2, -1.0, -2.1)])
    assert row == (0, 11, 6)
    assert min(row) == 0


def test_a_lead_is_worth_what_the_sheet_says():
    low, high = lead_probability(PER_NAT, 3)
    assert high == pytest.approx(1 / (1 + math.exp(-1)))
    assert low == pytest.approx(1 / (1 + 2 * math.exp(-1)))
    assert lead_probability(5, 2) == (pytest.approx(high), pytest.approx(high))
    assert unsure_lead(0.6, 2) == math.ceil(5 * math.log(1.5))
    assert unsure_lead(0.6, 5) > unsure_lead(0.6, 2)


@pytest.mark.parametrize("language", list(Language))
def test_the_sheet_holds_both_forms_and_the_points(language):
    page = typing_sheet(_TOOL, {"S1": "Find", "S2": "Share"}, language)
    assert "url(data:font/woff2;base64," in page, "printed in our typeface"
    assert page.startswith("<!doctype html>")
    assert 'lang="fr"' in page
    assert 'lang="en"' in page
    assert page.index(f'<section lang="{language}"') < page.index("</section>")
    assert "<b>note</b>" not in page
    assert "1–40" in page
    assert "41–100" in page
    assert not re.search(r"typing\.[a-z_.]+", page)


def test_where_all_are_unsure_nothing_is_said_of_the_others():
    words = messages(Language.EN)
    assert "Among the others 95% agree." in typing_summary(_TOOL, words)
    none = replace(_TOOL, sure_agreement=None, unsure_share=1.0)
    assert "Among the others" not in typing_summary(none, words)
    assert "Among the others" not in typing_sheet(none, {}, Language.EN)


def test_faces_of_one_typeface_stand_in_the_page() -> None:
    from embauche.present.assets_inline import inlined_faces

    faces = inlined_faces("Atkinson Hyperlegible Next")
    assert faces.count("@font-face") >= 2
    assert "url(data:font/woff2;base64," in faces
    assert "Literata" not in faces
