"""Findings → tables: what is new is added, what people decided is kept."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

import polars as pl
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from embauche import __version__
from embauche.identify import RememberedTalk, talk_from_bytes, talk_to_bytes
from embauche.present.findings import Findings
from embauche.present.zones import has_zones
from embauche.study.decisions import Decisions
from embauche.workbench.models import (
    Coder,
    Evidence,
    Job,
    JobEvidence,
    NeedLink,
    Participant,
    Result,
    Source,
    Study,
    Survey,
)
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.frozen import freeze
from embauche.workbench.services.keeping import (
    FORMS,
    keep_codings,
    keep_memos,
    keep_texts,
    texts_to_search,
)
from embauche.workbench.services.set_aside import set_aside

PARTS = (
    "segmentation",
    "validation",
    "typing",
    "qualitative",
    "opportunities",
    "assignment",
    "steps",
    "notices",
)
"""Parts of `Findings` that are kept as they are; the others have tables of their own."""


class FrameStore:
    """Keeps frames as parquet files under names of their own; old ones are swept after commit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: set[str] = set()

    def keep(self, frame: pl.DataFrame) -> str:
        """Write a frame and return its name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{uuid.uuid4().hex}.parquet"
        frame.write_parquet(self.folder / name)
        self.kept.add(name)
        return name

    def fetch(self, name: str) -> pl.DataFrame:
        """Read the frame of a name."""
        return pl.read_parquet(self.folder / Path(name).name)

    def keep_talk(self, talk: RememberedTalk) -> str:
        """Write what the coder heard and return its name."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = f"{uuid.uuid4().hex}.npz"
        (self.folder / name).write_bytes(talk_to_bytes(talk))
        self.kept.add(name)
        return name

    def fetch_talk(self, name: str) -> RememberedTalk:
        """Read what the coder heard.

        Raises
        ------
        OSError, ValueError, KeyError
            If it is gone or broken.
        """
        return talk_from_bytes((self.folder / Path(name).name).read_bytes())

    def sweep(self) -> None:
        """Remove the files that no result names any more."""
        for path in (*self.folder.glob("*.parquet"), *self.folder.glob("*.npz")):
            if path.name not in self.kept:
                path.unlink(missing_ok=True)


def store(
    study: Study,
    findings: Findings,
    decided: Decisions,
    marks: tuple[str, str],
    frames: FrameStore,
    talk: RememberedTalk | None = None,
) -> None:
    """Write the findings of an analysis into the database, all or nothing.

    `marks` are the fingerprints of all the input and of its files alone; `talk` is what the coder
    heard, from which it learns between two analyses.
    """
    fingerprint, files = marks
    parts = {part: freeze(getattr(findings, part), frames.keep) for part in PARTS}
    job_map = findings.job_map
    if job_map is not None:
        parts["job_map"] = {
            "main_job": dict(job_map.main_job),
            "unassigned": list(job_map.unassigned),
            "threshold": freeze(job_map.threshold),
            "notices": freeze(job_map.notices),
            "found": freeze(job_map.found),
            "arrangement": freeze(job_map.arrangement),
        }
    parts["corpus"] = freeze(findings.corpus.notices) if findings.corpus else []
    parts["summary"] = _summary(findings)
    parts["talk"] = {"file": frames.keep_talk(talk)} if talk is not None else None
    texts, parts[FORMS] = texts_to_search(findings.corpus)
    survey = freeze(findings.survey, frames.keep)
    with transaction.atomic():
        _store_corpus(study, findings)
        _store_evidence(study, findings, decided)
        _store_jobs(study, findings, decided)
        keep_codings(study)
        keep_memos(study, decided)
        keep_texts(study, texts)
        Result.objects.filter(study=study).delete()
        Result.objects.bulk_create(
            Result(study=study, part=part, fingerprint=fingerprint, data=data)
            for part, data in parts.items()
        )
        Survey.objects.filter(study=study).delete()
        if findings.survey is not None:
            Survey.objects.create(
                study=study, name=findings.survey.name, n=findings.survey.n, data=survey
            )
        study.fingerprint, study.files_fingerprint = fingerprint, files
        study.program = __version__
        study.analysed_at = timezone.now()
        study.save(update_fields=["fingerprint", "files_fingerprint", "program", "analysed_at"])
        touch(study)


def _summary(findings: Findings) -> dict[str, object]:
    """Return the few figures that the rail of every page shows."""
    found = findings.segmentation
    overall = [item for item in findings.opportunities if item.segment is None]
    return {
        "respondents": findings.survey.n if findings.survey else 0,
        "segments": len(found.segments) if found else 0,
        "verdict": found.verdict.value if found else None,
        "opportunities": len(overall),
        "over_ten": sum(item.low > 10 for item in overall),
        "unzoned": bool(overall) and not any(has_zones(item) for item in overall),
        "ranked": sum(item.rank is not None for item in findings.qualitative),
        "steps": findings.steps is not None,
    }


