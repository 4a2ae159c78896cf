"""Tables → findings: the same frozen results that the stages returned, with today's decisions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Any, get_type_hints

from embauche.collect.source import Corpus, Participant, Sentence, Source, Turn
from embauche.collect.survey import Survey
from embauche.identify.evidence import Evidence
from embauche.jobs import Arrangement
from embauche.jobs.job import Attachment, Job, JobMap, NeedLink
from embauche.notices import Notice
from embauche.present.findings import Findings, StudyCard
from embauche.vocabulary import Facet, JobType, Language, SourceKind, SpeakerRole
from embauche.workbench import models
from embauche.workbench.services.frozen import thaw
from embauche.workbench.services.inputs import results_folder
from embauche.workbench.services.restored_evidence import KeptEvidence
from embauche.workbench.services.storing import PARTS, FrameStore
from embauche.workbench.services.uncommitted import uncommitted

_KEPT = 4
_lock = Lock()


class _Kept:
    """What a process remembers of a study, each part until what it was read from has changed."""

    def __init__(self, born: datetime) -> None:
        self.born = born
        self.lock = Lock()
        self.base: object = None
        self.figures: Findings | None = None
        self.whole: tuple[Findings, tuple[Evidence, ...], Findings] | None = None
        self.mark: object = None
        self.coders: dict[int, str] = {}
        self.parts: dict[str, Any] = {}
        self.evidence = KeptEvidence()


_cache: OrderedDict[int, _Kept] = OrderedDict()


def findings(study: models.Study, language: Language | str | None = None) -> Findings:
    """Return a study's findings as they stand now, in a language of the page's choice.

    Every process keeps those of the studies it showed last. A change of the study (its stamp) has
    them brought up to date: what only an analysis or other sources can change is not read again,
    and of the evidence only the rows that changed.
    """
    return _found(study, language, evidence=True)


def figures(study: models.Study, language: Language | str | None = None) -> Findings:
    """Return a study's findings without its evidence, for pages that show none of it.

    Ten thousand pieces of evidence are not compared with the table for a page of segments.
    """
    return _found(study, language, evidence=False)


@contextmanager
def evidence_table(study: models.Study, *, read: bool = True) -> Iterator[KeptEvidence | None]:
    """Give a study's evidence as this process keeps it, brought up to date, for as long as needed.

    ``None`` within a transaction, whose changes may never come to be, and, without `read`, where
    the process does not hold the study's evidence: whoever asks counts in the database then.
    """
    with _lock:
        kept = _cache.get(study.pk)
    if uncommitted() or not (read or (kept is not None and kept.evidence.rows)):
        yield None
        return
    kept = _kept_of(study)
    with kept.lock:
        kept.evidence.catch_up(study)
        yield kept.evidence


def _kept_of(study: models.Study) -> _Kept:
    with _lock:
        kept = _cache.get(study.pk)
        if kept is None or kept.born != study.created_at:
            kept = _cache[study.pk] = _Kept(study.created_at)
        _cache.move_to_end(study.pk)
        while len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return kept


def _found(study: models.Study, language: Language | str | None, *, evidence: bool) -> Findings:
    kept = _kept_of(study)
    # One thread reads; the others of the process wait for what it finds instead of reading too.
    with kept.lock:
        # What a transaction sees may never come to be.
        base = None if uncommitted() else (study.base, study.analysed_at)
        if kept.figures is None or base is None or kept.base != base:
            kept.figures, kept.base = _restored(study, kept), base
        found = kept.figures
        if evidence:
            rows = kept.evidence.refreshed(study)
            if kept.whole is None or kept.whole[0] is not found or kept.whole[1] is not rows:
                kept.whole = (found, rows, replace(found, evidence=rows))
            found = kept.whole[2]
    if language is None or found.card.language == language:
        return found
    return replace(found, card=replace(found.card, language=Language(language)))


def _restored(study: models.Study, kept: _Kept) -> Findings:
    """Restore what no decision about evidence changes."""
    sources = study.sources.filter(current=True)
    texts = tuple(sources.values_list("pk", "key", "name", "sha256", "position", "version"))
    people = tuple(study.participants.values_list("pk", "key"))
    coders = dict(study.coders.values_list("pk", "name"))
    renamed = any(coders.get(pk) != name for pk, name in kept.coders.items())
    kept.coders = coders
    mark = (study.fingerprint, study.analysed_at, texts, people)
    if renamed or mark != kept.mark:
        kept.mark = None
        kept.evidence = KeptEvidence()
        kept.parts = _parts(study)
        kept.mark = mark
    return Findings(
        card=_card(study),
        corpus=_corpus(study, kept.parts["sources"], kept.parts["corpus"]),
        evidence=(),
        job_map=_job_map(study, kept.parts["job_map"], kept.parts["cells"]),
        survey=kept.parts["survey"],
        links=tuple(
            NeedLink(link.need, link.job.key, link.similarity, link.confirmed)
            for link in study.links.select_related("job").order_by("pk")
        ),
        **kept.parts["figures"],
    )


def _parts(study: models.Study) -> dict[str, Any]:
    """Read what only an analysis or other sources change."""
    frames = FrameStore(results_folder(study))
    data = dict(
        models.Result.objects.filter(study=study).exclude(part="talk").values_list("part", "data")
    )
    hints = get_type_hints(Findings)
    survey = models.Survey.objects.filter(study=study).first()
    return {
        "figures": {
            part: thaw(hints[part], data[part], frames.fetch) for part in PARTS if part in data
        },
        "survey": thaw(Survey, survey.data, frames.fetch) if survey else None,
        "sources": tuple(source(row) for row in study.sources.filter(current=True)),
        "corpus": tuple(thaw(Notice, notice) for notice in data.get("corpus") or []),
        "job_map": _kept_map(data["job_map"]) if data.get("job_map") is not None else None,
        "cells": _cells(study),
    }


def _card(study: models.Study) -> StudyCard:
    return StudyCard(
        title=study.title,
        product=study.product,
        language=Language(study.language),
        question=study.question,
        fictional=study.fictional,
        made_on=study.analysed_at.date() if study.analysed_at else None,
        version=study.program,
        seed=study.seed,
        offer=study.offer,
    )


def source(row: models.Source) -> Source:
    """Return one source as the rooms know it."""
    return Source(
        id=row.key,
        name=row.name,
        kind=SourceKind(row.kind),
        text=row.text,
        language=Language(row.language),
        # As `freeze` wrote them: thousands of sentences do not wait for their type hints.
        turns=tuple(Turn(**{**turn, "role": SpeakerRole(turn["role"])}) for turn in row.turns),
        sentences=tuple(Sentence(**sentence) for sentence in row.sentences),
        notices=tuple(thaw(Notice, notice) for notice in row.notices),
    )


def _corpus(
    study: models.Study, sources: tuple[Source, ...], notices: tuple[Notice, ...]
) -> Corpus | None:
    if not sources:
        return None
    return Corpus(
        sources=sources,
        participants=tuple(
            Participant(person.key, person.pseudonym, person.situation, person.demographics)
            for person in study.participants.all()
        ),
        notices=notices,
    )


def _kept_map(data: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of the job map beside its jobs."""
    return {
        "main_job": data["main_job"],
        "unassigned": tuple(data["unassigned"]),
        "threshold": float(data["threshold"]),
        "notices": tuple(thaw(Notice, notice) for notice in data["notices"]),
        "found": thaw(Mapping[str, frozenset[str]], data.get("found") or {}),
        "arrangement": thaw(Arrangement | None, data.get("arrangement")),
    }


