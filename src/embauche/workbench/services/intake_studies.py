"""Studies made, opened, taken along and deleted from the pages."""

from __future__ import annotations

import shutil
import stat
import zipfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Final

import tomlkit
from django.conf import settings
from django.db import transaction

from embauche.errors import FolderError, ReadError, WorkbenchError
from embauche.study.config import FILE_NAME, read_config
from embauche.study.files import list_files
from embauche.vocabulary import Language
from embauche.workbench.models import Evidence, Membership, Study, User
from embauche.workbench.services.erasing import forgetting
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.intake_files import MOST_BYTES, write_whole
from embauche.workbench.services.intake_keyring import delete_keyring, key_file
from embauche.workbench.services.intake_runs import analyse_anew, stop_runs
from embauche.workbench.services.intake_storing import store_corpus
from embauche.workbench.services.opening import free_slug, take_files
from embauche.workbench.services.roles import require
from embauche.workbench.services.study_settings import LONGEST
from embauche.workbench.services.team_events import record

MOST_ENTRIES: Final = 2000
MOST_UNPACKED: Final = 10 * MOST_BYTES
"""Files, and bytes in all, that an archive may unpack to."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What goes when a study is deleted.

    Attributes
    ----------
    sources, evidence, coded, jobs, comments, people
        Rows of each; `coded` is evidence that a person decided about.
    files, size
        Files of the study and their bytes.
    key
        Whether there is a key of pseudonyms.
    """

    sources: int
    evidence: int
    coded: int
    jobs: int
    comments: int
    people: int
    files: int
    size: int
    key: bool

    @property
    def megabytes(self) -> float:
        """Size of the files in megabytes."""
        return self.size / 1e6


def create_study(
    actor: User, *, title: str, product: str = "", language: str, question: str = ""
) -> Study:
    """Make an empty study with a folder of its own.

    Raises
    ------
    WorkbenchError
        If it has no title, a text is too long, or the language is none of ours.
    """
    given = {"title": title, "product": product, "question": question}
    given = {name: " ".join(text.split()) for name, text in given.items()}
    if not given["title"]:
        raise WorkbenchError("intake.no_title")
    for name, most in LONGEST.items():
        if len(given[name]) > most:
            raise WorkbenchError("intake.long_text", most=most)
    if language not in tuple(Language):
        raise WorkbenchError("intake.no_language")
    study = _new(actor, **given, language=language)
    document = tomlkit.document()
    held = tomlkit.table()
    for name in ("title", "product", "language", "question"):
        value = language if name == "language" else given[name]
        if value:
            held[name] = value
    document["study"] = held
    write_whole(study_folder(study) / FILE_NAME, tomlkit.dumps(document).encode())
    return study


def _new(actor: User, *, title: str, **values: object) -> Study:
    with transaction.atomic():
        study = Study.objects.create(slug=free_slug(title), title=title, **values)
        Membership.objects.create(user=actor, study=study, role=Membership.Role.OWNER)
        record(study, actor, "study.created", study.slug, {"title": title})
    return study


def open_copy(folder: Path, actor: User, *, origin: str = "", language: str = "fr") -> Study:
    """Make a study of a folder: its sources can be read at once, the analysis follows.

    Raises
    ------
    EmbaucheError
        If the folder or its ``study.toml`` is wrong, or nothing in it can be read.
    """
    # Loaded when it is needed: a page does not wait for the statistics.
    from embauche.study.stages import read_corpus

    config = read_config(folder)
    if not list_files(folder):
        raise FolderError("folder.nothing_to_read", folder=config.study.title or folder.name)
    section = config.study
    study = _new(
        actor,
        title=section.title or folder.name,
        product=section.product or "",
        language=section.language or language,
        question=section.question or "",
        origin=origin,
        fictional=section.fictional,
        offer=dict(config.offer),
    )
    try:
        take_files(folder, study)
        own = read_config(study_folder(study))
        with transaction.atomic():
            store_corpus(study, read_corpus(own))
        analyse_anew(study, actor)
    except BaseException:
        forget(study)
        raise
    return study


