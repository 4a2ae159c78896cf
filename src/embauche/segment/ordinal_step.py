"""One Newton step of an ordinal column's M step, for many starts at once.

Both ordinal families have thresholds α shared by the classes and one slope β_k a class, so that the
information matrix is an arrow: a C − 1 square for α, and one number for each β_k. For adjacent
categories (a canonical link) expected and observed information are the same; for cumulative logits
this is Fisher scoring. One step an EM step is enough (a generalised EM), halved until the expected
log-likelihood does not fall.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.segment.families import CUMULATIVE, level_scores, log_density

Float = NDArray[np.float64]

LONGEST: Final = 4.0
"""Largest change of a parameter in one step."""

HALVINGS: Final = 10
"""Times a step is halved before it is given up."""

SLACK: Final = 1e-12
"""Relative fall of the expected log-likelihood that is rounding."""

LEAST_INFORMATION: Final = 1e-9
"""A slope with less information a respondent than this stays where it is: it stands at infinity."""


def ordinal_step(family: int, value: Float, rows: Float, counts: Float) -> Float:
    """Return better parameter rows.

    Parameters
    ----------
    family
        `families.ORDINAL` or `families.CUMULATIVE`.
    value
        (C,) scores.
    rows
        (R, C, K) parameters: α in the first C − 1 rows, β in the last.
    counts
        (R, C, K) expected number of answers.
    """
    zero = np.zeros_like(value)
    logs = log_density(family, value, zero, rows)
    step = _direction(family, value, rows, counts, logs)
    longest = np.abs(step).max(axis=(1, 2))
    step *= np.minimum(1.0, LONGEST / np.maximum(longest, 1e-300))[:, None, None]
    before = (counts * logs).sum(axis=(1, 2))
    least = before - SLACK * (1.0 + np.abs(before))
    result = rows.copy()
    left = np.arange(len(rows))
    length = 1.0
    for _ in range(HALVINGS):
        ahead = rows[left] + length * step[left]
        if family == CUMULATIVE:
            with np.errstate(invalid="ignore", divide="ignore"):
                after = (counts[left] * log_density(family, value, zero, ahead)).sum(axis=(1, 2))
            ordered = (np.diff(ahead[:, :-1], axis=1) > 0).all(axis=(1, 2))
            better = ordered & (after >= least[left])
        else:
            after = (counts[left] * log_density(family, value, zero, ahead)).sum(axis=(1, 2))
            better = after >= least[left]
        result[left[better]] = ahead[better]
        left = left[~better]
        if not len(left):
            break
        length /= 2
    return result


def _direction(family: int, value: Float, rows: Float, counts: Float, logs: Float) -> Float:
    """Newton direction in the shape of `rows`."""
    C = len(value)
    scores = level_scores(family, value, rows, logs)
    gradient = np.einsum("rck,rcak->rak", counts, scores)
    n = counts.sum(axis=1)
    expected = np.exp(logs) * n[:, None]
    information = np.einsum("rck,rcak,rcbk->rabk", expected, scores, scores)
    slope = information[:, -1, -1]
    known = slope > LEAST_INFORMATION * n
    inverse = np.where(known, 1.0 / np.where(known, slope, 1.0), 0.0)
    cross = information[:, :-1, -1]
    square = information[:, :-1, :-1].sum(axis=-1)
    size = np.trace(square, axis1=1, axis2=2) / (C - 1)
    square = square - np.einsum("rak,rbk,rk->rab", cross, cross, inverse)
    right = gradient[:, :-1].sum(axis=-1) - (cross * (gradient[:, -1] * inverse)[:, None]).sum(-1)
    # Moving all thresholds along the scores and all slopes against them changes nothing.
    free = np.ones(C - 1) if family == CUMULATIVE else value[1:]
    square += size[:, None, None] * np.outer(free, free) / (free @ free)
    square += (1e-12 * size + 1e-300)[:, None, None] * np.eye(C - 1)
    thresholds = np.linalg.solve(square, right[..., None])[..., 0]
    step = np.empty_like(rows)
    step[:, :-1] = thresholds[..., None]
    moved = (cross * thresholds[..., None]).sum(axis=1)
    step[:, -1] = (gradient[:, -1] - moved) * inverse
    return step
