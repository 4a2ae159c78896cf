"""Replace or remove a source: said before what it costs, and nothing that people coded is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from embauche.collect import source as heard
from embauche.collect.names import slug
from embauche.collect.said_speakers import carried_over
from embauche.errors import ReadError
from embauche.study.files import tell_parts
from embauche.study.preview import read_placed
from embauche.vocabulary import SpeakerRole
from embauche.workbench.models import Comment, Evidence, Participant, Source, Study, User
from embauche.workbench.services.conflicts import StaleVersionError, touch
from embauche.workbench.services.customers_mapping import customers_file
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.intake_files import write_whole
from embauche.workbench.services.intake_origin import remember_origin
from embauche.workbench.services.intake_runs import analyse_anew
from embauche.workbench.services.intake_settings import (
    drop_interview,
    edit_settings,
    said_of,
    section,
    set_interviewers,
    set_speakers,
    take_interview,
)
from embauche.workbench.services.intake_uploads import company_of
from embauche.workbench.services.moving import coded_by_people, give_text, heard_in
from embauche.workbench.services.roles import require
from embauche.workbench.services.survey_mapping import survey_file
from embauche.workbench.services.team_events import record


@dataclass(frozen=True, slots=True)
class AtStake:
    """What people did with a source: evidence decided about, memos, comments."""

    coded: int
    memos: int
    comments: int

    @property
    def any(self) -> bool:
        """Whether anybody did anything."""
        return bool(self.coded or self.memos or self.comments)


def at_stake(source: Source) -> AtStake:
    """Count what people did with a source, to be said before it is replaced or removed."""
    coded = Evidence.objects.filter(coded_by_people(source)).distinct()
    keys = Evidence.objects.filter(source=source).values("key")
    comments = Comment.objects.filter(study=source.study, kind="evidence", key__in=keys)
    return AtStake(
        coded=coded.count(),
        memos=Evidence.objects.filter(source=source).exclude(memo="").count() + bool(source.memo),
        comments=comments.filter(deleted_at=None).count(),
    )


def still_there(source: Source, text: str, turns: Sequence[heard.Turn]) -> int:
    """Count the coded passages that stand letter for letter in another text."""
    spot = Finder(source, text, turns)
    rows = Evidence.objects.filter(coded_by_people(source)).distinct()
    return sum(spot(start, end) is not None for start, end in rows.values_list("start", "end"))


class Finder:
    """Where a passage of an old text stands in a new one: the same words, the nearest place."""

    def __init__(self, source: Source, text: str, turns: Sequence[heard.Turn]) -> None:
        self._old, self._new = source.text, text
        self._turns = [turn for turn in turns if turn.role is SpeakerRole.PARTICIPANT]

    def __call__(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the new place; ``None`` where nobody says these words any more."""
        quote = self._old[start:end]
        expected = start / max(1, len(self._old)) * len(self._new)
        places = []
        at = self._new.find(quote) if quote else -1
        while at >= 0:
            stop = at + len(quote)
            if any(turn.start <= at and stop <= turn.end for turn in self._turns):
                places.append(at)
            at = self._new.find(quote, at + 1)
        if not places:
            return None
        best = min(places, key=lambda place: abs(place - expected))
        return best, best + len(quote)


