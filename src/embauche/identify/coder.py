"""The offline coder: which facets a sentence carries, told on this machine alone.

One regularised logistic regression a facet, over sentence vectors and learned word n-grams. The
weights are shipped (built by ``python -m embauche.identify.train``) because fitting takes longer
than the three seconds that a first use may cost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import BytesIO
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from embauche.identify.features import Utterance, Wording, dense_features
from embauche.identify.vectors import DIMENSIONS, SentenceVectors, shared_vectors
from embauche.vocabulary import Facet

FACETS: Final = tuple(Facet)
REGULARISATION: Final = 3.0
"""Inverse strength C of the logistic regressions, by cross-validation over training topics
(mean average precision .653 for 1, .669 for 3, .673 for 10: flat from here on)."""


class Calibration(NamedTuple):
    """From a facet's score to a probability and a decision.

    ``p = 1 / (1 + exp(-(slope · score + offset)))``; the facet is proposed where p ≥ threshold.
    """

    slope: float
    offset: float
    threshold: float


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


@dataclass(frozen=True)
class OfflineCoder:
    """A fitted coder.

    Attributes
    ----------
    wording
        Vocabulary of n-grams.
    weights
        (1536 + n-grams, 12), sentence vector first, then neighbour, question, n-grams.
    intercepts
        (12,).
    calibration
        One entry a facet.
    fingerprint
        Of the training files behind it.
    """

    wording: Wording
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float32]
    calibration: Mapping[Facet, Calibration]
    fingerprint: str = ""

    @classmethod
    def fit(
        cls,
        utterances: Sequence[Utterance],
        facets: Sequence[frozenset[Facet]],
        *,
        vectors: SentenceVectors,
        calibration: Mapping[Facet, Calibration] | None = None,
        fingerprint: str = "",
    ) -> OfflineCoder:
        """Fit a coder on coded sentences.

        Parameters
        ----------
        utterances, facets
            n sentences and their codes.
        vectors
            What encodes them.
        calibration
            Where known; else scores stand as they are and half is the threshold.
        fingerprint
            Names the training data.
        """
        wording = Wording.learn(utterance.text for utterance in utterances)
        return cls.fit_features(
            dense_features(utterances, vectors),
            wording,
            [utterance.text for utterance in utterances],
            facets,
            calibration=calibration,
            fingerprint=fingerprint,
        )

    @classmethod
    def fit_features(
        cls,
        dense: NDArray[np.float32],
        wording: Wording,
        texts: Sequence[str],
        facets: Sequence[frozenset[Facet]],
        *,
        calibration: Mapping[Facet, Calibration] | None = None,
        fingerprint: str = "",
    ) -> OfflineCoder:
        """Fit a coder on features already made (cross-validation encodes only once)."""
        from sklearn.linear_model import LogisticRegression

        features = sparse.hstack([sparse.csr_matrix(dense), wording.matrix(texts)]).tocsr()
        weights = np.zeros((features.shape[1], len(FACETS)), dtype=np.float32)
        intercepts = np.zeros(len(FACETS), dtype=np.float32)
        for column, facet in enumerate(FACETS):
            target = np.array([facet in codes for codes in facets])
            if not target.any() or target.all():
                intercepts[column] = 6.0 if target.all() else -6.0
                continue
            model = LogisticRegression(C=REGULARISATION, solver="liblinear", max_iter=1000)
            model.fit(features, target)
            weights[:, column] = model.coef_[0]
            intercepts[column] = model.intercept_[0]
        return cls(wording, weights, intercepts, calibration or UNCALIBRATED, fingerprint)

    @property
    def version(self) -> str:
        """Name of the coder for the record, telling one set of weights from another."""
        made_of = self.fingerprint + repr(sorted(self.calibration.items()))
        return f"machine:offline-{sha256(made_of.encode()).hexdigest()[:8]}"

    def scores(self, utterances: Sequence[Utterance], dense: NDArray[np.float32]) -> _Parts:
        """Return the parts of the uncalibrated scores (log-odds), each (n, 12)."""
        size = DIMENSIONS
        grams = self.wording.matrix([utterance.text for utterance in utterances])
        own = dense[:, :size] @ self.weights[:size] + grams @ self.weights[3 * size :]
        before = dense[:, size : 2 * size] @ self.weights[size : 2 * size]
        question = dense[:, 2 * size :] @ self.weights[2 * size : 3 * size]
        return _Parts(
            np.asarray(own, dtype=np.float64) + self.intercepts,
            np.asarray(before, dtype=np.float64),
            np.asarray(question, dtype=np.float64),
        )

    def code(
        self,
        utterances: Sequence[Utterance],
        *,
        vectors: SentenceVectors | None = None,
        dense: NDArray[np.float32] | None = None,
    ) -> Coding:
        """Tell the facets of sentences.

        Parameters
        ----------
        utterances
            n sentences, with what precedes them where known.
        vectors
            What encodes them; the shared encoder by default.
        dense
            `dense_features` of the utterances, where they are already made.
        """
        if not utterances:
            none = np.zeros((0, len(FACETS)))
            return Coding(none, none.astype(bool), none.astype(bool), none)
        if dense is None:
            dense = dense_features(utterances, vectors or shared_vectors())
        parts = self.scores(utterances, dense)
        probabilities = self.calibrated(parts.own + parts.before + parts.question)
        thresholds = np.array([self.calibration[facet].threshold for facet in FACETS])
        unasked = self.calibrated(parts.own + parts.before)
        return Coding(
            probabilities, probabilities >= thresholds, unasked >= thresholds, parts.question
        )

    def calibrated(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Turn (n, 12) scores into probabilities."""
        slope = np.array([self.calibration[facet].slope for facet in FACETS])
        offset = np.array([self.calibration[facet].offset for facet in FACETS])
        return np.asarray(1 / (1 + np.exp(-np.clip(slope * scores + offset, -30, 30))))

    def to_bytes(self) -> bytes:
        """Return the fitted weights as a compressed .npz, the same bytes for the same weights."""
        buffer = BytesIO()
        grams = sorted(self.wording.index, key=self.wording.index.__getitem__)
        np.savez_compressed(
            buffer,
            weights=self.weights.astype(np.float16),
            intercepts=self.intercepts,
            idf=self.wording.idf.astype(np.float16),
            grams=np.frombuffer("\n".join(grams).encode(), dtype=np.uint8),
            fingerprint=np.frombuffer(self.fingerprint.encode(), dtype=np.uint8),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes, calibration: Mapping[Facet, Calibration]) -> OfflineCoder:
        """Restore what `to_bytes` returned."""
        with np.load(BytesIO(data), allow_pickle=False) as stored:
            grams = stored["grams"].tobytes().decode().split("\n")
            return cls(
                Wording({gram: i for i, gram in enumerate(grams)}, stored["idf"].astype("f4")),
                stored["weights"].astype(np.float32),
                stored["intercepts"],
                calibration,
                stored["fingerprint"].tobytes().decode(),
            )


class _Parts(NamedTuple):
    own: NDArray[np.float64]
    before: NDArray[np.float64]
    question: NDArray[np.float64]


UNCALIBRATED: Final = {facet: Calibration(1.0, 0.0, 0.5) for facet in FACETS}


def shipped_calibration() -> dict[Facet, Calibration]:
    """Read the committed constants (`calibration.json` says how they were made)."""
    data = json.loads((files("embauche.identify") / "calibration.json").read_text("utf-8"))
    return {Facet(name): Calibration(*values) for name, values in data["facets"].items()}


@cache
def shipped_coder() -> OfflineCoder:
    """Return the coder that comes with the product, read once a process."""
    data = (files("embauche.identify") / "coder.npz").read_bytes()
    return OfflineCoder.from_bytes(data, shipped_calibration())
