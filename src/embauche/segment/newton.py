"""Newton's method for a maximum, with shortened steps wherever the full one would lead down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
State = TypeVar("State")

MOST_STEPS: Final = 100
FARTHEST: Final = 4.0
"""Largest change of one parameter in a step (they are log-odds of standardised columns)."""

_NOTABLE: Final = 1e-4
"""Squared share in a direction from which a parameter takes part in it."""

_ENOUGH: Final = 1e-13
"""Expected gain, beside the height, from which one last step ends the climb."""


@dataclass(frozen=True, slots=True)
class Climb(Generic[State]):
    """Where a climb ended: its state, its height, and whether that is a top."""

    state: State
    value: float
    converged: bool
    steps: int


def newton(
    state: State,
    evaluate: Callable[[State], tuple[float, Float, Float]],
    height: Callable[[State], float],
    move: Callable[[State, Float], State],
    *,
    most: int = MOST_STEPS,
) -> Climb[State]:
    """Climb to a maximum.

    Parameters
    ----------
    state
        Where to start.
    evaluate
        Height, gradient (m,) and information (m, m; minus the second derivatives) at a state.
    height
        Height alone.
    move
        A state and a change of the parameters (m,) → the new state.
    most
        Steps at most.
    """
    value, gradient, information = evaluate(state)
    for step in range(1, most + 1):
        change = ascent(information, gradient)
        gain = float(gradient @ change)
        last = gain < _ENOUGH * (1 + abs(value))
        largest = float(np.abs(change).max(initial=0.0))
        if largest > FARTHEST:
            change *= FARTHEST / largest
        for _ in range(40):
            ahead = move(state, change)
            reached = height(ahead)
            if reached >= value - 1e-13 * (1 + abs(value)):
                break
            change = change / 2
        else:
            return Climb(state, value, last, step)
        state = ahead
        if last:
            return Climb(state, reached, converged=True, steps=step)
        value, gradient, information = evaluate(state)
    return Climb(state, value, converged=False, steps=most)


def ascent(information: Float, gradient: Float) -> Float:
    """Return ``I⁻¹ g``, with the information bent upwards in directions where it is not positive.

    Parameters
    ----------
    information
        (m, m), symmetric.
    gradient
        (m,).
    """
    scale = np.sqrt(np.maximum(np.abs(np.diag(information)), 1e-12))
    scaled = information / np.outer(scale, scale)
    try:
        np.linalg.cholesky(scaled)
        solved: Float = np.linalg.solve(scaled, gradient / scale) / scale
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(scaled)
        bent = np.maximum(np.abs(values), 1e-6)
        solved = (vectors @ ((vectors.T @ (gradient / scale)) / bent)) / scale
    return solved


def inverse_of(information: Float, least: float = 1e-9) -> tuple[Float, NDArray[np.bool_]]:
    """Invert an information matrix, leaving out directions that the data say nothing about.

    Parameters
    ----------
    information
        (m, m), symmetric.
    least
        Least information of a parameter, and least eigenvalue once scaled to a unit diagonal.

    Returns
    -------
    inverse, untold
        The (generalised) inverse, and (m,) which parameters take part in a direction left out:
        their variance is not known.
    """
    told = np.flatnonzero(np.diag(information) > least)
    inner = information[np.ix_(told, told)]
    scale = np.sqrt(np.diag(inner))
    values, vectors = np.linalg.eigh(inner / np.outer(scale, scale))
    kept = values > least
    solved = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T / np.outer(scale, scale)
    inverse = np.zeros_like(information)
    inverse[np.ix_(told, told)] = solved
    untold = np.ones(len(information), dtype=np.bool_)
    untold[told] = (vectors[:, ~kept] ** 2).sum(axis=1) > _NOTABLE
    return inverse, untold
