import numpy as np
import polars as pl
import pytest

from embauche.collect.survey import ColumnReading, Survey
from embauche.customers import assign_customers
from embauche.errors import ColumnError
from embauche.segment import LatentClassModel, coding_of
from embauche.segment.segmentation import Segment, Segmentation
from embauche.vocabulary import Solidity

NEEDS = ("Travel light", "Feel safe", "Save time", "Look good")


@pytest.fixture(scope="module")
def study():
    """A fictional survey of two kinds of people and four needs."""
    rng = np.random.default_rng(2)
    kind = np.repeat([0, 1], 150)
    shares = np.where(kind[:, None] == 0, [0.95, 0.95, 0.05, 0.05], [0.05, 0.05, 0.95, 0.95])
    answers = (rng.random((300, 4)) < shares).astype(int)
    survey = Survey(
        "survey.csv",
        pl.DataFrame({name: answers[:, j] for j, name in enumerate(NEEDS)}),
        needs=NEEDS,
        readings={
            n: ColumnReading(n, f"Do you want to {n.lower()}?", "yes_no", ("0", "1")) for n in NEEDS
        },
    )
    model = LatentClassModel(2, seed=1, n_starts=8).fit(survey.frame)
    posterior = model.predict_proba(survey.frame)
    labels = posterior.argmax(axis=1)
    segments = tuple(
        Segment(f"S{k + 1}", int((labels == k).sum()), 0.5, None, (), 1.0) for k in range(2)
    )
    segmentation = Segmentation(
        NEEDS, 2, Solidity.NATURAL, (), (), segments, labels, posterior,
        model.to_dict(), 300, 0, (), coding_of(survey)[0],
    )  # fmt: skip
    return survey, segmentation, f"S{labels[0] + 1}", f"S{labels[-1] + 1}"


def assign(study, table, **given):
    survey, segmentation, *_ = study
    options = {"name": "customers.csv", "id": None, "value": None} | given
    return assign_customers(table, segmentation=segmentation, survey=survey, **options)


def codes(assignment):
    return {notice.code for notice in assignment.notices}


def test_segments_by_words_case_and_spaces(study):
    table = pl.DataFrame(
        {
            "customer": ["a", "b", "c"],
            "travel  LIGHT": ["oui", "non", None],
            "Feel_safe": ["Yes", "no", None],
            "do you want to save time?": [0, 1, None],
            "Look good": ["0", "1", None],
            "spent": [10.0, 20.0, 40.0],
        }
    )
    found = assign(study, table, id="customer", value="spent")
    assert found.frame["segment"].to_list() == [study[2], study[3], None]
    assert found.frame.columns == ["customer", "segment", "probability", "p_S1", "p_S2", "spent"]
    assert found.frame["probability"].to_list()[2] is None
    assert found.missing == ()
    by_id = {segment.segment: segment for segment in found.segments}
    assert by_id[study[2]].value == 10.0
    assert by_id[study[2]].share == 0.5
    assert found.n == 3
    assert "customers.unanswered" in codes(found)


def test_probabilities_are_bayes_by_hand(study):
    _, segmentation, *_ = study
    found = assign(study, pl.DataFrame({"Feel safe": [1]}))
    model = LatentClassModel.from_dict(segmentation.model)
    joint = model.class_shares_ * model.item_probabilities_["Feel safe"][:, 1]
    assert found.frame.select("p_S1", "p_S2").row(0) == pytest.approx(tuple(joint / joint.sum()))
    assert found.frame["row"].to_list() == [2]
    assert found.missing == ("Travel light", "Save time", "Look good")
    assert 0.8 < found.expected_accuracy < 1
    assert assign(study, study[0].frame).expected_accuracy == 1.0


def test_unknown_answers_are_missing_and_named(study):
    table = pl.DataFrame(
        {"Feel safe": ["yes", "maybe", "no"], "Save time": ["no", "yes", "perhaps"]}
    )
    found = assign(study, table)
    notices = [n for n in found.notices if n.code == "customers.unknown_answer"]
    assert [(n.params["column"], n.params["rows"]) for n in notices] == [
        ("Feel safe", ["3"]), ("Save time", ["4"]),
    ]  # fmt: skip
    assert found.frame["segment"].null_count() == 0


def test_nearest_name_and_duplicates(study):
    table = pl.DataFrame({"id": [1, 1, None], "Feel safer": [1, 0, 1], "Save time": [1, 0, 1]})
    found = assign(study, table, id="id")
    assert {"customers.near_column", "customers.duplicate_ids", "customers.no_id"} <= codes(found)
    near = next(n for n in found.notices if n.code == "customers.near_column")
    assert (near.params["need"], near.params["nearest"]) == ("Feel safe", "Feel safer")


def test_errors_name_what_is_wrong(study):
    with pytest.raises(ColumnError) as caught:
        assign(study, pl.DataFrame({"colour": ["red"]}))
    assert caught.value.code == "customers.no_shared_need"
    with pytest.raises(ColumnError) as caught:
        assign(study, pl.DataFrame({"Feel safe": [1]}), id="customer")
    assert caught.value.params["column"] == "customer"


def test_ratings_outside_the_scale_are_unknown():
    rng = np.random.default_rng(5)
    high = np.repeat([True, False], 60)[:, None]
    ratings = np.where(high, rng.integers(4, 6, (120, 3)), rng.integers(1, 3, (120, 3)))
    names = ("a", "b", "c")
    survey = Survey(
        "s", pl.DataFrame({n: ratings[:, j] for j, n in enumerate(names)}), needs=names,
        readings={n: ColumnReading(n, n, "1-5") for n in names},
    )  # fmt: skip
    from embauche.segment import segment_survey

    segmentation = segment_survey(survey, k_max=3, bootstrap=4)
    table = pl.DataFrame({"a": [5, 9, 1], "b": ["4", "5", "2"], "c": [5.0, None, 1.0]})
    found = assign_customers(
        table, name="t", id=None, value=None, segmentation=segmentation, survey=survey
    )
    first, second, third = found.frame["segment"].to_list()
    assert first == second
    assert first != third
    notice = next(n for n in found.notices if n.code == "customers.unknown_answer")
    assert notice.params["values"] == ["9"]


def test_an_empty_table(study):
    found = assign(study, pl.DataFrame({"Feel safe": []}, schema={"Feel safe": pl.Int64}))
    assert found.n == 0
    assert found.frame.height == 0
