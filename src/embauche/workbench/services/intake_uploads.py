"""Files that someone dropped: received, looked into, and waiting to be taken or left."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Sum

from embauche.collect.pseudonyms import IdentifierKind, entity_of, find_identifiers
from embauche.collect.speakers import personal_name
from embauche.errors import EmbaucheError, ReadError
from embauche.study.config import read_config
from embauche.study.preview import Company, FilePreview, Kind, preview, read_alone
from embauche.workbench.models import Participant, Source, Study, Survey, Upload, User
from embauche.workbench.services.erasing import forgetting
from embauche.workbench.services.frozen import freeze, thaw
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.intake_files import (
    MOST_BYTES,
    MOST_PENDING,
    MOST_PENDING_BYTES,
    forget_pending,
    pending_file,
    safe_name,
)
from embauche.workbench.services.intake_keyring import Keyring, read_keyring
from embauche.workbench.services.roles import require

_AROUND = 60


class Dropped(Protocol):
    """A file as Django receives it."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]:
        """Yield its content."""


def receive(study_id: int, file: Dropped, actor: User) -> Upload:
    """Keep a dropped file and look into it; one that cannot be read says so and stops nothing.

    Raises
    ------
    ReadError
        If it is too large, or too many files wait already.
    """
    study = Study.objects.get(pk=study_id)
    require(actor, study, "editor")
    name = safe_name(file.name or "")
    size = int(file.size or 0)
    _within_limits(study, name, size)
    upload = Upload(study=study, actor=actor, name=name, stored=uuid.uuid4().hex, size=size)
    path = pending_file(upload)
    path.parent.mkdir(parents=True)
    digest = hashlib.sha256()
    try:
        with path.open("wb") as target:
            for chunk in file.chunks():
                digest.update(chunk)
                target.write(chunk)
        upload.sha256 = digest.hexdigest()
        look(upload)
        with transaction.atomic():
            upload.save()
    except BaseException:
        forget_pending(upload)
        raise
    return upload


def _within_limits(study: Study, name: str, size: int) -> None:
    if size > MOST_BYTES:
        raise ReadError("intake.too_large", file=name, size=size / 1e6, most=MOST_BYTES / 1e6)
    waiting = Upload.objects.filter(study=study)
    if waiting.count() >= MOST_PENDING:
        raise ReadError("intake.too_many", n=MOST_PENDING)
    held = waiting.aggregate(all=Sum("size"))["all"] or 0
    if held + size > MOST_PENDING_BYTES:
        raise ReadError("intake.too_much", most=MOST_PENDING_BYTES / 1e6)


def look(upload: Upload, kind: Kind | None = None) -> None:
    """Look into the file of an upload and note what it is, or why it cannot be read."""
    upload.preview, upload.error, upload.kind = None, None, ""
    study = upload.study
    try:
        twin = _same_file(study, upload)
        if twin:
            raise ReadError("intake.there_already", file=upload.name, other=twin)
        found = preview(pending_file(upload), company_of(study), kind)
    except EmbaucheError as error:
        upload.error = {"code": error.code, "params": freeze(dict(error.params))}
        return
    upload.kind = found.kind
    upload.preview = {
        **freeze(found),
        "identifiers": _identifiers(upload, found) if found.kind == "interview" else [],
    }


def _same_file(study: Study, upload: Upload) -> str:
    """Return the name of a file that the study holds already with the same content."""
    folder = study_folder(study)
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        same_size = path.is_file() and path.stat().st_size == upload.size
        if same_size and hashlib.sha256(path.read_bytes()).hexdigest() == upload.sha256:
            return path.relative_to(folder).as_posix()
    other = Upload.objects.filter(study=study, sha256=upload.sha256).exclude(pk=upload.pk).first()
    return other.name if other is not None else ""


