"""The two scorers of a typing tool, each a table of points, and how few questions are searched.

- *latent class*: ``s_k = log π_k + Σ_j log θ_jk(x_j)``, with π and θ estimated from the training
  rows' memberships by all answers (one M step); on all rows that is the segments' own model.
- *multinomial*: ridge regression of the memberships on raw answers: the place of the box on its
  scale (−1 to 1), or 0/1 where boxes have no order.

Sets of questions are searched by expected agreement, ``mean P_i(the segment they would put i in)``
with ``P_i`` the memberships by all answers: forward, one question at a time, then each question is
swapped for any other as long as that helps (Pudil, Novovičová and Kittler 1994 call such searches
floating). Under the multinomial, a linear discriminant on the same questions stands in for it
during the search.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.segment.learner import multinomial_points
from embauche.segment.typing_answers import Asked

Float = NDArray[np.float64]
Rows = NDArray[np.int64]

SMOOTH: Final = 0.5
"""Pseudo-answers a segment and box, spread like the whole sample's answers: no −∞ points."""

PENALTY: Final = 1.0
"""Of the multinomial: the precision of a normal prior on each point."""

MOST_ROWS: Final = 2000
"""The search looks at no more respondents than this; points are estimated from all."""

PASSES: Final = 2
_TIE: Final = 0.05


def fit_points(asked: Asked, chosen: Sequence[int], rows: Rows) -> tuple[Float, list[Float]]:
    """Estimate the points of the chosen questions from some rows.

    Returns
    -------
    start, points
        (K,) and, a question each, (answers, K).
    """
    if asked.scorer == "latent_class":
        start, tables = _log_tables(asked, rows)
        return start, [tables[j] for j in chosen]
    blocks = [_terms(asked, j) for j in chosen]
    placed = [_placed(asked.codes[rows, j], block) for j, block in zip(chosen, blocks, strict=True)]
    X = np.concatenate(placed, axis=1)
    start, slopes = multinomial_points(X, asked.posterior[rows], asked.weights[rows], PENALTY)
    edges = np.cumsum([block.shape[1] for block in blocks])[:-1]
    parts = np.split(slopes, edges)
    return start, [block @ part for block, part in zip(blocks, parts, strict=True)]


def shares_of(
    asked: Asked, chosen: Sequence[int], rows: Rows, start: Float, points: Sequence[Float]
) -> Float:
    """Return (m, K) probabilities of rows by the chosen questions."""
    scores = np.tile(start, (len(rows), 1))
    for j, table in zip(chosen, points, strict=True):
        scores += np.vstack([table, np.zeros(len(start))])[asked.codes[rows, j]]
    return softmax(scores)


def softmax(scores: Float) -> Float:
    """Return shares a row."""
    odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Float = odds / odds.sum(axis=-1, keepdims=True)
    return shares


def search(
    asked: Asked,
    rows: Rows,
    most: int,
    enough: float,
    rng: np.random.Generator,
    *,
    swap: bool,
    alive: Callable[[], None],
) -> list[list[int]]:
    """Return the best set found of 1, 2, … questions, each in the order of its search.

    Parameters
    ----------
    rows
        Respondents that may be looked at.
    most
        Largest set.
    enough
        Agreement on `rows` at which the search ends.
    swap
        Whether chosen questions are swapped for others.
    alive
        Called at every step; may raise to cancel.
    """
    if len(rows) > MOST_ROWS:
        rows = np.sort(rng.choice(rows, MOST_ROWS, replace=False))
    worth: _Worth
    worth = _Additive(asked, rows) if asked.scorer == "latent_class" else _Discriminant(asked, rows)
    chosen: list[int] = []
    sets = []
    for _ in range(min(most, len(asked.questions))):
        alive()
        values = worth.of_each(chosen)
        best = int(np.argmax(values))
        chosen, value = [*chosen, best], float(values[best])
        for _ in range(PASSES if swap and len(chosen) > 1 else 0):
            before = value
            for out in tuple(chosen):
                alive()
                rest = [j for j in chosen if j != out]
                values = worth.of_each(rest)
                best = int(np.argmax(values))
                if values[best] > value + 1e-9 and best != out:
                    chosen, value = [*rest, best], float(values[best])
            if value <= before + 1e-9:
                break
        sets.append(list(chosen))
        if worth.agreement(chosen) >= enough:
            break
    return sets


