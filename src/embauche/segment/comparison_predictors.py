"""What each side of a comparison may look at, learnt anew from the training rows of each fold.

Whatever is learnt from rows (how ratings are cut into bands, classes, band limits, means, knots) is
learnt from the training rows only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import ColumnReading, Survey
from embauche.segment.comparison_terms import Columns, answer_codes
from embauche.segment.indicators import code_answers, coding_of
from embauche.segment.latent_class import LatentClassModel

Float = NDArray[np.float64]
Rows = NDArray[np.int64]

SIDES: Final = (
    "job_segments", "demographic_segments", "demographics", "raw_needs",
    "segments_and_demographics",
)  # fmt: skip

STARTS: Final = 12
"""Random starts of a latent class model in a fold: dozens of folds need not hunt for the last unit
of log-likelihood."""

BANDS: Final = 3
"""A numeric demographic is cut in tertiles to form demographic segments."""


@dataclass(frozen=True, slots=True)
class Predictors:
    """Needs and demographics of the respondents used.

    Attributes
    ----------
    survey
        The rows used, with `needs` as they enter.
    demographics, needs
        Their columns as numbers and answers.
    weights
        (n,) weights.
    codes
        (n, J) codes of the needs where their coding learns nothing from rows; else ``None``.
    """

    survey: Survey
    demographics: Columns
    needs: Columns
    weights: Float
    codes: Float | None

    @classmethod
    def of(cls, survey: Survey, demographics: list[str], weights: Float) -> Predictors:
        """Read the columns of a survey that holds the rows used only."""
        coding, _ = coding_of(survey)
        fixed = not coding["batteries"]
        return cls(
            survey,
            _columns(survey, demographics),
            _columns(survey, list(survey.needs)),
            weights,
            _coded(code_answers(survey.frame, coding)) if fixed else None,
        )

    def fold(self, train: Rows, k: int, seed: int) -> dict[str, Float]:
        """Return the predictors of each side, (n, p) for all rows, learnt from `train`."""
        jobs = memberships(self._need_codes(train), train, self.weights, k, seed)
        banded = _banded(self.demographics, train)
        people = memberships(banded, train, self.weights, k, seed)
        full = self.demographics.terms(train)
        sides = (jobs, people, full, self.needs.terms(train), np.column_stack([jobs, full]))
        return dict(zip(SIDES, sides, strict=True))

    def _need_codes(self, train: Rows) -> Float:
        if self.codes is not None:
            return self.codes
        learnt = replace(self.survey, frame=self.survey.frame[train])
        coding, _ = coding_of(learnt)
        return _coded(code_answers(self.survey.frame, coding))


def memberships(codes: Float, train: Rows, weights: Float, k: int, seed: int) -> Float:
    """Fit k classes on the training rows; return the (n, k) posteriors of all rows.

    Parameters
    ----------
    codes
        (n, J) answers, NaN where missing.

    Notes
    -----
    An answer that no training row gave says nothing about a row's class. Where the training rows
    hold no more than `k` distinct rows, the rows themselves are the segments.
    """
    used = []
    for column in codes.T:
        known = np.unique(column[train][~np.isnan(column[train])])
        if len(known) > 1:
            used.append(np.where(np.isin(column, known), column, np.nan))
    if not used:
        return np.ones((len(codes), 1))
    table = np.column_stack(used)
    answered = train[~np.isnan(table[train]).all(axis=1)]
    cells = np.unique(np.nan_to_num(table[answered], nan=-1.0), axis=0)
    if len(cells) <= k:
        rows = np.nan_to_num(table, nan=-1.0)
        same: Float = (rows[:, None, :] == cells[None, :, :]).all(axis=2).astype(np.float64)
        return same
    model = LatentClassModel(k, seed=seed, n_starts=STARTS, max_iter=1000, tol=1e-4)
    model.fit(table[answered], sample_weight=weights[answered])
    return model.predict_proba(table)


def _coded(frame: pl.DataFrame) -> Float:
    codes = np.column_stack([answer_codes(column) for column in frame])
    return np.where(codes < 0, np.nan, codes.astype(np.float64))


def _banded(columns: Columns, train: Rows) -> Float:
    """Cut numbers at the training rows' tertiles, for the latent class engine."""
    parts = [np.where(codes < 0, np.nan, codes.astype(np.float64)) for codes in columns.answers.T]
    for column in columns.numeric.T:
        known = column[train][~np.isnan(column[train])]
        cuts = np.quantile(known, np.arange(1, BANDS) / BANDS) if len(known) else np.empty(0)
        band = np.searchsorted(np.unique(cuts), column, side="left").astype(np.float64)
        parts.append(np.where(np.isnan(column), np.nan, band))
    return np.column_stack(parts)


def _columns(survey: Survey, names: list[str]) -> Columns:
    """Read columns; ordered answers become their place in the order, which is a number."""
    frame = survey.frame.select(names)
    nominal = set()
    for name in names:
        reading = survey.readings.get(name)
        if reading is None:
            continue
        if reading.scale == "ordinal" and _places(frame[name], reading) is not None:
            frame = frame.with_columns(_places(frame[name], reading))
        elif reading.scale in {"nominal", "ordinal"}:
            nominal.add(name)
    return Columns.of(frame, frozenset(nominal))


def _places(column: pl.Series, reading: ColumnReading) -> pl.Series | None:
    order: Mapping[str, int] = {answer: at for at, answer in enumerate(reading.categories)}
    answers: list[Any] = column.cast(pl.String).to_list()
    if any(answer is not None and answer not in order for answer in answers):
        return None
    places = [None if answer is None else order[answer] for answer in answers]
    return pl.Series(column.name, places, dtype=pl.Int64)
