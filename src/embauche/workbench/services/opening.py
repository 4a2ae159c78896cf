"""Open a study folder: its files into the workspace, its findings into the database."""

from __future__ import annotations

import shutil
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from embauche.collect.guide import FILE_NAME as GUIDE
from embauche.errors import FolderError, ReadError
from embauche.study.config import FILE_NAME, StudyConfig, read_config
from embauche.study.decisions import FILE_NAME as CODING
from embauche.study.files import list_files
from embauche.study.llm_coding import FILE_NAME as LLM_CODING
from embauche.study.people import FILE_NAME as PEOPLE
from embauche.study.progress import Report, silent
from embauche.workbench.models import Membership, Source, Study, User
from embauche.workbench.services.analysis import run_stages
from embauche.workbench.services.guide import take_guide
from embauche.workbench.services.inputs import Inputs, inputs, results_folder, study_folder
from embauche.workbench.services.intake_origin import came_with, digest, note_origin
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
        _move_coded(study, take_files(folder, study))
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
    frames = FrameStore(results_folder(study))
    found, talk = run_stages(study, given, report)
    report("write", 0.0)
    store(study, found, given.decisions, (given.fingerprint, given.files), frames, talk)
    frames.sweep()
    report("write", 1.0)


def _new_study(
    folder: Path, config: StudyConfig, seed: int, language: str | None, actor: User
) -> Study:
    section = config.study
    title = section.title or folder.name
    with transaction.atomic():
        study = Study.objects.create(
            slug=free_slug(title),
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


def free_slug(title: str) -> str:
    """Return a slug that no study has."""
    base = slugify(title)[:60] or "study"
    taken = set(Study.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    # A folder that something left behind is nobody's to take over.
    taken |= {path.name for path in Path(settings.WORKSPACE.studies).glob(f"{base}*")}
    number = 1
    slug = base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def take_files(folder: Path, study: Study) -> list[str]:
    """Take over what is new or has changed in the folder; what was done here stays.

    A file that came from the folder and is gone there goes here too. A file that the folder still
    has as it was when it was taken over last is left as it is here: it may have been replaced,
    written anew with pseudonyms, or removed.
    """
    target = study_folder(study)
    target.mkdir(parents=True, exist_ok=True)
    wanted = {path.relative_to(folder).as_posix(): path for path in list_files(folder)}
    for name in (FILE_NAME, CODING, LLM_CODING, PEOPLE, GUIDE):
        if (folder / name).is_file():
            wanted[name] = folder / name
    before = came_with(study)
    now = {name: digest(path) for name, path in wanted.items()}
    taken = [name for name in wanted if before is None or before.get(name) != now[name]]
    for name in taken:
        path = wanted[name]
        copy = target / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    for path in [path for path in target.rglob("*") if path.is_file()]:
        name = path.relative_to(target).as_posix()
        if name not in wanted and (before is None or name in before):
            path.unlink()
    note_origin(study, now)
    take_guide(study)
    return taken


def _move_coded(study: Study, taken: list[str]) -> None:
    """Let what people coded in an interview move along where its file has another text now."""
    from embauche.study.preview import read_placed
    from embauche.workbench.services.intake_uploads import company_of
    from embauche.workbench.services.moving import give_text
    from embauche.workbench.services.replacing import Finder

    folder = study_folder(study)
    section = read_config(folder).interviews
    rows = Source.objects.filter(study=study, kind="interview", current=True, name__in=taken)
    for row in rows.filter(evidence__isnull=False).distinct():
        try:
            asked, said = section.interviewers.get(row.name), section.speakers.get(row.name, {})
            corpus = read_placed(folder / row.name, folder, company_of(study), asked, said)
        except ReadError:
            continue
        now = corpus.sources[0]
        if now.sha256 != row.sha256 and now.id == row.key:
            with transaction.atomic():
                give_text(row, corpus, Finder(row, now.text, now.turns))


def _forget(study: Study) -> None:
    shutil.rmtree(study_folder(study).parent, ignore_errors=True)
    study.delete()
