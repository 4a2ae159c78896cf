"""Files on their way into a study: names that are safe, limits, and where they wait."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import Final

from django.conf import settings

from embauche.collect.names import slug
from embauche.study.files import is_left_aside
from embauche.workbench.models import Study, Upload

MOST_BYTES: Final = 60_000_000
"""Bytes of one file."""
MOST_PENDING_BYTES: Final = 600_000_000
"""Bytes of all files of a study that wait to be taken."""
MOST_PENDING: Final = 200
"""Files of a study that wait to be taken."""

_LONGEST: Final = 100
_FORBIDDEN: Final = re.compile(r'[<>:"|?*\[\]\x00-\x1f\x7f]+')
_RESERVED: Final = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    r"""Return a file name that no system, pattern or reader takes for anything else.

    Folders, ``..``, control and invisible characters, those that reverse the reading direction,
    wildcards and device names are taken out; the words and the suffix stay.
    """
    last = re.split(r"[\\/]", name)[-1]
    plain = unicodedata.normalize("NFC", last)
    plain = "".join(
        sign for sign in plain if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
    )
    plain = re.sub(r"\s+", " ", _FORBIDDEN.sub("-", plain)).strip()
    stem, dot, suffix = plain.rpartition(".")
    if not dot:
        stem, suffix = plain, ""
    stem = stem.strip(" .~$-")[:_LONGEST].rstrip(" .") or "file"
    suffix = re.sub(r"[^A-Za-z0-9]", "", suffix)[:10].lower()
    result = f"{stem}.{suffix}" if suffix else stem
    if _RESERVED.match(result) or is_left_aside(result):
        result = f"file-{result}"
    return result


def free_name(folder: Path, name: str, taken: Collection[str]) -> str:
    """Return the name, numbered where a file or a source of the study has it already.

    Parameters
    ----------
    folder
        Where the file will lie.
    name
        A safe name.
    taken
        Ids of the study's sources: a file whose id begins one of them would change it.
    """
    path = PurePosixPath(name)
    stem, number = path.stem, 1
    stems = {entry.stem.casefold() for entry in folder.iterdir()} if folder.is_dir() else set()
    while True:
        candidate = stem if number == 1 else f"{stem}-{number}"
        key = slug(candidate)
        if candidate.casefold() not in stems and not any(
            other == key or other.startswith(f"{key}-") for other in taken
        ):
            return f"{candidate}{path.suffix}"
        number += 1


def pending_folder(study: Study) -> Path:
    """Return where the study's files wait to be taken."""
    return Path(settings.WORKSPACE.studies) / study.slug / "pending"


def pending_file(upload: Upload) -> Path:
    """Return the file of an upload; it lies alone in a folder of its own."""
    return pending_folder(upload.study) / Path(upload.stored).name / safe_name(upload.name)


def forget_pending(upload: Upload) -> None:
    """Remove the file of an upload."""
    shutil.rmtree(pending_folder(upload.study) / Path(upload.stored).name, ignore_errors=True)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that it is there completely or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.part")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
