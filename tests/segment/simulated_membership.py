"""Simulated answers whose classes depend on covariates."""

import numpy as np
import polars as pl

SLOPES = np.array([[0.0, 0.0, 0.0], [0.3, 1.0, -0.5], [-0.4, -0.5, 0.8]])


METHODS = [("one-step", "modal"), ("bch", "modal"), ("bch", "proportional")]


def simulated(seed=0, n=600, clear=0.85, missing=0.0):
    """Fictional: three classes of eight yes/no needs, two covariates that sway them."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(n, 2))
    chance = np.exp(np.column_stack([np.ones(n), z]) @ SLOPES.T)
    chance /= chance.sum(axis=1, keepdims=True)
    kind = (chance.cumsum(axis=1) < rng.random((n, 1))).sum(axis=1)
    yes = np.array([[1] * 8, [1] * 4 + [0] * 4, [0] * 8]) * (2 * clear - 1) + 1 - clear
    answers = (rng.random((n, 8)) < yes[kind]).astype(float)
    answers[rng.random((n, 8)) < missing] = np.nan
    needs = pl.DataFrame(answers, schema=[f"need{j}" for j in range(8)])
    needs = needs.fill_nan(None).cast(pl.Int64)
    return needs, pl.DataFrame(z, schema=["a", "b"]), kind


def both(first, second):
    return np.allclose(first.coefficients, second.coefficients, rtol=0, atol=1e-9) and np.allclose(
        first.covariance, second.covariance, rtol=0, atol=1e-9
    )
