"""Where outputs go: a folder that is never read back as input."""

from __future__ import annotations

from pathlib import Path

from embauche.errors import FolderError
from embauche.study.config import StudyConfig

DEFAULT = "out"


def output_folder(config: StudyConfig, given: Path | None = None) -> Path:
    """Return the output folder: the one given, or ``out/`` in the study folder.

    Raises
    ------
    FolderError
        If it is the study folder itself, one of its parents, or a file.
    """
    target = (given if given is not None else config.folder / DEFAULT).resolve()
    study = config.folder.resolve()
    if target == study or target in study.parents:
        raise FolderError("folder.output_over_study", folder=str(target))
    if target.exists() and not target.is_dir():
        raise FolderError("folder.output_is_file", folder=str(target))
    return target
