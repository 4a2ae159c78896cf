"""Roles of survey columns, given and inferred (made-up answers from a fixed seed)."""

import numpy as np
import polars as pl
import pytest

from embauche.collect import SurveyRoles, Table, infer_roles, make_survey
from embauche.errors import ColumnError
from embauche.messages import messages

N = 300


@pytest.fixture
def rng():
    return np.random.default_rng(20240501)


def made(columns, **given):
    return Table("s.csv", pl.DataFrame(columns), **given)


def fast_food(rng):
    likes = ["I hate it!-5", *map(str, range(-4, 1)), "+1", "+2", "+3", "+4", "I love it!+5"]
    visits = ["Never", "Once a year", "Every three months", "Once a month", "Once a week"]
    needs = "yummy convenient spicy fattening greasy fast cheap tasty expensive healthy disgusting"
    return {
        **{need: rng.choice(["Yes", "No"], N) for need in needs.split()},
        "Like": rng.choice(likes, N),
        "Age": rng.integers(18, 70, N),
        "VisitFrequency": rng.choice(visits, N),
        "Gender": rng.choice(["Female", "Male"], N),
    }


def test_yes_no_needs_with_a_visit_frequency(rng):
    columns = fast_food(rng)
    survey = make_survey(table := made(columns), roles := infer_roles(table))
    assert survey.needs == tuple(columns)[:11]
    assert survey.demographics == ("Age", "Gender")
    assert survey.frequency == survey.outcome == "VisitFrequency"
    assert survey.frame["yummy"].to_list() == [int(v == "Yes") for v in columns["yummy"]]
    assert survey.readings["VisitFrequency"].categories[0] == "Never"
    assert set(roles.reasons) == set(columns)


def french(rng):
    things = ["retrouver vite une note", "ne rien oublier", "partager"]
    return {
        "Répondant": np.arange(1, N + 1),
        "Sexe": rng.choice(["Homme", "Femme"], N),
        "Âge": rng.choice(["18-24 ans", "25-34 ans", "65 ans et plus"], N),
        **{f"Importance : {thing}": rng.integers(1, 6, N) for thing in things},
        **{f"Satisfaction : {thing}": rng.integers(1, 6, N) for thing in things},
        "situation_lieu": rng.choice(["bureau", "maison"], N),
        "Fréquence d'usage": rng.choice(["Jamais", "Parfois", "Souvent"], N),
        "poids": rng.random(N) + 0.5,
        "Rachat": rng.choice(["Oui", "Non"], N),
    }


def test_a_french_survey_with_pairs(rng):
    survey = make_survey(table := made(french(rng)), infer_roles(table))
    assert survey.id == "Répondant"
    assert survey.outcome_names == ("retrouver vite une note", "ne rien oublier", "partager")
    assert survey.satisfaction[1] == "Satisfaction : ne rien oublier"
    assert survey.needs == survey.importance
    assert (survey.weight, survey.outcome) == ("poids", "Rachat")
    assert survey.situation == ("situation_lieu",)
    assert survey.frequency == "Fréquence d'usage"
    assert survey.demographics == ("Sexe", "Âge")


def test_a_question_about_weight_is_no_weight(rng):
    things = ("notes a week", "weight of what I carry", "network on site")
    table = made(
        {
            "id": np.arange(1, N + 1),
            **{f"Importance: {thing}": rng.integers(1, 6, N) for thing in things},
            **{f"Satisfaction: {thing}": rng.integers(1, 6, N) for thing in things},
            "Weight of my bag when I travel for work": rng.integers(1, 6, N),
        }
    )
    roles = infer_roles(table)
    assert roles.weight is None
    assert len(roles.importance) == len(roles.satisfaction) == 3
    weighted = made({"id": np.arange(1, N + 1), "weight": rng.random(N) + 0.5})
    assert infer_roles(weighted).weight == "weight"