def _cells(study: models.Study) -> dict[int, dict[Facet, tuple[Attachment, ...]]]:
    """Return job → facet → what is attached, best first."""
    cells: dict[int, dict[Facet, list[Attachment]]] = {}
    facets = {facet.value: facet for facet in Facet}
    for job, facet, key, similarity, proximity in (
        models.JobEvidence.objects.filter(job__study=study)
        .order_by("job", "facet", "position")
        .values_list("job_id", "facet", "evidence__key", "similarity", "proximity")
    ):
        attachment = Attachment(key, similarity, proximity)
        cells.setdefault(job, {}).setdefault(facets[facet], []).append(attachment)
    return {
        job: {facet: tuple(held[facet]) for facet in Facet if facet in held}
        for job, held in cells.items()
    }


def _job_map(
    study: models.Study,
    data: dict[str, Any] | None,
    cells: dict[int, dict[Facet, tuple[Attachment, ...]]],
) -> JobMap | None:
    if data is None:
        return None
    arrangement = data["arrangement"]
    parents = arrangement.parents if arrangement is not None else {}
    jobs = tuple(
        Job(
            id=row.key,
            type=JobType(row.type),
            statement={Language(key): text for key, text in row.statement.items()},
            cells=cells.get(row.pk, {}),
            participants=tuple(row.participants),
            name_source=row.name_source,
            statement_is_proposal=row.statement_is_proposal,
            story={Language(key): text for key, text in row.story.items()},
            parent=arrangement.current(parents[row.key]) if row.key in parents else None,
        )
        for row in study.jobs.filter(current=True)
    )
    return JobMap(jobs=jobs, **data)
