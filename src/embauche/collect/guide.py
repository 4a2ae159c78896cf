"""The interview guide: what to ask, in what order, and what each question is after.

A guide is built from the product, the situation, the audience and the language (`build_guide`),
edited by people, and kept as JSON. Each question announces the facet and the moment of the
timeline that its answers are evidence of, so that it can be recognised in a transcript.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from embauche.errors import GuideError
from embauche.vocabulary import Facet, Language, Moment

FILE_NAME: Final = "guide.json"
FORMAT: Final = 1
MINUTES: Final = (15, 120)
"""Fewest and most minutes that an interview is planned for."""
MONTHS: Final = (1, 60)
"""Fewest and most months for which recordings are kept."""
LONGEST: Final = 2000
"""Characters of a single text of a guide, at most."""
MOST_QUESTIONS: Final = 80
NAME_AT_MOST: Final = 120


@dataclass(frozen=True, slots=True)
class GuideBrief:
    """What a guide is made from.

    Attributes
    ----------
    product
        Name of the product or, in lower case, what kind of thing it is ("a note-taking app").
    language
        Language of the interviews.
    situation
        When or where people hire it ("before a meeting"); may be empty.
    audience
        Whom to meet; may be empty.
    minutes
        How long an interview lasts.
    organisation, contact
        Who is responsible for the recordings, and whom to write to; blanks are left where empty.
    months
        After how many months recordings are erased.
    """

    product: str
    language: Language
    situation: str = ""
    audience: str = ""
    minutes: int = 45
    organisation: str = ""
    contact: str = ""
    months: int = 12


@dataclass(frozen=True, slots=True)
class GuideQuestion:
    """A question of the guide.

    Attributes
    ----------
    id
        Stable within the guide, whatever becomes of the words.
    text
        What is asked, as it is spoken.
    facet, moment
        What its answers are expected to be evidence of; ``None`` where anything may come.
    follow_ups
        What to ask next, if it has not been told already.
    note
        For the interviewer alone.
    essential
        One of the questions that carry the method, to be asked in every interview.
    """

    id: str
    text: str
    facet: Facet | None = None
    moment: Moment | None = None
    follow_ups: tuple[str, ...] = ()
    note: str = ""
    essential: bool = False


@dataclass(frozen=True, slots=True)
class GuidePart:
    """A part of the interview: its title, what it is for, its minutes and its questions."""

    id: str
    title: str
    intent: str
    minutes: int
    questions: tuple[GuideQuestion, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    """An interview guide.

    Attributes
    ----------
    brief
        What it was made from.
    welcome, thanks
        What to say at the beginning and at the end.
    consent
        What the participant is told and agrees to, a paragraph each (GDPR, article 13).
    before, during, after
        Notes for the interviewer.
    parts
        In the order in which they are asked.
    """

    brief: GuideBrief
    welcome: str
    consent: tuple[str, ...]
    before: tuple[str, ...]
    during: tuple[str, ...]
    after: tuple[str, ...]
    parts: tuple[GuidePart, ...]
    thanks: str

    @property
    def questions(self) -> tuple[GuideQuestion, ...]:
        """All questions, in order."""
        return tuple(question for part in self.parts for question in part.questions)

    @property
    def minutes(self) -> int:
        """The parts' minutes together."""
        return sum(part.minutes for part in self.parts)

    def question(self, question_id: str) -> GuideQuestion:
        """Return the question with an id.

        Raises
        ------
        GuideError
            If there is none.
        """
        for question in self.questions:
            if question.id == question_id:
                return question
        raise GuideError("guide.unknown_question", id=question_id)


def checked_brief(brief: GuideBrief) -> GuideBrief:
    """Return the brief with tidy texts.

    Raises
    ------
    GuideError
        If the product is missing, a text is too long, or minutes or months are out of range.
    """
    texts = ("product", "situation", "audience", "organisation", "contact")
    tidy: dict[str, Any] = {name: " ".join(getattr(brief, name).split()) for name in texts}
    for name, text in tidy.items():
        if len(text) > NAME_AT_MOST:
            raise GuideError("guide.too_long", field=name, n=len(text), most=NAME_AT_MOST)
    # « l’application… » : the sentence goes on after it.
    tidy["product"] = tidy["product"].rstrip(" .,;:!?…")
    tidy["situation"] = tidy["situation"].rstrip(" .,;:!?…")
    if not tidy["product"]:
        raise GuideError("guide.no_product")
    if not MINUTES[0] <= brief.minutes <= MINUTES[1]:
        raise GuideError("guide.minutes", n=brief.minutes, least=MINUTES[0], most=MINUTES[1])
    if not MONTHS[0] <= brief.months <= MONTHS[1]:
        raise GuideError("guide.months", n=brief.months, least=MONTHS[0], most=MONTHS[1])
    return replace(brief, **tidy)


