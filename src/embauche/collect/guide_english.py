"""Fit a product and a situation into English sentences."""

from __future__ import annotations

import re
from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ARTICLED: Final = re.compile(
    r"(?:the|an?|my|your|our|their|his|her|this|that|these|those|some|any)\s", re.IGNORECASE
)
_ADVERBIAL: Final = re.compile(
    r"(?:at|on|in|before|after|during|while|when|whenever|as|if|with|without|for|from|by|between|"
    r"near|under|over|behind|outside|inside|away|every|each|once|right|just|back|last|late|early|"
    r"since|until|against|among|amid|off|out|abroad|upstairs|downstairs|online|home|next)\b"
)
_VERBS: Final = _words(
    "get find book buy choose prepare write read send make take keep give meet run plan check "
    "track manage organise organize learn teach travel move go come call answer sell pay order "
    "cook eat drive ride work study look search compare decide fix repair clean build design "
    "share show explain record capture remember save store sort file follow join leave start "
    "finish sign hire train visit care hold bring carry pick pack park print present review "
    "report quote invoice deliver ship receive return replace try test use open close lose win "
    "help host invite see hear listen speak talk tell ask think relax sleep wake exercise watch "
    "play grow feed create set put cut do have be lead coach recruit onboard draft edit publish "
    "schedule reply"
)
_NOUNS_TOO: Final = _words(
    "book order call work study search share record file sign train visit care park report quote "
    "invoice return test open help host talk play draft design review move answer plan check track "
    "ride cut show run drive move meet cook watch coach exercise"
)
"""Also nouns: verbs only where an object with its article follows ("call a client")."""
_BEFOREHAND: Final = re.compile(r"the\s+(?:night|day|morning|week|evening)\s+(?:before|after)\b")
_OBJECT: Final = re.compile(
    r"\w+\s+(?:a|an|the|my|your|our|their|some|for|to|with|it|them|things|up|out|down)\b"
)


def named_product(product: str) -> str:
    """Return the product as a noun phrase: a brand as it is, a bare common noun with "your"."""
    if product[0].islower() and not re.match(r"[a-z][A-Z]", product):  # iCloud, eBay
        return product if _ARTICLED.match(product) else f"your {product}"
    if _ARTICLED.match(product):
        rest = _ARTICLED.sub("", product, count=1)
        if rest and rest[0].islower():
            return product[0].lower() + product[1:]
    return product


def when(situation: str) -> str:
    """Return a situation as what may stand at the end of "Let's take one particular time, …".

    "preparing a quote" → "when you are preparing a quote"; "prepare a quote" → "when you have to
    prepare a quote"; "a house move" → "during a house move"; "on site" stays as it is.
    """
    first = situation.partition(" ")[0]
    name = first[1:] != first[1:].lower() or first == "I"
    text = situation if name else situation[0].lower() + situation[1:]
    text = _addressed(text)
    plain = text.lower()
    word = re.split(r"[\s-]", plain)[0]
    if re.match(r"(?:i|you|we|they|people|someone)\s", plain):
        return f"when {text}"
    if re.fullmatch(r"[a-z]{2,}ing", word) and word not in {"morning", "evening", "spring"}:
        return f"when you are {text}"
    if _ADVERBIAL.match(plain) or _BEFOREHAND.match(plain):
        return text
    if _ARTICLED.match(text):
        return f"during {text}"
    if word == "to" or (word in _VERBS and (word not in _NOUNS_TOO or _OBJECT.match(plain))):
        return f"when you have to {text.removeprefix('to ')}"
    return f"during your {text}"


def _addressed(text: str) -> str:
    """Say to the participant what was written of someone: "when I travel" → "when you travel"."""
    pairs = {"i'm": "you're", "i am": "you are", "i was": "you were", "i": "you", "me": "you"}
    pairs |= {"my": "your", "our": "your", "we": "you", "their": "your", "they": "you"}
    return re.sub(
        r"\b(?:I'm|I am|I was|I|my|me|our|we|their|they)\b",
        lambda found: pairs[found[0].lower()],
        text.replace("’", "'"),
    ).replace("'", "’")
