"""A fitted solution in the terms of its columns: probabilities, slopes, rates, means, variances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embauche.segment.answers import Indicator
from embauche.segment.families import (
    COUNT,
    CUMULATIVE,
    GAUSSIAN,
    NOMINAL,
    ORDINAL,
    family_of,
    log_density,
    values_of,
)

Float = NDArray[np.float64]


def level_logs(indicators: Sequence[Indicator], rows: Sequence[Float]) -> Float:
    """(C, K) log densities of all levels of the columns, as the table at hand has them."""
    parts = [
        log_density(family_of(column), *values_of(column), parameters)
        for column, parameters in zip(indicators, rows, strict=True)
    ]
    return np.concatenate(parts)


def answer_probabilities(indicator: Indicator, rows: Float) -> Float | None:
    """(K, C) probability of each answer in each class; ``None`` for amounts."""
    family = family_of(indicator)
    if family in (COUNT, GAUSSIAN):
        return None
    if family == NOMINAL:
        return rows.T
    return np.asarray(np.exp(log_density(family, *values_of(indicator), rows)).T)


def described(indicator: Indicator, rows: Float) -> dict[str, Float]:
    """Parameters of a column by name, in its own units.

    ``probabilities`` (K, C); for ordinal columns also ``thresholds`` (C − 1,) and ``slopes`` (K,),
    by unit of the score; ``rates`` (K,); ``means`` and ``variances`` (K,).
    """
    family = family_of(indicator)
    if family == COUNT:
        return {"rates": np.exp(rows[0])}
    if family == GAUSSIAN:
        return {
            "means": indicator.centre + indicator.scale * rows[0],
            "variances": indicator.scale**2 * np.exp(rows[1]),
        }
    probabilities = answer_probabilities(indicator, rows)
    assert probabilities is not None  # noqa: S101 - amounts returned above
    if family == NOMINAL:
        return {"probabilities": probabilities}
    width = indicator.score_width if family == ORDINAL else 1.0
    return {
        "probabilities": probabilities,
        "thresholds": rows[:-1, 0].copy(),
        "slopes": rows[-1] / width,
    }


def rows_of(indicator: Indicator, item: Mapping[str, Any]) -> Float:
    """Return parameter rows from what `described` returned, read back from JSON."""
    family = family_of(indicator)
    if family == NOMINAL:
        return np.array(item["probabilities"], dtype=np.float64).T
    if family == COUNT:
        return np.log(np.array([item["rates"]], dtype=np.float64))
    if family == GAUSSIAN:
        means = np.array(item["means"], dtype=np.float64)
        variances = np.array(item["variances"], dtype=np.float64)
        return np.stack(
            [
                (means - indicator.centre) / indicator.scale,
                np.log(variances / indicator.scale**2),
            ]
        )
    width = indicator.score_width if family == ORDINAL else 1.0
    slopes = np.array(item["slopes"], dtype=np.float64) * width
    thresholds = np.array(item["thresholds"], dtype=np.float64)
    return np.vstack([np.tile(thresholds[:, None], (1, len(slopes))), slopes])


def is_ordered(indicator: Indicator) -> bool:
    """Tell whether a column is ordinal (of either family) with at least two answers."""
    return family_of(indicator) in (ORDINAL, CUMULATIVE)
