"""Grouping, attachment, the matrix and links, on a fictional study with made-up vectors."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.collect.source import Corpus, Participant, Source, Turn
from embauche.errors import ConfigError
from embauche.identify.evidence import Evidence
from embauche.jobs import group, link_needs, matrix
from embauche.vocabulary import (
    GOAL_FACETS,
    EvidenceStatus,
    Facet,
    JobType,
    Language,
    SourceKind,
    SpeakerRole,
)

FIND, CALM, FAR = 0, 1, 2
SIZE = 24

SAID = [
    # participant, facet, theme, quote
    ("ana", Facet.JOB_FUNCTIONAL, FIND, "Je veux retrouver mes notes avant une réunion."),
    ("ana", Facet.FRUSTRATION, FIND, "Je fouille partout."),
    ("ana", Facet.EMOTION, FAR, "Ça me rend folle."),
    ("ben", Facet.JOB_FUNCTIONAL, FIND, "J'ai besoin de retrouver mes notes de réunion."),
    ("ben", Facet.OBJECTIVE, FIND, "Il faut que ça prenne une minute."),
    ("ben", Facet.ALTERNATIVE, FIND, "Sinon je cherche dans mon carnet."),
    ("cleo", Facet.JOB_FUNCTIONAL, FIND, "Je cherche à retrouver mes notes vite."),
    ("cleo", Facet.JOB_EMOTIONAL, CALM, "J'ai besoin de me sentir tranquille le soir."),
    ("dan", Facet.JOB_EMOTIONAL, CALM, "Je voudrais me sentir tranquille en partant."),
    ("dan", Facet.ANXIETY, CALM, "J'ai peur de perdre mes données."),
    ("eve", Facet.JOB_EMOTIONAL, CALM, "Je veux me sentir tranquille, voilà."),
    ("eve", Facet.JOB_FUNCTIONAL, FAR, "Je voudrais repeindre la cuisine de ma mère."),
]


def study():
    sources, evidence, vectors = [], [], []
    themes = np.eye(SIZE)[:2] * 2
    people = dict.fromkeys(row[0] for row in SAID)
    rng = np.random.default_rng(4)
    for person in people:
        mine = [row for row in SAID if row[0] == person]
        text, turns = "", []
        for index, (_, facet, theme, quote) in enumerate(mine):
            start = len(text)
            text += quote + "\n"
            turns.append(
                Turn(index * 4, person, SpeakerRole.PARTICIPANT, person, start, start + len(quote))
            )
            evidence.append(
                Evidence(
                    f"{person}-{index}-{facet.value}",
                    person,
                    person,
                    start,
                    start + len(quote),
                    quote,
                    facet,
                    Language.FR,
                    "machine:test",
                    confidence=0.8,
                )
            )
            noise = rng.normal(0, 0.15, SIZE)
            far = np.eye(SIZE)[4 + len(vectors) % (SIZE - 4)] * 2
            vectors.append(noise + (far if theme == FAR else themes[theme]))
        sources.append(
            Source(person, person, SourceKind.INTERVIEW, text, Language.FR, tuple(turns), ())
        )
    corpus = Corpus(tuple(sources), tuple(Participant(name, name) for name in people))
    rows = np.array(vectors)
    return corpus, evidence, rows / np.linalg.norm(rows, axis=1, keepdims=True)


def mapped(evidence=None, vectors=None, **options):
    corpus, own, rows = study()
    evidence = own if evidence is None else evidence
    vectors = rows if vectors is None else vectors
    return group(evidence, vectors, corpus=corpus, language=Language.FR, **options)


def by_type(job_map, job_type):
    (job,) = [job for job in job_map.jobs if job.type is job_type]
    return job


def test_two_shared_jobs_are_found_and_worded():
    job_map = mapped()
    assert len(job_map.jobs) == 2
    find, calm = by_type(job_map, JobType.FUNCTIONAL), by_type(job_map, JobType.EMOTIONAL)
    assert find.participants == ("ana", "ben", "cleo")
    assert calm.participants == ("cleo", "dan", "eve")
    assert find.statement[Language.FR].startswith("Retrouver ses notes")
    assert calm.statement[Language.FR].startswith("Se sentir tranquille")
    assert all(job.statement_is_proposal for job in job_map.jobs)


def test_what_is_stated_once_stays_unassigned():
    assert mapped().unassigned == ("eve-1-job.functional",)


def test_frustrations_and_alternatives_join_the_nearest_job():
    find = by_type(mapped(), JobType.FUNCTIONAL)
    assert find.evidence(Facet.FRUSTRATION) == ("ana-1-frustration",)
    assert find.evidence(Facet.ALTERNATIVE) == ("ben-2-alternative",)
    assert find.evidence(Facet.OBJECTIVE) == ("ben-1-objective",)


def test_far_evidence_is_not_forced_into_a_job():
    assert "ana-2-emotion" in mapped().unattached


def test_words_in_a_neighbouring_turn_count_as_nearness():
    calm = by_type(mapped(), JobType.EMOTIONAL)
    (fear,) = calm.cells[Facet.ANXIETY]
    assert fear.evidence == "dan-1-anxiety"
    assert fear.proximity == pytest.approx(0.45)


def test_rejected_evidence_forms_nothing():
    _, evidence, vectors = study()
    out = [
        replace(item, status=EvidenceStatus.REJECTED) if item.participant == "cleo" else item
        for item in evidence
    ]
    job_map = mapped(out, vectors)
    held = {a.evidence for job in job_map.jobs for cell in job.cells.values() for a in cell}
    assert not {i.id for i in out if i.participant == "cleo"} & held
    assert "cleo" not in job_map.main_job


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(len(SAID))))
def test_the_order_of_evidence_does_not_matter(order):
    _, evidence, vectors = study()
    shuffled = mapped([evidence[i] for i in order], vectors[list(order)])
    assert shuffled == mapped()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_every_piece_of_evidence_is_in_one_place(seed, n):
    rng = np.random.default_rng(seed)
    facets = list(Facet)
    people = [f"p{i}" for i in range(6)]
    evidence = [
        Evidence(
            f"e{i}",
            people[i % 6],
            people[i % 6],
            i * 10,
            i * 10 + 9,
            "Je veux ça",
            facets[k],
            Language.FR,
            "machine:x",
            confidence=float(c),
        )
        for i, (k, c) in enumerate(zip(rng.integers(0, 12, n), rng.random(n), strict=True))
    ]
    corpus = Corpus((), tuple(Participant(name, name) for name in people))
    job_map = group(evidence, rng.normal(size=(n, 8)), corpus=corpus, language=Language.FR)
    held = [a.evidence for job in job_map.jobs for cell in job.cells.values() for a in cell]
    everything = [*held, *job_map.unassigned, *job_map.unattached]
    assert sorted(everything) == sorted(item.id for item in evidence)
    for job in job_map.jobs:
        assert len(set(job.participants)) == len(job.participants)
    for share in job_map.shares.values():
        assert sum(share.values()) == pytest.approx(1)
    for row in matrix(job_map, evidence).rows:
        for cell in row.cells:
            assert cell.participants <= len(cell.evidence)


def test_ids_survive_another_run_with_other_evidence_around_them():
    corpus, evidence, vectors = study()
    kept = [i for i, item in enumerate(evidence) if item.facet in GOAL_FACETS]
    fewer = group([evidence[i] for i in kept], vectors[kept], corpus=corpus, language=Language.FR)
    assert {job.id for job in fewer.jobs} == {job.id for job in mapped().jobs}


def test_no_goals_is_said_and_not_an_error():
    _, evidence, vectors = study()
    rows = [i for i, item in enumerate(evidence) if item.facet not in GOAL_FACETS]
    job_map = mapped([evidence[i] for i in rows], vectors[rows])
    assert job_map.jobs == ()
    assert [notice.code for notice in job_map.notices] == ["jobs.no_goals"]
    assert mapped([], np.zeros((0, SIZE))).jobs == ()


def test_goals_that_nobody_shares_are_said_to_be_so():
    _, evidence, vectors = study()
    rows = [0, 3, 7, 11]
    different = np.eye(SIZE)[:4]
    job_map = mapped([evidence[i] for i in rows], different)
    assert vectors.shape[1] == SIZE
    assert "jobs.not_shared" in [notice.code for notice in job_map.notices]
    assert all(len(job.participants) == 1 for job in job_map.jobs)


def test_vectors_must_match_evidence():
    with pytest.raises(ValueError, match="vectors"):
        mapped(vectors=np.zeros((3, SIZE)))


def test_progress_may_cancel():
    class CancelledError(Exception):
        pass

    def stop(share):
        if share >= 0.5:
            raise CancelledError

    with pytest.raises(CancelledError):
        mapped(progress=stop)


def test_the_matrix_counts_people_and_reviews():
    _, evidence, _ = study()
    reviewed = [
        replace(item, status=EvidenceStatus.ACCEPTED) if item.participant == "ana" else item
        for item in evidence
    ]
    table = matrix(mapped(), reviewed)
    assert table.columns == ("job", "objective", "frustrations", "emotions", "alternatives")
    (row,) = [row for row in table.rows if row.job.type is JobType.FUNCTIONAL]
    assert row.cell("job").participants == 3
    assert row.cell("job").reviewed == 1
    assert row.cell("emotions").participants == 0
    assert table.of == 5


def test_the_main_job_is_what_a_participant_states_most():
    job_map = mapped()
    find = by_type(job_map, JobType.FUNCTIONAL)
    assert job_map.main_job["ben"] == find.id
    assert job_map.shares["cleo"][find.id] == pytest.approx(0.5)
    assert job_map.main_job["cleo"] == job_map.jobs[0].id


def encoder(texts):
    """Place texts about notes on one axis, about calm on another, the rest on a third."""
    rows = [[("notes" in t.lower()) + 0.0, ("tranquille" in t.lower()) + 0.0, 0.01] for t in texts]
    return np.array(rows)


def links(**options):
    _, evidence, _ = study()
    needs = {"q1": "Retrouver ses notes", "q2": "Prix bas"}
    return link_needs(
        needs, mapped(), evidence, vectors_of=encoder, language=Language.FR, **options
    )


def test_a_need_is_linked_to_the_job_it_asks_about():
    (link,) = links()
    assert (link.need, link.confirmed) == ("q1", False)
    assert link.job == by_type(mapped(), JobType.FUNCTIONAL).id


def test_a_confirmed_link_stands_by_id_or_by_statement():
    calm = by_type(mapped(), JobType.EMOTIONAL)
    for name in (calm.id, calm.statement[Language.FR], calm.statement[Language.FR].upper()):
        found = {link.need: link for link in links(confirmed={"q2": name})}
        assert found["q2"].job == calm.id
        assert found["q2"].confirmed


def test_an_unknown_job_names_the_nearest():
    with pytest.raises(ConfigError) as caught:
        links(confirmed={"q1": "Retrouver ces notes"})
    assert caught.value.code == "jobs.unknown_job"
    assert caught.value.params["nearest"].startswith("Retrouver ses notes")
    with pytest.raises(ConfigError) as caught:
        links(confirmed={"q3": "Retrouver ses notes"})
    assert caught.value.params["nearest"] in {"q1", "q2"}
    assert "[survey.jobs]" in caught.value.message("fr")