@pytest.mark.parametrize(
    ("importance", "satisfaction"),
    [("imp_{}", "sat_{}"), ("{}_importance", "{}_satisfaction"), ("importance_{}", "satisfaction_{}"),
     ("{}.imp", "{}.perf"), ("Importance de {}", "Satisfaction de {}"), ("attente_{}", "satisf_{}")],
)  # fmt: skip
def test_spellings_of_pairs(rng, importance, satisfaction):
    things = ["prix", "vitesse"]
    columns = {satisfaction.format(t): rng.integers(1, 6, N) for t in reversed(things)}
    columns |= {importance.format(t): rng.integers(1, 6, N) for t in things}
    roles = infer_roles(made(columns))
    assert roles.importance == tuple(importance.format(t) for t in things)
    assert roles.satisfaction == tuple(satisfaction.format(t) for t in things)
    assert roles.outcome_names == ("prix", "vitesse")


def test_letters_pair_only_in_numbered_families(rng):
    columns = {f"{letter}{i}": rng.integers(1, 101, N) for letter in "es" for i in range(1, 5)}
    roles = infer_roles(made(columns))
    assert roles.importance == ("e1", "e2", "e3", "e4")
    assert roles.satisfaction == ("s1", "s2", "s3", "s4")


def test_questions_pair_where_names_do_not(rng):
    columns = {f"v{i}": rng.integers(1, 6, N) for i in range(4)}
    labels = {"v0": "Importance : prix", "v1": "Importance : délai", "v2": "Satisfaction : prix", "v3": "Satisfaction : délai"}  # fmt: skip
    roles = infer_roles(made(columns, labels=labels))
    assert (roles.importance, roles.satisfaction) == (("v0", "v1"), ("v2", "v3"))
    assert roles.outcome_names == ("prix", "délai")


