"""Each fault of a statement has a mend made of its own words, where they hold one."""

import pytest

from embauche.jobs.clause import MOST_WORDS
from embauche.jobs.linter import lint_statement
from embauche.messages import messages
from embauche.vocabulary import JobType, Language


def _mends(text: str, job_type: JobType, language: Language) -> dict[str, str | None]:
    return {
        fault.code.rpartition(".")[2]: fault.params.get("proposal")
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
        ("« Je veux retrouver mes notes avant une réunion. »", "functional", "fr", "quote",
         "Retrouver ses notes avant une réunion"),
        ("“I want to find my notes before a meeting.”", "functional", "en", "quote",
         "Find your notes before a meeting"),
        ("« C'est le bazar. »", "functional", "fr", "quote", None),
        ("Avoir une application qui permet de suivre ses dépenses", "functional", "fr", "solution",
         "Suivre ses dépenses"),
        ("Suivre ses dépenses sur l'appli mobile de la banque", "functional", "fr", "solution",
         "Suivre ses dépenses"),
        ("Track expenses on the bank's mobile app", "functional", "en", "solution",
         "Track expenses"),
        ("Find notes with an app during a meeting", "functional", "en", "solution",
         "Find notes during a meeting"),
        ("An app for tracking expenses", "functional", "en", "solution", "Track expenses"),
        ("Retrouver ses notes avec Pocket et son calendrier", "functional", "fr", "brand", None),
        ("Retrouver ses notes en moins de 2 minutes", "functional", "fr", "metric",
         "Retrouver ses notes"),
        ("Find notes in under 2 minutes", "functional", "en", "metric", "Find notes"),
        ("Prepare quotes twice as fast", "functional", "en", "metric", "Prepare quotes"),
        ("Réduire le temps passé à classer ses factures", "functional", "fr", "metric",
         "Classer ses factures"),
        ("Reduce the time spent filing invoices", "functional", "en", "metric", "File invoices"),
        ("Gagner 30 % de temps sur les devis", "functional", "fr", "metric", None),
        ("Classer et retrouver ses notes", "functional", "fr", "two_jobs", "Classer ses notes"),
        ("File notes, find them or share them", "functional", "en", "two_jobs", "File notes"),
        ("Préparation de ses devis", "functional", "fr", "no_infinitive", "Préparer ses devis"),
        ("Classement des factures", "functional", "fr", "no_infinitive", "Classer les factures"),
        ("On prépare la réunion", "functional", "fr", "no_infinitive", "Préparer la réunion"),
        ("We prepare the meeting", "functional", "en", "no_infinitive", "Prepare the meeting"),
        ("I want to find my notes", "functional", "en", "no_infinitive", "Find my notes"),
        ("Mes notes", "functional", "fr", "no_infinitive", "Obtenir mes notes"),
        ("To be able to find an idea that I had several weeks ago in a meeting with a client whose"
         " name I forgot", "functional", "en", "too_long",
         "Find an idea that I had several weeks ago in a meeting with a client"),
        ("Ne pas me sentir perdu", "emotional", "fr", "emotional_form",
         "Éviter de se sentir perdu"),
        ("Arrêter de m'inquiéter", "emotional", "fr", "emotional_form", "Éviter de s'inquiéter"),
        ("Être serein et dormir", "emotional", "fr", "emotional_form", "Se sentir serein"),
        ("Avoir confiance", "emotional", "fr", "emotional_form", "Se sentir en confiance"),
        ("Not to feel stupid", "emotional", "en", "emotional_form", "Avoid feeling stupid"),
        ("Peace of mind", "emotional", "en", "emotional_form", "Feel at peace"),
        ("Qu'on voie que je suis sérieux", "social", "fr", "social_form",
         "Montrer qu'on est sérieux"),
        ("Let people see that I am serious", "social", "en", "social_form",
         "Show that you're serious"),
        ("Not look like an amateur", "social", "en", "social_form",
         "Avoid being seen as an amateur"),
        ("Not be seen as lazy", "social", "en", "social_form", "Avoid being seen as lazy"),
        ("Impress clients", "social", "en", "social_form", None),
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


@pytest.mark.parametrize("language", list(Language))
def test_a_statement_that_is_too_long_is_told_the_rule_of_the_code(language: Language) -> None:
    (fault,) = lint_statement("Noter " + "vite " * MOST_WORDS, JobType.FUNCTIONAL, Language.FR)
    assert fault.params["n"] == MOST_WORDS + 1
    sentence = messages(language).notice(fault)
    assert str(MOST_WORDS) in sentence
    assert str(MOST_WORDS + 1) in sentence


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("job_type", list(JobType))
def test_a_mend_has_not_the_fault_that_it_mends_nor_a_new_one(
    job_type: JobType, language: Language
) -> None:
    mends = 0
    for text in _FAULTY[language]:
        faults = lint_statement(text, job_type, language, product="Pocket")
        codes = {fault.code for fault in faults}
        for fault in faults:
            if proposal := fault.params.get("proposal"):
                mends += 1
                left = lint_statement(str(proposal), job_type, language, product="Pocket")
                assert {item.code for item in left} <= codes - {fault.code}
    assert mends or job_type is JobType.RELATED


_FAULTY = {
    Language.FR: (
        "Être rassuré avec une application", "Passer pour un pro avec Pocket", "Ouvrir Pocket",
        "Minimiser les erreurs de saisie", "Tableur de suivi des dépenses", "Noter",
        "Retrouver 3 notes par jour et envoyer 2 devis avec un logiciel", "Trouver un logiciel",
        "Préparer ses devis deux fois plus vite avec ChatGPT", "Se sentir", "Sans stress",
    ),
    Language.EN: (
        "Be reassured with an app", "Look professional with Pocket", "Open Pocket",
        "Minimise typing errors", "A spreadsheet for expenses", "Write", "Find a tool",
        "Find 3 notes a day and send 2 quotes with software", "Feel", "No stress",
        "Prepare quotes twice as fast with ChatGPT", "Have a cheaper subscription",
    ),
}  # fmt: skip
"""Statements with several faults at once, and with faults that their words cannot mend."""
