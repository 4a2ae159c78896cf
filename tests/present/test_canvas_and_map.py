"""Jobs Canvas and empathy map: nothing but evidence, in the documented boxes."""

from dataclasses import replace

from fictional_findings import full

import embauche.present
from embauche.present.canvas import CANVAS_BOXES, jobs_canvas
from embauche.present.empathy_map import EMPATHY_BOXES, empathy_map
from embauche.vocabulary import EvidenceStatus, Facet


def facets(findings, box):
    known = {item.id: item.facet for item in findings.evidence}
    return {known[item] for item in box.evidence}


def test_boxes_hold_the_facets_that_feed_them():
    findings = full("fr")
    job = findings.job_map.jobs[0]
    for made, feeds in (
        (jobs_canvas(findings, job), CANVAS_BOXES),
        (empathy_map(findings, job), EMPATHY_BOXES),
    ):
        assert [box.key for box in made.boxes] == list(feeds)
        for box in made.boxes:
            assert facets(findings, box) <= set(feeds[box.key])


def test_a_belief_is_thought_and_not_gained():
    findings = full("fr")
    job = findings.job_map.jobs[0]
    first = job.evidence(Facet.OBJECTIVE)[0]
    believed = replace(
        findings,
        evidence=tuple(
            replace(item, quote="Je pense que ça doit prendre une minute")
            if item.id == first
            else item
            for item in findings.evidence
        ),
    )
    boxes = {box.key: box for box in empathy_map(believed, job).boxes}
    assert first in boxes["thinks"].evidence
    assert first not in boxes["gains"].evidence
    before = {box.key: box for box in empathy_map(findings, job).boxes}
    assert first in before["gains"].evidence


def test_rejected_evidence_leaves_its_box_empty():
    findings = full("fr")
    job = findings.job_map.jobs[0]
    (trigger,) = job.evidence(Facet.TRIGGER)
    rejected = replace(
        findings,
        evidence=tuple(
            replace(item, status=EvidenceStatus.REJECTED) if item.id == trigger else item
            for item in findings.evidence
        ),
    )
    boxes = {box.key: box for box in jobs_canvas(rejected, job).boxes}
    assert boxes["triggers"].evidence == ()
    assert boxes["triggers"].participants == 0


def test_the_offer_stands_in_the_teams_own_words():
    findings = full("fr")
    made = jobs_canvas(findings, findings.job_map.jobs[0])
    assert [(item.part, item.text) for item in made.offer] == list(findings.card.offer.items())


def test_every_public_name_loads():
    for name in embauche.present.__all__:
        assert getattr(embauche.present, name) is not None
