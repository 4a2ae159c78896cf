"""Where a study's files came from: so that opening its folder again undoes nothing done here.

A study opened from a folder is a copy of it. Files may be added, replaced and written anew in the
workbench; the folder may change too. What the folder's files were when they were last taken over
is kept beside the study: a file of the folder that has not changed since is left as it is here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from embauche.workbench.models import Study
from embauche.workbench.services.inputs import study_folder


def _manifest(study: Study) -> Path:
    return study_folder(study).with_name("origin.json")


def came_with(study: Study) -> dict[str, str] | None:
    """Return file → SHA-256 as the folder had it; ``None`` where that was never noted."""
    path = _manifest(study)
    if not path.is_file():
        return None
    found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return found


def note_origin(study: Study, files: Mapping[str, str]) -> None:
    """Note what the folder's files are now."""
    path = _manifest(study)
    draft = path.with_name(".origin.json.part")
    draft.write_text(json.dumps(dict(sorted(files.items())), indent=1), encoding="utf-8")
    draft.replace(path)


def remember_origin(study: Study) -> None:
    """Before the first change here: what the study's folder holds is what it came with."""
    if study.origin and came_with(study) is None:
        folder = study_folder(study)
        note_origin(
            study,
            {
                path.relative_to(folder).as_posix(): digest(path)
                for path in sorted(folder.rglob("*"))
                if path.is_file()
            },
        )


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()
