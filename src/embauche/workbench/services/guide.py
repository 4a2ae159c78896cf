"""The interview guide of a study: made, edited and undone; two people at once lose nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from django.db import transaction

from embauche.collect import Guide, GuideBrief, GuideQuestion, build_guide, refit_guide
from embauche.collect.guide import guide_from_dict, guide_to_dict
from embauche.collect.guide_editing import (
    add_question,
    edit_part,
    edit_question,
    edit_text,
    move_question,
    remove_question,
    shift_question,
)
from embauche.errors import GuideError
from embauche.study.guide_file import read_guide
from embauche.vocabulary import Facet, Language, Moment
from embauche.workbench.models import Event, Study, User
from embauche.workbench.models import Guide as GuideRow
from embauche.workbench.services.conflicts import StaleVersionError, change, touch
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.roles import require

_KIND = "guide"


def guide_of(study: Study) -> tuple[Guide, GuideRow] | None:
    """Return the study's guide and its row; ``None`` where there is none yet."""
    row = GuideRow.objects.filter(study=study).first()
    return (guide_from_dict(row.data), row) if row is not None else None


def proposed_brief(study: Study) -> GuideBrief:
    """Return what the form of a new guide begins with."""
    return GuideBrief(product=study.product, language=Language(study.language))


def seen_mark(item: Any) -> str:
    """Return a short mark of what a page shows of a question, a part or a text.

    A change is refused only where *this* item has changed since, whatever else was edited.
    """
    data = asdict(item) if hasattr(item, "__dataclass_fields__") else item
    if isinstance(data, dict):
        data = {key: value for key, value in data.items() if key != "questions"}
    return sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:12]


def make_guide(study_id: int, brief: GuideBrief, actor: User, version: int | None = None) -> Guide:
    """Make the study's guide, or fit the one that it has to another brief.

    Fitting keeps what people wrote; what nobody changed follows product, situation and minutes.
    Another language makes the guide anew.

    Parameters
    ----------
    version
        The guide's version that the page showed; ``None`` where it showed none.

    Raises
    ------
    GuideError
        If the brief is incomplete, or someone made a guide meanwhile.
    StaleVersionError
        If someone changed the guide meanwhile.
    """
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        row = GuideRow.objects.filter(study=study).first()
        if row is None:
            guide = build_guide(brief)
            row = GuideRow.objects.create(
                study=study, language=str(brief.language), data=_plain(guide)
            )
            _record(study, row, actor, "made", None)
            touch(study)
            return guide
        if version is None:
            raise GuideError("guide.exists")
        if row.version != version:
            raise StaleVersionError(row)
        guide = refit_guide(guide_from_dict(row.data), brief)
        _write(study, row, actor, "refitted", guide)
        return guide


def save_question(study_id: int, question: GuideQuestion, actor: User, seen: str) -> Guide:
    """Keep a person's wording of a question.

    Raises
    ------
    StaleVersionError
        If someone changed this question meanwhile.
    """
    return _edited(
        study_id,
        actor,
        "question_changed",
        lambda guide: edit_question(guide, question),
        lambda guide: guide.question(question.id),
        seen,
    )


def put_question(
    study_id: int,
    part: str,
    text: str,
    actor: User,
    *,
    facet: Facet | None = None,
    moment: Moment | None = None,
) -> Guide:
    """Add a question of one's own at the end of a part."""
    return _edited(
        study_id,
        actor,
        "question_added",
        lambda guide: add_question(guide, part, text, facet, moment)[0],
    )


def drop_question(study_id: int, question: str, actor: User, seen: str) -> Guide:
    """Take a question out of the guide.

    Raises
    ------
    StaleVersionError
        If someone changed this question meanwhile.
    """
    return _edited(
        study_id,
        actor,
        "question_removed",
        lambda guide: remove_question(guide, question),
        lambda guide: guide.question(question),
        seen,
    )


def shift(study_id: int, question: str, step: int, actor: User) -> Guide:
    """Move a question one place up (-1) or down (1)."""
    return _edited(
        study_id,
        actor,
        "question_moved",
        lambda guide: shift_question(guide, question, -1 if step < 0 else 1),
    )