class _Worth:
    """Worth of sets of questions for the respondents looked at."""

    def __init__(self, asked: Asked, rows: Rows) -> None:
        self.posterior = np.ascontiguousarray(asked.posterior[rows].T)
        self.weights = asked.weights[rows] / asked.weights[rows].sum()
        self.labels = asked.labels[rows]

    questions: int

    def scores(self, chosen: list[int], more: Sequence[int]) -> Float:
        """(K, more, n) scores by the chosen questions and, each in turn, one more."""
        raise NotImplementedError

    def of_each(self, chosen: list[int]) -> Float:
        """(J,) worth of the set with each question; −∞ for those in it.

        Up to the third question, a little of the expected log-probability breaks ties: the first
        one hardly changes who is best where segments are many.
        """
        values = np.full(self.questions, -np.inf)
        free = [j for j in range(self.questions) if j not in set(chosen)]
        if not free:
            return values
        scores = self.scores(chosen, free)
        top, pick = scores[0].copy(), np.broadcast_to(self.posterior[0], scores[0].shape)
        for k in range(1, len(scores)):
            ahead = scores[k] > top
            top = np.where(ahead, scores[k], top)
            pick = np.where(ahead, self.posterior[k], pick)
        found = pick @ self.weights
        if len(chosen) < 3:
            level = top + np.log(np.exp(scores - top).sum(axis=0))
            told = sum(self.posterior[k] * (scores[k] - level) for k in range(len(scores)))
            found = found + _TIE * (told @ self.weights)
        values[free] = found
        return values

    def agreement(self, chosen: list[int]) -> float:
        """Return the share put where all answers put them."""
        best = self.scores(chosen[:-1], chosen[-1:])[:, 0].argmax(axis=0)
        return float((best == self.labels) @ self.weights)


class _Additive(_Worth):
    """Under the latent class scorer."""

    def __init__(self, asked: Asked, rows: Rows) -> None:
        super().__init__(asked, rows)
        self.start, tables = _log_tables(asked, rows)
        self.questions = len(tables)
        none = np.zeros((1, len(self.start)))
        codes = asked.codes[rows]
        adds = [np.vstack([table, none])[codes[:, j]].T for j, table in enumerate(tables)]
        self.adds = np.stack(adds, axis=1)

    def scores(self, chosen: list[int], more: Sequence[int]) -> Float:
        """(K, more, n) scores."""
        base = self.start[:, None] + self.adds[:, chosen].sum(axis=1)
        scores: Float = base[:, None, :] + self.adds[:, list(more)]
        return scores


class _Discriminant(_Worth):
    """Under a linear discriminant on the answers."""

    def __init__(self, asked: Asked, rows: Rows) -> None:
        super().__init__(asked, rows)
        self.questions = len(asked.sizes)
        blocks, self.columns, at = [], [], 0
        for j, ordered in enumerate(asked.ordered):
            codes = asked.codes[rows, j]
            block = (
                codes[:, None].astype(np.float64)
                if ordered
                else (codes[:, None] == np.arange(asked.sizes[j] - 1)).astype(np.float64)
            )
            block[codes < 0] = np.nan
            mean, spread = np.nanmean(block, axis=0), np.nanstd(block, axis=0)
            block = np.nan_to_num((block - mean) / np.where(spread > 0, spread, 1.0))
            blocks.append(block)
            self.columns.append(list(range(at, at + block.shape[1])))
            at += block.shape[1]
        self.X = np.concatenate(blocks, axis=1)
        soft = self.posterior * self.weights
        totals = np.maximum(soft.sum(axis=1), 1e-9)
        self.means = soft @ self.X / totals[:, None]
        gram = (self.X * self.weights[:, None]).T @ self.X
        between = (self.means * totals[:, None]).T @ self.means
        self.within = gram - between + 0.01 * np.eye(at)
        self.prior = np.log(totals)

    def scores(self, chosen: list[int], more: Sequence[int]) -> Float:
        """(K, more, n) scores."""
        found = []
        for j in more:
            used = [at for one in [*chosen, j] for at in self.columns[one]]
            means = self.means[:, used]
            slopes = np.linalg.solve(self.within[np.ix_(used, used)], means.T)
            level = self.prior - 0.5 * np.einsum("kp,pk->k", means, slopes)
            found.append((self.X[:, used] @ slopes + level).T)
        return np.stack(found, axis=1)


def _log_tables(asked: Asked, rows: Rows) -> tuple[Float, list[Float]]:
    soft = asked.posterior[rows] * asked.weights[rows][:, None]
    totals = soft.sum(axis=0)
    tables = []
    for j, size in enumerate(asked.sizes):
        codes = asked.codes[rows, j]
        given = codes >= 0
        counts = np.stack(
            [np.bincount(codes[given], weights=part[given], minlength=size) for part in soft.T]
        )
        margin = counts.sum(axis=0) + 1e-9
        counts = counts + SMOOTH * margin / margin.sum()
        tables.append(np.log(counts / counts.sum(axis=1, keepdims=True)).T)
    return np.log(np.maximum(totals, 1e-9) / totals.sum()), tables


def _terms(asked: Asked, j: int) -> Float:
    """(answers, terms) of a question: its place on the scale where boxes are in order, else 0/1."""
    size = asked.sizes[j]
    if asked.ordered[j]:
        return np.linspace(-1.0, 1.0, size)[:, None]
    return np.eye(size)


def _placed(codes: NDArray[np.int64], block: Float) -> Float:
    """Return a row's terms; zeros, the middle of the scale, without an answer."""
    return np.vstack([block, np.zeros((1, block.shape[1]))])[codes]
