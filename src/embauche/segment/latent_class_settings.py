"""Settings and weights of a latent class model, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError

if TYPE_CHECKING:
    from embauche.segment.latent_class import LatentClassModel

Float = NDArray[np.float64]
WeightMeaning = Literal["frequency", "survey"]

LARGEST: Final = 1e100
"""Weights beyond this are refused: their squares would pass what a number can hold."""


def check_settings(model: LatentClassModel) -> None:
    """Refuse settings that mean nothing.

    Raises
    ------
    StatisticsError
        It names the setting and its value.
    """
    whole = isinstance(model.n_classes, int | np.integer) and not isinstance(model.n_classes, bool)
    if not whole or model.n_classes < 1:
        raise StatisticsError("latent_class.n_classes", value=str(model.n_classes))
    if model.n_starts is not None and model.n_starts < 1:
        raise StatisticsError("latent_class.n_starts", value=str(model.n_starts))
    if not 0 <= model.prior < np.inf:
        raise StatisticsError("latent_class.prior", value=str(model.prior))
    if model.seed is None or model.seed < 0:
        raise StatisticsError("latent_class.seed", value=str(model.seed))
    if not model.tol >= 0 or model.max_iter < 1:
        raise StatisticsError(
            "latent_class.steps", tol=str(model.tol), max_iter=str(model.max_iter)
        )
    if model.backend not in ("auto", "numba", "numpy"):
        raise StatisticsError("latent_class.backend", value=str(model.backend))
    if model.weights not in ("frequency", "survey"):
        raise StatisticsError("latent_class.weight_meaning", value=str(model.weights))


def check_weights(sample_weight: Any, rows: int) -> Float:
    """Return (n,) weights, ones by default.

    Raises
    ------
    StatisticsError
        If they are not one a row, are negative, not finite, or all zero.
    """
    if sample_weight is None:
        return np.ones(rows)
    try:
        weights = np.asarray(sample_weight, dtype=np.float64).ravel()
    except (TypeError, ValueError) as error:
        raise StatisticsError("latent_class.weights_text") from error
    if len(weights) != rows:
        raise StatisticsError("latent_class.weight_count", given=len(weights), expected=rows)
    wrong = np.flatnonzero(~(weights <= LARGEST) | (weights < 0))
    if wrong.size:
        row = int(wrong[0])
        raise StatisticsError("latent_class.weight", row=row + 1, value=str(weights[row]))
    if rows and weights.sum() == 0:
        raise StatisticsError("latent_class.weights_zero")
    return weights