def place(study_id: int, question: str, part: str, at: int, actor: User) -> Guide:
    """Put a question at a place (from 0) of a part."""
    return _edited(
        study_id,
        actor,
        "question_moved",
        lambda guide: move_question(guide, question, part, at),
    )


def save_part(
    study_id: int, part: str, actor: User, seen: str, *, title: str, intent: str, minutes: int
) -> Guide:
    """Keep a part's title, intent and minutes.

    Raises
    ------
    StaleVersionError
        If someone changed this part meanwhile.
    """
    return _edited(
        study_id,
        actor,
        "part_changed",
        lambda guide: edit_part(guide, part, title=title, intent=intent, minutes=minutes),
        lambda guide: next((item for item in guide.parts if item.id == part), None),
        seen,
    )


def save_text(study_id: int, name: str, text: str, actor: User, seen: str) -> Guide:
    """Keep the words of the welcome, the thanks, the consent text or a list of notes.

    Raises
    ------
    StaleVersionError
        If someone changed this text meanwhile.
    """
    return _edited(
        study_id,
        actor,
        "text_changed",
        lambda guide: edit_text(guide, name, text),
        lambda guide: getattr(guide, name, None),
        seen,
    )


def undo(study_id: int, actor: User) -> Guide:
    """Take back the latest change that stands, again and again if need be.

    Raises
    ------
    GuideError
        If nothing was changed since the guide was made.
    """
    with transaction.atomic():
        study, row = _held(study_id, actor)
        standing = _standing(study)
        if not standing:
            raise GuideError("guide.nothing_to_undo")
        before = standing[-1].payload["before"]
        guide = guide_from_dict(before)
        _write(study, row, actor, "undone", guide)
        return guide


def undoable(study: Study) -> bool:
    """Tell whether a change stands that can be taken back."""
    return bool(_standing(study))


def take_guide(study: Study) -> None:
    """Take over the guide that came with the study's folder, unless the study has one already."""
    if GuideRow.objects.filter(study=study).exists():
        return
    guide = read_guide(study_folder(study))
    if guide is not None:
        language = str(guide.brief.language)
        GuideRow.objects.create(study=study, language=language, data=_plain(guide))


def _held(study_id: int, actor: User) -> tuple[Study, GuideRow]:
    study = Study.objects.select_for_update().get(pk=study_id)
    require(actor, study, "editor")
    row = GuideRow.objects.filter(study=study).first()
    if row is None:
        raise GuideError("guide.none")
    return study, row


def _edited(
    study_id: int,
    actor: User,
    verb: str,
    edit: Callable[[Guide], Guide],
    item: Callable[[Guide], Any] | None = None,
    seen: str = "",
) -> Guide:
    with transaction.atomic():
        study, row = _held(study_id, actor)
        guide = guide_from_dict(row.data)
        if item is not None and seen_mark(item(guide)) != seen:
            raise StaleVersionError(row)
        made = edit(guide)
        if made != guide:
            _write(study, row, actor, verb, made)
        return made


def _write(study: Study, row: GuideRow, actor: User, verb: str, guide: Guide) -> None:
    before = row.data
    change(row, row.version, data=_plain(guide), language=str(guide.brief.language))
    _record(study, row, actor, verb, before)
    touch(study)


def _plain(guide: Guide) -> dict[str, Any]:
    """Return JSON-ready data, with lists for tuples, as the database gives it back."""
    plain: dict[str, Any] = json.loads(json.dumps(guide_to_dict(guide)))
    return plain


def _record(
    study: Study, row: GuideRow, actor: User, verb: str, before: dict[str, Any] | None
) -> None:
    Event(
        study=study,
        actor=actor,
        verb=f"{_KIND}.{verb}",
        kind=_KIND,
        key=_KIND,
        version=row.version,
        payload={"before": before} if before is not None else {},
    ).save()


def _standing(study: Study) -> list[Event]:
    """Return the changes that stand, the oldest first: an undo takes the latest away."""
    kept: list[Event] = []
    for event in Event.objects.filter(study=study, kind=_KIND).order_by("pk"):
        if event.verb == "guide.undone":
            kept = kept[:-1]
        elif event.payload and "before" in event.payload:
            kept.append(event)
    return kept
