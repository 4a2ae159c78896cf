"""The talk that the offline coder learns from, written for this project and coded.

Files are plain text, one line a sentence; ``training/README.md`` describes the format.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import Final

import numpy as np

from embauche.errors import EvidenceError
from embauche.vocabulary import Facet, Language

CODES: Final = {
    "jf": Facet.JOB_FUNCTIONAL,
    "je": Facet.JOB_EMOTIONAL,
    "js": Facet.JOB_SOCIAL,
    "cx": Facet.CONTEXT,
    "ob": Facet.OBJECTIVE,
    "fr": Facet.FRUSTRATION,
    "em": Facet.EMOTION,
    "al": Facet.ALTERNATIVE,
    "tr": Facet.TRIGGER,
    "pu": Facet.PULL,
    "an": Facet.ANXIETY,
    "ha": Facet.HABIT,
}
"""Short codes of the training files."""

KINDS: Final = ("interview", "review", "survey", "forum")
ALIKE: Final = 0.8
"""Share of common words from which two sentences are near-duplicates."""

FILLER: Final = 5
"""Under this many words a sentence is a filler ("Oui, voilà."), which every talk may hold."""

_HEADER, _QUESTION, _BEFORE = "@", "?", ">"


@dataclass(frozen=True, slots=True)
class TrainingSentence:
    """A sentence with its codes.

    Attributes
    ----------
    topic
        What the talk is about; a split never divides a topic.
    facets
        Its codes; none for about half of the sentences.
    text
        The sentence that is coded.
    before, question
        The sentence before it and the interviewer's words; empty where there are none.
    language
        Of the talk.
    kind
        Interview, review, survey or forum.
    """

    topic: str
    facets: frozenset[Facet]
    text: str
    before: str
    question: str
    language: Language
    kind: str = "interview"


def training_sentences() -> tuple[TrainingSentence, ...]:
    """Read every training file of the package, in the order of their names.

    Raises
    ------
    EvidenceError
        If a line is none of the format's; the error names file and line.
    """
    return tuple(sentence for name, text in _files() for sentence in parse_talk(name, text))


def parse_talk(name: str, text: str) -> Iterator[TrainingSentence]:
    """Parse a training file; see `training_sentences`."""
    header: tuple[str, Language, str] | None = None
    before = question = ""
    asked = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        mark, _, rest = line.partition("|")
        if mark == _HEADER:
            header = _header(name, number, rest)
            before = question = ""
            asked = False
        elif header is None or not rest.strip():
            raise EvidenceError("identify.training_row", file=name, row=number)
        elif mark == _QUESTION:
            # Lines of one turn are one question; what was said before it no longer precedes.
            question, before = (f"{question} {rest}" if asked else rest), ""
            asked = True
        elif mark == _BEFORE:
            before, asked = rest, False
        else:
            codes = [] if mark == "0" else mark.split(",")
            if not set(codes) <= set(CODES):
                raise EvidenceError("identify.training_row", file=name, row=number)
            topic, language, kind = header
            facets = frozenset(CODES[code] for code in codes)
            yield TrainingSentence(topic, facets, rest, before, question, language, kind)
            before, asked = rest, False


def _header(name: str, number: int, rest: str) -> tuple[str, Language, str]:
    fields = rest.split("|")
    if len(fields) != 4 or fields[1] not in set(Language) or fields[2] not in KINDS:
        raise EvidenceError("identify.training_row", file=name, row=number)
    return fields[0].strip(), Language(fields[1]), fields[2]


def training_fingerprint() -> str:
    """Return the SHA-256 of all training files, which the shipped weights carry as well."""
    digest = sha256()
    for name, text in _files():
        digest.update(name.encode() + b"\0" + text.encode() + b"\0")
    return digest.hexdigest()


def topic_folds(sentences: Sequence[TrainingSentence], folds: int, seed: int) -> list[int]:
    """Return each sentence's fold; a topic, and topics that share a near-duplicate, have one.

    Parameters
    ----------
    sentences
        What is to be split.
    folds
        Number of folds of about as many sentences each.
    seed
        Of the topics' shuffle.
    """
    parent = {sentence.topic: sentence.topic for sentence in sentences}

    def root(topic: str) -> str:
        while parent[topic] != topic:
            topic = parent[topic]
        return topic

    for one, other in near_duplicates(sentences):
        parent[root(sentences[one].topic)] = root(sentences[other].topic)
    sizes: dict[str, int] = defaultdict(int)
    for sentence in sentences:
        sizes[root(sentence.topic)] += 1
    names = sorted(sizes)
    order = np.random.default_rng(seed).permutation(len(names))
    filled, fold = [0] * folds, {}
    for name in sorted((names[place] for place in order), key=lambda item: -sizes[item]):
        emptiest = filled.index(min(filled))
        fold[name] = emptiest
        filled[emptiest] += sizes[name]
    return [fold[root(sentence.topic)] for sentence in sentences]


def near_duplicates(sentences: Sequence[TrainingSentence]) -> Iterator[tuple[int, int]]:
    """Yield pairs of sentences that share `ALIKE` of their words, fillers left out."""
    bags = [frozenset(item.text.lower().split()) for item in sentences]
    common = Counter(word for bag in bags for word in bag)
    holding: dict[str, list[int]] = defaultdict(list)
    for place, bag in enumerate(bags):
        if len(bag) < FILLER:
            continue
        # Two bags that share enough also share one of the rarest words of each.
        rarest = sorted(bag, key=lambda word: (common[word], word))
        rarest = rarest[: int(len(bag) * (1 - ALIKE)) + 1]
        for other in sorted({other for word in rarest for other in holding[word]}):
            if len(bag & bags[other]) >= ALIKE * len(bag | bags[other]):
                yield other, place
        for word in rarest:
            holding[word].append(place)


def _files() -> list[tuple[str, str]]:
    folder = files("embauche.identify") / "training"
    return [
        (entry.name, entry.read_text(encoding="utf-8"))
        for entry in sorted(folder.iterdir(), key=lambda item: item.name)
        if entry.name.endswith(".txt")
    ]
