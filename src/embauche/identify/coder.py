"""The offline coder: which facets a sentence carries, told on this machine alone.

A network reads the sentence, the sentence before it and the interviewer's question
(`identify.network`); a small head tells the twelve facets from the three readings, turns of phrase
have their say (`identify.wording`), and calibration turns scores into probabilities. The weights
are shipped; ``tools/train_coder.py`` makes them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from embauche.identify.network import FACETS_HEARD, LAYERS, TalkNetwork
from embauche.identify.token_table import restored_layers, stored_layers
from embauche.identify.wording import Wording
from embauche.vocabulary import Facet

FACETS: Final = tuple(Facet)
POOLED: Final = 512
_ASKED_LAST: Final = 2

Float = NDArray[np.float32]


class Utterance(NamedTuple):
    """A sentence with what precedes it, empty strings where nothing does, and where it stands."""

    text: str
    before: str = ""
    question: str = ""
    review: bool = False


def of_reviews(utterances: Sequence[Utterance]) -> NDArray[np.bool_]:
    """Return (n,) which sentences stand in a review."""
    return np.fromiter((each.review for each in utterances), bool, len(utterances))


def heard_question(sentences: Sequence[str]) -> str:
    """Return what of an interviewer's turn serves as its question: the last two sentences.

    An interviewer sums up, thanks, and asks at the end.
    """
    return " ".join(sentences[-_ASKED_LAST:])


class Calibration(NamedTuple):
    """From a facet's score to a probability and a decision.

    ``p = 1 / (1 + exp(-(slope · score + offset)))``, in a review ``offset + review``; the facet is
    proposed where p ≥ threshold.
    """

    slope: float
    offset: float
    threshold: float
    review: float = 0.0


@dataclass(frozen=True)
class Coding:
    """What the coder thinks of n sentences.

    Attributes
    ----------
    probabilities
        (n, 12) calibrated probability of each facet, in the order of `Facet`.
    chosen
        (n, 12) whether the facet is proposed.
    by_words
        (n, 12) whether it would be proposed had the interviewer's question not been heard.
    question
        (n, 12) what the interviewer's question adds to the log-odds.
    """

    probabilities: NDArray[np.float64]
    chosen: NDArray[np.bool_]
    by_words: NDArray[np.bool_]
    question: NDArray[np.float64]


class Heard(NamedTuple):
    """What the network hears in n sentences.

    Attributes
    ----------
    scores, unasked
        (n, 12) uncalibrated log-odds; the same with the interviewer's question muted.
    """

    scores: NDArray[np.float64]
    unasked: NDArray[np.float64]


class Readings:
    """The network's readings of a task's texts, each read once.

    A sentence is read as itself and as what precedes the next one; its reading is the same.
    """

    def __init__(self, network: TalkNetwork) -> None:
        self._network = network
        self._known: dict[str, Float] = {}

    def of(self, texts: Sequence[str]) -> Float:
        """Return (n, network.width) readings, one row a text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        # Texts of like length share a batch, which keeps each batch's work even.
        new.sort(key=len)
        for text, row in zip(new, self._network.read(new), strict=True):
            self._known[text] = row
        rows = [self._known[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, self._network.width), dtype=np.float32)


@dataclass(frozen=True)
class Head:
    """The layers above the readings, by name; shapes with c and h units.

    Attributes
    ----------
    before, before_bias, question, question_bias
        (512, c), (c,): what is taken from the pooled vectors of sentence before and question.
    hidden, hidden_bias
        (peaks + 512 + 2c, h), (h,).
    out, straight, bias
        (h, 12), (512 + 2c, 12), (12,).
    """

    before: Float
    before_bias: Float
    question: Float
    question_bias: Float
    hidden: Float
    hidden_bias: Float
    out: Float
    straight: Float
    bias: Float

    def heard(self, own: Float, before: Float, question: Float) -> Float:
        """Return (n, 12) scores from a sentence's three readings."""
        attended, peaks, pooled = np.split(own, [FACETS_HEARD, own.shape[1] - POOLED], axis=1)
        told = np.tanh(before[:, -POOLED:] @ self.before + self.before_bias)
        asked = np.tanh(question[:, -POOLED:] @ self.question + self.question_bias)
        context = np.concatenate([pooled, told, asked], axis=1)
        inner = np.maximum(
            np.concatenate([peaks, context], axis=1) @ self.hidden + self.hidden_bias, 0
        )
        return np.asarray(attended + inner @ self.out + context @ self.straight + self.bias)


