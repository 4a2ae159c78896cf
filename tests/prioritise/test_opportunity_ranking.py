import numpy as np
import pytest
from test_opportunity import answers, survey_of

from embauche.prioritise import opportunities, opportunity_rankings
from embauche.prioritise.opportunity_ranking import shared_notices


def rated(**tops):
    """Fictional ratings by 300: outcome → (important, satisfied)."""
    return survey_of(
        {
            name: (answers(i, 300, 2 * at), answers(s, 300, 2 * at + 1))
            for at, (name, (i, s)) in enumerate(tops.items())
        }
    )


def test_what_moves_into_the_top_by_the_gap_alone():
    # By the score: a 9 + 1 = 10, b 8 + 0 = 8, c 4 + 3 = 7. By the gap alone c (3) comes first.
    survey = rated(a=(270, 240), b=(240, 240), c=(120, 30))
    (made,) = opportunity_rankings(opportunities(survey, draws=50, top=2))
    assert made.best == ("a", "b")
    assert (made.gap_in, made.gap_out) == (("c",), ("b",))
    assert (made.mean_in, made.mean_out) == ((), ())
    assert made.gap_tau == pytest.approx(-1 / 3)
    assert made.mean_tau == pytest.approx(1.0)
    codes = [notice.code for notice in made.notices]
    assert "opportunity.gap_moves" in codes
    assert "opportunity.mean_same" in codes


def test_an_outcome_without_a_gap_does_not_move_in():
    survey = rated(a=(270, 60), b=(240, 250), c=(120, 130))
    (made,) = opportunity_rankings(opportunities(survey, draws=50, top=2))
    assert (made.gap_in, made.gap_out) == ((), ("b",))


def test_how_many_pass_by_chance_and_after_correction():
    # Twenty outcomes that are all exactly 10 in truth, and one far above.
    rng = np.random.default_rng(5)
    tops = {f"o{j}": (int(rng.binomial(300, 0.65)), int(rng.binomial(300, 0.3))) for j in range(20)}
    survey = rated(sure=(290, 30), **tops)
    (made,) = opportunity_rankings(opportunities(survey, draws=200))
    assert made.tested == 21
    assert made.by_chance == pytest.approx(1.05)
    assert "sure" in made.kept
    assert set(made.kept) <= set(made.passed)
    assert len(made.kept) <= 2
    (notice,) = [item for item in made.notices if item.code == "opportunity.multiple"]
    assert notice.params["kept"] == len(made.kept)


def test_other_scales_are_ranked_but_not_compared_with_ten():
    survey = survey_of(
        {"a": ([9, 3] * 60, [2, 1] * 60), "b": ([9, 9] * 60, [8, 9] * 60)}, scale="0-10"
    )
    rows = opportunities(survey, draws=50)
    (made,) = opportunity_rankings(rows)
    assert (made.tested, made.passed, made.kept) == (0, (), ())
    codes = [notice.code for notice in made.notices]
    assert "opportunity.many_ranked" in codes
    assert codes.count("opportunity.scale_mapped") == 1
    assert {item.code for item in shared_notices(rows)} == {
        "opportunity.scale_mapped", "opportunity.no_zone",
    }  # fmt: skip


def test_one_outcome_has_no_agreement():
    (made,) = opportunity_rankings(opportunities(rated(a=(200, 100)), draws=50))
    assert (made.gap_tau, made.top, made.best) == (None, 1, ("a",))
    assert opportunity_rankings(()) == ()
