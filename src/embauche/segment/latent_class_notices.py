"""What a fitted latent class model says about its own weakness."""

from __future__ import annotations

from itertools import combinations
from math import prod
from typing import TYPE_CHECKING, Final

import numpy as np

from embauche.notices import Notice
from embauche.segment.answers import AMOUNTS
from embauche.segment.families import COUNT, GAUSSIAN, NOMINAL, family_of, variance_floor

if TYPE_CHECKING:
    from embauche.segment.latent_class import LatentClassModel

BOUNDARY: Final = 1e-4
"""A probability nearer to 0 or 1, or a rate nearer to 0, than this stands on the boundary."""

DUPLICATE: Final = 0.02
"""Two classes are one when no probability differs by more than this, and no mean or rate by more
than moves a normal distribution's probabilities by this (0.05 standard deviations)."""

MANY_NUMBERS: Final = 20
"""A nominal column of more different numbers than this is probably an amount."""

_NORMAL_DENSITY: Final = 0.3989
_AT_FLOOR: Final = 1.01


def fit_notices(model: LatentClassModel) -> tuple[Notice, ...]:
    """Look for boundary, empty and duplicate classes, and for a maximum that is not sure."""
    notices = [*_boundary(model), *_floors(model), *_empty(model), *_duplicates(model)]
    notices += [*_search(model), *_columns(model)]
    if model.weights == "survey":
        params = {"n": round(model.n_), "effective": round(model.n_effective_)}
        notices.append(Notice("latent_class.survey_weights", params, "info"))
    if not any(kind in AMOUNTS for kind in model.kinds_.values()):
        cells = prod(len(answers) for answers in model.categories_.values())
        if model.n_parameters_ > cells - 1 and model.n_classes > 1:
            params = {"parameters": model.n_parameters_, "most": cells - 1}
            notices.append(Notice("latent_class.not_identified", params))
    if model.n_parameters_ >= model.n_:
        params = {"parameters": model.n_parameters_, "n": int(model.n_)}
        notices.append(Notice("latent_class.more_parameters_than_rows", params))
    return tuple(notices)


def _boundary(model: LatentClassModel) -> list[Notice]:
    count = 0
    classes: set[int] = set()
    for column in model.indicators_:
        if family_of(column) == GAUSSIAN or len(column.categories) == 1:
            continue
        if family_of(column) == COUNT:
            extreme = np.asarray(model.item_parameters_[column.name]["rates"] < BOUNDARY)
        else:
            table = model.item_probabilities_[column.name]
            # An ordinal class far from one end of the scale is no boundary: one end is always far.
            far = table < BOUNDARY
            nominal = family_of(column) == NOMINAL
            near = np.asarray(far | (table > 1 - BOUNDARY) if nominal else table > 1 - BOUNDARY)
            extreme = np.asarray(near.any(axis=1))
        count += int(extreme.sum())
        classes.update(np.flatnonzero(extreme).tolist())
    if not count:
        return []
    listed = [str(k + 1) for k in sorted(classes)]
    return [Notice("latent_class.boundary", {"n": count, "classes": listed}, "info")]


def _floors(model: LatentClassModel) -> list[Notice]:
    """Classes narrower than amounts can tell: a likelihood that only the floor keeps finite."""
    notices = []
    for j, column in enumerate(model.indicators_):
        if family_of(column) != GAUSSIAN or model.patterns_ is None:
            continue
        least = variance_floor(column, model.patterns_, j)
        variances = model.item_parameters_[column.name]["variances"]
        classes = np.flatnonzero(variances <= _AT_FLOOR * least)
        if classes.size:
            listed = [str(k + 1) for k in classes]
            params = {"column": column.name, "classes": listed, "n": len(listed)}
            notices.append(Notice("latent_class.variance_floor", params))
    return notices


def _empty(model: LatentClassModel) -> list[Notice]:
    small = np.flatnonzero(model.class_shares_ * model.n_ < 1.0)
    return [Notice("latent_class.empty_class", {"class": int(k) + 1}) for k in small]


def _duplicates(model: LatentClassModel) -> list[Notice]:
    return [
        Notice("latent_class.duplicate_classes", {"first": a + 1, "second": b + 1})
        for a, b in combinations(range(model.n_classes), 2)
        if _alike(model, a, b)
    ]


def _alike(model: LatentClassModel, a: int, b: int) -> bool:
    apart = DUPLICATE / _NORMAL_DENSITY
    for column in model.indicators_:
        found = model.item_parameters_[column.name]
        if "rates" in found:
            rates = found["rates"]
            spread = np.sqrt(max(rates[a], rates[b], 1e-300))
            if abs(rates[a] - rates[b]) > apart * max(spread, apart):
                return False
        elif "means" in found:
            means, spreads = found["means"], np.sqrt(found["variances"])
            if abs(means[a] - means[b]) > apart * min(spreads[a], spreads[b]):
                return False
            if abs(np.log(spreads[a] / spreads[b])) > apart:
                return False
        elif np.abs(found["probabilities"][a] - found["probabilities"][b]).max() > DUPLICATE:
            return False
    return True


def _search(model: LatentClassModel) -> list[Notice]:
    notices = []
    if model.n_classes > 1 and model.hits_ <= 1 < model.starts_:
        params = {"k": model.n_classes, "hits": model.hits_, "n": model.starts_}
        notices.append(Notice("latent_class.maximum_hit_once", params))
    if not model.converged_:
        notices.append(Notice("latent_class.not_converged", {"k": model.n_classes}))
    return notices


def _columns(model: LatentClassModel) -> list[Notice]:
    notices = []
    for column in model.indicators_:
        answers = column.categories
        if len(answers) == 1:
            notices.append(Notice("latent_class.constant_column", {"column": column.name}, "info"))
        numbers = all(isinstance(a, int) and not isinstance(a, bool) for a in answers)
        if column.kind == "nominal" and numbers and len(answers) > MANY_NUMBERS:
            params = {"column": column.name, "answers": len(answers)}
            notices.append(Notice("latent_class.many_numbers", params))
    return notices
