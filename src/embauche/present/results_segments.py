"""Segments by one route as JSON-ready data: what `embauche segment --json` prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, cast

from embauche.messages import Messages
from embauche.present.plain import notice_record, plain
from embauche.present.segment_names import names_of
from embauche.present.segment_words import description_records, persona_records
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
    named = names_of(found, labels, words)
    record = {
        "route": route,
        "criterion": criterion,
        "n": found.n,
        "k": found.k,
        "seed": found.seed,
        "verdict": found.verdict.value,
        "reasons": [notice_record(item, words) for item in found.reasons],
        "criteria": [asdict(item) for item in found.criteria],
        "segments": [_segment(item, named[item.id], labels) for item in found.segments],
        "assignments": {
            person: f"S{label + 1}" if label >= 0 else None
            for person, label in zip(people, found.labels.tolist(), strict=True)
        },
        "warnings": [notice_record(item, words) for item in found.notices],
    }
    return cast("dict[str, Any]", plain(record))


def _segment(segment: Segment, name: str, labels: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": segment.id,
        "name": name,
        "name_is_proposal": True,
        "n": segment.n,
        "share": segment.share,
        "stability": segment.stability,
        "certainty": segment.certainty,
        "profile": [
            {**asdict(marker), "label": labels.get(marker.need) or marker.need}
            for marker in segment.markers
        ],
        "personas": persona_records(segment.personas),
        "descriptions": description_records(segment.descriptions),
    }
