"""What a printed guide says, in order: the words of its pages, whatever the file format."""

from __future__ import annotations

from dataclasses import dataclass

from embauche.collect.guide import Guide, GuideQuestion
from embauche.messages import Messages, messages
from embauche.vocabulary import FACET_LETTER, label


@dataclass(frozen=True, slots=True)
class SheetQuestion:
    """A question as it is printed; `reveals` names its facet and moment, `letter` its tag."""

    number: int
    text: str
    essential: bool
    facet: str
    letter: str
    reveals: str
    follow_ups: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A part with the minutes of the interview between which it stands."""

    number: int
    title: str
    intent: str
    minutes: int
    clock: str
    questions: tuple[SheetQuestion, ...]


@dataclass(frozen=True, slots=True)
class GuideSheet:
    """A guide in the words of its language.

    Attributes
    ----------
    title, subtitle
        What it is, and what about.
    facts
        Name and value of what it was made from.
    sections
        Heading and points of the interviewer's notes.
    consent
        Heading (before the first full stop) and words of each paragraph.
    words
        Headings and labels by name.
    """

    language: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    welcome: str
    consent: tuple[tuple[str, str], ...]
    parts: tuple[SheetPart, ...]
    thanks: str
    words: dict[str, str]


_LABELS = (
    "consent",
    "consent_lead",
    "agree_take_part",
    "agree_record",
    "agree_quote",
    "name",
    "date",
    "signature",
    "say_first",
    "say_last",
    "follow_ups",
    "own_notes",
    "star",
    "minutes_short",
    "plan",
)


def guide_sheet(guide: Guide) -> GuideSheet:
    """Put a guide in the order and the words of its printed pages."""
    brief = guide.brief
    words = messages(brief.language)
    facts = [
        (words.text(f"guide.fact.{name}"), value)
        for name, value in (
            ("situation", brief.situation),
            ("audience", brief.audience),
            ("minutes", words.text("guide.minutes", n=guide.minutes)),
        )
        if value
    ]
    parts, number, clock = [], 0, 0
    for place, part in enumerate(guide.parts, 1):
        questions = []
        for question in part.questions:
            number += 1
            questions.append(_question(number, question, words))
        until = clock + part.minutes
        span = words.text("guide.clock", first=clock, last=until)
        parts.append(
            SheetPart(place, part.title, part.intent, part.minutes, span, tuple(questions))
        )
        clock = until
    return GuideSheet(
        language=str(brief.language),
        title=words.text("guide.title"),
        subtitle=brief.product,
        facts=tuple(facts),
        sections=tuple(
            (words.text(f"guide.section.{name}"), getattr(guide, name))
            for name in ("before", "during", "after")
            if getattr(guide, name)
        ),
        welcome=guide.welcome,
        consent=tuple(_headed(text) for text in guide.consent),
        parts=tuple(parts),
        thanks=guide.thanks,
        words={name: words.text(f"guide.label.{name}") for name in _LABELS},
    )


def _question(number: int, question: GuideQuestion, words: Messages) -> SheetQuestion:
    language = words.language
    named = [label(term, language) for term in (question.facet, question.moment) if term]
    return SheetQuestion(
        number=number,
        text=question.text,
        essential=question.essential,
        facet=str(question.facet or ""),
        letter=FACET_LETTER[question.facet] if question.facet else "",
        reveals=" · ".join(named),
        follow_ups=question.follow_ups,
        note=question.note,
    )


def _headed(text: str) -> tuple[str, str]:
    """Split a paragraph at its first full stop: « Durée. L’enregistrement… »."""
    head, stop, rest = text.partition(". ")
    return (head, rest) if stop and len(head) <= 40 else ("", text)