def test_what_was_made_from_the_data_is_left_out(rng):
    ratings = {f: rng.integers(1, 6, N) for f in ("clean", "speed", "price")}
    income = rng.choice(["Less than 10", "10 to 20", "more than 20"], N)
    columns = {
        **ratings,
        **{f"b{f}": (v >= 4).astype(int) for f, v in ratings.items()},
        "Income": income,
        "Income2": np.where(income == "Less than 10", "low", "other"),
        "vac3": np.tile([1, 2, 3], N // 3),
        "segment": rng.integers(1, 4, N),
        "survey": np.full(N, 2024),
        "renewed": rng.integers(0, 2, N),
        "churned": rng.integers(0, 2, N),
    }
    roles = infer_roles(made(columns))
    codes = {column: notice.code for column, notice in roles.reasons.items()}
    assert roles.needs == ("clean", "speed", "price")
    assert codes["bclean"] == codes["Income2"] == "roles.recode"
    assert codes["vac3"] == codes["segment"] == "roles.grouping"
    assert codes["survey"] == "roles.constant"
    assert roles.outcome is None
    assert [n.code for n in roles.notices] == ["roles.outcome_ambiguous"]


def test_a_numbered_battery_is_no_partition(rng):
    columns = {f"q{i}": rng.permutation(np.tile([1, 2, 3, 4, 5], N // 5)) for i in range(1, 8)}
    assert infer_roles(made(columns)).needs == tuple(columns)


def test_a_motive_with_a_demographic_word_stays_a_need(rng):
    columns = {"GENDER": rng.choice(["f", "m"], N)}
    columns |= {c: rng.integers(0, 2, N) for c in ("career", "children", "good.job", "community")}
    roles = infer_roles(made(columns))
    assert roles.needs == ("career", "children", "good.job", "community")
    assert roles.demographics == ("GENDER",)


def test_coded_labels_of_different_questions_are_no_battery(rng):
    labels = {
        "v1": {1.0: "Nord", 2.0: "Sud", 3.0: "Est"},
        "v2": {1.0: "Vélo", 2.0: "Train", 3.0: "Bus"},
        "v3": {1.0: "Thé", 2.0: "Café", 3.0: "Eau"},
    }
    columns = {c: rng.choice(list(named.values()), N) for c, named in labels.items()}
    assert infer_roles(made(columns, value_labels=labels)).needs == ()


def test_every_reason_has_a_sentence(rng):
    for columns in (fast_food(rng), french(rng)):
        for notice in infer_roles(made(columns)).reasons.values():
            for language in ("fr", "en"):
                assert f"notice.{notice.code}" in messages(language)
                assert "{" not in messages(language).notice(notice)


def test_given_names_and_patterns(rng):
    table = made(french(rng))
    survey = make_survey(
        table,
        SurveyRoles(
            importance=("Importance*",),
            satisfaction=("Satisfaction*",),
            demographics=("Sexe", "[ÂA]ge"),
        ),
    )
    assert len(survey.importance) == len(survey.satisfaction) == 3
    assert survey.demographics == ("Sexe", "Âge")


@pytest.mark.parametrize(
    ("roles", "code"),
    [
        (SurveyRoles(needs=("yumy",)), "column.unknown"),
        (SurveyRoles(needs=("A*",), demographics=("Ag*",)), "column.two_roles"),
        (SurveyRoles(importance=("yummy", "fast"), satisfaction=("cheap",)), "column.unpaired"),
        (SurveyRoles(weight="Gender"), "column.weight_not_number"),
        (SurveyRoles(id="[yf]*"), "column.several"),
    ],
)
def test_wrong_roles_are_errors(rng, roles, code):
    with pytest.raises(ColumnError) as caught:
        make_survey(made(fast_food(rng)), roles)
    assert caught.value.code == code
    if code == "column.unknown":
        assert caught.value.params["nearest"] == "yummy"


def test_one_answer_outside_a_battery_is_named(rng):
    columns = {f"q{i}": rng.integers(1, 6, N) for i in range(6)}
    columns["q2"][7] = 6
    table = made(columns)
    with pytest.raises(ColumnError) as caught:
        make_survey(table, infer_roles(table))
    assert (caught.value.params["column"], caught.value.params["rows"]) == ("q2", ["9"])


def test_a_scale_whose_top_nobody_used_is_doubtful(rng):
    table = made({f"q{i}": rng.integers(1, 5, N) for i in range(6)})
    survey = make_survey(table, infer_roles(table))
    assert [(n.code, n.params["top"]) for n in survey.notices if n.severity == "weak"] == [
        ("survey.top_never_used", 4)
    ]


def test_neighbours_with_the_same_ordered_answers_are_needs(rng):
    well = ["1 Extremely well", "2 Quite well", "3 Not too well", "4 Not well at all"]
    often = ["Never", "Sometimes", "Often"]
    columns = {
        "age_band": rng.choice(["18-29", "30-49", "50+"], N),
        "often_a": rng.choice(often, N),
        "often_b": rng.choice(often, N),
        **{f"cares_{j}": rng.choice(well, N) for j in range(4)},
        "cares_4": rng.choice([*well[:3], "Don't know"], N),
        "region": rng.choice(["north", "south", "east"], N),
    }
    roles = infer_roles(table := made(columns))
    assert roles.needs == tuple(f"cares_{j}" for j in range(5))
    assert roles.reasons["cares_0"].code == "roles.needs.ordered"
    assert {make_survey(table, roles).readings[name].scale for name in roles.needs} == {"ordinal"}


def test_four_neighbours_coded_1_and_2_are_needs_and_three_are_not(rng):
    columns = {f"q{j}": rng.integers(1, 3, N) for j in range(4)}
    roles = infer_roles(made(columns | {"sexe": rng.integers(1, 3, N)}))
    assert roles.needs == tuple(columns)
    assert roles.demographics == ("sexe",)
    assert roles.reasons["q0"].code == "roles.needs.two_codes"
    assert not infer_roles(made(dict(list(columns.items())[:3]))).needs


def test_questions_about_who_people_are_in_whole_sentences(rng):
    asked = {
        "How old are you?": rng.integers(18, 70, N),
        "Dans quelle tranche d'âge vous situez-vous ?": rng.choice(["18-29", "30-49"], N),
        "Quels sont vos revenus par mois ?": rng.choice(["<2k", "2k-4k", ">4k"], N),
    }
    others = {"How much does it help in your job?": rng.integers(0, 200, N)}
    roles = infer_roles(made(asked | others))
    assert roles.demographics == tuple(asked)
