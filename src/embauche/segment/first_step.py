"""The first step seen from the third: posteriors, and how much the fitted classes may be wrong.

Whatever is computed from posteriors inherits the sampling error of the classes themselves. It is
carried by influence functions: the first step's parameters move by ``I⁻¹ Σ_i w_i s_i`` (`I` the
observed information, `s_i` the score of row i), and what was computed from them moves along.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

import narwhals as nw
import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError
from embauche.notices import Notice
from embauche.segment.indicator_measurement import IndicatorMeasurement
from embauche.segment.latent_class import LatentClassModel
from embauche.segment.latent_class_settings import check_weights
from embauche.segment.measurement import FROZEN, ON_THE_BOUNDARY, Measurement
from embauche.segment.mixture_information import Mixture
from embauche.segment.newton import inverse_of
from embauche.segment.patterns import collapse, encode
from embauche.segment.solution import rows_of

Float = NDArray[np.float64]
WeightKind = Literal["frequency", "survey"]

CLEAR: Final = 0.7
"""Relative entropy from which the intervals were checked by simulation."""

MANY: Final = 500
"""Respondents from which the intervals were checked by simulation."""

FEW: Final = 50
"""Expected members under which a class is small."""

_SAME: Final = 1e-6


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A fitted latent class model on the rows of the third step.

    Attributes
    ----------
    kept
        (rows of the table,) which weigh something and answer something; n of them.
    posterior
        (n, K) class probabilities.
    shares
        (K,) class shares of the model.
    weights, kind
        (n,) weights, and what they are.
    n
        Respondents: the summed weights where they count rows, else Kish's ``(Σw)²/Σw²``.
    entropy
        Relative entropy of the posteriors.
    mixture
        The first step as a mixture, for its scores.
    measurement
        Its measurement.
    inverse_information
        (q, q) inverse of the first step's observed information.
    notices
        What is weak.
    """

    kept: NDArray[np.bool_]
    posterior: Float
    shares: Float
    weights: Float
    kind: WeightKind
    n: float
    entropy: float
    mixture: Mixture
    measurement: Measurement
    inverse_information: Float
    notices: tuple[Notice, ...]

    @property
    def squared(self) -> Float:
        """(n,) weights of products of scores: w counts equal rows, w² scales one row's score."""
        return self.weights if self.kind == "frequency" else self.weights**2

    @property
    def correction(self) -> float:
        """``n / (n − 1)`` with n the rows that the weights stand for."""
        n = self.weights.sum() if self.kind == "frequency" else len(self.weights)
        return float(n / max(n - 1, 1))

    def on(self, rows: NDArray[np.bool_]) -> Measurement:
        """Return the classes' measurement of the rows (n,) that take part, ready to be fitted."""
        return self.measurement.on(rows).fixing(FROZEN)

    def influence(self, sensitivity: Float) -> Float:
        """(n, m) contribution of each row, by way of the first step, to m totals.

        Parameters
        ----------
        sensitivity
            (m, q): derivatives of the totals with respect to the first step's parameters.
        """
        return self.mixture.project(self.inverse_information @ sensitivity.T)

    def through_posterior(self, by_log_joint: Float) -> Float:
        """(q,) derivatives of a total with respect to the first step's parameters.

        Parameters
        ----------
        by_log_joint
            (n, K) derivatives with respect to ``log P(class) + log P(answers | class)``.
        """
        part = self.measurement
        shares = by_log_joint.sum(axis=0) - self.shares * by_log_joint.sum()
        folded = part.fold(by_log_joint)
        blocks = [part.scores(t).T @ folded[:, t] for t in range(folded.shape[1])]
        each = np.concatenate(blocks)
        free = each if part.links is None else part.links.T @ each
        return np.concatenate([shares[self.mixture.others], free])


