"""Segments by one route as JSON-ready data: what `embauche segment --json` prints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from embauche.messages import Messages
from embauche.notices import Notice
from embauche.segment.routes_result import RouteSegmentation
from embauche.segment.segmentation import Segment, Segmentation


def segments_record(
    found: Segmentation | RouteSegmentation,
    labels: Mapping[str, str],
    people: Sequence[str],
    words: Messages,
) -> dict[str, Any]:
    """Return segments, dashboard, verdict with reasons, and who is in which segment.

    Parameters
    ----------
    found
        Segments of any route.
    labels
        Column, outcome or job id → what it is called.
    people
        Ids in the order of ``found.labels``.
    words
        Catalogue of the sentences.
    """
    route, criterion = "latent-class", "bic"
    if isinstance(found, RouteSegmentation):
        route, criterion = found.route, found.criterion_name
    record = {
        "route": route,
        "criterion": criterion,
        "n": found.n,
        "k": found.k,
        "seed": found.seed,
        "verdict": found.verdict.value,
        "reasons": [_notice(item, words) for item in found.reasons],
        "criteria": [asdict(item) for item in found.criteria],
        "segments": [_segment(item, labels, words) for item in found.segments],
        "assignments": {
            person: f"S{label + 1}" if label >= 0 else None
            for person, label in zip(people, found.labels.tolist(), strict=True)
        },
        "warnings": [_notice(item, words) for item in found.notices],
    }
    plain: dict[str, Any] = _plain(record)
    return plain


def proposed_name(segment: Segment, labels: Mapping[str, str], words: Messages) -> str:
    """Return the name proposed for a segment: what it answers most above everyone."""
    above = [marker for marker in segment.markers if marker.value > marker.overall]
    if not above:
        return words.text("report.segment.nothing_above")
    need = above[0].need
    text = labels.get(need) or need
    answer = above[0].answer
    return f"{text} = {answer}" if answer else text


def _segment(segment: Segment, labels: Mapping[str, str], words: Messages) -> dict[str, Any]:
    return {
        "id": segment.id,
        "name": proposed_name(segment, labels, words),
        "name_is_proposal": True,
        "n": segment.n,
        "share": segment.share,
        "stability": segment.stability,
        "certainty": segment.certainty,
        "profile": [
            {**asdict(marker), "label": labels.get(marker.need) or marker.need}
            for marker in segment.markers
        ],
    }


def _notice(item: Notice, words: Messages) -> dict[str, str]:
    return {"code": item.code, "severity": item.severity, "message": words.notice(item)}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
