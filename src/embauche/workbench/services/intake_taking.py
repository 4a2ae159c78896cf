"""Taking dropped files into a study: written into its folder, read, stored, then analysed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from embauche.collect import read_customers, read_reviews, read_table
from embauche.collect.names import slug
from embauche.collect.pseudonyms import IdentifierKind
from embauche.collect.source import Corpus
from embauche.errors import EmbaucheError, ReadError
from embauche.study.config import read_config
from embauche.study.decisions import FILE_NAME as CODING
from embauche.study.decisions import add_lines, parse_decisions
from embauche.study.files import tell_parts
from embauche.study.preview import Kind, read_alone, read_placed
from embauche.study.rewriting import Piece, Rewritten, name_with_tokens, rewrite
from embauche.workbench.models import (
    Event,
    Participant,
    Result,
    Source,
    Study,
    Survey,
    Upload,
    User,
)
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.erasing import forgetting
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.intake_files import (
    forget_pending,
    free_name,
    pending_file,
    safe_name,
    write_whole,
)
from embauche.workbench.services.intake_keyring import read_keyring, write_keyring
from embauche.workbench.services.intake_origin import remember_origin
from embauche.workbench.services.intake_participants import take_attributes
from embauche.workbench.services.intake_projects import take_project
from embauche.workbench.services.intake_runs import analyse_anew
from embauche.workbench.services.intake_settings import (
    edit_settings,
    set_interviewers,
    set_table,
    take_interview,
)
from embauche.workbench.services.intake_storing import store_corpus
from embauche.workbench.services.intake_uploads import company_of, look
from embauche.workbench.services.replacing import replace_source
from embauche.workbench.services.roles import require

FOLDER = "interviews"
_TABLES = ("survey", "customers", "reviews")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person said of one file before taking it.

    Attributes
    ----------
    kind
        What it is.
    name
        What it is to be called; its own name where empty.
    interviewers
        Labels of those who ask; ``None`` leaves it to the reader.
    text, participant
        Columns of reviews.
    hidden
        Entities that a token takes the place of.
    replaces
        File of the study that it takes the place of.
    """

    kind: Kind
    name: str = ""
    interviewers: tuple[str, ...] | None = None
    text: str = ""
    participant: str = ""
    hidden: frozenset[str] = field(default_factory=frozenset)
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the files: names of those taken, and how many have something wrong."""

    names: tuple[str, ...]
    failed: int
    source: int | None = None


def take(study_id: int, wishes: Mapping[int, Wish], actor: User) -> Taken:
    """Take dropped files into a study; one that fails stays where it is, with the reason.

    Sources can be read at once. The analysis of all that the study holds now starts in the
    background.
    """
    study = Study.objects.get(pk=study_id)
    require(actor, study, "editor")
    remember_origin(study)
    names: list[str] = []
    failed, last = 0, None
    uploads = {row.pk: row for row in Upload.objects.filter(study=study).select_related("study")}
    for number, wish in wishes.items():
        upload = uploads.get(number)
        if upload is None:
            continue
        try:
            with forgetting(), transaction.atomic():
                Study.objects.select_for_update().get(pk=study.pk)
                name, last = _KINDS[wish.kind](study, upload, wish, actor)
                upload.delete()
                touch(study)
        except EmbaucheError as error:
            failed += 1
            upload.error = {
                "code": error.code,
                "params": {key: _plain(value) for key, value in error.params.items()},
            }
            Upload.objects.filter(pk=number).update(error=upload.error)
            continue
        upload.pk = number
        forget_pending(upload)
        names.append(name)
    if names:
        look_again(study)
        analyse_anew(study, actor)
    return Taken(tuple(names), failed, last)


def look_again(study: Study) -> None:
    """Look again into tables that wait: what they are may depend on what the study holds now."""
    for upload in Upload.objects.filter(study=study, error__isnull=True).select_related("study"):
        if upload.kind in {"unknown", "survey"}:
            look(upload)
            upload.save()


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return [str(item) for item in value] if isinstance(value, Iterable) else str(value)


def _interview(study: Study, upload: Upload, wish: Wish, actor: User) -> tuple[str, int | None]:
    waiting = pending_file(upload)
    company = company_of(study)
    corpus = read_alone(waiting, company, wish.interviewers)
    written = _hidden(study, upload, corpus, wish)
    suffix = Path(written.name).suffix if written else waiting.suffix.lower()
    data = written.data if written else waiting.read_bytes()
    interviewers = written.interviewers if written else wish.interviewers
    if wish.replaces:
        return replace_source(study, wish.replaces, suffix, data, interviewers, actor)
    folder = study_folder(study)
    stem = Path(safe_name(wish.name)).stem if wish.name else waiting.stem
    if written:
        stem = name_with_tokens(stem, written.words)
    name = f"{FOLDER}/{free_name(folder / FOLDER, f'{stem}{suffix}', _ids(study))}"
    with _written(folder / name, data):
        inferred = tell_parts([folder / name], folder)[0].part == "interview"

        def settle(document: Any) -> None:
            take_interview(document, study, name, inferred=inferred)
            set_interviewers(document, name, interviewers)

        edit_settings(study, settle)
        placed = read_placed(folder / name, folder, company, interviewers)
        row = store_corpus(study, placed)[0]
        _record(study, actor, "source.taken", row.key, {"name": name, "words": row.words})
    return name, row.pk


def _hidden(study: Study, upload: Upload, corpus: Corpus, wish: Wish) -> Rewritten | None:
    """Write the file anew with tokens for what a person ticked, before anything is frozen."""
    if not wish.hidden or upload.preview is None:
        return None
    source = corpus.sources[0]
    keyring = read_keyring(study)
    pieces, words = [], {}
    for entry in upload.preview["identifiers"]:
        if entry["entity"] not in wish.hidden:
            continue
        kind = IdentifierKind(entry["kind"])
        mark = keyring.token(entry["entity"], kind, entry["words"], study)
        words.update(dict.fromkeys(entry["words"], mark))
        pieces += [Piece(place["start"], place["end"], mark) for place in entry["places"]]
    made = rewrite(pending_file(upload), source, pieces, words, company_of(study))
    write_keyring(study, keyring)
    return made


class _written:  # noqa: N801 (reads as a word of the with statement)
    """A file that is there from here on, and gone again if what follows fails."""

    def __init__(self, path: Path, data: bytes) -> None:
        self._path, self._data = path, data

    def __enter__(self) -> None:
        write_whole(self._path, self._data)

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is not None:
            self._path.unlink(missing_ok=True)


def _ids(study: Study) -> set[str]:
    sources = Source.objects.filter(study=study).values_list("key", flat=True)
    people = Participant.everybody.filter(study=study).values_list("key", flat=True)
    return {*sources, *people}


def _reviews(study: Study, upload: Upload, wish: Wish, actor: User) -> tuple[str, int | None]:
    waiting, folder = pending_file(upload), study_folder(study)
    held = _held(study, "reviews")
    if held and not wish.replaces:
        raise ReadError("intake.second_table", file=upload.name, other=held, part="reviews")
    stem = Path(safe_name(wish.name or upload.name)).stem
    name = free_name(folder, f"{stem}{waiting.suffix.lower()}", _ids(study))
    with _written(folder / name, waiting.read_bytes()):
        corpus = read_reviews(
            folder / name, root=folder, text=wish.text or None, participant=wish.participant or None
        )
        edit_settings(
            study,
            lambda document: set_table(
                document, "reviews", file=name, text=wish.text, participant=wish.participant
            ),
        )
        if held:
            _retire(study, folder / held)
        store_corpus(study, corpus)
        params = {"name": name, "n": len(corpus.sources), "replaces": held}
        _record(study, actor, "reviews.taken", slug(name), params)
    return name, None


def _retire(study: Study, path: Path) -> None:
    """Take the reviews of an older file out of sight; what people decided in them is kept."""
    name = path.relative_to(study_folder(study)).as_posix()
    rows = Source.objects.filter(study=study, kind="review", name__startswith=f"{name}#")
    rows.update(current=False)
    path.unlink(missing_ok=True)


def _survey(study: Study, upload: Upload, wish: Wish, actor: User) -> tuple[str, int | None]:
    return _one_table(study, upload, wish, actor, "survey")


def _customers(study: Study, upload: Upload, wish: Wish, actor: User) -> tuple[str, int | None]:
    return _one_table(study, upload, wish, actor, "customers")


def _one_table(
    study: Study, upload: Upload, wish: Wish, actor: User, part: str
) -> tuple[str, int | None]:
    """Take a survey or customer table; a study holds one of each, a second one replaces it."""
    waiting, folder = pending_file(upload), study_folder(study)
    held = _held(study, part)
    if held and not wish.replaces:
        raise ReadError("intake.second_table", file=upload.name, other=held, part=part)
    name = free_name(folder, upload.name, ())
    if held == upload.name:
        name = held
    before = (folder / name).read_bytes() if held == name else None
    write_whole(folder / name, waiting.read_bytes())
    try:
        if part == "customers":
            read_customers(folder / name, root=folder)
        else:
            read_table(folder / name, name=name)
        edit_settings(study, lambda document: set_table(document, part, file=name))
    except EmbaucheError:
        if before is None:
            (folder / name).unlink()
        else:
            write_whole(folder / name, before)
        raise
    if held and held != name:
        (folder / held).unlink(missing_ok=True)
    _record(study, actor, f"{part}.taken", slug(name), {"name": name, "replaces": held})
    return name, None


def _held(study: Study, part: str) -> str:
    """Return the name of the study's survey, customers or reviews."""
    from embauche.study.plan import make_plan

    folder = study_folder(study)
    given = getattr(read_config(folder), part).file
    if given is not None:
        return str(given) if given and (folder / given).is_file() else ""
    try:
        path = getattr(make_plan(read_config(folder)), part)
    except EmbaucheError:
        return ""
    return "" if path is None else str(path.relative_to(folder).as_posix())