@dataclass(frozen=True)
class OfflineCoder:
    """A trained coder.

    Attributes
    ----------
    network, head
        What reads, and what tells facets from the readings.
    wording, phrases
        Vocabulary of n-grams, and the (n-grams + 1, 12) weights of each; the last row is constant.
    calibration
        One entry a facet.
    fingerprint
        Of the training files behind it.
    """

    network: TalkNetwork
    head: Head
    wording: Wording
    phrases: Float
    calibration: Mapping[Facet, Calibration]
    fingerprint: str = ""

    @property
    def version(self) -> str:
        """Name of the coder for the record, telling one set of weights from another."""
        made_of = self.fingerprint + repr(sorted(self.calibration.items()))
        return f"machine:offline-{sha256(made_of.encode()).hexdigest()[:8]}"

    def hear(self, utterances: Sequence[Utterance], readings: Readings | None = None) -> Heard:
        """Read sentences with what precedes them.

        Parameters
        ----------
        utterances
            n sentences.
        readings
            Where the texts of the same task are remembered.
        """
        known = readings or Readings(self.network)
        own = known.of([utterance.text for utterance in utterances])
        before = known.of([utterance.before for utterance in utterances])
        question = known.of([utterance.question for utterance in utterances])
        phrased = self.phrased([utterance.text for utterance in utterances])
        scores = self.head.heard(own, before, question) + phrased
        unasked = self.head.heard(own, before, np.zeros_like(question)) + phrased
        return Heard(scores.astype(np.float64), unasked.astype(np.float64))

    def phrased(self, texts: Sequence[str]) -> Float:
        """Return (n, 12) what turns of phrase add to the scores."""
        if not len(self.phrases):
            return np.zeros((len(texts), len(FACETS)), dtype=np.float32)
        return np.asarray(self.wording.matrix(texts) @ self.phrases[:-1] + self.phrases[-1])

    def code(self, utterances: Sequence[Utterance], readings: Readings | None = None) -> Coding:
        """Tell the facets of sentences; parameters as for `hear`."""
        if not utterances:
            none = np.zeros((0, len(FACETS)))
            return Coding(none, none.astype(bool), none.astype(bool), none)
        heard = self.hear(utterances, readings)
        reviews = of_reviews(utterances)
        return self.decided(
            self.log_odds(heard.scores, reviews), self.log_odds(heard.unasked, reviews)
        )

    def log_odds(
        self, scores: NDArray[np.float64], reviews: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Turn (n, 12) scores of sentences, (n,) of them in reviews, into calibrated log-odds."""
        slope, offset, review = (
            np.array([getattr(self.calibration[facet], name) for facet in FACETS])
            for name in ("slope", "offset", "review")
        )
        return np.asarray(slope * scores + offset + reviews[:, None] * review)

    def decided(self, odds: NDArray[np.float64], unasked: NDArray[np.float64]) -> Coding:
        """Decide from calibrated log-odds, with and without the question."""
        thresholds = np.array([self.calibration[facet].threshold for facet in FACETS])
        probabilities = _probability(odds)
        return Coding(
            probabilities,
            probabilities >= thresholds,
            _probability(unasked) >= thresholds,
            odds - unasked,
        )


def _probability(odds: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))))


UNCALIBRATED: Final = {facet: Calibration(1.0, 0.0, 0.5) for facet in FACETS}


def coder_to_bytes(
    layers: Mapping[str, Float],
    parts: Mapping[str, Float],
    wording: Wording,
    phrases: Float,
    fingerprint: str,
) -> bytes:
    """Pack a trained coder: the encoder's layers as coarse differences from the encoder's own.

    Parameters
    ----------
    layers
        The encoder's layers after training, by name.
    parts
        Everything above them, by name.
    wording, phrases
        As in `OfflineCoder`.
    fingerprint
        Of the training files.

    """
    stored: dict[str, Any] = {
        "fingerprint": np.frombuffer(fingerprint.encode(), dtype=np.uint8),
        "grams": np.frombuffer(
            "\n".join(sorted(wording.index, key=wording.index.__getitem__)).encode(),
            dtype=np.uint8,
        ),
        "idf": wording.idf.astype(np.float16),
        "phrases": phrases.astype(np.float16),
    }
    stored |= stored_layers({name: layers[name] for name in LAYERS})
    for name, part in parts.items():
        stored[f"part.{name}"] = part.astype(np.float16)
    buffer = BytesIO()
    np.savez_compressed(buffer, **stored)
    return buffer.getvalue()


def coder_from_bytes(data: bytes, calibration: Mapping[Facet, Calibration]) -> OfflineCoder:
    """Restore what `coder_to_bytes` packed."""
    with np.load(BytesIO(data), allow_pickle=False) as stored:
        layers = restored_layers(stored)
        parts = {
            name.removeprefix("part."): stored[name].astype(np.float32)
            for name in stored.files
            if name.startswith("part.")
        }
        fingerprint = stored["fingerprint"].tobytes().decode()
        grams = stored["grams"].tobytes().decode().split("\n")
        wording = Wording(
            {gram: column for column, gram in enumerate(grams)}, stored["idf"].astype(np.float32)
        )
        phrases = stored["phrases"].astype(np.float32)
    network = TalkNetwork(
        layers, *(parts.pop(name) for name in ("attention", "value", "peaks", "peaks_bias"))
    )
    return OfflineCoder(network, Head(**parts), wording, phrases, calibration, fingerprint)


def shipped_calibration() -> dict[Facet, Calibration]:
    """Read the committed constants (`calibration.json` says how they were made)."""
    data = json.loads((files("embauche.identify") / "calibration.json").read_text("utf-8"))
    return {Facet(name): Calibration(*values) for name, values in data["facets"].items()}


@cache
def shipped_coder() -> OfflineCoder:
    """Return the coder that comes with the product, read once a process."""
    data = (files("embauche.identify") / "coder.npz").read_bytes()
    return coder_from_bytes(data, shipped_calibration())
