"""The parameters of a latent class model as a table: estimate, standard error, interval.

Standard errors are carried from the smooth parameters (`embauche.segment.information`) to those
that people read by the delta method. Intervals of probabilities are symmetric in the logit, of
rates and variances in the log, so that they stay where such a thing can be. On the boundary there
is no standard error; the limit is what so many respondents without one such answer still allow (the
rule of three: ``1 − a^(1/n)``, for rates ``−ln(a)/n``, a one minus the level).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import norm

from embauche.segment.answers import Indicator
from embauche.segment.families import (
    COUNT,
    GAUSSIAN,
    NOMINAL,
    ORDINAL,
    family_of,
    log_density,
    values_of,
)
from embauche.segment.information import FEW, SMALL, Block, Information, covariance

Float = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One parameter.

    Attributes
    ----------
    column
        The indicator; ``None`` for class shares.
    parameter
        ``"share"``, ``"probability"``, ``"threshold"``, ``"slope"``, ``"rate"``, ``"mean"``,
        ``"variance"``.
    class_
        Class, counted from 1; ``None`` for thresholds, which all classes share.
    category
        The answer, where the parameter belongs to one.
    estimate, se, low, high
        Estimate, standard error (``None`` on the boundary or where the data do not tell), limits.
    boundary
        Whether it stands on the boundary of what it can be.
    """

    column: str | None
    parameter: str
    class_: int | None
    category: str | None
    estimate: float
    se: float | None
    low: float | None
    high: float | None
    boundary: bool = False


def parameter_table(
    found: Information,
    indicators: Sequence[Indicator],
    rows: Sequence[Float],
    share: Float,
    *,
    level: float,
    sandwich: bool,
) -> pl.DataFrame:
    """Return the table, columns as `ParameterRow` with ``class_`` as ``class``.

    Parameters
    ----------
    found
        Information at the solution.
    indicators, rows, share
        The solution.
    level
        Of the intervals, such as .95.
    sandwich
        Whether standard errors are robust (sandwich) ones.
    """
    variance, unknown = covariance(found, sandwich=sandwich)
    delta = _Delta(variance, unknown, float(norm.ppf(0.5 + level / 2)), 1.0 - level)
    table = list(_shares(delta, share))
    for column, part, block in zip(indicators, rows, found.blocks, strict=True):
        table += _column(delta, column, part, block)
    schema = {
        "column": pl.String,
        "parameter": pl.String,
        "class_": pl.Int64,
        "category": pl.String,
        "estimate": pl.Float64,
        "se": pl.Float64,
        "low": pl.Float64,
        "high": pl.Float64,
        "boundary": pl.Boolean,
    }
    frame = pl.DataFrame([asdict(row) for row in table], schema=schema)
    return frame.rename({"class_": "class"})


@dataclass(frozen=True, slots=True)
class _Delta:
    variance: Float
    unknown: NDArray[np.bool_]
    z: float
    miss: float

    def se(self, index: NDArray[np.int64], slope: Float) -> float | None:
        """Return the standard error of a function with `slope` in the parameters at `index`."""
        if self.unknown[index[np.abs(slope) > 0]].any():
            return None
        value = float(slope @ self.variance[np.ix_(index, index)] @ slope)
        return float(np.sqrt(max(value, 0.0)))

    def plain(self, value: float, se: float | None) -> tuple[float | None, float | None]:
        return (None, None) if se is None else (value - self.z * se, value + self.z * se)

    def logit(self, value: float, se: float | None) -> tuple[float | None, float | None]:
        if se is None:
            return None, None
        odds = value / (1.0 - value)
        width = np.exp(min(self.z * se / (value * (1.0 - value)), 700.0))
        return float(odds / width / (1 + odds / width)), float(odds * width / (1 + odds * width))

    def log(self, value: float, se: float | None) -> tuple[float | None, float | None]:
        if se is None:
            return None, None
        width = float(np.exp(min(self.z * se / value, 700.0)))
        return value / width, value * width


def _shares(delta: _Delta, share: Float) -> Iterator[ParameterRow]:
    if len(share) == 1:
        return
    index = np.arange(len(share) - 1)
    for k, value in enumerate(share.tolist()):
        slope = value * ((np.arange(1, len(share)) == k) - share[1:])
        se = delta.se(index, slope)
        yield ParameterRow(None, "share", k + 1, None, value, se, *delta.logit(value, se))