def replace_source(
    study: Study,
    name: str,
    suffix: str,
    data: bytes,
    interviewers: Sequence[str] | None,
    actor: User,
) -> tuple[str, int]:
    """Put another file in the place of an interview's; inside the caller's transaction.

    Coded passages whose words stand in the new text move there; others are kept as history.

    Raises
    ------
    ReadError
        If the study has no such file, or the new one cannot be read.
    """
    row = Source.objects.filter(study=study, name=name, current=True, kind="interview").first()
    if row is None:
        raise ReadError("intake.nothing_to_replace", file=name)
    folder = study_folder(study)
    old = folder / name
    new = old.with_suffix(suffix)
    before = old.read_bytes() if old.is_file() else b""
    write_whole(new, data)
    try:
        target = new.relative_to(folder).as_posix()
        inferred = tell_parts([new], folder)[0].part == "interview"
        said = carried_over(said_of(study, name), interviewers)

        def settle(document: Any) -> None:
            if target != name:
                drop_interview(document, name)
                take_interview(document, study, target, inferred=inferred)
            set_interviewers(document, target, interviewers)
            set_speakers(document, target, said)

        edit_settings(study, settle)
        corpus = read_placed(new, folder, company_of(study), interviewers, said)
        now = corpus.sources[0]
        moved = give_text(row, corpus, Finder(row, now.text, now.turns))
    except BaseException:
        if new == old and before:
            write_whole(old, before)
        elif new != old:
            new.unlink(missing_ok=True)
        raise
    if new != old:
        old.unlink(missing_ok=True)
    params = {"name": target, "before": name, "moved": moved.moved, "left": moved.left}
    record(study, actor, "source.replaced", row.key, params)
    return target, row.pk


def remove_source(source_id: int, actor: User, version: int) -> AtStake:
    """Remove an interview: its file goes; what people coded in it is kept as history.

    Raises
    ------
    StaleVersionError
        If the source was changed meanwhile.
    """
    with transaction.atomic():
        row = Source.objects.select_related("study").get(pk=source_id)
        study = row.study
        require(actor, study, "editor")
        Study.objects.select_for_update().get(pk=study.pk)
        if row.version != version or not row.current:
            raise StaleVersionError(row)
        remember_origin(study)
        stake = at_stake(row)
        folder = study_folder(study)
        name = row.name.partition("#")[0] if row.kind == "review" else row.name
        record(study, actor, "source.removed", row.key, {"name": name, "coded": stake.coded})
        gone = study.sources.filter(current=True)
        gone = (
            gone.filter(name__startswith=f"{name}#")
            if row.kind == "review"
            else gone.filter(pk=row.pk)
        )
        _retire(study, list(gone))
        if row.kind == "review":
            edit_settings(study, lambda document: _forget_table(document, "reviews"))
        else:
            edit_settings(study, lambda document: drop_interview(document, name))
            from embauche.study.refi_exchange import forget_source

            forget_source(folder, name)
        (folder / name).unlink(missing_ok=True)
        touch(study)
    analyse_anew(study, actor)
    return stake


def remove_table(study_id: int, part: str, name: str, actor: User) -> None:
    """Remove the survey or the customers' table, with the roles of its columns.

    Raises
    ------
    ReadError
        If the study has no such table, or another one for that part.
    """
    file_of = {"survey": survey_file, "customers": customers_file}
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        remember_origin(study)
        path = study_folder(study) / name
        if (
            part not in file_of
            or name != file_of[part](study)
            or not path.resolve().is_relative_to(study_folder(study).resolve())
            or not path.is_file()
        ):
            raise ReadError("intake.nothing_to_replace", file=name)
        edit_settings(study, lambda document: _forget_table(document, part))
        path.unlink()
        record(study, actor, f"{part}.removed", slug(name), {"name": name})
        touch(study)
    analyse_anew(study, actor)


def _forget_table(document: Any, part: str) -> None:
    section(document, part)
    document.remove(part)


def _retire(study: Study, rows: Sequence[Source]) -> None:
    """Take sources out of the study; evidence that people decided about stays as history."""
    for row in rows:
        kept = Evidence.objects.filter(coded_by_people(row)).values("pk")
        Evidence.objects.filter(source=row).exclude(
            pk__in=list(kept.values_list("pk", flat=True))
        ).delete()
        Evidence.objects.filter(source=row).update(current=False)
        Source.objects.filter(pk=row.pk).update(current=False)
        Source.objects.filter(pk=row.pk, evidence__isnull=True).delete()
    keys, heard = {row.key for row in rows}, heard_in(study)
    for person in Participant.objects.filter(study=study, evidence__isnull=True):
        own = any(person.key == key or person.key.startswith(f"{key}-") for key in keys)
        if own and person.key not in heard:
            person.delete()
