"""Messages, funnel, backlog and ideas, on a fictional job."""

import pytest

from embauche.activate import backlog, funnel, ideas, messages
from embauche.activate.voices import clarity
from embauche.identify.evidence import Evidence
from embauche.jobs.job import Attachment, Job, JobMap, NeedLink
from embauche.prioritise.priority import Opportunity, QualitativePriority
from embauche.vocabulary import (
    EvidenceStatus,
    Facet,
    Force,
    JobType,
    Language,
    Moment,
    Zone,
)


def said(name, person, facet, quote="Je perds mes notes à chaque fois.", **options):
    start = sum(map(ord, name))
    return Evidence(
        name,
        person,
        person,
        start,
        start + len(quote),
        quote,
        facet,
        Language.FR,
        "machine:x",
        confidence=0.8,
        **options,
    )


EVIDENCE = [
    said("g1", "ana", Facet.JOB_FUNCTIONAL, "Je veux retrouver mes notes avant une réunion."),
    said("g2", "ben", Facet.JOB_FUNCTIONAL, "J'ai besoin de retrouver mes notes."),
    said("g3", "cleo", Facet.JOB_FUNCTIONAL, "Je cherche à retrouver mes notes de réunion."),
    said("f1", "ana", Facet.FRUSTRATION, moment=Moment.ACTIVE_LOOKING),
    said(
        "f2",
        "ana",
        Facet.FRUSTRATION,
        "Ça plante dès que je suis dans le train.",
        moment=Moment.ONGOING_USE,
    ),
    said("f3", "ben", Facet.FRUSTRATION, "Euh, bah, voilà quoi.", moment=Moment.ONGOING_USE),
    said(
        "t1",
        "ben",
        Facet.TRIGGER,
        "Le jour où j'ai oublié un client, j'ai cherché.",
        moment=Moment.FIRST_THOUGHT,
    ),
    said("x1", "cleo", Facet.ANXIETY, "J'ai peur que ça ne tienne pas.", moment=Moment.DECIDING),
    said("h1", "cleo", Facet.HABIT, "J'ai toujours eu un carnet.", moment=Moment.DECIDING),
    said(
        "p1", "cleo", Facet.PULL, "Ce qui m'a tentée, c'est la recherche.", moment=Moment.DECIDING
    ),
    said(
        "o1",
        "ana",
        Facet.OBJECTIVE,
        "Maintenant je retrouve tout en une minute.",
        moment=Moment.FIRST_USE,
    ),
    said("c1", "ana", Facet.ALTERNATIVE, "Sinon, mon carnet.", moment=Moment.COUNTERFACTUAL),
    said(
        "e1",
        "ben",
        Facet.EMOTION,
        "J'étais soulagé, vraiment soulagé ce soir-là.",
        moment=Moment.ONGOING_USE,
        valence=0.7,
    ),
    said("e2", "cleo", Facet.EMOTION, "J'avais honte devant tout le monde.", valence=-0.6),
]


def job(name="J-1", evidence=EVIDENCE, without=()):
    cells = {}
    for item in evidence:
        if item.facet not in without:
            cells.setdefault(item.facet, []).append(Attachment(item.id, 0.5))
    people = tuple(dict.fromkeys(i.participant for i in evidence if i.facet.startswith("job")))
    return Job(
        name,
        JobType.FUNCTIONAL,
        {Language.FR: "Retrouver ses notes"},
        {facet: tuple(items) for facet, items in cells.items()},
        people,
        "g1",
    )


def job_map(*jobs):
    return JobMap(jobs, {}, (), 0.88)


def opportunity(outcome, score, zone, segment=None):
    return Opportunity(
        outcome,
        f"imp_{outcome}",
        f"sat_{outcome}",
        segment,
        120,
        8.0,
        4.0,
        score,
        score - 1,
        score + 1,
        0.9,
        1,
        1,
        2,
        zone,
        4.0,
        score,
    )


def test_messages_hold_pains_and_gains_in_exact_words():
    material = messages(job(), EVIDENCE)
    quotes = {item.id: item.quote for item in EVIDENCE}
    assert {voice.evidence for voice in material.pains} == {"f1", "f2", "f3", "x1", "e2"}
    assert {voice.evidence for voice in material.gains} == {"o1", "p1"}
    assert all(quotes[v.evidence] == v.quote for v in (*material.pains, *material.gains))


def test_everyone_speaks_once_before_anyone_speaks_twice():
    first = [voice.participant for voice in messages(job(), EVIDENCE).pains][:3]
    assert sorted(first) == ["ana", "ben", "cleo"]


def test_thin_sides_say_so():
    material = messages(job(), EVIDENCE)
    assert material.pains_participants == 3
    assert [(n.code, n.params["n"]) for n in material.notices] == [("activate.thin_gains", 2)]


