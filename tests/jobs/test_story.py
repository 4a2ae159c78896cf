"""Job stories, only from what the job's participants said."""

from embauche.identify.evidence import Evidence
from embauche.jobs.job import Attachment
from embauche.jobs.statement import Wording
from embauche.jobs.story import tell_story
from embauche.vocabulary import Facet, Language

GOAL = "Je veux retrouver mes notes avant une réunion."
MOMENT = "Quand un client m'appelle sans prévenir, je suis perdu."
RESULT = "Je fais tout ça pour répondre sans hésiter."


def told(moment=MOMENT, result=RESULT, other="ana", facet=Facet.TRIGGER):
    rows = [
        ("g", "ana", Facet.JOB_FUNCTIONAL, GOAL),
        ("t", other, facet, moment),
        ("o", "ana", Facet.OBJECTIVE, result),
    ]
    said = [Evidence(i, p, p, 0, len(q), q, f, Language.FR, "machine:x") for i, p, f, q in rows]
    cells = {item.facet: (Attachment(item.id, 0.5),) for item in said}
    wordings = {Language.FR: Wording("Retrouver ses notes avant une réunion", "g", is_quote=False)}
    return tell_story([said[0], said[2]], [said[1]], cells, wordings)


def test_a_story_has_three_parts():
    assert told() == {
        Language.FR: "Quand un client m'appelle sans prévenir, je veux retrouver mes notes avant "
        "une réunion, pour répondre sans hésiter."
    }


def test_another_participants_situation_completes_the_story():
    assert told(other="ben") == told()


def test_a_standing_circumstance_is_a_situation():
    story = told(moment="Il n'y a pas de réseau à la cave, et puis voilà.", facet=Facet.CONTEXT)
    assert story[Language.FR].startswith("Quand il n'y a pas de réseau à la cave, je veux ")


def test_a_gain_told_in_the_present_is_an_outcome():
    story = told(result="Franchement je gagne une heure par semaine.")
    assert story[Language.FR].endswith(", afin de gagner une heure par semaine.")


def test_a_story_in_english():
    rows = [
        ("g", "ana", Facet.JOB_FUNCTIONAL, "I want to find my notes before a meeting."),
        ("c", "ben", Facet.CONTEXT, "There's no network in the cellar."),
        ("o", "ben", Facet.OBJECTIVE, "I save an hour a week."),
    ]
    said = [Evidence(i, p, p, 0, len(q), q, f, Language.EN, "machine:x") for i, p, f, q in rows]
    cells = {item.facet: (Attachment(item.id, 0.5),) for item in said}
    wordings = {Language.EN: Wording("Find your notes before a meeting", "g", is_quote=False)}
    assert tell_story([said[0], said[2]], [said[1]], cells, wordings) == {
        Language.EN: "When there's no network in the cellar, I want to find my notes before a "
        "meeting, so that I save an hour a week."
    }


def test_a_missing_part_leaves_it_empty():
    assert told(moment="C'était en mars.") == {}
    assert told(result="Une heure, quoi.") == {}


def test_a_result_that_repeats_the_job_is_no_result():
    assert told(result="C'est pour retrouver mes notes avant une réunion.") == {}
