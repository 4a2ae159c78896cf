"""`results.json`: everything a program wants from a study, valid against a documented schema."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, cast

from embauche.notices import Notice
from embauche.present.findings import Findings
from embauche.present.names import Names
from embauche.present.plain import notice_record, plain
from embauche.present.proportions import wilson
from embauche.present.results_opportunity import (
    heat_records,
    opportunity_records,
    ranking_records,
)
from embauche.present.sections import groups
from embauche.present.segment_words import description_records, persona_records
from embauche.prioritise.opportunity_ranking import opportunity_rankings
from embauche.segment.comparison import Validation
from embauche.segment.segmentation import Segment
from embauche.segment.typing_tool import TypingTool
from embauche.vocabulary import EvidenceStatus

ASSIGNMENTS_FILE = "assignments.csv"


@cache
def results_schema() -> dict[str, Any]:
    """Return the JSON Schema of `results` (the one that docs/results.schema.json shows)."""
    text = (files("embauche.present") / "results.schema.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


def results(findings: Findings) -> dict[str, Any]:
    """Return the findings as JSON-ready data.

    A figure that could not be computed is ``null``; NaN and infinities never appear. Parts whose
    input is absent are ``null`` (segments, validation, assignments) or empty lists.

    Parameters
    ----------
    findings
        The study.
    """
    names = Names(findings)
    made = {
        "study": _study(findings),
        "evidence": _evidence(findings),
        "jobs": _jobs(names),
        "links": [
            {"need": link.need, "job": link.job, "similarity": link.similarity,
             "confirmed": link.confirmed}
            for link in findings.links
        ],
        "segments": _segments(names),
        "priorities": _priorities(findings),
        "heatmap": heat_records(findings),
        "opportunities": opportunity_records(findings.opportunities),
        "opportunity_rankings": ranking_records(opportunity_rankings(findings.opportunities)),
        "validation": validation_json(findings.validation) if findings.validation else None,
        "typing": typing_json(findings.typing) if findings.typing else None,
        "assignments": _assignments(findings),
        "warnings": _warnings(names),
    }  # fmt: skip
    return cast("dict[str, Any]", plain(made))


def _study(findings: Findings) -> dict[str, Any]:
    card, corpus, survey = findings.card, findings.corpus, findings.survey
    return {
        "title": card.title,
        "product": card.product,
        "question": card.question,
        "language": card.language.value,
        "fictional": card.fictional,
        "version": card.version,
        "seed": card.seed,
        "made_on": card.made_on.isoformat() if card.made_on else None,
        "sources": len(corpus.sources) if corpus else 0,
        "participants": len(corpus.participants) if corpus else 0,
        "respondents": survey.n if survey else 0,
        "customers": findings.assignment.n if findings.assignment else 0,
    }


def _evidence(findings: Findings) -> dict[str, Any]:
    kept = [item for item in findings.evidence if item.status is not EvidenceStatus.REJECTED]
    return {
        "count": len(kept),
        "reviewed": sum(item.status is EvidenceStatus.ACCEPTED for item in kept),
        "rejected": len(findings.evidence) - len(kept),
        "by_facet": dict(sorted(Counter(item.facet.value for item in kept).items())),
        "by_language": dict(sorted(Counter(item.language.value for item in kept).items())),
    }


def _jobs(names: Names) -> list[dict[str, Any]]:
    findings = names.findings
    if findings.job_map is None:
        return []
    total = len(findings.corpus.participants) if findings.corpus else 0
    made = []
    for job in findings.job_map.jobs:
        share = len(job.participants) / total if total else None
        low, high = wilson(share, total) if share is not None else (None, None)
        made.append(
            {
                "id": job.id,
                "type": job.type.value,
                "statement": names.job(job.id),
                "statements": {item.value: text for item, text in job.statement.items()},
                "statement_is_proposal": job.statement_is_proposal,
                "story": {item.value: text for item, text in job.story.items()},
                "participants": len(job.participants),
                "of": total,
                "share": share,
                "low": low,
                "high": high,
                "situations": _situations(names, job.participants),
                "main_job_of": sum(main == job.id for main in findings.job_map.main_job.values()),
                "evidence": {
                    facet.value: [item.evidence for item in items]
                    for facet, items in job.cells.items()
                },
            }
        )
    return made


def _situations(names: Names, people: Sequence[str]) -> list[dict[str, Any]]:
    """Count the situations that a job's participants are in, among all who are in them."""
    corpus = names.findings.corpus
    everybody = [person.id for person in corpus.participants] if corpus else []
    all_of = Counter(pair for one in everybody for pair in names.situation(one).items())
    mine = Counter(pair for one in people for pair in names.situation(one).items())
    return [
        {"attribute": key, "value": value, "participants": n, "of": all_of[key, value]}
        for (key, value), n in sorted(mine.items(), key=lambda item: (item[0][0], -item[1]))
    ]