def _store_corpus(study: Study, findings: Findings) -> None:
    from embauche.workbench.services.moving import keep_as_history

    corpus = findings.corpus
    people = corpus.participants if corpus else ()
    known = {row.key: row for row in Participant.everybody.filter(study=study)}
    for position, person in enumerate(people):
        row = known.pop(person.id, None) or Participant(study=study, key=person.id)
        row.position, row.pseudonym, row.current = position, person.pseudonym, True
        row.situation, row.demographics = dict(person.situation), dict(person.demographics)
        row.save()
    sources = corpus.sources if corpus else ()
    texts = {row.key: row for row in Source.objects.filter(study=study).defer("text")}
    for position, source in enumerate(sources):
        row = texts.pop(source.id, None)
        if row is not None and row.sha256 != source.sha256:
            # A source's text is immutable: another text is another source of the same name.
            keep_as_history(row)
            row = None
        if row is None:
            row = Source(study=study, key=source.id, text=source.text, sha256=source.sha256)
            row.words = len(source.text.split())
        row.position, row.name, row.kind = position, source.name, source.kind.value
        row.language, row.current = source.language.value, True
        row.turns, row.sentences = freeze(source.turns), freeze(source.sentences)
        row.notices = freeze(source.notices)
        row.save()
    gone = [row.pk for row in texts.values()]
    Source.objects.filter(pk__in=gone).update(current=False)
    Source.objects.filter(pk__in=gone, evidence__isnull=True).delete()
    silent = Participant.everybody.filter(pk__in=[row.pk for row in known.values()])
    silent.filter(evidence__isnull=True).delete()
    silent.update(current=False)


def _coder(study: Study, name: str) -> Coder:
    return Coder.objects.get_or_create(study=study, name=name)[0]


def _name(coder: Coder | None) -> str:
    return coder.name if coder is not None else ""


def _at(entry: dict[str, object] | None) -> datetime:
    text = str((entry or {}).get("at") or "")
    return (parse_datetime(text) if text else None) or timezone.now()


def _store_evidence(study: Study, findings: Findings, decided: Decisions) -> None:
    sources = dict(Source.objects.filter(study=study).values_list("key", "pk"))
    people = dict(Participant.objects.filter(study=study).values_list("key", "pk"))
    known = {
        row.key: row for row in Evidence.objects.filter(study=study).select_related("reviewer")
    }
    coders: dict[str, Coder] = {}
    new: list[Evidence] = []
    changed: list[Evidence] = []
    for item in findings.evidence:
        row = known.pop(item.id, None)
        (new if row is None else changed).append(row := row or Evidence(study=study, key=item.id))
        row.source_id, row.participant_id = sources[item.source], people[item.participant]
        row.coder = coders.get(item.coder) or coders.setdefault(
            item.coder, _coder(study, item.coder)
        )
        row.start, row.end, row.quote = item.start, item.end, item.quote
        row.facet, row.language = item.facet.value, item.language.value
        row.status = row.analysed_status = item.status.value
        row.confidence, row.reason = freeze(item.confidence), item.reason
        row.moment = item.moment.value if item.moment else ""
        row.intensity, row.dissatisfaction = item.intensity, item.dissatisfaction
        row.frequency, row.valence, row.current = item.frequency, item.valence, True
        row.withdrawn = False
        entry = decided.evidence.get(item.id)
        if entry is None:
            row.reviewer = row.reviewed_at = None
        elif (name := str(entry.get("coder") or "person:")) != _name(row.reviewer):
            row.reviewer = coders.get(name) or coders.setdefault(name, _coder(study, name))
            row.reviewed_at = _at(dict(entry))
    Evidence.objects.bulk_create(new, batch_size=500)
    names = [
        "source", "participant", "coder", "start", "end", "quote", "facet", "language", "status",
        "analysed_status", "confidence", "reason", "moment", "intensity", "dissatisfaction",
        "frequency", "valence", "current", "withdrawn", "reviewer", "reviewed_at",
    ]  # fmt: skip
    Evidence.objects.rewrite(changed, names)
    gone = [row.pk for row in known.values()]
    JobEvidence.objects.filter(job__study=study).delete()
    nobodys = Evidence.objects.filter(pk__in=gone, reviewer__isnull=True, memo="")
    nobodys.filter(codings__isnull=True).exclude(key__in=set_aside(study)).delete()
    Evidence.objects.filter(pk__in=gone).update(current=False, analysed_status="")


def _store_jobs(study: Study, findings: Findings, decided: Decisions) -> None:
    known = {row.key: row for row in Job.objects.filter(study=study)}
    evidence = dict(Evidence.objects.filter(study=study).values_list("key", "pk"))
    NeedLink.objects.filter(study=study).delete()
    rows: dict[str, Job] = {}
    for position, job in enumerate(findings.job_map.jobs if findings.job_map else ()):
        row = known.pop(job.id, None) or Job(study=study, key=job.id)
        row.position, row.type, row.current = position, job.type.value, True
        row.statement = {language.value: text for language, text in job.statement.items()}
        row.story = {language.value: text for language, text in job.story.items()}
        row.name_source, row.participants = job.name_source, list(job.participants)
        row.statement_is_proposal = job.statement_is_proposal
        entry = decided.jobs.get(job.id)
        if entry is not None and row.worded_by_id is None:
            row.worded_by = _coder(study, str(entry.get("coder") or "person:"))
            row.worded_at = _at(dict(entry))
        row.save()
        rows[job.id] = row
        JobEvidence.objects.bulk_create(
            JobEvidence(
                job=row,
                evidence_id=evidence[item.evidence],
                facet=facet.value,
                position=place,
                similarity=freeze(item.similarity),
                proximity=freeze(item.proximity),
            )
            for facet, items in job.cells.items()
            for place, item in enumerate(items)
        )
    gone = [row.pk for row in known.values()]
    Job.objects.filter(pk__in=gone, worded_by__isnull=True).delete()
    Job.objects.filter(pk__in=gone).update(current=False)
    NeedLink.objects.bulk_create(
        NeedLink(
            study=study,
            need=link.need,
            job=rows[link.job],
            similarity=freeze(link.similarity),
            confirmed=link.confirmed,
        )
        for link in findings.links
        if link.job in rows
    )
