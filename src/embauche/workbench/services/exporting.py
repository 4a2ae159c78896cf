"""A workbench study written out: as a study folder, and as the files that `embauche run` makes."""

from __future__ import annotations

import shutil
from pathlib import Path

import tomlkit

from embauche.errors import FolderError
from embauche.study.config import FILE_NAME
from embauche.study.decisions import write_decisions
from embauche.study.guide_file import write_guide
from embauche.vocabulary import Language
from embauche.workbench.models import NeedLink, Study
from embauche.workbench.services.guide import guide_of
from embauche.workbench.services.inputs import decisions, results_folder, study_folder
from embauche.workbench.services.restoring import findings

OUTPUTS = (
    "jobs.csv",
    "evidence.csv",
    "segments.csv",
    "opportunities.csv",
    "assignments.csv",
    "results.json",
)


def export_folder(study_id: int, target: Path) -> Path:
    """Write a study as a study folder; opening that folder again gives the same study.

    The sources, survey and customers are the original files; ``study.toml`` gains the offer and
    the confirmed links, and ``coding.jsonl`` holds every decision, and
    ``guide.json`` the interview guide.

    Raises
    ------
    FolderError
        If the target exists and is not an empty folder.
    """
    study = Study.objects.get(pk=study_id)
    target = target.expanduser().resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise FolderError("workbench.target_not_empty", folder=str(target))
    draft = target.with_name(f".{target.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        shutil.copytree(study_folder(study), draft)
        (draft / FILE_NAME).write_text(_toml(study, draft), encoding="utf-8")
        write_decisions(draft, decisions(study))
        if (held := guide_of(study)) is not None:
            write_guide(draft, held[0])
        if target.is_dir():
            target.rmdir()
        draft.replace(target)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _toml(study: Study, folder: Path) -> str:
    """Return the study's ``study.toml``, comments kept, with what was decided in the workbench."""
    path = folder / FILE_NAME
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    document = tomlkit.parse(text)
    section = document.setdefault("study", tomlkit.table())
    section["title"] = study.title
    section["language"] = study.language
    for key, value in (("product", study.product), ("question", study.question)):
        if value:
            section[key] = value
    if study.fictional:
        section["fictional"] = True
    if study.offer:
        document["offer"] = dict(study.offer)
    else:
        document.pop("offer", None)
    confirmed = list(
        NeedLink.objects.filter(study=study, confirmed=True)
        .order_by("need")
        .values_list("need", "job__key")
    )
    if confirmed:
        survey = document.setdefault("survey", tomlkit.table())
        survey["jobs"] = dict(confirmed)
    return tomlkit.dumps(document)


def written(study: Study, name: str, language: Language | str) -> Path:
    """Return one of the files that `embauche run` writes, made from the study as it stands now.

    Raises
    ------
    FileNotFoundError
        If the study has no such file (no survey, no customers…).
    """
    from embauche.present.outputs import write_outputs

    folder = results_folder(study) / f"out-{study.stamp}-{language}"
    if not folder.is_dir():
        for old in results_folder(study).glob("out-*"):
            if not old.name.startswith(f"out-{study.stamp}-"):
                shutil.rmtree(old, ignore_errors=True)
        draft = folder.with_name(f"draft-{folder.name}")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        write_outputs(findings(study, language), draft)
        try:
            draft.replace(folder)
        except OSError:  # another request wrote the same meanwhile
            shutil.rmtree(draft, ignore_errors=True)
    path = folder / Path(name).name
    if not path.is_file():
        raise FileNotFoundError(name)
    return path
