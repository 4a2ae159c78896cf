"""Build a guide from its brief, and fit an edited one to another brief."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TypeVar

from embauche.collect import guide_english, guide_french
from embauche.collect.guide import (
    Guide,
    GuideBrief,
    GuidePart,
    GuideQuestion,
    checked_brief,
)
from embauche.collect.guide_script import (
    AFTER,
    BEFORE,
    CONSENT,
    DURING,
    SCRIPT,
    Asked,
    minutes_of,
)
from embauche.messages import Messages, messages
from embauche.vocabulary import Language

_Item = TypeVar("_Item", GuideQuestion, GuidePart)
_QUESTION_TEXTS = ("text", "follow_ups", "note")
_PART_TEXTS = ("title", "intent", "minutes")


def build_guide(brief: GuideBrief) -> Guide:
    """Build the guide of a study, with product and situation fitted into every sentence.

    Parameters
    ----------
    brief
        Product, situation, audience, language, minutes and what the consent text names.

    Raises
    ------
    GuideError
        If the product is missing or a value is out of range.
    """
    brief = checked_brief(brief)
    words = messages(brief.language)
    fitted = _fitted(brief, words)

    def say(key: str) -> str:
        return _sentence(words, f"guide.{key}", fitted)

    minutes = minutes_of(brief.minutes)
    return Guide(
        brief=brief,
        welcome=say("welcome"),
        consent=tuple(say(f"consent.{name}") for name in CONSENT),
        before=tuple(say(f"before.{name}") for name in BEFORE),
        during=tuple(say(f"during.{name}") for name in DURING),
        after=tuple(say(f"after.{name}") for name in AFTER),
        parts=tuple(
            GuidePart(
                id=part.id,
                title=say(f"part.{part.id}"),
                intent=say(f"part.{part.id}.intent"),
                minutes=minutes[part.id],
                questions=tuple(_question(asked, words, fitted) for asked in part.questions),
            )
            for part in SCRIPT
        ),
        thanks=say("thanks"),
    )


def refit_guide(guide: Guide, brief: GuideBrief) -> Guide:
    """Fit a guide to another brief; what people wrote or moved stays, what nobody changed follows.

    A text is unchanged where it equals what the guide's own brief gives.
    """
    brief = checked_brief(brief)
    if brief.language is not guide.brief.language:
        return build_guide(brief)
    old, new = build_guide(guide.brief), build_guide(brief)
    texts = {
        item.name: getattr(new, item.name)
        for item in fields(Guide)
        if item.name not in {"brief", "parts"}
        and getattr(guide, item.name) == getattr(old, item.name)
    }
    was_part, is_part = {item.id: item for item in old.parts}, {item.id: item for item in new.parts}
    was = {item.id: item for item in old.questions}
    now = {item.id: item for item in new.questions}

    def question(item: GuideQuestion) -> GuideQuestion:
        return _refitted(item, was.get(item.id), now.get(item.id), _QUESTION_TEXTS)

    def part(item: GuidePart) -> GuidePart:
        kept = _refitted(item, was_part.get(item.id), is_part.get(item.id), _PART_TEXTS)
        return replace(kept, questions=tuple(question(one) for one in item.questions))

    return replace(guide, brief=brief, parts=tuple(part(item) for item in guide.parts), **texts)


def _refitted(item: _Item, was: _Item | None, now: _Item | None, names: tuple[str, ...]) -> _Item:
    if was is None or now is None:
        return item
    same = {name: getattr(now, name) for name in names if getattr(item, name) == getattr(was, name)}
    return replace(item, **same)


def _question(asked: Asked, words: Messages, fitted: dict[str, str | int]) -> GuideQuestion:
    key = f"guide.ask.{asked.id}"
    return GuideQuestion(
        id=asked.id,
        text=_sentence(words, key, fitted),
        facet=asked.facet,
        moment=asked.moment,
        follow_ups=tuple(
            _sentence(words, f"{key}.then.{n}", fitted) for n in range(1, asked.follow_ups + 1)
        ),
        note=_sentence(words, f"{key}.note", fitted) if f"{key}.note" in words else "",
        essential=asked.essential,
    )


def _sentence(words: Messages, key: str, fitted: dict[str, str | int]) -> str:
    text = words.text(key, **fitted)
    return text[:1].upper() + text[1:]


def _fitted(brief: GuideBrief, words: Messages) -> dict[str, str | int]:
    """Return the product and the situation in each form that a sentence may need."""
    blank = words.text("guide.blank")
    french = brief.language is Language.FR
    name = (guide_french if french else guide_english).named_product(brief.product)
    return {
        "product": name,
        "of_product": guide_french.of(name) if french else f"of {name}",
        "situation": (guide_french if french else guide_english).when(brief.situation)
        if brief.situation
        else words.text("guide.any_situation"),
        "audience": brief.audience or words.text("guide.any_audience"),
        "organisation": brief.organisation or blank,
        "contact": brief.contact or blank,
        "minutes": brief.minutes,
        "months": brief.months,
        "n": brief.months,
    }
