"""coding.jsonl: people's decisions are applied, kept, and named where they fit nothing."""

from pathlib import Path

import pytest

from embauche.collect.source import Corpus, Participant, Sentence, Source, Turn
from embauche.errors import EvidenceError, StudyError
from embauche.identify.evidence import Evidence
from embauche.jobs.job import Attachment, Job, JobMap
from embauche.study.decided_jobs import decide_jobs
from embauche.study.decisions import (
    decide_evidence,
    parse_decisions,
    read_decisions,
    write_decisions,
)
from embauche.vocabulary import (
    EvidenceStatus,
    Facet,
    JobType,
    Language,
    SourceKind,
    SpeakerRole,
)

_WORDS = "Je cherche mes notes. J'ai tout perdu hier."
_SOURCE = Source(
    id="a",
    name="a.txt",
    kind=SourceKind.INTERVIEW,
    text=_WORDS,
    language=Language.FR,
    turns=(Turn(0, "Nadia", SpeakerRole.PARTICIPANT, "nadia", 0, len(_WORDS)),),
    sentences=(Sentence(0, 0, 0, 21), Sentence(1, 0, 22, len(_WORDS))),
)
_CORPUS = Corpus((_SOURCE,), (Participant("nadia", "Nadia"),))
_PROPOSED = Evidence(
    "e1", "a", "nadia", 0, 21, _WORDS[:21], Facet.JOB_FUNCTIONAL, Language.FR, "machine:test"
)


def test_a_decision_changes_status_and_facet() -> None:
    decisions = parse_decisions(
        ['{"kind": "evidence", "id": "e1", "status": "accepted", "facet": "objective"}']
    )
    evidence, notices = decide_evidence([_PROPOSED], _CORPUS, decisions)
    assert evidence[0].status is EvidenceStatus.ACCEPTED
    assert evidence[0].facet is Facet.OBJECTIVE
    assert evidence[0].quote == _PROPOSED.quote
    assert notices == ()


def test_the_last_decision_wins() -> None:
    decisions = parse_decisions(
        [
            '{"kind": "evidence", "id": "e1", "status": "accepted"}',
            "",
            '{"kind": "evidence", "id": "e1", "status": "rejected"}',
        ]
    )
    evidence, _ = decide_evidence([_PROPOSED], _CORPUS, decisions)
    assert evidence[0].status is EvidenceStatus.REJECTED


def test_a_person_adds_evidence_that_no_machine_proposed() -> None:
    decisions = parse_decisions(
        [
            '{"kind": "evidence", "id": "p1", "source": "a", "start": 22, "end": 43,'
            ' "quote": "J\'ai tout perdu hier.", "facet": "frustration", "coder": "person:lea"}'
        ]
    )
    evidence, _ = decide_evidence([], _CORPUS, decisions)
    assert evidence[0].participant == "nadia"
    assert evidence[0].status is EvidenceStatus.ACCEPTED


def test_an_invented_quote_is_refused() -> None:
    decisions = parse_decisions(
        [
            '{"kind": "evidence", "id": "p1", "source": "a", "start": 0, "end": 5,'
            ' "quote": "Autre", "facet": "frustration"}'
        ]
    )
    with pytest.raises(EvidenceError):
        decide_evidence([], _CORPUS, decisions)


def test_decisions_that_fit_nothing_are_named_and_kept(tmp_path: Path) -> None:
    decisions = parse_decisions(['{"kind": "evidence", "id": "gone", "status": "accepted"}'])
    _, notices = decide_evidence([_PROPOSED], _CORPUS, decisions)
    assert notices[0].params["n"] == 1
    write_decisions(tmp_path, decisions)
    assert "gone" in read_decisions(tmp_path).evidence


def _job(key: str, goals: str) -> Job:
    return Job(
        id=key,
        type=JobType.FUNCTIONAL,
        statement={Language.FR: "Chercher"},
        cells={Facet.JOB_FUNCTIONAL: tuple(Attachment(goal, 0.9) for goal in goals)},
        participants=("nadia",),
        name_source=goals[0],
    )


def test_a_persons_job_is_known_again_by_its_evidence() -> None:
    job_map = JobMap((_job("J-new", "abcd"), _job("J-other", "xyz")), {"nadia": "J-new"}, (), 0.9)
    decisions = parse_decisions(
        [
            '{"kind": "job", "id": "J-old", "statement": {"fr": "Retrouver une note"},'
            ' "evidence": ["a", "b", "c"]}',
            '{"kind": "job", "id": "J-gone", "statement": {"fr": "Rien"}, "evidence": ["q", "r"]}',
        ]
    )
    assert decisions.together == (frozenset("abc"), frozenset("qr"))
    decided, notices = decide_jobs(job_map, decisions)
    assert [job.id for job in decided.jobs] == ["J-old", "J-other"]
    assert decided.jobs[0].statement[Language.FR] == "Retrouver une note"
    assert not decided.jobs[0].statement_is_proposal
    assert decided.jobs[1].statement_is_proposal
    assert decided.main_job == {"nadia": "J-old"}
    assert notices[0].params["n"] == 1


def test_a_person_rates_evidence() -> None:
    decisions = parse_decisions(
        ['{"kind": "evidence", "id": "e1", "status": "accepted", "intensity": 3, "frequency": 20}']
    )
    (item,), _ = decide_evidence([_PROPOSED], _CORPUS, decisions)
    assert (item.intensity, item.dissatisfaction, item.frequency) == (3, None, 20)
    assert item.surety == 1.0


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '{"kind": "x", "id": "1"}',
        '{"kind": "evidence"}',
        '{"kind": "evidence", "id": "1", "status": "maybe"}',
        '{"kind": "evidence", "id": "1", "facet": "taste"}',
        '{"kind": "evidence", "id": "1", "intensity": 7}',
    ],
)
def test_a_bad_line_is_named(line: str) -> None:
    with pytest.raises(StudyError) as caught:
        parse_decisions(['{"kind": "evidence", "id": "1"}', line])
    assert caught.value.params["line"] == 2
