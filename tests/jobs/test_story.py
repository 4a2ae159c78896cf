"""Job stories, only from one person's own words."""

from embauche.identify.evidence import Evidence
from embauche.jobs.job import Attachment
from embauche.jobs.statement import Wording
from embauche.jobs.story import tell_story
from embauche.vocabulary import Facet, Language

GOAL = "Je veux retrouver mes notes avant une réunion."
MOMENT = "Quand un client m'appelle sans prévenir, je suis perdu."
RESULT = "Je fais tout ça pour répondre sans hésiter."


def told(moment=MOMENT, result=RESULT, other="ana"):
    rows = [
        ("g", "ana", Facet.JOB_FUNCTIONAL, GOAL),
        ("t", other, Facet.TRIGGER, moment),
        ("o", "ana", Facet.OBJECTIVE, result),
    ]
    said = [Evidence(i, p, p, 0, len(q), q, f, Language.FR, "machine:x") for i, p, f, q in rows]
    cells = {item.facet: (Attachment(item.id, 0.5),) for item in said}
    wordings = {Language.FR: Wording("Retrouver ses notes avant une réunion", "g", is_quote=False)}
    return tell_story([said[0], said[2]], [said[1]], cells, wordings)


def test_a_story_needs_its_three_parts_from_one_person():
    assert told() == {
        Language.FR: "Quand un client m'appelle sans prévenir, je veux retrouver mes notes avant "
        "une réunion, pour répondre sans hésiter."
    }


def test_nobody_speaks_for_another():
    assert told(other="ben") == {}


def test_a_missing_part_leaves_it_empty():
    assert told(moment="C'était en mars.") == {}
    assert told(result="Une heure par semaine.") == {}


def test_a_result_that_repeats_the_job_is_no_result():
    assert told(result="C'est pour retrouver mes notes avant une réunion.") == {}
