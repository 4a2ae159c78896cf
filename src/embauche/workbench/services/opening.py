"""Open a study folder: its files into the workspace, its findings into the database."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from embauche.errors import FolderError
from embauche.study.config import FILE_NAME, StudyConfig, read_config
from embauche.study.decisions import FILE_NAME as CODING
from embauche.study.files import list_files
from embauche.study.llm_coding import FILE_NAME as LLM_CODING
from embauche.study.people import FILE_NAME as PEOPLE
from embauche.study.progress import Report, silent
from embauche.workbench.models import Membership, Study, User
from embauche.workbench.services.inputs import Inputs, inputs, results_folder, study_folder
from embauche.workbench.services.job_operations import previous_jobs
from embauche.workbench.services.roles import local_user
from embauche.workbench.services.storing import FrameStore, store


def open_folder(
    folder: Path,
    *,
    seed: int = 0,
    language: str | None = None,
    actor: User | None = None,
    report: Report = silent,
) -> Study:
    """Take a study folder into the workbench through the same stages as ``embauche run``.

    A folder opened before is found again: its changed files are taken over, decisions taken in the
    workbench stay, and nothing is computed unless a file has changed.

    Parameters
    ----------
    folder
        The study folder; it is read, never written.
    seed
        Seed of every random choice.
    language
        Language of the study where its ``study.toml`` names none.
    report
        Told of progress; what it raises stops, and leaves the workspace as it was.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        raise FolderError("folder.missing", folder=str(folder))
    config = read_config(folder)
    if not list_files(folder):
        raise FolderError("folder.nothing_to_read", folder=str(folder))
    study = Study.objects.filter(origin=str(folder)).first()
    fresh = study is None
    if study is None:
        study = _new_study(folder, config, seed, language, actor or local_user())
    try:
        _take_files(folder, study_folder(study))
        given = inputs(study)
        if fresh or given.files != study.files_fingerprint or study.seed != seed:
            if study.seed != seed:
                Study.objects.filter(pk=study.pk).update(seed=seed)
                study.refresh_from_db()
                given = inputs(study)
            compute(study, given, report)
    except BaseException:
        if fresh:
            _forget(study)
        raise
    return study


def compute(study: Study, given: Inputs, report: Report = silent) -> None:
    """Run the stages on what was gathered, and store what they found."""
    # Imported here: a start that has nothing to compute does not wait for the statistics.
    from embauche.identify import RememberedTalk, remember_talk
    from embauche.study.stages import run_study

    frames = FrameStore(results_folder(study))
    heard: list[RememberedTalk] = []
    findings = run_study(
        given.config,
        seed=given.seed,
        language=study.language,
        decisions=given.decisions,
        previous=previous_jobs(study),
        listener=lambda talk, vectors: heard.append(remember_talk(talk, vectors)),
        report=report,
    )
    report("write", 0.0)
    marks = (given.fingerprint, given.files)
    store(study, findings, given.decisions, marks, frames, heard[0] if heard else None)
    frames.sweep()
    report("write", 1.0)


def _new_study(
    folder: Path, config: StudyConfig, seed: int, language: str | None, actor: User
) -> Study:
    section = config.study
    title = section.title or folder.name
    with transaction.atomic():
        study = Study.objects.create(
            slug=_free_slug(title),
            title=title,
            product=section.product or "",
            language=section.language or language or "fr",
            question=section.question or "",
            origin=str(folder),
            seed=seed,
            fictional=section.fictional,
            offer=dict(config.offer),
        )
        Membership.objects.create(user=actor, study=study, role=Membership.Role.OWNER)
    return study


def _free_slug(title: str) -> str:
    base = slugify(title)[:60] or "study"
    taken = set(Study.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 1
    slug = base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _take_files(folder: Path, target: Path) -> None:
    """Make the study's own copy equal to the folder's input files."""
    target.mkdir(parents=True, exist_ok=True)
    wanted = {path.relative_to(folder): path for path in list_files(folder)}
    for name in (FILE_NAME, CODING, LLM_CODING, PEOPLE):
        if (folder / name).is_file():
            wanted[Path(name)] = folder / name
    for relative, path in wanted.items():
        copy = target / relative
        if copy.is_file() and copy.read_bytes() == path.read_bytes():
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    for path in target.rglob("*"):
        if path.is_file() and path.relative_to(target) not in wanted:
            path.unlink()


def _forget(study: Study) -> None:
    shutil.rmtree(study_folder(study).parent, ignore_errors=True)
    study.delete()
