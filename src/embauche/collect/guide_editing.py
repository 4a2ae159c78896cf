"""Change a guide: each change gives a new guide, and says what it cannot do."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, Final

from embauche.collect.guide import (
    LONGEST,
    MOST_QUESTIONS,
    Guide,
    GuidePart,
    GuideQuestion,
)
from embauche.errors import GuideError
from embauche.vocabulary import Facet, Moment

TEXTS: Final = ("welcome", "thanks")
LISTS: Final = ("consent", "before", "during", "after")
MOST_FOLLOW_UPS: Final = 12


def edit_question(guide: Guide, question: GuideQuestion) -> Guide:
    """Put a question in place of the one with its id: other words, another facet or moment.

    Raises
    ------
    GuideError
        If there is no such question, or its text is empty or too long.
    """
    guide.question(question.id)
    made = replace(
        question,
        text=_worded(question.text),
        follow_ups=_lines(question.follow_ups),
        note=_tidy(question.note),
    )
    return _questions(guide, lambda item: [made if item.id == made.id else item])


def add_question(
    guide: Guide, part_id: str, text: str, facet: Facet | None = None, moment: Moment | None = None
) -> tuple[Guide, GuideQuestion]:
    """Put a question of one's own at the end of a part; return the guide and the question."""
    part = _part(guide, part_id)
    if len(guide.questions) >= MOST_QUESTIONS:
        raise GuideError("guide.too_many", n=len(guide.questions) + 1, most=MOST_QUESTIONS)
    taken = {question.id for question in guide.questions}
    worded = _worded(text)
    number, made = 0, ""
    while not made or made in taken:
        made = f"own-{sha256(f'{worded}{number}'.encode()).hexdigest()[:8]}"
        number += 1
    question = GuideQuestion(made, worded, facet, moment)
    changed = replace(part, questions=(*part.questions, question))
    return _parts(guide, lambda item: changed if item.id == part_id else item), question


def remove_question(guide: Guide, question_id: str) -> Guide:
    """Take a question out."""
    guide.question(question_id)
    return _questions(guide, lambda item: [] if item.id == question_id else [item])


def move_question(guide: Guide, question_id: str, part_id: str, place: int) -> Guide:
    """Put a question at a place (from 0) of a part; beyond the end is the end."""
    question = guide.question(question_id)
    _part(guide, part_id)
    without = remove_question(guide, question_id)

    def placed(part: GuidePart) -> GuidePart:
        if part.id != part_id:
            return part
        at = max(0, min(place, len(part.questions)))
        return replace(part, questions=(*part.questions[:at], question, *part.questions[at:]))

    return _parts(without, placed)


def shift_question(guide: Guide, question_id: str, step: int) -> Guide:
    """Move a question one place up (-1) or down (1), over the edge of its part into the next."""
    guide.question(question_id)
    for at, part in enumerate(guide.parts):
        ids = [question.id for question in part.questions]
        if question_id not in ids:
            continue
        place = ids.index(question_id) + step
        if 0 <= place < len(ids):
            return move_question(guide, question_id, part.id, place)
        if 0 <= at + step < len(guide.parts):
            other = guide.parts[at + step]
            return move_question(
                guide, question_id, other.id, 0 if step > 0 else len(other.questions)
            )
    return guide


def edit_part(guide: Guide, part_id: str, *, title: str, intent: str, minutes: int) -> Guide:
    """Give a part another title, intent or length."""
    part = _part(guide, part_id)
    if not _tidy(title):
        raise GuideError("guide.empty_title")
    if not 0 <= minutes <= 120:
        raise GuideError("guide.minutes", n=minutes, least=0, most=120)
    made = replace(part, title=_tidy(title), intent=_tidy(intent), minutes=minutes)
    return _parts(guide, lambda item: made if item.id == part_id else item)


def edit_text(guide: Guide, name: str, text: str) -> Guide:
    """Give the welcome, the thanks, the consent text or a list of notes other words.

    In lists every line is a point.
    """
    if name in TEXTS:
        made: Any = _tidy(text)
    elif name in LISTS:
        made = _lines(text.splitlines())
    else:
        raise GuideError("guide.value", where=name, value=name)
    changed: dict[str, Any] = {name: made}
    return replace(guide, **changed)


def _part(guide: Guide, part_id: str) -> GuidePart:
    for part in guide.parts:
        if part.id == part_id:
            return part
    raise GuideError("guide.unknown_part", id=part_id)


def _parts(guide: Guide, change: Callable[[GuidePart], GuidePart]) -> Guide:
    return replace(guide, parts=tuple(change(part) for part in guide.parts))


def _questions(guide: Guide, change: Callable[[GuideQuestion], list[GuideQuestion]]) -> Guide:
    return _parts(
        guide,
        lambda part: replace(
            part, questions=tuple(new for old in part.questions for new in change(old))
        ),
    )


def _worded(text: str) -> str:
    made = _tidy(text)
    if not made:
        raise GuideError("guide.empty_question")
    return made


def _lines(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(made for made in map(_tidy, texts) if made)[:MOST_FOLLOW_UPS]


def _tidy(text: str) -> str:
    # French spaces that do not break are kept.
    made = re.sub(r"[ \t\r\n\f\v]+", " ", text).strip()
    if len(made) > LONGEST:
        raise GuideError("guide.too_long", field="text", n=len(made), most=LONGEST)
    return made
