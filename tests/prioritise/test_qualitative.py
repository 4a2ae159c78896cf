import math

import pytest

from embauche.identify.evidence import Evidence
from embauche.jobs.job import Attachment, Job, JobMap
from embauche.prioritise import heatmap, qualitative_priorities
from embauche.segment.personas_answers import wilson
from embauche.vocabulary import EvidenceStatus, Facet, JobType, Language


def evidence(number, person, facet=Facet.FRUSTRATION, **given):
    """A piece of fictional evidence."""
    return Evidence(
        id=f"e{number}", source="s", participant=person, start=0, end=1, quote="x", facet=facet,
        language=Language.FR, coder="person:A", **given,
    )  # fmt: skip


def job_of(name, people, pieces):
    cells = {}
    for piece in pieces:
        cells.setdefault(piece.facet, []).append(Attachment(piece.id, 0.9))
    return Job(
        name, JobType.FUNCTIONAL, {Language.FR: name},
        {facet: tuple(items) for facet, items in cells.items()}, tuple(people), pieces[0].id,
    )  # fmt: skip


def study(accepted=EvidenceStatus.ACCEPTED):
    """Two jobs: four of ten people rate A high, three of ten rate B low."""
    first = [
        evidence(1, "p1", intensity=4, dissatisfaction=4, frequency=30.0, status=accepted),
        evidence(2, "p1", intensity=2, status=accepted),
        evidence(3, "p2", intensity=3, dissatisfaction=2, frequency=4.0, status=accepted),
        evidence(4, "p3", status=accepted),
        evidence(5, "p4", intensity=0, status=EvidenceStatus.REJECTED),
    ]
    second = [
        evidence(6, "p5", intensity=1, dissatisfaction=1, status=accepted),
        evidence(7, "p6", intensity=1, dissatisfaction=1),
    ]
    jobs = (job_of("A", ["p1", "p2", "p3", "p4"], first), job_of("B", ["p5", "p6", "p7"], second))
    return JobMap(jobs, {}, (), 0.9), [*first, *second]


def test_wilson_as_published():
    # Newcombe (1998), table I: 81 of 263 gives .2553 to .3662, 0 of 20 gives 0 to .1611.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson(0.0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(0.5, 0) == (0.0, 1.0)


def test_index_by_hand():
    job_map, pieces = study()
    first, second = qualitative_priorities(job_map, pieces, 10)
    assert (first.job, second.job) == ("A", "B")
    # Participants first: p1 averages 3, p2 is 3; dissatisfaction 4 and 2. Rejected p4 counts not.
    assert (first.intensity, first.intensity_n) == (3.0, 2)
    assert (first.dissatisfaction, first.dissatisfaction_n) == (3.0, 2)
    assert first.frequency == 17.0
    assert first.frequency_share == 0.4
    assert (first.frequency_low, first.frequency_high) == pytest.approx(wilson(0.4, 10))
    assert (first.frequency_n, first.frequency_basis) == (2, "occurrences")
    # p1 says 30 a month, p2 says 4: levels 1 and ln 5 / ln 31.
    level = (1 + math.log(5) / math.log(31)) / 2
    assert first.frequency_level == pytest.approx(level)
    assert first.index == pytest.approx(100 * level * 0.75 * 0.75)
    # Nobody says how often B arises: the share stands in.
    assert (second.frequency, second.frequency_basis) == (None, "share")
    assert second.frequency_level == 0.3
    assert second.index == pytest.approx(100 * 0.3 * 0.25 * 0.25)
    assert (first.rank, second.rank) == (1, 2)
    assert 0 <= first.low < first.index < first.high <= 100
    assert first.unreviewed_share == 0.0
    assert second.unreviewed_share == 0.5