def open_archive(path: Path, name: str, actor: User, *, language: str = "fr") -> Study:
    """Make a study of a zipped study folder, as a study's own page writes it.

    Raises
    ------
    ReadError
        If it is no archive, too large, or holds names that lead out of it.
    """
    with TemporaryDirectory(prefix="embauche-") as place:
        folder = Path(place) / (PurePosixPath(name).stem or "study")
        folder.mkdir()
        _unpack(path, name, folder)
        inside = [entry for entry in folder.iterdir() if not entry.name.startswith((".", "__"))]
        root = inside[0] if len(inside) == 1 and inside[0].is_dir() else folder
        return open_copy(root, actor, language=language)


def _unpack(path: Path, name: str, target: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            total = sum(entry.file_size for entry in entries)
            if len(entries) > MOST_ENTRIES or total > MOST_UNPACKED:
                most = MOST_UNPACKED / 1e6
                raise ReadError("intake.archive_too_large", file=name, n=len(entries), most=most)
            left = MOST_UNPACKED
            for entry in entries:
                inner = PurePosixPath(entry.filename.replace("\\", "/"))
                link = stat.S_ISLNK(entry.external_attr >> 16)
                if inner.is_absolute() or ".." in inner.parts or ":" in entry.filename or link:
                    raise ReadError("intake.archive_leads_out", file=name, entry=str(inner)[:80])
                place = target.joinpath(*inner.parts)
                place.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as source, place.open("wb") as copy:
                    # What an entry says of its size is a claim: no more than that is written.
                    while block := source.read(1 << 20):
                        left -= len(block)
                        if left < 0:
                            most = MOST_UNPACKED / 1e6
                            raise ReadError(
                                "intake.archive_too_large", file=name, n=len(entries), most=most
                            )
                        copy.write(block)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise ReadError("intake.no_archive", file=name) from error


def open_demo(language: str, actor: User) -> Study:
    """Open the fictional study in this workspace; one that is there already is found again."""
    from embauche.study.demo import write_demo

    chosen = Language(language)
    # Told by where it came from: a copy that somebody changed is still this demo.
    origin = f"demo:{chosen}:{actor.pk}"
    held = Study.objects.filter(origin=origin, memberships__user=actor).first()
    if held is not None:
        return held
    with TemporaryDirectory(prefix="embauche-") as place:
        return open_copy(write_demo(Path(place) / "notes", chosen), actor, origin=origin)


def archive_of(study: Study, target: Path) -> Path:
    """Write the study folder, people's decisions included, as a ``.zip``."""
    from embauche.workbench.services.exporting import export_folder

    with TemporaryDirectory(prefix="embauche-") as place:
        folder = export_folder(study.pk, Path(place) / study.slug)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    archive.write(path, path.relative_to(folder.parent).as_posix())
    return target


def holdings(study: Study) -> Holdings:
    """Count what goes when a study is deleted."""
    folder = Path(settings.WORKSPACE.studies) / study.slug
    paths = [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
    shown = study.evidence.filter(withdrawn=False)
    return Holdings(
        sources=study.sources.count(),
        evidence=shown.count(),
        coded=shown.filter(reviewer__isnull=False).count(),
        jobs=study.jobs.filter(current=True).count(),
        comments=study.comments.filter(deleted_at=None).count(),
        people=study.memberships.count(),
        files=len(paths),
        size=sum(_size(paths)),
        key=key_file(study).is_file(),
    )


def _size(paths: Iterable[Path]) -> list[int]:
    found = []
    for path in paths:
        with suppress(OSError):
            found.append(path.stat().st_size)
    return found


def delete_study(study_id: int, title: str, actor: User) -> str:
    """Delete a study for good: its rows, its files and the key of its pseudonyms.

    Parameters
    ----------
    title
        The study's title, as the person who deletes it typed it.

    Raises
    ------
    WorkbenchError
        If that is not its title.
    """
    study = Study.objects.get(pk=study_id)
    require(actor, study, "owner", archived=True)
    if " ".join(title.split()).casefold() != " ".join(study.title.split()).casefold():
        raise WorkbenchError("intake.other_title", title=study.title)
    stop_runs(study)
    gone = study.title
    forget(study)
    return gone


def forget(study: Study) -> None:
    """Remove a study's rows and files."""
    folder = Path(settings.WORKSPACE.studies) / study.slug
    with forgetting(thoroughly=True), transaction.atomic():
        # Evidence protects its coders: it goes first.
        Evidence.objects.filter(study=study).delete()
        Study.objects.get(pk=study.pk).delete()
    delete_keyring(study)
    shutil.rmtree(folder, ignore_errors=True)
