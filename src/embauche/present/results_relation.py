"""Segments related to other columns as JSON-ready data: what `embauche relate --json` prints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from embauche.messages import Messages
from embauche.notices import Notice
from embauche.present.names import proposed_names, with_answer, worded
from embauche.segment.relation import Relation


def relation_record(
    found: Relation, labels: Mapping[str, str], file: str, words: Messages
) -> dict[str, Any]:
    """Return segments, effects, tests and outcomes with their warnings; NaN is ``None``.

    Parameters
    ----------
    found
        What `embauche.segment.relate_survey` returned.
    labels
        Column → what it is called.
    file
        Name of the survey.
    words
        Catalogue of the sentences.
    """
    names = relation_names(found, labels, words)
    effects = found.membership
    record = {
        "file": file,
        "k": len(found.segments),
        "verdict": None if found.verdict is None else found.verdict.value,
        "weight": found.weight,
        "seed": found.seed,
        "segments": [
            {
                "id": item.id,
                "name": names[item.id],
                "name_is_proposal": True,
                "n": item.n,
                "share": item.share,
            }
            for item in found.segments
        ],
        "covariates": None if effects is None else _result(effects.to_dict(), effects, words),
        "outcomes": [
            {
                "column": name,
                "label": labels.get(name) or name,
                **_result(made.to_dict(), made, words),
            }
            for name, made in found.outcomes.items()
        ],
        "warnings": _notices(found.notices, words),
    }
    plain: dict[str, Any] = _finite(record)
    return plain


def relation_names(found: Relation, labels: Mapping[str, str], words: Messages) -> dict[str, str]:
    """Return the names proposed for the segments, as `embauche segment` proposes them."""
    return proposed_names(
        found.segments,
        lambda marker: with_answer(worded(labels.get(marker.need) or marker.need), marker),
        words,
    )


def _result(data: dict[str, Any], made: Any, words: Messages) -> dict[str, Any]:
    """Name segments as everywhere else, and put notices in words."""
    for entry in (*data.get("effects", ()), *data.get("classes", ())):
        entry["segment"] = f"S{entry.pop('class_number')}"
    for pair in data.get("pairs", ()):
        pair["first"], pair["second"] = f"S{pair['first']}", f"S{pair['second']}"
    if "reference" in data:
        data["reference"] = f"S{data['reference']}"
    del data["notices"]
    return {**data, "warnings": _notices(made.notices, words)}


def _notices(notices: Sequence[Notice], words: Messages) -> list[dict[str, str]]:
    return [
        {"code": one.code, "severity": one.severity, "message": words.notice(one)}
        for one in notices
    ]


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
