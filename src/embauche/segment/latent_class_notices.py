"""What a fitted latent class model says about its own weakness."""

from __future__ import annotations

from itertools import combinations
from math import prod
from typing import TYPE_CHECKING, Final

import numpy as np

from embauche.notices import Notice

if TYPE_CHECKING:
    from embauche.segment.latent_class import LatentClassModel

BOUNDARY: Final = 1e-4
"""A probability nearer to 0 or 1 than this stands on the boundary."""

DUPLICATE: Final = 0.02
"""Two classes are one when no probability differs by more than this."""


def fit_notices(model: LatentClassModel) -> tuple[Notice, ...]:
    """Look for boundary, empty and duplicate classes, and for a maximum that is not sure."""
    notices = [*_boundary(model), *_empty(model), *_duplicates(model), *_search(model)]
    for name, answers in model.categories_.items():
        if len(answers) == 1:
            notices.append(Notice("latent_class.constant_column", {"column": name}, "info"))
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
    for name, table in model.item_probabilities_.items():
        if len(model.categories_[name]) == 1:
            continue
        extreme = (table < BOUNDARY) | (table > 1 - BOUNDARY)
        count += int(extreme.any(axis=1).sum())
        classes.update(np.flatnonzero(extreme.any(axis=1)).tolist())
    if not count:
        return []
    listed = [str(k + 1) for k in sorted(classes)]
    return [Notice("latent_class.boundary", {"n": count, "classes": listed}, "info")]


def _empty(model: LatentClassModel) -> list[Notice]:
    small = np.flatnonzero(model.class_shares_ * model.n_ < 1.0)
    return [Notice("latent_class.empty_class", {"class": int(k) + 1}) for k in small]


def _duplicates(model: LatentClassModel) -> list[Notice]:
    tables = np.concatenate(list(model.item_probabilities_.values()), axis=1)
    return [
        Notice("latent_class.duplicate_classes", {"first": a + 1, "second": b + 1})
        for a, b in combinations(range(model.n_classes), 2)
        if np.abs(tables[a] - tables[b]).max() < DUPLICATE
    ]


def _search(model: LatentClassModel) -> list[Notice]:
    notices = []
    if model.n_classes > 1 and model.hits_ <= 1 < model.starts_:
        params = {"k": model.n_classes, "hits": model.hits_, "n": model.starts_}
        notices.append(Notice("latent_class.maximum_hit_once", params))
    if not model.converged_:
        notices.append(Notice("latent_class.not_converged", {"k": model.n_classes}))
    return notices