def held_tables(study: Study) -> dict[str, str]:
    """Return the names of the study's tables by part, as far as it can be told at once."""
    config = read_config(study_folder(study))
    survey = Survey.objects.filter(study=study).values_list("name", flat=True).first()
    review = study.sources.filter(current=True, kind="review").values_list("name", flat=True)
    scored = Result.objects.filter(study=study, part="assignment")
    told = {
        "survey": config.survey.file or survey,
        "customers": config.customers.file or scored.values_list("data__name", flat=True).first(),
        "reviews": config.reviews.file or (review.first() or "").partition("#")[0],
    }
    return {part: str(name) for part, name in told.items() if name}


def _coding(study: Study, upload: Upload, _wish: Wish, actor: User) -> tuple[str, int | None]:
    """Add people's decisions to those that came with the study."""
    text = pending_file(upload).read_text(encoding="utf-8-sig")
    parse_decisions(text.splitlines())
    lines = [json.loads(line) for line in text.splitlines() if line.strip()]
    add_lines(study_folder(study), lines)
    _record(study, actor, "coding.taken", slug(upload.name), {"n": len(lines)})
    return CODING, None


def _attributes(study: Study, upload: Upload, _wish: Wish, actor: User) -> tuple[str, int | None]:
    take_attributes(study, pending_file(upload), actor)
    return upload.name, None


def _project(study: Study, upload: Upload, _wish: Wish, actor: User) -> tuple[str, int | None]:
    n = take_project(study, pending_file(upload))
    _record(study, actor, "project.taken", slug(upload.name), {"name": upload.name, "n": n})
    return upload.name, None


def _unknown(_study: Study, upload: Upload, _wish: Wish, _actor: User) -> tuple[str, int | None]:
    raise ReadError("intake.say_what", file=upload.name)


_Take = Callable[[Study, Upload, Wish, User], tuple[str, int | None]]
_KINDS: dict[str, _Take] = {
    "interview": _interview,
    "reviews": _reviews,
    "survey": _survey,
    "customers": _customers,
    "participants": _attributes,
    "coding": _coding,
    "project": _project,
    "unknown": _unknown,
}


def _record(study: Study, actor: User, verb: str, key: str, payload: dict[str, Any]) -> None:
    Event(
        study=study,
        actor=actor,
        verb=verb,
        kind=verb.partition(".")[0],
        key=key[:200],
        version=1,
        payload=payload,
    ).save()