def _segments(names: Names) -> dict[str, Any] | None:
    segmentation = names.findings.segmentation
    if segmentation is None:
        return _groups(names)
    words = names.words
    return {
        "basis": "needs",
        "n": segmentation.n,
        "k": segmentation.k,
        "verdict": segmentation.verdict.value,
        "needs": list(segmentation.needs),
        "seed": segmentation.seed,
        "reasons": [
            {"code": item.code, "message": words.notice(item)} for item in segmentation.reasons
        ],
        "criteria": [
            {
                "k": item.k,
                "log_likelihood": item.log_likelihood,
                "parameters": item.parameters,
                "aic": item.aic,
                "bic": item.bic,
                "sabic": item.sabic,
                "icl": item.icl,
                "entropy": item.entropy,
                "stability": item.stability,
                "starts": item.starts,
                "hits": item.hits,
                "stability_error": item.stability_error,
                "within": item.within,
                "across": item.across,
                "ratio": item.ratio,
                "ratio_p": item.ratio_p,
                "ratio_draws": item.ratio_draws,
            }
            for item in segmentation.criteria
        ],
        "segments": [_segment(item, names) for item in segmentation.segments],
    }


def _groups(names: Names) -> dict[str, Any] | None:
    """Return participants by main job where no survey forms segments: these people, no verdict."""
    found = groups(names)
    if not found:
        return None
    total = sum(len(group.people) for group in found)
    return {
        "basis": "main job",
        "n": total,
        "k": len(found),
        "verdict": None,
        "needs": [],
        "seed": names.findings.card.seed,
        "reasons": [],
        "criteria": [],
        "segments": [
            {
                "id": f"G{place}",
                "name": group.statement,
                "name_is_proposal": names.jobs[group.job].statement_is_proposal,
                "n": len(group.people),
                "share": len(group.people) / total,
                "stability": None,
                "certainty": None,
                "job": group.job,
                "profile": [],
                "personas": [],
                "descriptions": [],
            }
            for place, group in enumerate(found, 1)
        ],
    }


def _segment(segment: Segment, names: Names) -> dict[str, Any]:
    return {
        "id": segment.id,
        "name": names.segment_name(segment.id),
        "name_is_proposal": not names.named_by_a_job(segment),
        "n": segment.n,
        "share": segment.share,
        "stability": segment.stability,
        "certainty": segment.certainty,
        "job": segment.job,
        "profile": [
            {
                "need": marker.need,
                "label": names.need(marker.need),
                "answer": marker.answer,
                "value": marker.value,
                "low": marker.low,
                "high": marker.high,
                "overall": marker.overall,
                "index": marker.index,
                "unit": marker.unit,
            }
            for marker in segment.markers
        ],
        "personas": persona_records(segment.personas),
        "descriptions": description_records(segment.descriptions),
    }


def _priorities(findings: Findings) -> list[dict[str, Any]]:
    fields = (
        "job", "participants", "of", "frequency", "frequency_n", "frequency_basis",
        "frequency_level", "frequency_share", "frequency_low", "frequency_high",
        "intensity", "intensity_n", "dissatisfaction", "dissatisfaction_n", "index", "low",
        "high", "rank", "rank_low", "rank_high", "unreviewed_share",
    )  # fmt: skip
    return [{name: getattr(item, name) for name in fields} for item in findings.qualitative]


def validation_json(made: Validation) -> dict[str, Any]:
    """Return a comparison with demographics as JSON-ready data."""
    return {
        "outcome": made.outcome,
        "outcome_kind": made.outcome_kind,
        "metric": made.metric,
        "n": made.n,
        "k": made.k,
        "folds": made.folds,
        "repeats": made.repeats,
        "scores": {
            item.predictors: {"score": item.score, "low": item.low, "high": item.high}
            for item in made.scores
        },
        "difference": made.difference,
        "low": made.low,
        "high": made.high,
        "segments_difference": made.segments_difference,
        "segments_low": made.segments_low,
        "segments_high": made.segments_high,
        "verdict": made.verdict.value,
    }


def typing_json(made: TypingTool) -> dict[str, Any]:
    """Return a typing tool as JSON-ready data; its notices are among the warnings."""
    return {name: value for name, value in made.to_dict().items() if name != "notices"}


def _assignments(findings: Findings) -> dict[str, Any] | None:
    made = findings.assignment
    if made is None:
        return None
    return {
        "count": sum(item.n for item in made.segments),
        "of": made.n,
        "file": ASSIGNMENTS_FILE,
        "table": made.name,
        "shared": list(made.shared),
        "missing": list(made.missing),
        "expected_accuracy": made.expected_accuracy,
        "segments": [
            {
                "segment": item.segment,
                "n": item.n,
                "share": item.share,
                "value": item.value,
                "certainty": item.certainty,
            }
            for item in made.segments
        ],
    }


def _warnings(names: Names) -> list[dict[str, str]]:
    findings = names.findings
    notices: list[Notice] = [*findings.notices]
    if findings.corpus:
        notices += findings.corpus.notices
        notices += [item for source in findings.corpus.sources for item in source.notices]
    notices += findings.job_map.notices if findings.job_map else ()
    notices += findings.survey.notices if findings.survey else ()
    notices += findings.segmentation.notices if findings.segmentation else ()
    notices += findings.validation.notices if findings.validation else ()
    notices += findings.typing.notices if findings.typing else ()
    notices += findings.assignment.notices if findings.assignment else ()
    notices += [item for figure in findings.qualitative for item in figure.notices]
    notices += [item for figure in findings.opportunities for item in figure.notices]
    ranked = opportunity_rankings(findings.opportunities)
    notices += [item for ranking in ranked for item in ranking.notices]
    made: dict[tuple[str, str], dict[str, str]] = {}
    for item in notices:
        record = notice_record(item, names.words)
        made.setdefault((item.code, record["message"]), record)
    return list(made.values())
