"""Segments related to other columns as JSON-ready data: what `embauche relate --json` prints."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from embauche.messages import Messages
from embauche.present.plain import notice_record, plain
from embauche.present.segment_names import names_of
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
    names = names_of(found, labels, words)
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
        "warnings": [notice_record(item, words) for item in found.notices],
    }
    return cast("dict[str, Any]", plain(record))


def _result(data: dict[str, Any], made: Any, words: Messages) -> dict[str, Any]:
    """Name segments as everywhere else, and put notices in words."""
    for entry in (*data.get("effects", ()), *data.get("classes", ())):
        entry["segment"] = f"S{entry.pop('class_number')}"
    for pair in data.get("pairs", ()):
        pair["first"], pair["second"] = f"S{pair['first']}", f"S{pair['second']}"
    if "reference" in data:
        data["reference"] = f"S{data['reference']}"
    del data["notices"]
    return {**data, "warnings": [notice_record(item, words) for item in made.notices]}
