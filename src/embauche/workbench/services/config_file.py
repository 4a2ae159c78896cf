"""The study's ``study.toml``, put in place whole or not at all."""

from __future__ import annotations

from embauche.study.config import FILE_NAME
from embauche.workbench.models import Study
from embauche.workbench.services.inputs import study_folder


def write_config(study: Study, text: str) -> None:
    """Put a new ``study.toml`` in place; an empty text takes it away."""
    folder = study_folder(study)
    folder.mkdir(parents=True, exist_ok=True)
    if not text:
        (folder / FILE_NAME).unlink(missing_ok=True)
        return
    beside = folder / f".{FILE_NAME}.new"
    beside.write_text(text, encoding="utf-8")
    beside.replace(folder / FILE_NAME)
