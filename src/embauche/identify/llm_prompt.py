"""What a language model is asked: the codebook, sentences with their context, the answer's form.

The codebook stands in ``llm_codebook.fr.md`` and ``.en.md``; the source's language is the prompt's.
Names of files, participants and the study are never part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final

from embauche.identify.coded_units import CodingUnit
from embauche.vocabulary import Facet, Language

ANSWER_SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        "codes": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "sentence": {"type": "integer"},
                    "quote": {"type": "string"},
                    "facet": {"type": "string", "enum": [facet.value for facet in Facet]},
                    "confidence": {"type": "number"},
                },
                "required": ["sentence", "quote", "facet", "confidence"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["codes"],
    "additionalProperties": False,
}
"""What is asked for; servers' strict modes want every property required and no bounds."""

_EXAMPLE: Final = (
    '{"codes": [{"sentence": 2, "quote": "…", "facet": "frustration", "confidence": 0.8}]}'
)
_FORM: Final = {
    Language.FR: f"Répondez par un seul objet JSON de cette forme, sans rien d'autre : {_EXAMPLE}"
    ' (ou {"codes": []} si rien ne se code).',
    Language.EN: f"Answer with a single JSON object of this form and nothing else: {_EXAMPLE}"
    ' (or {"codes": []} where nothing is to be coded).',
}
_SCHEMA: Final = {
    Language.FR: "L'objet suit ce schéma JSON :",
    Language.EN: "The object follows this JSON schema:",
}
_ASKED: Final = {Language.FR: "Enquêteur :", Language.EN: "Interviewer:"}
_BEFORE: Final = {Language.FR: "Avant :", Language.EN: "Before:"}
_RULE: Final = "---"
_LONGEST_CONTEXT: Final = 400
"""Characters of a question, or of a sentence before, that are sent; its end says most."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A participant's sentence that the model is asked about.

    Attributes
    ----------
    unit
        The sentence, with its context.
    language
        Of its source.
    """

    unit: CodingUnit
    language: Language

    @property
    def key(self) -> str:
        """Hash of the language, the sentence and its context: the same words, the same answer."""
        unit = self.unit
        said = f"{self.language}\0{unit.question}\0{unit.before}\0{unit.quote}"
        return sha256(said.encode()).hexdigest()[:32]


@cache
def codebook(language: Language) -> str:
    """Return the codebook that the model is given."""
    path = files("embauche.identify") / f"llm_codebook.{language}.md"
    return path.read_text("utf-8").strip()


@cache
def prompt_version() -> str:
    """Return a short name of the codebooks: answers to another prompt are not answers to this."""
    said = "\0".join([*(codebook(language) for language in Language), *_FORM.values()])
    return sha256(said.encode()).hexdigest()[:8]


def schema_words(language: Language) -> str:
    """Return the sentence that shows the schema, for servers that cannot be told it otherwise."""
    import json

    return f"{_SCHEMA[language]}\n{json.dumps(ANSWER_SCHEMA, separators=(',', ':'))}"


def conversation(asks: Sequence[Ask], *, schema_in_prompt: bool) -> list[dict[str, str]]:
    """Return the messages that are sent for a batch of sentences of one language.

    Parameters
    ----------
    asks
        Numbered from 1 in the order given.
    schema_in_prompt
        Whether the JSON schema stands in the prompt.
    """
    language = asks[0].language
    parts = [codebook(language), _FORM[language]]
    if schema_in_prompt:
        parts.append(schema_words(language))
    return [
        {"role": "system", "content": "\n\n".join(parts)},
        {"role": "user", "content": "\n".join((_RULE, *_lines(asks)))},
    ]


def _lines(asks: Sequence[Ask]) -> Iterable[str]:
    """Return numbered sentences; a question once, and what stood before where it is not shown.

    Every kind of white space becomes one space, so that a sentence is one line.
    """
    question = before = source = ""
    for number, ask in enumerate(asks, 1):
        unit, language = ask.unit, ask.language
        if unit.source != source and source:
            yield _RULE
            question = before = ""
        if unit.question and unit.question != question:
            yield f"{_ASKED[language]} {_context(unit.question)}"
        if unit.before and unit.before != before:
            yield f"{_BEFORE[language]} {_context(unit.before)}"
        yield f"{number}. {one_line(unit.quote)}"
        question, before, source = unit.question, unit.quote, unit.source


def one_line(text: str) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join(text.split())


def _context(text: str) -> str:
    short = one_line(text)
    return short if len(short) <= _LONGEST_CONTEXT else f"… {short[-_LONGEST_CONTEXT:]}"


def batches(asks: Iterable[Ask], size: int) -> list[tuple[Ask, ...]]:
    """Group sentences by language into batches of at most ``size``, in their order.

    Neighbours stay together, since each is the other's context; short sources share a batch.
    """
    made: list[tuple[Ask, ...]] = []
    open_: dict[Language, list[Ask]] = {}
    for ask in asks:
        held = open_.setdefault(ask.language, [])
        held.append(ask)
        if len(held) == size:
            made.append(tuple(held))
            held.clear()
    return [*made, *(tuple(held) for held in open_.values() if held)]
