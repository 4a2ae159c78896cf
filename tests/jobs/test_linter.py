"""The linter of job statements."""

import pytest

from embauche.jobs import lint_statement
from embauche.messages import messages
from embauche.vocabulary import JobType, Language

FR, EN = Language.FR, Language.EN


@pytest.mark.parametrize(
    ("text", "job_type", "language", "code"),
    [
        ("Préparation de ses devis", JobType.FUNCTIONAL, FR, "no_infinitive"),
        ("My notes", JobType.FUNCTIONAL, EN, "no_infinitive"),
        ("Préparer", JobType.FUNCTIONAL, FR, "no_object"),
        ("Préparer ses devis et envoyer les factures", JobType.FUNCTIONAL, FR, "two_jobs"),
        ("Prepare quotes and send the invoices", JobType.FUNCTIONAL, EN, "two_jobs"),
        ("Préparer ses devis plus vite", JobType.FUNCTIONAL, FR, "metric"),
        ("Find notes in 2 minutes", JobType.FUNCTIONAL, EN, "metric"),
        ("Ouvrir une application de notes", JobType.FUNCTIONAL, FR, "solution"),
        ("Open the dashboard before a meeting", JobType.FUNCTIONAL, EN, "solution"),
        ("Écrire dans Feuillet", JobType.FUNCTIONAL, FR, "brand"),
        ("Préparer sa valise", JobType.EMOTIONAL, FR, "emotional_form"),
        ("Pack a bag", JobType.EMOTIONAL, EN, "emotional_form"),
        ("Se sentir bien", JobType.SOCIAL, FR, "social_form"),
        ("Feel good", JobType.SOCIAL, EN, "social_form"),
        ("« Je veux mes notes »", JobType.FUNCTIONAL, FR, "quote"),
        ("  ", JobType.FUNCTIONAL, EN, "empty"),
    ],
)
def test_each_fault_is_named(text, job_type, language, code):
    notices = lint_statement(text, job_type, language, product="Feuillet")
    assert f"jobs.lint.{code}" in [notice.code for notice in notices]
    for notice in notices:
        for each in Language:
            sentence = messages(each).notice(notice)
            assert not sentence.startswith("notice.")
            assert "{" not in sentence


@pytest.mark.parametrize(
    ("text", "job_type", "language"),
    [
        ("Retrouver ses notes avant une réunion", JobType.FUNCTIONAL, FR),
        ("Find your notes before a meeting", JobType.FUNCTIONAL, EN),
        ("Se sentir tranquille le soir", JobType.EMOTIONAL, FR),
        ("Avoid feeling guilty", JobType.EMOTIONAL, EN),
        ("Être perçue comme sérieuse", JobType.SOCIAL, FR),
        ("Montrer qu'on tient ses délais", JobType.SOCIAL, FR),
        ("Be seen as organised", JobType.SOCIAL, EN),
    ],
)
def test_a_good_statement_passes(text, job_type, language):
    assert lint_statement(text, job_type, language, product="Feuillet") == ()


def test_two_jobs_come_with_a_mend():
    (notice,) = lint_statement("Préparer ses devis et envoyer les factures", JobType.FUNCTIONAL, FR)
    assert notice.params["mend"] == "Préparer ses devis"


@pytest.mark.parametrize(
    ("text", "language", "mend"),
    [
        ("Préparation de ses devis", FR, "Préparer"),
        ("Classement des factures", FR, "Classer"),
        ("Ses factures du mois", FR, "Obtenir"),
        ("Tracking expenses", EN, "Track"),
        ("My notes", EN, "Get"),
    ],
)
def test_a_statement_without_a_verb_is_mended_by_a_verb(text, language, mend):
    (notice,) = lint_statement(text, JobType.FUNCTIONAL, language)
    assert notice.code == "jobs.lint.no_infinitive"
    assert notice.params["mend"] == mend


@pytest.mark.parametrize(
    "text",
    ["Être perçu(e)s comme des gens sérieux", "Éviter d'être perçu(e) comme un amateur"],
)
def test_both_genders_and_numbers_are_social_statements(text):
    assert lint_statement(text, JobType.SOCIAL, FR) == ()