def _column(delta: _Delta, column: Indicator, rows: Float, block: Block) -> Iterator[ParameterRow]:
    family = family_of(column)
    if family == NOMINAL:
        for k in range(rows.shape[1]):
            yield from _probabilities(delta, column, block, rows[:, k], k)
    elif family == COUNT:
        yield from _rates(delta, column, rows, block)
    elif family == GAUSSIAN:
        yield from _moments(delta, column, rows, block)
    else:
        yield from _ordinal(delta, column, rows, block)


def _probabilities(
    delta: _Delta, column: Indicator, block: Block, share: Float, k: int
) -> Iterator[ParameterRow]:
    """Probabilities of the answers in class k: slope θ_c times the derivative of log θ_c."""
    n = float(block.mass[k])
    for c, answer in enumerate(column.categories):
        value = float(share[c])
        edge = min(value, 1.0 - value)
        boundary = len(share) > 1 and edge < SMALL and edge * n < FEW
        if boundary or len(share) == 1:
            reach = 1.0 - delta.miss ** (1.0 / max(n, 1e-9)) if boundary else 0.0
            low, high = (0.0, reach) if value < 0.5 else (1.0 - reach, 1.0)
            se = None if boundary else 0.0
            yield ParameterRow(
                column.name, "probability", k + 1, str(answer), value, se, low, high, boundary
            )
            continue
        free = ~block.fixed[k]
        se = delta.se(block.index[k][free], value * block.scores[c, free, k])
        limits = delta.logit(value, se)
        yield ParameterRow(column.name, "probability", k + 1, str(answer), value, se, *limits)


def _rates(delta: _Delta, column: Indicator, rows: Float, block: Block) -> Iterator[ParameterRow]:
    for k, value in enumerate(np.exp(rows[0]).tolist()):
        row = (column.name, "rate", k + 1, None)
        if block.fixed[k, 0]:
            high = -np.log(delta.miss) / max(float(block.mass[k]), 1e-9)
            yield ParameterRow(*row, value, None, 0.0, float(high), boundary=True)
            continue
        se = delta.se(block.index[k], np.array([value]))
        yield ParameterRow(*row, value, se, *delta.log(value, se))


def _moments(delta: _Delta, column: Indicator, rows: Float, block: Block) -> Iterator[ParameterRow]:
    for k in range(rows.shape[1]):
        mean = float(column.centre + column.scale * rows[0, k])
        se = delta.se(block.index[k, :1], np.array([column.scale]))
        yield ParameterRow(column.name, "mean", k + 1, None, mean, se, *delta.plain(mean, se))
        value = float(column.scale**2 * np.exp(rows[1, k]))
        row = (column.name, "variance", k + 1, None)
        if block.fixed[k, 1]:
            yield ParameterRow(*row, value, None, None, None, boundary=True)
            continue
        se = delta.se(block.index[k, 1:], np.array([value]))
        yield ParameterRow(*row, value, se, *delta.log(value, se))


def _ordinal(delta: _Delta, column: Indicator, rows: Float, block: Block) -> Iterator[ParameterRow]:
    one = np.ones(1)
    anywhere = bool(block.fixed.any())
    answers = column.categories[1:] if family_of(column) == ORDINAL else column.categories[:-1]
    for c, answer in enumerate(answers):
        value = float(rows[c, 0])
        se = None if anywhere else delta.se(block.index[0, c : c + 1], one)
        limits = delta.plain(value, se)
        yield ParameterRow(
            column.name, "threshold", None, str(answer), value, se, *limits, anywhere
        )
    width = column.score_width if family_of(column) == ORDINAL else 1.0
    for k in range(rows.shape[1]):
        value = float(rows[-1, k]) / width
        se = None if anywhere else delta.se(block.index[k, -1:], one / width)
        limits = delta.plain(value, se)
        boundary = bool(block.fixed[k, -1])
        yield ParameterRow(column.name, "slope", k + 1, None, value, se, *limits, boundary)
    logs = log_density(family_of(column), *values_of(column), rows)
    for k in range(rows.shape[1]):
        yield from _probabilities(delta, column, block, np.exp(logs[:, k]), k)
