"""Each fault of a statement has a mend made of its own words, where they hold one."""

import pytest

from embauche.jobs.linter import lint_statement
from embauche.jobs.mending import mended
from embauche.messages import messages
from embauche.vocabulary import JobType, Language


def _mends(text: str, job_type: JobType, language: Language) -> dict[str, str | None]:
    return {
        fault.code.rpartition(".")[2]: mended(text, fault, language, product="Pocket")
        for fault in lint_statement(text, job_type, language, product="Pocket")
    }


@pytest.mark.parametrize(
    ("text", "job_type", "language", "fault", "mend"),
    [
        ("Retrouver mes notes avec une application", "functional", "fr", "solution",
         "Retrouver mes notes"),
        ("Utiliser une application pour retrouver mes notes", "functional", "fr", "solution",
         "Retrouver mes notes"),
        ("Find my notes in a spreadsheet", "functional", "en", "solution", "Find my notes"),
        ("Use an app to find my notes", "functional", "en", "solution", "Find my notes"),
        ("Chercher une application", "functional", "fr", "solution", None),
        ("Find my notes with Pocket", "functional", "en", "brand", "Find my notes"),
        ("Retrouver mes notes plus vite", "functional", "fr", "metric", "Retrouver mes notes"),
        ("Find my notes faster", "functional", "en", "metric", "Find my notes"),
        ("Préparer mes devis et envoyer mes factures", "functional", "fr", "two_jobs",
         "Préparer mes devis"),
        ("Prépare mes devis le soir", "functional", "fr", "no_infinitive",
         "Préparer mes devis le soir"),
        ("Être rassuré avant de partir", "emotional", "fr", "emotional_form",
         "Se sentir rassuré avant de partir"),
        ("Ne pas oublier un rendez-vous", "emotional", "fr", "emotional_form",
         "Éviter d'oublier un rendez-vous"),
        ("Be calm before a meeting", "emotional", "en", "emotional_form",
         "Feel calm before a meeting"),
        ("Not be anxious at night", "emotional", "en", "emotional_form",
         "Avoid feeling anxious at night"),
        ("Avoir l'air organisé", "social", "fr", "social_form", "Être perçu comme organisé"),
        ("Look prepared in front of clients", "social", "en", "social_form",
         "Be seen as prepared in front of clients"),
        ("Retrouver une note prise il y a longtemps sur un chantier, quand un client appelle et que"
         " tout le monde attend", "functional", "fr", "too_long",
         "Retrouver une note prise il y a longtemps sur un chantier"),
    ],
)  # fmt: skip
def test_a_fault_is_mended(
    text: str, job_type: str, language: str, fault: str, mend: str | None
) -> None:
    mends = _mends(text, JobType(job_type), Language(language))
    assert fault in mends
    assert mends[fault] == mend


@pytest.mark.parametrize("language", list(Language))
def test_every_fault_says_what_to_do(language: Language) -> None:
    words = messages(language)
    kinds = [key for key in sorted(words.keys()) if key.startswith("notice.jobs.lint.")]
    assert len(kinds) >= 11
    for key in kinds:
        sentences = [part for part in words.forms(key)[0].split(". ") if part.strip()]
        assert len(sentences) >= 2, f"{key} gives a reason and no mend"
