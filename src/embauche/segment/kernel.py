"""One door to the two EM kernels: compiled where numba works, numpy otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from embauche.segment.patterns import Patterns

Float = NDArray[np.float64]
Backend = Literal["auto", "numba", "numpy"]


@dataclass(frozen=True, slots=True)
class Kernel:
    """EM on one set of patterns.

    Attributes
    ----------
    patterns
        The data.
    prior
        Pseudo-respondents added to every class in all, spread like the margins (0: none).
    climb
        ``climb(theta, share, max_iter, tol)`` → objective, steps, converged, each (R,); `theta`
        (R, C, K) and `share` (R, K) are changed in place. The objective is the log-likelihood,
        plus the log prior where there is one.
    """

    patterns: Patterns
    prior: float
    climb: Callable[[Float, Float, int, float], tuple[Float, NDArray[np.int64], NDArray[np.bool_]]]


def kernel(patterns: Patterns, n_classes: int, *, prior: float, backend: Backend) -> Kernel:
    """Prepare EM for `patterns`.

    Parameters
    ----------
    patterns
        The data.
    n_classes
        Number of classes K, by which the prior is divided: `prior` / K pseudo-respondents a class.
    prior
        As in Latent GOLD's Bayes constants: 0 for maximum likelihood, 1 keeps off the boundary.
    backend
        ``"numba"``, ``"numpy"``, or ``"auto"``: numba where it is installed.
    """
    pseudo = patterns.margins() * (prior / n_classes)
    pseudo_share = prior / n_classes
    if backend == "numpy" or (backend == "auto" and find_spec("numba") is None):
        from embauche.segment import kernel_numpy

        data = kernel_numpy.NumpyData.of(patterns, pseudo, pseudo_share)
        return Kernel(
            patterns, prior, lambda t, s, m, tol: kernel_numpy.climb_all(t, s, data, m, tol)
        )
    from embauche.segment import kernel_numba, kernel_tables

    lay = kernel_tables.lay_out(patterns, pseudo, pseudo_share)
    return Kernel(patterns, prior, lambda t, s, m, tol: kernel_numba.climb_all(t, s, lay, m, tol))


def log_joint(
    codes: NDArray[np.int32], offsets: NDArray[np.int64], theta: Float, share: Float
) -> Float:
    """(P, K) log of the joint probability of each pattern and class; missing answers left out."""
    log_theta = np.log(theta)
    joint = np.tile(np.log(share), (len(codes), 1))
    for first, column in zip(offsets, codes.T, strict=True):
        answers = log_theta[first + np.maximum(column, 0)]
        answers[column < 0] = 0.0
        joint += answers
    return joint


def posterior_of(joint: Float) -> tuple[Float, Float]:
    """Return the posterior (P, K) and the log-likelihood (P,) of each pattern."""
    top = joint.max(axis=1, keepdims=True)
    weights = np.exp(joint - top)
    total = weights.sum(axis=1, keepdims=True)
    return weights / total, (np.log(total) + top)[:, 0]
