"""The indicators of a latent class model as a measurement, of every family.

In a class, a nominal column has the log-odds of its answers against the likeliest; the others have
the parameter rows of `embauche.segment.families`. Thresholds of an ordinal column are the same in
all classes, and one slope is held: that is what `links` says.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from embauche.segment.answers import Indicator
from embauche.segment.families import (
    COUNT,
    FLOOR,
    GAUSSIAN,
    NOMINAL,
    families_of,
    family_of,
    level_scores,
    log_density,
    values_of,
)
from embauche.segment.measurement import FROZEN, folding
from embauche.segment.ordinal_step import ordinal_step
from embauche.segment.patterns import Patterns
from embauche.segment.solution import answer_probabilities

Float = NDArray[np.float64]


class IndicatorMeasurement:
    """Indicators, class by class.

    Parameters
    ----------
    patterns
        The rows, as patterns of levels; missing answers say nothing.
    indicators
        The columns, with the values of these rows.
    rows
        Each column's (r, K) parameter rows.
    frozen
        Answers of nominal columns less probable than this are no free parameters.
    """

    def __init__(
        self,
        patterns: Patterns,
        indicators: Sequence[Indicator],
        rows: Sequence[Float],
        *,
        frozen: float = FROZEN,
    ) -> None:
        self.patterns, self.indicators = patterns, tuple(indicators)
        self.rows: list[Float] = list(rows)
        self._frozen = frozen
        self.inverse = patterns.inverse
        self._fold = folding(patterns.inverse, len(patterns.codes))
        self._family = [family_of(column) for column in indicators]
        self._values = [values_of(column) for column in indicators]
        bound = families_of(patterns.measured(indicators)).bound
        self._bound = [float(value) for value in bound]
        self._choose()

    def _choose(self) -> None:
        """Find the free answers of each nominal column and class, and the levels' densities."""
        self._logs = [
            log_density(family, *values, rows)
            for family, values, rows in zip(self._family, self._values, self.rows, strict=True)
        ]
        self._free: list[list[NDArray[np.int64]]] = []
        for family, rows in zip(self._family, self.rows, strict=True):
            free = np.ones(rows.shape, dtype=np.bool_)
            if family == NOMINAL:
                free = rows >= self._frozen
                free[rows.argmax(axis=0), np.arange(rows.shape[1])] = False
            self._free.append([np.flatnonzero(column) for column in free.T])

    def _again(self, **changes: Any) -> Self:
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__ | changes)
        other._choose()
        return other

    @property
    def sizes(self) -> tuple[int, ...]:
        """Parameters of each class."""
        K = self.rows[0].shape[1]
        return tuple(sum(len(free[k]) for free in self._free) for k in range(K))

    @property
    def links(self) -> Float | None:
        """How the parameters follow from the free ones."""
        K = self.rows[0].shape[1]
        if all(family in (NOMINAL, COUNT, GAUSSIAN) for family in self._family):
            return None
        names: list[tuple[int, int, int] | None] = []
        for k in range(K):
            for j, (family, free) in enumerate(zip(self._family, self._free, strict=True)):
                last = self.rows[j].shape[0] - 1
                if family in (NOMINAL, COUNT, GAUSSIAN):
                    names += [(j, int(row), k) for row in free[k]]
                else:
                    names += [(j, row, -1) for row in range(last)]
                    names.append((j, last, k) if k else None)
        places = {name: i for i, name in enumerate(dict.fromkeys(filter(None, names)))}
        links = np.zeros((len(names), len(places)))
        for i, name in enumerate(names):
            if name is not None:
                links[i, places[name]] = 1.0
        return links

    def fold(self, amounts: Float) -> Float:
        """Sum amounts of rows into patterns."""
        folded: Float = self._fold @ amounts
        return folded

    def log_density(self) -> Float:
        """(P, K) log-density of each pattern in each class."""
        K = self.rows[0].shape[1]
        total = np.zeros((len(self.patterns.codes), K))
        for codes, logs in zip(self.patterns.codes.T, self._logs, strict=True):
            padded = np.vstack([np.maximum(logs, np.log(1e-300)), np.zeros(K)])
            total += padded[codes]
        return total

    def scores(self, k: int) -> Float:
        """(P, sizes[k]) derivatives of the log-density in class k."""
        parts = []
        for j, codes in enumerate(self.patterns.codes.T):
            table = self._level_scores(j, k)
            parts.append(np.vstack([table, np.zeros(table.shape[1])])[codes])
        return np.hstack(parts)

    def _level_scores(self, j: int, k: int) -> Float:
        """(levels, parameters) scores of column j's levels in class k."""
        family, rows, value = self._family[j], self.rows[j], self._values[j][0]
        if family == NOMINAL:
            free = self._free[j][k]
            table: Float = (np.eye(len(rows)) - rows[:, k])[:, free]
            return table
        if family == COUNT:
            counted: Float = (value - np.exp(rows[0, k]))[:, None]
            return counted
        if family == GAUSSIAN:
            gap, precision = value - rows[0, k], np.exp(-rows[1, k])
            return np.column_stack([gap * precision, 0.5 * (gap**2 * precision - 1)])
        return level_scores(family, value, rows, self._logs[j])[..., k]

    def complete_information(self, k: int, amounts: Float) -> Float:
        """Information of each column if the class were known; expected, for ordinal ones."""
        size = self.sizes[k]
        matrix, at = np.zeros((size, size)), 0
        for j, codes in enumerate(self.patterns.codes.T):
            given = codes >= 0
            total = float(amounts[given].sum())
            table, rows = self._level_scores(j, k), self.rows[j]
            end = at + table.shape[1]
            if self._family[j] == COUNT:
                block = np.array([[total * np.exp(rows[0, k])]])
            elif self._family[j] == GAUSSIAN:
                mass = np.bincount(codes[given], weights=amounts[given], minlength=len(table))
                gap, precision = self._values[j][0] - rows[0, k], np.exp(-rows[1, k])
                off, square = mass @ gap, mass @ gap**2 / 2
                block = np.array([[total, off], [off, square]]) * precision
            else:
                share = np.exp(self._logs[j][:, k])
                block = total * (table.T * share) @ table
            matrix[at:end, at:end] = block
            at = end
        return matrix

    def moved(self, step: Float) -> Self:
        """Change the parameters, class by class; probabilities stay probabilities."""
        rows = [part.copy() for part in self.rows]
        at = 0
        for k in range(rows[0].shape[1]):
            for j, family in enumerate(self._family):
                free = self._free[j][k]
                change = step[at : at + len(free)]
                at += len(free)
                if family == NOMINAL:
                    logs = np.log(np.maximum(rows[j][:, k], 1e-300))
                    logs[free] += change
                    share = np.exp(logs - logs.max())
                    rows[j][:, k] = np.maximum(share / share.sum(), 1e-12)
                else:
                    rows[j][free, k] += change
                    if family == GAUSSIAN:
                        rows[j][1, k] = max(rows[j][1, k], self._bound[j])
        with np.errstate(invalid="ignore", divide="ignore"):  # crossed thresholds: a step too far
            return self._again(rows=rows)

    def maximised(self, amounts: Float) -> Self:
        """Return weighted shares, rates, means and variances, or a Newton step of ordinal ones."""
        rows = []
        for j, codes in enumerate(self.patterns.codes.T):
            family, part, value = self._family[j], self.rows[j], self._values[j][0]
            given = codes >= 0
            counts = np.zeros((len(value), amounts.shape[1]))
            np.add.at(counts, codes[given], amounts[given])
            total = np.maximum(counts.sum(axis=0), 1e-300)
            if family == NOMINAL:
                share = np.maximum(counts / total, 1e-12)
                rows.append(share / share.sum(axis=0))
            elif family == COUNT:
                rows.append(np.log(np.maximum(value @ counts / total, FLOOR))[None])
            elif family == GAUSSIAN:
                mean = value @ counts / total
                spread = ((value[:, None] - mean) ** 2 * counts).sum(axis=0) / total
                least = np.exp(self._bound[j])
                rows.append(np.stack([mean, np.log(np.maximum(spread, least))]))
            else:
                rows.append(ordinal_step(family, value, part[None], counts[None])[0])
        return self._again(rows=rows)

    def on(self, rows: NDArray[np.bool_]) -> Self:
        """Return the measurement of some of the rows (n,); patterns that nobody has stay."""
        inverse = self.inverse[rows]
        return self._again(inverse=inverse, _fold=folding(inverse, len(self.patterns.codes)))

    def fixing(self, least: float) -> Self:
        """Return the same measurement with answers under `least` taken as known."""
        return self._again(_frozen=least)

    def probabilities(self) -> dict[str, Float]:
        """Column → (K, answers) probabilities, of the columns that have answers."""
        found = {}
        for column, rows in zip(self.indicators, self.rows, strict=True):
            table = answer_probabilities(column, rows)
            if table is not None:
                found[column.name] = table
        return found
