"""How needs become indicators: shown rules from answers to the categories of latent classes.

- Yes/no, nominal and ordinal answers stay as they are.
- Ratings are cut into low, middle and high by cut-offs that a whole battery (columns on the same
  scale) shares, so that needs stay comparable: at the values nearest to a third and two thirds of
  all its answers. A hundred points would be a hundred categories, with too few answers in each.
- Where a battery's respondents differ mostly in how high they rate *everything* (intraclass
  correlation of the ratings, needs' means taken out, at least `STYLE`), classes of raw ratings
  would be levels of saying yes: the respondent's own mean is taken out first, and the bands say
  below, around and above the respondent's own average (half a standard deviation either side).
  Measured: .55 in a battery of 23 ratings from 1 to 100, whose raw classes are ordered levels;
  .11 in one of nine ratings from 1 to 5. The price is that a true difference in level is not seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.errors import StatisticsError
from embauche.notices import Notice

Float = NDArray[np.float64]

RATINGS: Final = ("1-5", "1-7", "0-10", "1-100")
STYLE: Final = 0.3
"""Intraclass correlation from which a battery is centred on the respondent."""

BATTERY: Final = 5
"""Ratings on one scale from which a respondent's own mean means something."""

PER_VARIABLE: Final = 70
"""Least respondents a variable (Dolnicar, Grün and Leisch 2016: 70 to 100)."""

MANY: Final = 20
"""More needs than this spread the sample thin."""

LOW, MIDDLE, HIGH = 1, 2, 3


def indicators(survey: Survey) -> tuple[pl.DataFrame, tuple[Notice, ...]]:
    """Return the survey's needs as nominal indicators, and how they were coded.

    Returns
    -------
    frame, notices
        (n, needs) frame of categories (ratings: 1 low, 2 middle, 3 high), null where missing; the
        rules applied with their cut-offs, and what is weak about size.

    Raises
    ------
    StatisticsError
        If the survey has no usable need, or a need is an amount.
    """
    coding, notices = coding_of(survey)
    frame = code_answers(survey.frame, coding)
    return frame, (*notices, *_size(survey.n, frame.width))


def coding_of(survey: Survey) -> tuple[dict[str, Any], tuple[Notice, ...]]:
    """Decide how the answers of each need are coded.

    Returns
    -------
    coding, notices
        JSON-ready: ``columns`` (need → battery or null) and ``batteries`` (scale → cut-offs and
        whether centred); `code_answers` applies it.
    """
    if not survey.needs:
        raise StatisticsError("segment.no_needs", survey=survey.name)
    notices: list[Notice] = []
    columns: dict[str, str | None] = {}
    for name in survey.needs:
        reading = survey.readings.get(name)
        scale = reading.scale if reading is not None else "nominal"
        distinct = survey.frame[name].drop_nulls().n_unique()
        if distinct < 2:
            notices.append(Notice("segment.need_constant", {"column": name}))
            continue
        if scale in ("count", "amount"):
            raise StatisticsError("segment.need_is_amount", column=name, survey=survey.name)
        columns[name] = scale if scale in RATINGS else None
    if not columns:
        raise StatisticsError("segment.no_needs", survey=survey.name)
    batteries: dict[str, dict[str, Any]] = {}
    for scale in RATINGS:
        members = [name for name, battery in columns.items() if battery == scale]
        if members:
            batteries[scale] = rule = _battery(_ratings(survey.frame, members))
            params = {"scale": scale, "n": len(members), **rule}
            code = "segment.bands_centred" if rule["centred"] else "segment.bands"
            notices.append(Notice(code, params, "info"))
    return {"columns": columns, "batteries": batteries}, tuple(notices)


def code_answers(frame: pl.DataFrame, coding: Mapping[str, Any]) -> pl.DataFrame:
    """Code the needs of a survey or customer table by the rules of `coding_of`.

    Raises
    ------
    StatisticsError
        If a need's column is missing.
    """
    columns: Mapping[str, str | None] = coding["columns"]
    for name in columns:
        if name not in frame.columns:
            raise StatisticsError("latent_class.missing_column", column=name)
    coded: dict[str, pl.Series] = {
        name: frame[name] for name, scale in columns.items() if scale is None
    }
    for scale, rule in coding["batteries"].items():
        members = [name for name, battery in columns.items() if battery == scale]
        values = _ratings(frame, members)
        if rule["centred"]:
            values = _centred(values)
        bands = LOW + (values > rule["low"]).astype(int) + (values > rule["high"]).astype(int)
        for j, name in enumerate(members):
            missing = np.isnan(values[:, j])
            answers = [None if m else int(b) for m, b in zip(missing, bands[:, j], strict=True)]
            coded[name] = pl.Series(name, answers, dtype=pl.Int64)
    return pl.DataFrame({name: coded[name] for name in columns})


def _ratings(frame: pl.DataFrame, members: list[str]) -> Float:
    table = frame.select(pl.col(members).cast(pl.Float64))
    return np.column_stack([table[name].to_numpy() for name in members]).astype(np.float64)


def _centred(values: Float) -> Float:
    given = ~np.isnan(values)
    mean = np.nansum(values, axis=1) / np.maximum(given.sum(axis=1), 1)
    centred: Float = values - mean[:, None]
    return centred


def _battery(values: Float) -> dict[str, Any]:
    """Cut-offs of a battery: an answer above `low` is middle, above `high` is high."""
    style = response_style(values) if values.shape[1] >= BATTERY else 0.0
    if style >= STYLE:
        half = 0.5 * float(np.nanstd(_centred(values)))
        return {"low": -half, "high": half, "centred": True, "style": style}
    low, high = _thirds(values[~np.isnan(values)])
    return {"low": low, "high": high, "centred": False, "style": style}


def _thirds(answers: Float) -> tuple[float, float]:
    """Return the two answers up to which lie nearest to one and to two thirds of all answers."""
    points, counts = np.unique(answers, return_counts=True)
    share = np.cumsum(counts)[:-1] / counts.sum()
    if len(share) == 1:
        return float(points[0]), float(points[0])
    low = int(np.abs(share - 1 / 3).argmin())
    high = int(np.abs(share - 2 / 3).argmin())
    if low == high:
        low, high = (low - 1, high) if low else (low, high + 1)
    return float(points[low]), float(points[high])


def response_style(values: Float) -> float:
    """Intraclass correlation of a battery (n, J), needs' means taken out: 0 none, 1 all style."""
    residual = values - np.nanmean(values, axis=0)
    given = ~np.isnan(residual)
    count = given.sum(axis=1)
    kept = count > 1
    residual, given, count = residual[kept], given[kept], count[kept]
    if len(count) < 2:
        return 0.0
    means = np.nansum(residual, axis=1) / count
    squares = np.where(given, (residual - means[:, None]) ** 2, 0.0).sum()
    within = squares / (count - 1).sum()
    between = max(0.0, float(means.var(ddof=1)) - float((within / count).mean()))
    total = between + within
    return float(between / total) if total > 0 else 0.0


def _size(n: int, width: int) -> list[Notice]:
    notices = []
    if n < PER_VARIABLE * width:
        params = {"n": n, "needs": width, "least": PER_VARIABLE * width, "best": 100 * width}
        notices.append(Notice("segment.small_sample", params))
    if width > MANY:
        notices.append(Notice("segment.many_needs", {"n": width, "most": MANY}))
    return notices
