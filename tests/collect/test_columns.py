"""Rules by which answers are read."""

import polars as pl
import pytest

from embauche.collect import read_column
from embauche.collect.answer_order import order_answers
from embauche.collect.columns import rating_scale
from embauche.errors import ColumnError
from embauche.messages import messages


@pytest.mark.parametrize(
    ("answers", "coded", "rule", "categories"),
    [
        ([0, 1, None, 1], [0, 1, None, 1], "zero_one", ("0", "1")),
        (["Yes", "No", None], [1, 0, None], "words", ("No", "Yes")),
        (["Non", "Oui", "Oui"], [0, 1, 1], "words", ("Non", "Oui")),
        (["FALSE", "TRUE"], [0, 1], "words", ("FALSE", "TRUE")),
        (["vrai", "faux"], [1, 0], "words", ("faux", "vrai")),
        (["x", None, None], [1, 0, 0], "ticked", ("0", "x")),
        ([1, None, 1], [1, 0, 1], "ticked", ("0", "1")),
    ],
)
def test_yes_and_no(answers, coded, rule, categories):
    series, reading = read_column(pl.Series("q", answers))
    assert series.to_list() == coded
    assert (reading.scale, reading.rule) == ("yes_no", f"survey.rule.yes_no.{rule}")
    assert reading.categories == categories


@pytest.mark.parametrize(
    ("ordered", "rule"),
    [
        (["Less than $5", "$5 to $9", "$10 or more"], "range"),
        (["0 times", "1 to 2 times", "3 to 5 times", "6 to 9 times", "10 or more times"], "range"),
        (["(0,25]", "(25,35]", "(35,45]", "(65,99]"], "range"),
        (["<30k", "30-60k", "60-90k", "90-120k", ">120k"], "range"),
        (["Less than $30,000", "$30,001 to $60,000", "$120,001 to $150,000", "more than $240,001"], "range"),
        (["Moins de 1 500 €", "1 500 à 2 500 €", "Plus de 2 500 €"], "range"),
        (["18-24 ans", "25-34 ans", "65 ans et plus"], "range"),
        (["within the last 2 days", "within the last week", "within the last 3 months"], "range"),
        (["Never", "Once a year", "Every three months", "Once a month", "Once a week", "More than once a week"], "rate"),
        (["Jamais", "une fois par an", "une fois par mois", "deux fois par semaine", "tous les jours"], "rate"),
        (["Jamais", "Rarement", "Parfois", "Souvent", "Toujours"], "ladder"),
        (["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"], "ladder"),
        (["Freshman", "Sophomore", "Junior", "Senior"], "ladder"),
        (["Pas du tout d'accord", "Plutôt pas d’accord", "Plutôt d'accord", "Tout à fait d'accord"], "ladder"),
        (["I hate it!-5", "-4", "-1", "0", "+1", "+4", "I love it!+5"], "numbered"),
        (["1 - Pas du tout", "2", "3", "4", "5 - Tout à fait"], "numbered"),
        (["Q1", "Q2", "Q3", "Q4"], "numbered"),
    ],
)  # fmt: skip
def test_orders_are_recognised(ordered, rule):
    assert order_answers(sorted(ordered)) == (tuple(ordered), rule)


@pytest.mark.parametrize(
    "answers",
    [
        ["Blue", "Gold", "Silver"],
        ["VIC", "NSW", "WA"],
        ["P1", "P2", "P3"],
        ["Jan", "Feb", "Mar"],
        ["Burgers", "Chicken", "Other"],
        ["ios 15", "android 3"],
        ["Never", "Blue"],
    ],
)
def test_names_have_no_order(answers):
    assert order_answers(answers) is None


def test_dont_know_is_missing_and_said():
    series, reading = read_column(pl.Series("q", ["Jamais", "Souvent", "Ne sait pas", None]))
    assert reading.categories == ("Jamais", "Souvent")
    assert reading.rule.endswith("ladder.dont_know")
    assert series.null_count() == reading.missing == 2


def test_a_battery_is_judged_together():
    low = pl.Series("a", [1, 2, 3, 4] * 25)
    high = pl.Series("b", [1, 5, 3, 4] * 25)
    assert rating_scale([low, high]) == "1-5"
    assert rating_scale([low, pl.Series("c", [7, 6, 1, 2] * 25)]) == "1-7"
    assert rating_scale([low, pl.Series("c", [0, 10, 1, 2] * 25)]) == "0-10"
    assert rating_scale([low, pl.Series("c", [100, 51, 1, 2] * 25)]) == "1-100"
    assert rating_scale([low, pl.Series("c", [1000, 51, 1, 2] * 25)]) is None


def test_an_answer_outside_the_scale_names_its_row():
    with pytest.raises(ColumnError) as caught:
        read_column(pl.Series("q", [1, 5, 6, 3]), scale="1-5", file="s.csv")
    assert caught.value.params["rows"] == ["4"]
    assert caught.value.params["values"] == ["6"]
    assert "s.csv" in str(caught.value)


def test_numbers_without_a_scale():
    assert read_column(pl.Series("age", [18, 40, 77]))[1].scale == "count"
    assert read_column(pl.Series("eur", [1.5, -2.0]))[1].scale == "amount"
    series, reading = read_column(pl.Series("region", [3, 1, 2]), nominal=True)
    assert (reading.scale, reading.categories) == ("nominal", ("1", "2", "3"))
    assert series.to_list() == ["3", "1", "2"]


def test_labelled_ratings_go_back_to_codes():
    labels = {1.0: "Pas du tout", 2.0: "Un peu", 5.0: "Tout à fait"}
    series, reading = read_column(
        pl.Series("q", ["Un peu", None, "Tout à fait"]), scale="1-5", value_labels=labels
    )
    assert series.to_list() == [2, None, 5]
    assert reading.scale == "1-5"


def test_every_rule_has_a_sentence_in_both_languages():
    columns = [
        [0, 1], ["Yes", "No"], ["x", None], ["a", "b"], [None, None], ["Jamais", "Toujours", "nsp"],
        ["1 to 2", "3 to 4"], ["Q1", "Q2"], ["Never", "Once a week"], [1, 200], [1.5, 2.5],
        [1, 2, 3, 4, 5], [str(i) * 2 + "a" for i in range(40)],
    ]  # fmt: skip
    for answers in columns:
        rule = read_column(pl.Series("q", answers, strict=False))[1].rule
        for language in ("fr", "en"):
            assert f"notice.{rule}" in messages(language)


def test_codes_1_and_2_alone_are_two_answers_and_no_rating():
    series, reading = read_column(pl.Series("q", [1, 2, None, 2]))
    assert series.to_list() == ["1", "2", None, "2"]
    assert (reading.scale, reading.categories) == ("nominal", ("1", "2"))
    assert reading.rule == "survey.rule.nominal.two_codes"
    halves = [pl.Series("a", [1, 2, 2]), pl.Series("b", [2.0, 1.0, None])]
    assert rating_scale(halves) is None
    assert rating_scale([*halves, pl.Series("c", [1, 2, 3])]) == "1-5"