def test_a_clear_quote_comes_before_a_mumbled_one():
    assert clarity("Je perds mes notes à chaque réunion.") > clarity("Euh, bah, voilà quoi.")
    assert clarity("Je perds mes notes à chaque réunion.") > clarity("mot " * 70)


def test_the_funnel_follows_the_timeline():
    steps = funnel(job(), EVIDENCE)
    assert [step.moment for step in steps] == [
        Moment.FIRST_THOUGHT,
        Moment.ACTIVE_LOOKING,
        Moment.DECIDING,
        Moment.FIRST_USE,
        Moment.ONGOING_USE,
    ]
    roles = {(s.moment, i.role, i.force) for s in steps for i in s.items}
    assert roles == {
        (Moment.FIRST_THOUGHT, "triggers", Force.PUSH),
        (Moment.ACTIVE_LOOKING, "triggers", Force.PUSH),
        (Moment.DECIDING, "pulls", Force.PULL),
        (Moment.DECIDING, "blocks", Force.ANXIETY),
        (Moment.DECIDING, "blocks", Force.HABIT),
        (Moment.FIRST_USE, "reassures", None),
        (Moment.ONGOING_USE, "blocks", Force.PUSH),
        (Moment.ONGOING_USE, "reassures", None),
    }


def test_the_counterfactual_stands_outside_the_funnel():
    heard = {v.evidence for s in funnel(job(), EVIDENCE) for i in s.items for v in i.voices}
    assert "c1" not in heard


def test_a_moment_counts_people_once():
    (deciding,) = [s for s in funnel(job(), EVIDENCE) if s.moment is Moment.DECIDING]
    assert deciding.participants == 1
    assert deciding.notices[0].code == "activate.thin_moment"


def test_the_backlog_of_a_survey_is_ordered_and_linked():
    rows = backlog(
        [
            opportunity("search", 13.0, Zone.STRONG),
            opportunity("sync", 15.5, Zone.EXTREME),
            opportunity("colours", 6.0, Zone.UNIMPORTANT),
            opportunity("print", 8.0, Zone.SERVED),
            opportunity("print", 14.0, Zone.STRONG, "S2"),
            opportunity("print", 5.0, Zone.SERVED, "S1"),
        ],
        job_map(job()),
        EVIDENCE,
        links=[NeedLink("imp_search", "J-1", 0.6)],
    )
    assert [row.label for row in rows] == ["sync", "print", "search"]
    assert [row.rank for row in rows] == [1, 2, 3]
    assert (rows[1].worst_segment, rows[1].worst_score) == ("S2", 14.0)
    assert "activate.only_in_segment" in [n.code for n in rows[1].notices]
    assert rows[2].job == "J-1"
    assert {voice.evidence for voice in rows[2].voices} <= {"f1", "f2", "f3"}


def test_from_interviews_alone_the_index_orders_frustrations():
    other = job("J-2")
    ranks = [
        QualitativePriority(
            name,
            3,
            3,
            None,
            0,
            "share",
            1.0,
            1.0,
            0.4,
            1.0,
            3.0,
            3,
            3.0,
            3,
            index,
            index,
            index,
            1,
            1,
            2,
            1.0,
        )
        for name, index in (("J-1", 20.0), ("J-2", 60.0))
    ]
    rows = backlog([], job_map(job(), other), EVIDENCE, priorities=ranks)
    assert [row.job for row in rows] == ["J-2", "J-1"]
    assert rows[0].origin == "interviews"
    assert rows[0].n == 2
    assert rows[0].label in {item.quote for item in EVIDENCE}


def test_an_unknown_index_is_not_zero_and_comes_last():
    rows = backlog([], job_map(job("J-1")), EVIDENCE)
    assert rows[0].score is None


def test_a_job_without_alternative_is_an_idea_when_enough_state_it():
    bare = job("J-2", without=(Facet.ALTERNATIVE,))
    found = ideas(job_map(job(), bare), EVIDENCE)
    assert [(idea.kind, idea.job, idea.n) for idea in found] == [("unserved", "J-2", 3)]
    assert found[0].notices[0].code == "activate.silence_is_no_proof"
    assert ideas(job_map(bare), EVIDENCE, least=4) == ()


def test_an_over_served_outcome_is_an_idea():
    (found,) = ideas(
        job_map(),
        EVIDENCE,
        opportunities=[opportunity("templates", 3.0, Zone.OVER_SERVED)],
    )
    assert (found.kind, found.outcome, found.n) == ("over-served", "templates", 120)


@pytest.mark.parametrize("status", list(EvidenceStatus))
def test_a_voice_says_whether_it_was_reviewed(status):
    evidence = [said("g1", "ana", Facet.OBJECTIVE, "Je gagne une heure.", status=status)]
    (voice,) = messages(job(evidence=evidence), evidence).gains
    assert voice.reviewed is (status is EvidenceStatus.ACCEPTED)
