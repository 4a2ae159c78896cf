"""The linter of job statements."""

import json
from pathlib import Path

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
        ("Ranger ses notes dans Evernote avant une réunion", JobType.FUNCTIONAL, FR, "brand"),
        ("Send photos by WhatsApp from the site", JobType.FUNCTIONAL, EN, "brand"),
        ("Exporter ses notes en PDF avant une réunion", JobType.FUNCTIONAL, FR, "solution"),
        ("Avoir un mode sombre la nuit", JobType.FUNCTIONAL, FR, "solution"),
        ("Have a dark mode at night", JobType.FUNCTIONAL, EN, "solution"),
        ("Consulter un tableau de bord le lundi", JobType.FUNCTIONAL, FR, "solution"),
        ("Se sentir calme avant une réunion", JobType.FUNCTIONAL, FR, "feeling"),
        ("Feel calm before a meeting", JobType.FUNCTIONAL, EN, "feeling"),
        ("Be seen as serious by clients", JobType.FUNCTIONAL, EN, "image"),
        ("Être perçue comme sérieuse", JobType.FUNCTIONAL, FR, "image"),
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
        ("Servir les clients à table", JobType.FUNCTIONAL, FR),
        ("Semer des graines au printemps", JobType.FUNCTIONAL, FR),
        ("Serrer un boulon sans aide", JobType.FUNCTIONAL, FR),
        ("S'organiser autour des horaires de l'école", JobType.FUNCTIONAL, FR),
        ("Se souvenir de ce qui a été dit", JobType.FUNCTIONAL, FR),
        ("Compare insurance offers before the renewal date", JobType.FUNCTIONAL, EN),
        ("Hand over a patient's history at the change of shift", JobType.FUNCTIONAL, EN),
        ("Éviter le stress des transports", JobType.EMOTIONAL, FR),
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


@pytest.mark.parametrize("language", list(Language))
def test_the_statements_of_the_fictional_study_follow_the_grammar(language):
    folder = Path(__file__).parents[2] / "examples" / "notes" / language
    lines = (folder / "coding.jsonl").read_text(encoding="utf-8").splitlines()
    jobs = [one for one in map(json.loads, lines) if one["kind"] == "job" and one.get("statement")]
    assert len(jobs) >= 5
    for job in jobs:
        said = job["statement"][language]
        kinds = (JobType.FUNCTIONAL, JobType.EMOTIONAL, JobType.SOCIAL)
        assert any(lint_statement(said, kind, language) == () for kind in kinds), said
