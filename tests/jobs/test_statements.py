"""Statements of jobs, from fictional sentences (statements_fr.tsv, statements_en.tsv)."""

import csv
from pathlib import Path

import pytest

from embauche.identify.evidence import Evidence
from embauche.jobs import clauses_of, lint_statement, word_job
from embauche.vocabulary import Facet, JobType, Language

FACETS = {
    JobType.FUNCTIONAL: Facet.JOB_FUNCTIONAL,
    JobType.EMOTIONAL: Facet.JOB_EMOTIONAL,
    JobType.SOCIAL: Facet.JOB_SOCIAL,
}


def sentences():
    for language in Language:
        with (Path(__file__).parent / f"statements_{language}.tsv").open(encoding="utf-8") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                yield pytest.param(
                    language, JobType(row["type"]), row["quote"], row["statement"], id=row["quote"]
                )


def goal(quote, language, job_type=JobType.FUNCTIONAL, person="p", confidence=1.0):
    facet = FACETS[job_type]
    return Evidence(
        f"{person}-{quote}",
        person,
        person,
        0,
        len(quote),
        quote,
        facet,
        language,
        "person:x",
        confidence=confidence,
    )


@pytest.mark.parametrize(("language", "job_type", "quote", "expected"), list(sentences()))
def test_a_sentence_gives_its_statement(language, job_type, quote, expected):
    wording = word_job([goal(quote, language, job_type)], [1.0], job_type, language)
    assert wording is not None
    if expected:
        assert wording.text == expected
        assert not wording.is_quote
    else:
        assert wording.is_quote
        assert wording.text[0] in "«“"


@pytest.mark.parametrize(
    ("language", "job_type", "quote", "expected"), [p for p in sentences() if p.values[3]]
)
def test_a_statement_keeps_the_grammar_of_its_type(language, job_type, quote, expected):
    codes = {notice.code for notice in lint_statement(expected, job_type, language)}
    faults = {"no_infinitive", "no_object", "two_jobs", "emotional_form", "social_form", "too_long"}
    assert not codes & {f"jobs.lint.{fault}" for fault in faults}


@pytest.mark.parametrize(
    ("language", "quote"),
    [
        (Language.EN, "I don't want to lose my receipts."),
        (Language.EN, "I never want to miss a delivery."),
        (Language.FR, "Je ne veux pas perdre mes tickets de caisse."),
        (Language.FR, "Je veux plus rater une livraison."),
    ],
)
def test_what_people_refuse_never_becomes_what_they_want(language, quote):
    wording = word_job([goal(quote, language)], [1.0], JobType.FUNCTIONAL, language)
    assert wording is not None
    assert wording.text.lower().startswith(("avoid ", "éviter "))


def test_what_others_must_not_think_is_not_shown_to_them():
    for language, quote in (
        (Language.EN, "I don't want my boss to think I'm lazy."),
        (Language.FR, "Je ne voudrais pas qu'on pense que je suis paresseux."),
    ):
        wording = word_job([goal(quote, language, JobType.SOCIAL)], [1.0], JobType.SOCIAL, language)
        assert wording is not None
        assert not wording.text.lower().startswith(("show that", "montrer"))


def test_nothing_is_said_in_a_language_that_nobody_spoke():
    said = [goal("Je veux retrouver mes notes de réunion.", Language.FR)]
    assert word_job(said, [1.0], JobType.FUNCTIONAL, Language.EN) is None


def test_words_that_participants_share_win_over_one_speakers_own():
    said = [
        goal("Je veux retrouver mes notes de réunion.", Language.FR, person="a"),
        goal("J'ai besoin de retrouver mes notes avant une réunion.", Language.FR, person="b"),
        goal("Je veux fouiller le carton bleu du grenier.", Language.FR, person="c"),
    ]
    wording = word_job(said, [0.8, 0.8, 0.85], JobType.FUNCTIONAL, Language.FR)
    assert wording is not None
    assert "notes" in wording.text


def test_the_products_name_is_avoided_where_other_words_exist():
    said = [
        goal("Je veux ouvrir Feuillet avant la réunion.", Language.FR, person="a"),
        goal("Je veux relire mes notes avant la réunion.", Language.FR, person="b"),
    ]
    wording = word_job(said, [0.9, 0.8], JobType.FUNCTIONAL, Language.FR, product="Feuillet")
    assert wording is not None
    assert wording.text == "Relire ses notes avant la réunion"


def test_a_taken_statement_is_not_given_twice():
    said = [goal("Je veux retrouver mes notes.", Language.FR)]
    wording = word_job(said, [1.0], JobType.FUNCTIONAL, Language.FR, taken={"retrouver ses notes"})
    assert wording is not None
    assert wording.text != "Retrouver ses notes"


def test_clauses_of_small_talk_are_none():
    assert clauses_of("Oui, voilà, c'est à peu près ça.", Language.FR) == ()
    assert clauses_of("Yeah, that makes sense.", Language.EN) == ()


@pytest.mark.parametrize(
    ("language", "quote"),
    [
        (Language.FR, "J'ai pas besoin de retaper mes notes."),
        (Language.FR, "Ça ne permet pas de partager les photos avec la famille."),
        (Language.EN, "I don't need to check my balance every day."),
        (Language.EN, "I can't find my notes before a meeting."),
    ],
)
def test_what_is_not_wanted_or_not_possible_is_no_aim(language, quote):
    assert not [clause for clause in clauses_of(quote, language) if clause.cue > 0.5]
