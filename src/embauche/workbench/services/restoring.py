"""Tables → findings: the same frozen results that the stages returned, with today's decisions."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import replace
from threading import Lock
from typing import Any, get_type_hints

from embauche.collect.source import Corpus, Participant, Sentence, Source, Turn
from embauche.collect.survey import Survey
from embauche.identify.evidence import Evidence
from embauche.jobs import Arrangement, matrix
from embauche.jobs.job import Attachment, Job, JobMap, NeedLink
from embauche.notices import Notice
from embauche.present.findings import Findings, StudyCard
from embauche.vocabulary import EvidenceStatus, Facet, JobType, Language, Moment, SourceKind
from embauche.workbench import models
from embauche.workbench.services.frozen import thaw
from embauche.workbench.services.inputs import results_folder
from embauche.workbench.services.storing import PARTS, FrameStore

_KEPT = 4
_cache: OrderedDict[tuple[int, int], Findings] = OrderedDict()
_lock = Lock()


def findings(study: models.Study, language: Language | str | None = None) -> Findings:
    """Return a study's findings as they stand now, in a language of the page's choice."""
    key = (study.pk, study.stamp)
    with _lock:
        found = _cache.get(key)
    if found is None:
        found = _restored(study)
        with _lock:
            _cache[key] = found
            while len(_cache) > _KEPT:
                _cache.popitem(last=False)
    if language is None or found.card.language == language:
        return found
    return replace(found, card=replace(found.card, language=Language(language)))


def _restored(study: models.Study) -> Findings:
    frames = FrameStore(results_folder(study))
    data = dict(models.Result.objects.filter(study=study).values_list("part", "data"))
    hints = get_type_hints(Findings)
    parts = {part: thaw(hints[part], data[part], frames.fetch) for part in PARTS if part in data}
    survey = models.Survey.objects.filter(study=study).first()
    evidence = _evidence(study)
    job_map = _job_map(study, data.get("job_map"))
    kept = [item for item in evidence if item.status is not EvidenceStatus.REJECTED]
    return Findings(
        card=_card(study),
        corpus=_corpus(study, data.get("corpus") or []),
        evidence=evidence,
        job_map=job_map,
        matrix=matrix(job_map, kept) if job_map else None,
        survey=thaw(Survey, survey.data, frames.fetch) if survey else None,
        links=tuple(
            NeedLink(link.need, link.job.key, link.similarity, link.confirmed)
            for link in study.links.select_related("job").order_by("pk")
        ),
        **parts,
    )


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
        turns=tuple(thaw(Turn, turn) for turn in row.turns),
        sentences=tuple(thaw(Sentence, sentence) for sentence in row.sentences),
        notices=tuple(thaw(Notice, notice) for notice in row.notices),
    )


def _corpus(study: models.Study, notices: list[Any]) -> Corpus | None:
    rows = list(study.sources.filter(current=True))
    if not rows:
        return None
    return Corpus(
        sources=tuple(source(row) for row in rows),
        participants=tuple(
            Participant(person.key, person.pseudonym, person.situation, person.demographics)
            for person in study.participants.all()
        ),
        notices=tuple(thaw(Notice, notice) for notice in notices),
    )


def _evidence(study: models.Study) -> tuple[Evidence, ...]:
    rows = (
        study.evidence.filter(current=True)
        .exclude(analysed_status="")  # came since: the figures do not hold it
        .select_related("source", "participant", "coder")
        .defer("source__text", "source__turns", "source__sentences")
    )
    return tuple(
        Evidence(
            id=row.key,
            source=row.source.key,
            participant=row.participant.key,
            start=row.start,
            end=row.end,
            quote=row.quote,
            facet=Facet(row.facet),
            language=Language(row.language),
            coder=row.coder.name,
            status=EvidenceStatus(row.status),
            confidence=row.confidence,
            moment=Moment(row.moment) if row.moment else None,
            intensity=row.intensity,
            dissatisfaction=row.dissatisfaction,
            frequency=row.frequency,
            valence=row.valence,
            reason=row.reason,
        )
        for row in rows
    )


def _job_map(study: models.Study, data: dict[str, Any] | None) -> JobMap | None:
    if data is None:
        return None
    cells: dict[int, dict[Facet, list[Attachment]]] = {}
    for job, facet, key, similarity, proximity in (
        models.JobEvidence.objects.filter(job__study=study)
        .order_by("job", "facet", "position")
        .values_list("job_id", "facet", "evidence__key", "similarity", "proximity")
    ):
        attachment = Attachment(key, similarity, proximity)
        cells.setdefault(job, {}).setdefault(Facet(facet), []).append(attachment)
    arrangement = thaw(Arrangement | None, data.get("arrangement"))
    parents = arrangement.parents if arrangement is not None else {}
    jobs = tuple(
        Job(
            id=row.key,
            type=JobType(row.type),
            statement={Language(key): text for key, text in row.statement.items()},
            cells={
                facet: tuple(cells[row.pk][facet])
                for facet in Facet
                if facet in cells.get(row.pk, {})
            },
            participants=tuple(row.participants),
            name_source=row.name_source,
            statement_is_proposal=row.statement_is_proposal,
            story={Language(key): text for key, text in row.story.items()},
            parent=arrangement.current(parents[row.key]) if row.key in parents else None,
        )
        for row in study.jobs.filter(current=True)
    )
    return JobMap(
        jobs=jobs,
        main_job=data["main_job"],
        unassigned=tuple(data["unassigned"]),
        threshold=float(data["threshold"]),
        notices=tuple(thaw(Notice, notice) for notice in data["notices"]),
        found=thaw(Mapping[str, frozenset[str]], data.get("found") or {}),
        arrangement=arrangement,
    )
