"""The typing tool on paper: a form to fill in, and a table of points to add up by hand.

Points are those of the scorer times five, rounded to whole numbers; in each row of answers the
least is taken away from all segments, which changes neither who is ahead nor by how much. A lead of
g points over the second therefore means odds of about ``exp(g/5)`` against it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from embauche.messages import Messages, messages
from embauche.present.assets_inline import inlined_faces
from embauche.present.names import sentence_case
from embauche.present.pages import environment
from embauche.segment.typing_tool import Answer, Question, TypingTool
from embauche.vocabulary import Language

PER_NAT: Final = 5
"""Points on paper for one nat of the scorer."""

LEADS: Final = (1, 2, 3, 5, 7, 10, 15)
MOST_BOXES: Final = 11
"""A scale with more answers than this is asked as a number to write down."""

_SCALES: Final[Mapping[str, tuple[int, int]]] = {
    "1-5": (1, 5), "1-7": (1, 7), "0-10": (0, 10), "1-100": (1, 100),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """One question on paper.

    Attributes
    ----------
    label, boxes
        What is asked; the boxes to tick, none where a number is written down.
    limits
        Lowest and highest number to write down, where there are no boxes.
    rows
        Answer → whole points a segment.
    """

    label: str
    boxes: tuple[str, ...]
    limits: tuple[int, int] | None
    rows: tuple[tuple[str, tuple[int, ...]], ...]


def typing_sheet(tool: TypingTool, names: Mapping[str, str], language: Language) -> str:
    """Return the page: the form in both languages, then the points in the language asked for.

    Parameters
    ----------
    tool
        The typing tool.
    names
        Segment id → its name.
    language
        Language of the points table, and of the first form.
    """
    words = messages(language)
    other = Language.EN if language is Language.FR else Language.FR
    forms = [
        (one, messages(one), [_question(item, messages(one)) for item in tool.questions])
        for one in (language, other)
    ]
    template = environment(words).get_template("typing_sheet.html")
    start = whole_points([tool.start])[0]
    return template.render(
        faces=inlined_faces("Atkinson Hyperlegible Next"),
        tool=tool,
        words=words,
        language=str(language),
        forms=[(str(one), texts, items) for one, texts, items in forms],
        questions=forms[0][2],
        segments=[(segment, names.get(segment, "")) for segment in tool.segments],
        start=start,
        leads=[(lead, lead_probability(lead, len(tool.segments))) for lead in LEADS],
        unsure_lead=unsure_lead(tool.unsure, len(tool.segments)),
    )


def whole_points(rows: Sequence[Sequence[float]]) -> list[tuple[int, ...]]:
    """Return rows of points (one a segment) in whole numbers, the least of each row being 0."""
    return [tuple(round(PER_NAT * (value - min(row))) for value in row) for row in rows]


def lead_probability(lead: int, segments: int) -> tuple[float, float]:
    """Return the limits of the best segment's probability, given its lead over the second.

    It is lowest where all others are as near as the second, and highest where they are far.
    """
    behind = math.exp(-lead / PER_NAT)
    return 1 / (1 + (segments - 1) * behind), 1 / (1 + behind)


def unsure_lead(threshold: float, segments: int = 2) -> int:
    """Return the lead under which a sheet says "unsure", between the limits of `lead_probability`.

    Taken as if the others weighed ``√(K − 1)`` times the second: with two segments that is exact.
    """
    odds = threshold / (1 - threshold) * math.sqrt(segments - 1)
    return max(1, math.ceil(PER_NAT * math.log(odds)))


def _question(question: Question, words: Messages) -> SheetQuestion:
    points = whole_points([one.points for one in question.answers])
    rows = tuple(
        (_answer(one, question, words), row)
        for one, row in zip(question.answers, points, strict=True)
    )
    label = question.label.replace("_", " ") if " " not in question.label else question.label
    limits = _SCALES.get(question.scale) if question.answers[0].value is None else None
    if limits is not None and limits[1] - limits[0] < MOST_BOXES:
        boxes = tuple(str(value) for value in range(limits[0], limits[1] + 1))
        return SheetQuestion(sentence_case(label), boxes, None, rows)
    boxes = () if limits is not None else tuple(text for text, _ in rows)
    return SheetQuestion(sentence_case(label), boxes, limits, rows)


def _answer(answer: Answer, question: Question, words: Messages) -> str:
    if answer.value is not None:
        if question.scale == "yes_no":
            return words.text("typing.yes" if answer.value else "typing.no")
        return str(answer.value)
    lowest, highest = _SCALES.get(question.scale, (0, 0))
    low = lowest if answer.low is None else math.floor(answer.low) + 1
    high = highest if answer.high is None else math.floor(answer.high)
    return words.number(low) if low >= high else f"{words.number(low)}–{words.number(high)}"