def company_of(study: Study) -> Company:
    """Return what is known of the study that a file would join."""
    section = read_config(study_folder(study)).interviews
    people = Participant.objects.filter(study=study).values_list("key", "pseudonym")
    held = Survey.objects.filter(study=study).only("data").first()
    asked = held.data if held is not None else {}
    columns = [
        column.strip().casefold()
        for role in ("needs", "importance")
        for column in asked.get(role) or ()
    ]
    return Company(
        interviewers=tuple(section.interviewer_speakers),
        participants=tuple(section.participant_speakers),
        people=tuple(people),
        survey=frozenset(columns),
    )


def shown(upload: Upload) -> FilePreview:
    """Return the preview of an upload."""
    found: FilePreview = thaw(FilePreview, upload.preview or {})
    return found


def _identifiers(upload: Upload, found: FilePreview) -> list[dict[str, Any]]:
    """Return who and what could be recognised in an interview, one entry an entity."""
    keyring = read_keyring(upload.study)
    source = read_alone(pending_file(upload), company_of(upload.study)).sources[0]
    labels = [speaker.name for speaker in found.speakers if speaker.name]
    return entities(source.text, source.language, labels, keyring)


def entities(text: str, language: Any, labels: list[str], keyring: Keyring) -> list[dict[str, Any]]:
    """Return what could be recognised in a text, one entry an entity, the first place first."""
    found: dict[str, dict[str, Any]] = {}
    for item in find_identifiers(text, language, labels=labels, names=keyring.names):
        entry = found.setdefault(
            item.entity,
            {
                "entity": item.entity,
                "kind": item.kind.value,
                "words": [],
                "reason": item.reason,
                "sure": False,
                "known": item.entity in keyring.tokens,
                "ignored": item.entity in keyring.ignored,
                "places": [],
            },
        )
        if item.text not in entry["words"]:
            entry["words"].append(item.text)
        if item.sure and not entry["sure"]:
            entry["sure"], entry["reason"] = True, item.reason
        before = text[max(0, item.start - _AROUND) : item.start]
        after = text[item.end : item.end + _AROUND]
        entry["places"].append(
            {
                "start": item.start,
                "end": item.end,
                "before": before.rpartition("\n")[2].lstrip(),
                "text": item.text,
                "after": after.partition("\n")[0].rstrip(),
            }
        )
    for label in labels:
        # Subtitles and tables name their speakers beside the words, not among them.
        if not personal_name(label):
            continue
        entity = entity_of(IdentifierKind.PERSON, label)
        known = {
            "known": entity in keyring.tokens,
            "ignored": entity in keyring.ignored,
        }
        entry = found.setdefault(
            entity,
            {
                "entity": entity,
                "kind": IdentifierKind.PERSON.value,
                "words": [],
                "reason": "label",
                "sure": True,
                "places": [],
                **known,
            },
        )
        # A label of one word is often a pseudonym already: that is what a person must know of it.
        entry["reason"] = "label"
        if label not in entry["words"]:
            entry["words"].insert(0, label)
    return list(found.values())


def reread(upload_id: int, kind: str, actor: User) -> Upload:
    """Look into a file again, as what a person says that it is."""
    upload = Upload.objects.select_related("study").get(pk=upload_id)
    require(actor, upload.study, "editor")
    look(upload, kind)  # type: ignore[arg-type]
    if upload.preview is None:
        upload.kind = kind
    with transaction.atomic():
        upload.save()
    return upload


def leave(study_id: int, uploads: Iterable[int], actor: User) -> int:
    """Leave dropped files: they are gone from this machine's workspace."""
    study = Study.objects.get(pk=study_id)
    require(actor, study, "editor")
    rows = list(Upload.objects.filter(study=study, pk__in=list(uploads)).select_related("study"))
    with forgetting(), transaction.atomic():
        Upload.objects.filter(pk__in=[row.pk for row in rows]).delete()
    for row in rows:
        forget_pending(row)
    return len(rows)


def waiting(study: Study) -> list[Upload]:
    """Return the files that wait, in the order in which they were dropped."""
    return list(Upload.objects.filter(study=study).select_related("study"))


def sources_of(study: Study) -> list[str]:
    """Return the names of the interviews' files, which a new file may replace."""
    rows = Source.objects.filter(study=study, current=True, kind="interview")
    return list(rows.values_list("name", flat=True))
