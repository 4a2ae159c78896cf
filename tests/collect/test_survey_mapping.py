import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embauche.collect import Table, infer_roles, make_survey
from embauche.collect.roles import SurveyRoles
from embauche.collect.survey_mapping import (
    ColumnRole,
    SurveyMapping,
    mapping_of,
    match_pairs,
    roles_of,
)
from embauche.errors import ColumnError

COLUMNS = ("id", "imp_find", "imp_share", "sat_find", "sat_share", "age", "visits", "spend")


def table() -> Table:
    """Return twelve fictional respondents."""
    rating = [1, 2, 3, 4, 5, 5, 4, 3, 2, 1, 3, 4]
    return Table(
        "fictional.csv",
        pl.DataFrame(
            {
                "id": range(12),
                "imp_find": rating,
                "imp_share": rating[::-1],
                "sat_find": rating,
                "sat_share": rating[::-1],
                "age": range(20, 32),
                "visits": rating,
                "spend": rating,
            }
        ),
    )


def test_a_mapping_says_what_the_roles_say():
    roles = SurveyRoles(
        id="id",
        needs=("imp_*",),
        importance=("imp_find", "imp_share"),
        satisfaction=("sat_share", "sat_find"),
        demographics=("age",),
        frequency="visits",
        outcome="visits",
    )
    mapping = mapping_of(table(), roles)
    assert mapping.roles == {
        "id": ColumnRole.ID,
        "imp_find": ColumnRole.IMPORTANCE,
        "imp_share": ColumnRole.IMPORTANCE,
        "sat_find": ColumnRole.SATISFACTION,
        "sat_share": ColumnRole.SATISFACTION,
        "age": ColumnRole.DEMOGRAPHICS,
        "visits": ColumnRole.FREQUENCY_OUTCOME,
        "spend": ColumnRole.IGNORED,
    }
    assert mapping.pairs == {"imp_find": "sat_share", "imp_share": "sat_find"}


def test_importance_that_is_a_need_beside_others_is_both():
    roles = SurveyRoles(
        needs=("imp_find", "spend"), importance=("imp_find",), satisfaction=("sat_find",)
    )
    mapping = mapping_of(table(), roles)
    assert mapping.roles["imp_find"] is ColumnRole.IMPORTANCE_NEED
    assert mapping.roles["spend"] is ColumnRole.NEED
    assert roles_of(mapping, "f").needs == ("imp_find", "spend")


@given(st.lists(st.sampled_from(list(ColumnRole)), min_size=8, max_size=8))
def test_there_and_back_changes_nothing(chosen):
    mapping = match_pairs(table(), SurveyMapping(dict(zip(COLUMNS, chosen, strict=True))))
    try:
        roles = roles_of(mapping, "f")
    except ColumnError as error:
        assert error.code.startswith(("mapping.several_", "mapping.unpaired"))
        return
    again = mapping_of(table(), roles)
    # Importance alone is what forms the segments, said either way.
    alone = {ColumnRole.IMPORTANCE_NEED: ColumnRole.IMPORTANCE}
    if set(roles.needs) == set(roles.importance):
        assert again.roles == {c: alone.get(r, r) for c, r in mapping.roles.items()}
    else:
        assert again.roles == mapping.roles
    assert again.pairs == mapping.pairs


def test_a_saved_mapping_is_read_as_the_inferred_one():
    inferred = infer_roles(table())
    assert len(inferred.satisfaction) == 2
    said = roles_of(mapping_of(table(), inferred), "f")
    one, other = make_survey(table(), inferred), make_survey(table(), said)
    assert (one.needs, one.importance, one.satisfaction) == (
        other.needs,
        other.importance,
        other.satisfaction,
    )
    assert one.outcome_names == other.outcome_names == ("find", "share")


def test_pairs_are_matched_by_their_words_and_else_by_their_order():
    roles = dict.fromkeys(COLUMNS, ColumnRole.IGNORED)
    importance, satisfaction = ColumnRole.IMPORTANCE, ColumnRole.SATISFACTION
    named = roles | {"imp_find": importance, "imp_share": importance}
    named |= {"sat_find": satisfaction, "sat_share": satisfaction}
    found = match_pairs(table(), SurveyMapping(named, {"imp_find": "sat_share"}))
    assert found.pairs == {"imp_find": "sat_share", "imp_share": "sat_find"}
    unnamed = roles | {"imp_find": importance, "age": importance}
    unnamed |= {"visits": satisfaction, "spend": satisfaction}
    found = match_pairs(table(), SurveyMapping(unnamed))
    assert found.pairs == {"imp_find": "visits", "age": "spend"}


def test_what_has_no_partner_is_named():
    roles = dict.fromkeys(COLUMNS, ColumnRole.IGNORED) | {
        "imp_find": ColumnRole.IMPORTANCE,
        "imp_share": ColumnRole.IMPORTANCE,
        "sat_find": ColumnRole.SATISFACTION,
    }
    mapping = match_pairs(table(), SurveyMapping(roles))
    assert mapping.unpaired == ("imp_find", "imp_share", "sat_find")
    mapping = match_pairs(table(), SurveyMapping(roles, {"imp_find": "sat_find"}))
    assert mapping.unpaired == ("imp_share",)
    with pytest.raises(ColumnError) as caught:
        roles_of(mapping, "fictional.csv")
    assert caught.value.code == "mapping.unpaired"
    assert caught.value.params["columns"] == ["imp_share"]


def test_one_weight_only():
    roles = dict.fromkeys(COLUMNS, ColumnRole.IGNORED)
    roles |= {"age": ColumnRole.WEIGHT, "visits": ColumnRole.WEIGHT}
    with pytest.raises(ColumnError) as caught:
        roles_of(SurveyMapping(roles), "fictional.csv")
    assert caught.value.code == "mapping.several_weight"
    assert "age" in caught.value.message("fr")