def guide_to_dict(guide: Guide) -> dict[str, Any]:
    """Return a guide as JSON-ready data; `guide_from_dict` reads it."""
    return {"format": FORMAT, **asdict(guide)}


def guide_from_dict(data: Any) -> Guide:
    """Return the guide that JSON holds.

    Raises
    ------
    GuideError
        If it is no guide, names the place that is wrong.
    """
    record = _mapping(data, "guide")
    if record.get("format") != FORMAT:
        raise GuideError("guide.format", found=str(record.get("format")), known=FORMAT)
    parts = [_part(item, f"parts[{at}]") for at, item in enumerate(_list(record, "parts"))]
    texts: dict[str, Any] = {name: _text(record, name, "guide") for name in ("welcome", "thanks")}
    texts |= {name: _texts(record, name) for name in ("consent", "before", "during", "after")}
    guide = Guide(
        brief=checked_brief(_brief(_mapping(record.get("brief"), "brief"))),
        parts=tuple(parts),
        **texts,
    )
    ids = [question.id for question in guide.questions]
    if len(ids) > MOST_QUESTIONS:
        raise GuideError("guide.too_many", n=len(ids), most=MOST_QUESTIONS)
    twice = {item for item in ids if ids.count(item) > 1}
    if twice:
        raise GuideError("guide.same_id", id=min(twice))
    return guide


def _brief(record: Mapping[str, Any]) -> GuideBrief:
    language = record.get("language")
    if language not in tuple(Language):
        raise GuideError("guide.value", where="brief.language", value=str(language))
    texts = ("product", "situation", "audience", "organisation", "contact")
    given: dict[str, Any] = {name: _text(record, name, "brief") for name in texts}
    given |= {
        name: _number(record, name, "brief", default)
        for name, default in (("minutes", 45), ("months", 12))
    }
    return GuideBrief(language=Language(language), **given)


def _part(data: Any, where: str) -> GuidePart:
    record = _mapping(data, where)
    questions = [
        _question(item, f"{where}.questions[{at}]")
        for at, item in enumerate(_list(record, "questions"))
    ]
    return GuidePart(
        id=_text(record, "id", where),
        title=_text(record, "title", where),
        intent=_text(record, "intent", where),
        minutes=_number(record, "minutes", where, 0),
        questions=tuple(questions),
    )


def _question(data: Any, where: str) -> GuideQuestion:
    record = _mapping(data, where)
    facet, moment = record.get("facet"), record.get("moment")
    if facet is not None and facet not in tuple(Facet):
        raise GuideError("guide.value", where=f"{where}.facet", value=str(facet))
    if moment is not None and moment not in tuple(Moment):
        raise GuideError("guide.value", where=f"{where}.moment", value=str(moment))
    text = _text(record, "text", where)
    if not text.strip():
        raise GuideError("guide.empty_question")
    return GuideQuestion(
        id=_text(record, "id", where),
        text=text,
        facet=Facet(facet) if facet else None,
        moment=Moment(moment) if moment else None,
        follow_ups=_texts(record, "follow_ups"),
        note=_text(record, "note", where),
        essential=record.get("essential") is True,
    )


def _mapping(data: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise GuideError("guide.value", where=where, value=type(data).__name__)
    return data


def _list(record: Mapping[str, Any], name: str) -> Sequence[Any]:
    value = record.get(name)
    if not isinstance(value, list | tuple):
        raise GuideError("guide.value", where=name, value=type(value).__name__)
    return value


def _text(record: Mapping[str, Any], name: str, where: str) -> str:
    value = record.get(name, "")
    if not isinstance(value, str):
        raise GuideError("guide.value", where=f"{where}.{name}", value=type(value).__name__)
    if len(value) > LONGEST:
        raise GuideError("guide.too_long", field=f"{where}.{name}", n=len(value), most=LONGEST)
    return value


def _texts(record: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = _list(record, name)
    return tuple(_text({name: value}, name, name) for value in values)


def _number(record: Mapping[str, Any], name: str, where: str, default: int) -> int:
    value = record.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise GuideError("guide.value", where=f"{where}.{name}", value=str(value))
    return value
