"""A latent class model as JSON-ready data, and back.

Version 2 has kinds; version 1, all nominal, is still read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError
from embauche.notices import Notice
from embauche.segment.answers import Indicator
from embauche.segment.solution import described, rows_of

if TYPE_CHECKING:
    from embauche.segment.latent_class import LatentClassModel

Float = NDArray[np.float64]

_FIGURES: Final = (
    "log_likelihood_",
    "n_parameters_",
    "n_",
    "n_effective_",
    "aic_",
    "bic_",
    "sabic_",
    "icl_",
    "entropy_",
    "starts_",
    "hits_",
    "converged_",
)


def model_to_dict(model: LatentClassModel, rows: Sequence[Float]) -> dict[str, Any]:
    """Return settings, solution and figures of a fitted model; NaN is ``None``."""
    settings = {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in model.get_params().items()
    }
    if isinstance(settings["kinds"], Mapping):
        settings["kinds"] = dict(settings["kinds"])
    return {
        "type": "latent_class",
        "version": 2,
        "settings": settings,
        "indicators": [
            {
                "name": column.name,
                "kind": column.kind,
                "categories": list(column.categories),
                "centre": column.centre,
                "scale": column.scale,
                **{key: value.tolist() for key, value in described(column, part).items()},
            }
            for column, part in zip(model.indicators_, rows, strict=True)
        ],
        "class_shares": model.class_shares_.tolist(),
        "figures": {name.rstrip("_"): _json(getattr(model, name)) for name in _FIGURES},
        "notices": [notice.to_dict() for notice in model.notices_],
    }


def read_solution(data: Mapping[str, Any]) -> tuple[list[Indicator], list[Float], Float]:
    """Return indicators, parameter rows of each, and class shares.

    Raises
    ------
    StatisticsError
        If the data are not a latent class model of a known version.
    """
    if data.get("type") != "latent_class" or data.get("version") not in (1, 2):
        raise StatisticsError("latent_class.not_a_model", type=str(data.get("type")))
    indicators = [
        Indicator(
            item["name"],
            tuple(item["categories"]),
            item["kind"],
            centre=item.get("centre", 0.0),
            scale=item.get("scale", 1.0),
        )
        for item in data["indicators"]
    ]
    rows = [
        rows_of(column, item) for column, item in zip(indicators, data["indicators"], strict=True)
    ]
    return indicators, rows, np.array(data["class_shares"], dtype=np.float64)


def restore_figures(model: LatentClassModel, data: Mapping[str, Any]) -> None:
    """Give a model the figures and notices that were stored with it."""
    figures = {"n_effective": data["figures"]["n"], **data["figures"]}
    for name in _FIGURES:
        value = figures[name.rstrip("_")]
        setattr(model, name, float("nan") if value is None else value)
    model.notices_ = tuple(
        Notice(item["code"], dict(item["params"]), item["severity"]) for item in data["notices"]
    )


def _json(value: Any) -> Any:
    return None if isinstance(value, float) and np.isnan(value) else value