def test_occurrences_come_before_the_share():
    """A daily job of few people outranks an equal job of many that arises once a year."""
    rare = [
        evidence(k, f"p{k}", intensity=3, dissatisfaction=3, frequency=1 / 12) for k in range(8)
    ]
    daily = [
        evidence(k, f"p{k}", intensity=3, dissatisfaction=3, frequency=30.0) for k in range(8, 11)
    ]
    jobs = (
        job_of("rare", [f"p{k}" for k in range(8)], rare),
        job_of("daily", [f"p{k}" for k in range(8, 11)], daily),
    )
    rows = qualitative_priorities(JobMap(jobs, {}, (), 0.9), [*rare, *daily], 12)
    assert [row.job for row in rows] == ["daily", "rare"]
    assert [row.frequency_level for row in rows] == pytest.approx([1.0, 0.0233], abs=1e-4)
    assert not any(n.code == "qualitative.frequency_mixed" for n in rows[0].notices)


def test_a_share_that_stands_in_is_told():
    job_map, pieces = study()
    first, second = qualitative_priorities(job_map, pieces, 10)
    codes = [notice.code for notice in second.notices]
    assert "qualitative.frequency_unknown" in codes
    mixed = next(n for n in first.notices if n.code == "qualitative.frequency_mixed")
    assert mixed.params == {"n": 1, "of": 2}
    assert "qualitative.frequency_thin" in [notice.code for notice in first.notices]


def test_unknown_is_not_zero():
    piece = evidence(1, "p1", intensity=3)
    job_map = JobMap((job_of("A", ["p1"], [piece]),), {}, (), 0.9)
    (row,) = qualitative_priorities(job_map, [piece], 15)
    assert row.dissatisfaction is None
    assert row.index is None
    assert row.rank is None
    assert "qualitative.dissatisfaction_unknown" in [notice.code for notice in row.notices]


def test_few_participants_say_how_often_the_first_changes():
    job_map, pieces = study()
    row = qualitative_priorities(job_map, pieces, 10)[0]
    notice = next(n for n in row.notices if n.code == "qualitative.few_participants")
    assert 0 < notice.params["changes_share"] < 0.5
    assert not any(
        n.code == "qualitative.few_participants"
        for n in qualitative_priorities(job_map, pieces, 12)[0].notices
    )


def test_a_person_whose_statements_are_all_rejected_does_not_state_the_job():
    kept = evidence(1, "p1", Facet.JOB_FUNCTIONAL)
    gone = evidence(2, "p2", Facet.JOB_FUNCTIONAL, status=EvidenceStatus.REJECTED)
    job_map = JobMap((job_of("A", ["p1", "p2"], [kept, gone]),), {}, (), 0.9)
    assert qualitative_priorities(job_map, [kept, gone], 5)[0].participants == 1


def test_order_of_evidence_does_not_matter():
    job_map, pieces = study()
    assert qualitative_priorities(job_map, pieces, 10, seed=3) == qualitative_priorities(
        job_map, pieces[::-1], 10, seed=3
    )


def test_heatmap_rows():
    job_map, pieces = study()
    rows = heatmap(qualitative_priorities(job_map, pieces, 10), job_map, pieces)
    assert [row.job for row in rows] == ["A", "B"]
    frequency, intensity, dissatisfaction = rows[0].cells
    assert (frequency.value, frequency.n, frequency.low, frequency.high) == (17.0, 2, 4.0, 30.0)
    stand_in = rows[1].cells[0]
    assert (stand_in.value, stand_in.level, stand_in.n) == (0.3, 0.3, 10)
    assert (intensity.value, intensity.level, intensity.n) == (3.0, 0.75, 2)
    assert (intensity.low, intensity.high) == (None, None)  # equal ratings have no spread
    # t on 4 and 2: 3 ± 12.706, cut at 0 and 4.
    assert (dissatisfaction.low, dissatisfaction.high) == (0.0, 4.0)


def test_no_jobs():
    assert qualitative_priorities(JobMap((), {}, (), 0.9), [], 5) == ()
