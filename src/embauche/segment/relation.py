"""A survey's segments and its other columns: who belongs to which, and what differs between them.

The segments are those of `segment_survey`, or as many latent classes as asked for; `membership`
and `distal` do the rest, on the same coded answers and with the same weights.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.errors import ColumnError, StatisticsError
from embauche.notices import Notice
from embauche.segment.distal import distal
from embauche.segment.distal_result import Distal, DistalMethod
from embauche.segment.indicators import code_answers, indicators
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.membership import membership
from embauche.segment.membership_result import Membership, Method
from embauche.segment.number_of_classes import LEAST_PER_CLASS
from embauche.segment.relation_columns import check, kinds_of, named, typed
from embauche.segment.segmentation import Segment
from embauche.segment.survey_segments import segment_survey, segments_of, weights_of
from embauche.vocabulary import Solidity

Float = NDArray[np.float64]
_SEARCH = 0.9


@dataclass(frozen=True, slots=True)
class Relation:
    """Segments, what membership depends on, and what differs between them.

    Attributes
    ----------
    segments
        Largest first; class 1 of `membership` and `outcomes` is the first.
    model
        The latent class model behind them.
    verdict
        How real they are; ``None`` where their number was asked for.
    membership
        Regression of membership on the covariates; ``None`` without covariates.
    outcomes
        Column → how it differs between segments.
    kinds
        Column → as what it was taken.
    weight
        Column of survey weights, if any.
    seed
        Seed of every random choice.
    notices
        What is weak about the segments; what is weak about figures stands with these.
    """

    segments: tuple[Segment, ...]
    model: LatentClassModel
    verdict: Solidity | None
    membership: Membership | None
    outcomes: Mapping[str, Distal]
    kinds: Mapping[str, str]
    weight: str | None
    seed: int
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class _Classes:
    model: LatentClassModel
    frame: pl.DataFrame
    segments: tuple[Segment, ...]
    verdict: Solidity | None
    notices: tuple[Notice, ...]


def relate_survey(
    survey: Survey,
    *,
    covariates: Sequence[str] = (),
    outcomes: Sequence[str] = (),
    method: Method = "ml",
    outcome_method: DistalMethod = "bch",
    classes: int | None = None,
    reference: int = 1,
    reference_levels: Mapping[str, str] | None = None,
    kinds: Mapping[str, str] | None = None,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Relation:
    """Relate a survey's segments to its other columns.

    Parameters
    ----------
    survey
        The survey; `Survey.needs` form the segments, `Survey.weight` weighs every step.
    covariates
        Columns that membership is regressed on, together.
    outcomes
        Columns whose means or shares are compared between segments, one by one.
    method, reference, reference_levels
        As in `embauche.segment.membership`.
    outcome_method
        As `method` in `embauche.segment.distal`.
    classes
        Number of segments; by default that which `segment_survey` keeps.
    kinds
        Column → ``"continuous"``, ``"binary"``, ``"nominal"`` or ``"count"``; by default as the
        survey was read (`embauche.segment.relation_columns.kinds_of`).
    seed
        Seed of every random choice.
    progress
        Called with the share done, 0 to 1; may raise to cancel.

    Raises
    ------
    ColumnError
        If a column is unknown, constant, forms the segments, or is not what its kind says.
    StatisticsError
        If there is one segment only, or a setting means nothing.
    """
    report = progress if progress is not None else _silent
    wanted, compared = named(covariates, survey), named(outcomes, survey)
    if not wanted and not compared:
        raise StatisticsError("relate.nothing_asked")
    weights, said = weights_of(survey)
    frame, _ = indicators(survey)
    taking_part = ~frame.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy()
    check((*wanted, *compared), survey, survey.needs, taking_part & (weights > 0))
    levels = dict(reference_levels or {})
    for name in levels:
        if name not in wanted:
            raise StatisticsError("relate.setting_elsewhere", column=name, used=list(wanted))
    as_kinds = kinds_of(survey, kinds or {}, tuple(dict.fromkeys((*wanted, *compared))))
    columns = {name: typed(survey, name, kind) for name, kind in as_kinds.items()}
    found = (
        _chosen(survey, seed, lambda share: report(_SEARCH * share))
        if classes is None
        else _asked(survey, classes, weights, said, seed)
    )
    report(_SEARCH)
    kind: Literal["frequency", "survey"] = "frequency" if survey.weight is None else "survey"
    members = None
    if wanted:
        members = membership(
            found.model,
            found.frame,
            pl.DataFrame([columns[name] for name in wanted]),
            method=method,
            sample_weight=weights,
            weights=kind,
            reference=reference,
            reference_levels=levels,
        )
    differing = {}
    for at, name in enumerate(compared):
        report(_SEARCH + (1 - _SEARCH) * (at + 1) / (len(compared) + 1))
        try:
            differing[name] = distal(
                found.model,
                found.frame,
                columns[name],
                kind=as_kinds[name],
                method=outcome_method,
                sample_weight=weights,
                weights=kind,
            )
        except StatisticsError as error:
            if not error.code.startswith("distal."):
                raise
            why = Notice(error.code, dict(error.params))
            raise ColumnError("relate.outcome", column=name, file=survey.name, why=why) from error
    report(1.0)
    return Relation(
        segments=found.segments,
        model=found.model,
        verdict=found.verdict,
        membership=members,
        outcomes=MappingProxyType(differing),
        kinds=MappingProxyType(as_kinds),
        weight=survey.weight,
        seed=seed,
        notices=found.notices,
    )


def _chosen(survey: Survey, seed: int, progress: Callable[[float], None]) -> _Classes:
    found = segment_survey(survey, seed=seed, progress=progress)
    if found.k < 2:
        raise StatisticsError("relate.one_segment", survey=survey.name)
    return _Classes(
        LatentClassModel.from_dict(found.model),
        code_answers(survey.frame, found.coding),
        found.segments,
        found.verdict,
        found.notices,
    )


def _asked(
    survey: Survey, classes: int, weights: Float, said: Sequence[Notice], seed: int
) -> _Classes:
    frame, notices = indicators(survey)
    if classes < 2:
        raise StatisticsError("membership.one_class")
    if survey.n < LEAST_PER_CLASS * classes:
        params = {"k": classes, "n": survey.n, "least": LEAST_PER_CLASS * classes}
        raise StatisticsError("relate.few_respondents", survey=survey.name, **params)
    kind: Literal["frequency", "survey"] = "frequency" if survey.weight is None else "survey"
    model = LatentClassModel(classes, seed=seed, weights=kind)
    model.fit(frame, sample_weight=weights)
    posterior = model.predict_proba(frame)
    answered = ~frame.select(pl.all_horizontal(pl.all().is_null())).to_series().to_numpy()
    labels = np.where(answered, posterior.argmax(axis=1), -1).astype(np.int64)
    segments = segments_of(survey, model, labels, posterior, weights)
    return _Classes(model, frame, segments, None, (*notices, *said, *model.notices_))


def _silent(_: float) -> None:
    pass
