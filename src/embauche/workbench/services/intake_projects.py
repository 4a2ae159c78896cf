"""Another program's project becomes what a study without sources holds."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import tomlkit

from embauche.errors import ReadError
from embauche.study.config import FILE_NAME, read_config
from embauche.vocabulary import Language
from embauche.workbench.models import Study
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.intake_settings import edit_settings
from embauche.workbench.services.intake_storing import store_corpus


def take_project(study: Study, path: Path) -> int:
    """Take the texts, codings and codes of a REFI-QDA project, or the codes of a codebook.

    Returns
    -------
    int
        How many texts came.

    Raises
    ------
    ReadError
        If the study has sources already: texts and codings of a project belong together.
    """
    # Loaded when they are needed: a page does not wait for the statistics.
    from embauche.study.refi_exchange import import_study
    from embauche.study.stages import read_corpus

    folder = study_folder(study)
    if path.suffix.lower() == ".qdc":
        import_study(path, folder)
        return 0
    if study.sources.filter(current=True).exists():
        raise ReadError("intake.project_into_sources", file=path.name)
    with TemporaryDirectory(prefix="embauche-") as place:
        made = Path(place) / "study"
        import_study(path, made, language=Language(study.language))
        came = tomlkit.parse((made / FILE_NAME).read_text(encoding="utf-8"))
        (made / FILE_NAME).unlink()
        shutil.copytree(made, folder, dirs_exist_ok=True)
    patterns = list(came.get("interviews", {}).get("files", []))
    if patterns:
        edit_settings(study, lambda document: _take_patterns(document, patterns))
    corpus = read_corpus(read_config(folder))
    store_corpus(study, corpus)
    return len(corpus.sources)


def _take_patterns(document: tomlkit.TOMLDocument, patterns: list[str]) -> None:
    if "interviews" not in document:
        document["interviews"] = tomlkit.table()
    document["interviews"]["files"] = patterns
