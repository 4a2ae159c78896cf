"""From evidence to jobs: goal statements are grouped, typed and worded; the rest is attached."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from embauche.collect.source import Corpus
from embauche.identify.evidence import Evidence
from embauche.jobs.arranging import arranged
from embauche.jobs.attachment import attach, proximities
from embauche.jobs.decided import put_together
from embauche.jobs.goals import DEFAULT_THRESHOLD, Goals
from embauche.jobs.job import Attachment, Job, JobMap
from embauche.jobs.operations import Entry
from embauche.jobs.slider import Slider
from embauche.jobs.space import Space, fit_space
from embauche.jobs.statement import word_job
from embauche.jobs.story import tell_story
from embauche.notices import Notice, Severity
from embauche.vocabulary import (
    GOAL_FACETS,
    JOB_FACETS,
    JOB_TYPE_OF_FACET,
    EvidenceStatus,
    Facet,
    JobType,
    Language,
)

Progress = Callable[[float], None]


def canonical(evidence: Sequence[Evidence]) -> list[int]:
    """Return row numbers in an order that does not depend on the order given; rejected left out."""
    rows = [i for i, item in enumerate(evidence) if item.status is not EvidenceStatus.REJECTED]
    return sorted(
        rows,
        key=lambda i: (evidence[i].source, evidence[i].start, evidence[i].facet, evidence[i].id),
    )


def group(
    evidence: Sequence[Evidence],
    vectors: NDArray[np.floating],
    *,
    corpus: Corpus,
    language: Language,
    threshold: float = DEFAULT_THRESHOLD,
    most: int | None = None,
    product: str = "",
    together: Sequence[AbstractSet[str]] = (),
    operations: Sequence[Entry] = (),
    known: Mapping[str, AbstractSet[str]] | None = None,
    seen: AbstractSet[str] = frozenset(),
    seed: int = 0,
    progress: Progress | None = None,
) -> JobMap:
    """Group goal statements into jobs, and attach all other evidence to them.

    Statements of jobs are cut from an average linkage of cosine distances (vectors centred per
    language), small groups join the nearest large one, objectives join the nearest job, and what
    is near nothing stays out. The result does not depend on the order of the evidence.

    Parameters
    ----------
    evidence
        What was proposed or coded; rejected evidence is left out.
    vectors
        (n, d) sentence vectors of the quotes, one row a piece of evidence.
    corpus
        Where the evidence stands, and who the participants are.
    language
        Language of the study; the statements' other language is filled in where it was spoken.
    threshold
        Cosine distance at which groups are kept apart; other cuts are nested in that of the
        default, see `jobs.slider`.
    most
        Jobs at most, so that a team can discuss them; by default ``3 √participants``, between 6
        and 20, and no limit under the default threshold.
    product
        The product's name, which no statement should hold.
    together
        Sets of ids of goal evidence that a person put together: each set is one job, whatever
        the distances say; what nobody decided about is grouped around them.
    operations
        What people did to the jobs (`OperationLog.standing`): it is done again on what the
        machine groups, and what cannot be done any more is named in a notice.
    known
        Id of a job → its goal evidence when it was last seen: a job that is known again by its
        evidence keeps its id.
    seen
        All goal evidence that was in a job then.
    seed
        For the interface's sake: nothing here is drawn at random.
    progress
        Called with the share done; may raise to cancel.

    Returns
    -------
    JobMap
        Jobs, those stated by most participants first.

    Raises
    ------
    ValueError
        If `vectors` has another number of rows than `evidence`.
    """
    del seed
    if len(vectors) != len(evidence):
        msg = f"{len(evidence)} pieces of evidence and {len(vectors)} vectors"
        raise ValueError(msg)
    tick = progress or (lambda _share: None)
    tick(0.0)
    order = canonical(evidence)
    items = [evidence[i] for i in order]
    rows = (
        np.asarray(vectors, dtype=np.float64).reshape(len(evidence), -1)[order]
        if order
        else np.zeros((0, 1))
    )
    goal_rows = [i for i, item in enumerate(items) if item.facet in GOAL_FACETS]
    if not goal_rows:
        rest = tuple(item.id for item in items)
        notice = Notice("jobs.no_goals", {"n": len(items)}, "problem")
        return JobMap((), MappingProxyType({}), (), threshold, (notice,), rest)
    goals_said = tuple(items[i] for i in goal_rows)
    space = fit_space(rows[goal_rows], [item.language for item in goals_said])
    placed = space.place(rows[goal_rows], [item.language for item in goals_said])
    slider = Slider(goals_said, placed, most)
    labels = put_together(goals_said, slider.at(threshold), together)
    others = [i for i, item in enumerate(items) if item.facet not in GOAL_FACETS]
    kept = arranged(
        Goals(goals_said, placed, labels),
        [items[i].id for i in others],
        operations,
        known or {},
        seen,
    )
    goals = kept.goals
    tick(0.5)
    near = _Near(goals, space, [items[i] for i in others], rows[others], corpus, kept.attached)
    tick(0.7)
    jobs: list[Job] = []
    taken: set[str] = set()
    for number, key in enumerate(kept.ids):
        given = kept.arrangement.types.get(key)
        job = _job(number, key, goals, near, corpus, language, product, taken, given)
        jobs.append(kept.as_said(job))
        taken.update(text.casefold() for text in jobs[-1].statement.values())
    tick(0.9)
    jobs.sort(key=lambda job: (-len(job.participants), -job.evidence_count, job.id))
    shares = _shares(goals, {key: number for number, key in enumerate(kept.ids)})
    made = JobMap(
        jobs=tuple(jobs),
        main_job=MappingProxyType(_main_jobs(shares, jobs)),
        unassigned=tuple(
            item.id for item, label in zip(goals.items, goals.labels, strict=True) if label < 0
        ),
        threshold=threshold,
        notices=(*slider.notices, *kept.notices, *_doubts(goals, jobs)),
        unattached=near.unattached,
        shares=MappingProxyType({who: MappingProxyType(part) for who, part in shares.items()}),
        found=MappingProxyType(kept.found),
        arrangement=kept.arrangement,
    )
    tick(1.0)
    return made


class _Near:
    """All evidence that is no goal, with the job that each piece was attached to."""

    def __init__(
        self,
        goals: Goals,
        space: Space,
        items: Sequence[Evidence],
        rows: NDArray[np.float64],
        corpus: Corpus,
        moved: Mapping[str, int],
    ) -> None:
        self.items = items
        centres = goals.centres()
        languages = [item.language for item in items]
        self.cosine = space.place(rows, languages) @ centres.T
        self.near = proximities(items, goals.items, goals.labels, len(centres), corpus)
        self.labels, self.score = attach(self.cosine, self.near)
        for row, item in enumerate(items):
            self.labels[row] = moved.get(item.id, self.labels[row])

    @property
    def unattached(self) -> tuple[str, ...]:
        pairs = zip(self.items, self.labels, strict=True)
        return tuple(item.id for item, label in pairs if label < 0)

    def cells(self, job: int) -> dict[Facet, list[tuple[float, Attachment]]]:
        cells: dict[Facet, list[tuple[float, Attachment]]] = {}
        for row in np.flatnonzero(self.labels == job).tolist():
            item = self.items[row]
            made = Attachment(
                item.id,
                round(float(self.cosine[row, job]), 6),
                round(float(self.near[row, job]), 6),
            )
            cells.setdefault(item.facet, []).append((float(self.score[row, job]), made))
        return cells


def _type(items: Sequence[Evidence]) -> JobType:
    """Take the type that most participants give it, each with their surest statement."""
    surest: dict[tuple[JobType, str], float] = {}
    for item in items:
        if item.facet in JOB_FACETS:
            key = (JOB_TYPE_OF_FACET[item.facet], item.participant)
            surest[key] = max(surest.get(key, 0.0), item.surety)
    votes = dict.fromkeys(JobType, 0.0)
    for (job_type, _), confidence in surest.items():
        votes[job_type] += confidence
    return max(JobType, key=lambda job_type: votes[job_type])


def _job(
    number: int,
    key: str,
    goals: Goals,
    near: _Near,
    corpus: Corpus,
    language: Language,
    product: str,
    taken: Collection[str],
    given: JobType | None = None,
) -> Job:
    rows = goals.of(number)
    said = [goals.items[i] for i in rows.tolist()]
    centre = goals.centres()[number]
    closeness = [float(value) for value in goals.placed[rows] @ centre]
    job_type = given or _type(said)
    cells = near.cells(number)
    for item, value in zip(said, closeness, strict=True):
        cells.setdefault(item.facet, []).append((value, Attachment(item.id, round(value, 6), 1.0)))
    ordered = MappingProxyType(
        {
            facet: tuple(
                made for _, made in sorted(cells[facet], key=lambda c: (-c[0], c[1].evidence))
            )
            for facet in Facet
            if facet in cells
        }
    )
    of_type = [
        (item, value)
        for item, value in zip(said, closeness, strict=True)
        if JOB_TYPE_OF_FACET.get(item.facet) in (job_type, None)
    ] or list(zip(said, closeness, strict=True))
    wordings = {
        each: word
        for each in Language
        if (
            word := word_job(
                [item for item, _ in of_type],
                [v for _, v in of_type],
                job_type,
                each,
                product=product,
                taken=taken,
            )
        )
    }
    for each in Language:
        if each not in wordings or wordings[each].is_quote:
            word = word_job(said, closeness, job_type, each, product=product, taken=taken)
            if word and (each not in wordings or not word.is_quote):
                wordings[each] = word
    main = wordings.get(language) or next(iter(wordings.values()))
    states = {item.participant for item in said}
    known = [person.id for person in corpus.participants if person.id in states]
    people = (*known, *sorted(states - set(known)))
    notices = []
    if main.is_quote:
        notices.append(Notice("jobs.statement_is_quote", {}, "info"))
    if language not in wordings:
        notices.append(Notice("jobs.statement_other_language", {}, "info"))
    attached = [
        item for item, label in zip(near.items, near.labels, strict=True) if label == number
    ]
    return Job(
        id=key,
        type=job_type,
        statement=MappingProxyType({each: word.text for each, word in wordings.items()}),
        cells=ordered,
        participants=people,
        name_source=main.source,
        story=MappingProxyType(tell_story(said, attached, ordered, wordings)),
        statement_is_quote=main.is_quote,
        notices=tuple(notices),
    )


def _shares(goals: Goals, numbers: Mapping[str, int]) -> dict[str, dict[str, float]]:
    """Weigh each participant's statements by confidence, and give each job its share."""
    ids = {number: job for job, number in numbers.items()}
    said: dict[str, dict[str, float]] = {}
    for item, label in zip(goals.items, goals.labels, strict=True):
        if label >= 0:
            mine = said.setdefault(item.participant, {})
            mine[ids[int(label)]] = mine.get(ids[int(label)], 0.0) + item.surety
    return {
        who: {job: weight / (sum(part.values()) or 1.0) for job, weight in part.items()}
        for who, part in sorted(said.items())
    }


def _main_jobs(shares: Mapping[str, Mapping[str, float]], jobs: Sequence[Job]) -> dict[str, str]:
    rank = {job.id: position for position, job in enumerate(jobs)}
    return {
        who: min(part, key=lambda job: (-round(part[job], 9), rank[job]))
        for who, part in shares.items()
    }


def _doubts(goals: Goals, jobs: Sequence[Job]) -> tuple[Notice, ...]:
    notices: list[Notice] = []
    alone = int((goals.labels < 0).sum())
    if alone:
        share = alone / len(goals.items)
        severity: Severity = "weak" if share > 0.5 else "info"
        params = {"n": alone, "of": len(goals.items), "unassigned_share": share}
        notices.append(Notice("jobs.unassigned", params, severity))
    unreviewed = sum(item.status is EvidenceStatus.PROPOSED for item in goals.items)
    if unreviewed:
        notices.append(Notice("jobs.unreviewed", {"n": unreviewed, "of": len(goals.items)}, "weak"))
    quotes = sum(job.statement_is_quote for job in jobs)
    if quotes:
        notices.append(Notice("jobs.quotes_as_statements", {"n": quotes}, "info"))
    return tuple(notices)
