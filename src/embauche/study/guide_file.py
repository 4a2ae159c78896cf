"""``guide.json``: the study's interview guide, beside its interviews."""

from __future__ import annotations

import json
from pathlib import Path

from embauche.collect.guide import FILE_NAME, Guide, guide_from_dict, guide_to_dict
from embauche.errors import GuideError


def read_guide(folder: Path) -> Guide | None:
    """Read the guide of a study folder; ``None`` where there is none.

    Raises
    ------
    GuideError
        If the file is no guide.
    """
    path = folder / FILE_NAME
    return parse_guide(path.read_text("utf-8-sig")) if path.is_file() else None


def parse_guide(text: str) -> Guide:
    """Read the text of a ``guide.json``; see `read_guide` for what it refuses."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise GuideError("guide.not_json", file=FILE_NAME, line=error.lineno) from error
    return guide_from_dict(data)


def write_guide(folder: Path, guide: Guide) -> Path:
    """Write a guide into a study folder; nothing is ever half written."""
    path = folder / FILE_NAME
    draft = path.with_suffix(".part")
    draft.write_text(
        json.dumps(guide_to_dict(guide), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    draft.replace(path)
    return path
