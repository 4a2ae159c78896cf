"""A simulated table whose columns are of every family."""

import numpy as np
import polars as pl

from embauche.segment.patterns import collapse, encode

KINDS = {"rank": "ordinal", "degree": "cumulative", "times": "count", "spent": "gaussian"}


def mixed(seed=0, n=300, missing=0.1):
    """Three fictional classes told by one column of each family."""
    rng = np.random.default_rng(seed)
    k = rng.integers(0, 3, n)
    columns = {
        "own": (rng.random(n) < np.array([0.1, 0.5, 0.9])[k]).astype(float),
        "rank": np.clip(np.round(rng.normal(np.array([2, 3, 4])[k], 1)), 1, 5),
        "degree": np.clip(np.round(rng.normal(np.array([4, 2, 3])[k], 1)), 1, 5),
        "times": rng.poisson(np.array([1, 4, 9])[k]).astype(float),
        "spent": rng.normal(np.array([0.0, 50, 200])[k], np.array([10.0, 20, 30])[k]),
    }
    frame = pl.DataFrame(columns).with_columns(pl.col("rank", "degree", "own").cast(pl.Int64))
    holes = rng.random((n, 5)) < missing
    return frame.with_columns(
        pl.when(pl.Series(holes[:, j])).then(None).otherwise(pl.col(name)).alias(name)
        for j, name in enumerate(frame.columns)
    )


def patterns_of(frame, kinds, weights=None):
    columns, codes = encode(frame, kinds=kinds)
    weights = np.ones(len(frame)) if weights is None else weights
    return collapse(codes, np.array([c.size for c in columns]), weights, columns), columns