def first_step(
    model: LatentClassModel, frame: Any, sample_weight: Any, kind: WeightKind
) -> FirstStep:
    """Classify the rows again and compute the first step's scores and information.

    Parameters
    ----------
    model
        Fitted to `frame` with `sample_weight`.
    frame
        (N rows) the indicators, as in `LatentClassModel.fit`.
    sample_weight
        (N,) weights, or None.
    kind
        ``"frequency"``: a weight counts equal rows; ``"survey"``: it says how many of the
        population a row stands for.

    Raises
    ------
    StatisticsError
        Where the model is not fitted, has one class only, or weights and rows are not usable.
    """
    if kind not in ("frequency", "survey"):
        raise StatisticsError("membership.weights", value=str(kind))
    if model.n_classes < 2:
        raise StatisticsError("membership.one_class")
    weights = check_weights(sample_weight, len(frame))
    answered = _answered(frame, model)
    kept = answered & (weights > 0)
    if not kept.any():
        raise StatisticsError("latent_class.no_answers")
    posterior = model.predict_proba(frame)[kept]
    reached = model.score_samples(frame)[kept]
    w = weights[kept]
    shares = np.asarray(model.class_shares_, dtype=np.float64)
    n = float(w.sum() if kind == "frequency" else w.sum() ** 2 / (w**2).sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(posterior > 0, posterior * np.log(posterior), 0.0).sum(axis=1)
    entropy = float(1 + w @ terms / (w.sum() * np.log(model.n_classes)))
    notices = []
    silent = int(((weights > 0) & ~answered).sum())
    if silent:
        notices.append(Notice("membership.no_answers", {"n": silent}, "info"))
    expected = model.log_likelihood_ / model.n_
    if abs(float(w @ reached) / w.sum() - expected) > _SAME * (1 + abs(expected)):
        notices.append(Notice("membership.other_rows"))
    notices += strength(entropy, n, shares * n)
    mixture = _mixture(model, frame, kept, w, posterior)
    inverse, untold = inverse_of(mixture.information())
    if untold.any():
        notices.append(Notice("membership.first_step_flat", {"n": int(untold.sum())}))
    part = mixture.measurement
    assert part is not None  # noqa: S101 - made above
    return FirstStep(
        kept, posterior, shares, w, kind, n, entropy, mixture, part, inverse, tuple(notices)
    )


def strength(entropy: float, n: float, members: Float) -> list[Notice]:
    """Say where the intervals leave the ground on which they were checked."""
    notices = []
    if entropy < CLEAR:
        notices.append(Notice("membership.low_entropy", {"entropy": entropy, "limit": CLEAR}))
    if n < MANY:
        notices.append(Notice("membership.small_sample", {"n": round(n), "limit": MANY}))
    small = [str(k + 1) for k in np.flatnonzero(members < FEW)]
    if small:
        notices.append(Notice("membership.small_classes", {"classes": small, "limit": FEW}))
    return notices


def _answered(frame: Any, model: LatentClassModel) -> NDArray[np.bool_]:
    """(N,) rows with an answer to at least one indicator."""
    if isinstance(frame, np.ndarray):
        flat = [[v is not None and v == v for v in row] for row in frame.tolist()]  # noqa: PLR0124
        return np.array([any(row) for row in flat], dtype=np.bool_)
    table = nw.from_native(frame, eager_only=True)
    found = np.zeros(len(table), dtype=bool)
    for name in model.columns_:
        if name in table.columns:
            values = table[name].to_list()
            found |= np.array([v is not None and v == v for v in values])  # noqa: PLR0124 - NaN
    return found


def _mixture(
    model: LatentClassModel, frame: Any, kept: NDArray[np.bool_], weights: Float, posterior: Float
) -> Mixture:
    indicators, codes = encode(frame, model.indicators_)
    sizes = np.array([column.size for column in indicators], dtype=np.int64)
    patterns = collapse(codes[kept], sizes, weights, indicators)
    rows = [
        rows_of(column, model.item_parameters_[name])
        for column, name in zip(indicators, model.columns_, strict=True)
    ]
    part = IndicatorMeasurement(patterns, indicators, rows, frozen=ON_THE_BOUNDARY)
    n = len(weights)
    share = np.tile(model.class_shares_, (n, 1))
    return Mixture(np.ones((n, 1)), share, posterior, weights, reference=0, measurement=part)
