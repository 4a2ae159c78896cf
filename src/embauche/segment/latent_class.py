"""`LatentClassModel`: latent class analysis with scikit-learn's conventions.

A latent class model says that a population is a mixture of K classes, and that inside a class the
answers are independent: ``P(x) = Σ_k π_k Π_j θ_jk(x_j)``. It is fitted by maximum likelihood (EM),
with missing answers left out of the product (full information, missing at random) and weights in
every step (Goodman 1974; Collins and Lanza 2010).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from embauche.errors import StatisticsError
from embauche.notices import Notice
from embauche.segment.kernel import Backend, kernel, log_joint, posterior_of
from embauche.segment.latent_class_notices import fit_notices
from embauche.segment.patterns import Category, Indicator, Patterns, collapse, encode
from embauche.segment.starts import Search, search

Float = NDArray[np.float64]

_PARAMETERS = ("n_classes", "seed", "n_starts", "prior", "max_iter", "tol", "backend")
_FIGURES = (
    "log_likelihood_",
    "n_parameters_",
    "n_",
    "aic_",
    "bic_",
    "sabic_",
    "icl_",
    "entropy_",
    "starts_",
    "hits_",
    "converged_",
)


class LatentClassModel:
    """Latent class model of nominal answers.

    Parameters
    ----------
    n_classes
        Number of classes K.
    seed
        Seed of the random starts; the same data, settings and seed give the same result.
    n_starts
        Random starts, each climbed to its top. By default rounds of starts go on until the best
        maximum was reached many times (`embauche.segment.starts`).
    prior
        Pseudo-respondents added in all, K-th part to each class, spread like the margins; keeps
        probabilities off 0 and 1. 0, the default, is maximum likelihood.
    max_iter, tol
        EM steps at most; least rise of the log-likelihood in one EM step.
    backend
        ``"numba"``, ``"numpy"``, or ``"auto"``: numba where it is installed.

    Attributes
    ----------
    log_likelihood_, aic_, bic_, sabic_, icl_
        Of the best solution; smaller is better for the criteria. n is the summed weight of the
        rows with at least one answer; ``icl_ = bic_ + 2 EN`` (EN: entropy of the posteriors).
    entropy_
        Relative entropy ``1 − EN / (n ln K)``: 1 where every row's class is certain.
    n_parameters_
        Free parameters.
    n_
        Summed weight of the rows with at least one answer.
    class_shares_
        (K,) largest first; every other result is in this order of classes.
    item_probabilities_
        Column → (K, answers) probabilities, answers in the order of ``categories_[column]``.
    categories_, columns_
        Column → its answers; the columns in order.
    starts_, hits_, converged_
        Random starts made; how many reached the best log-likelihood (within 0.01); whether the
        best run met `tol`.
    notices_
        What is weak: boundary, empty or duplicate classes, a maximum reached only once…

    Examples
    --------
    >>> import polars as pl
    >>> frame = pl.DataFrame({"quick": [1, 1, 0, 0] * 9, "cheap": [1, 1, 0, 0] * 9})
    >>> model = LatentClassModel(2, seed=1, backend="numpy").fit(frame)
    >>> model.class_shares_.round(2).tolist()
    [0.5, 0.5]
    """

    def __init__(
        self,
        n_classes: int = 2,
        *,
        seed: int = 0,
        n_starts: int | None = None,
        prior: float = 0.0,
        max_iter: int = 10_000,
        tol: float = 1e-7,
        backend: Backend = "auto",
    ) -> None:
        self.n_classes = n_classes
        self.seed = seed
        self.n_starts = n_starts
        self.prior = prior
        self.max_iter = max_iter
        self.tol = tol
        self.backend: Backend = backend

    def get_params(self, *, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002 - sklearn's name
        """Return the settings by name."""
        return {name: getattr(self, name) for name in _PARAMETERS}

    def set_params(self, **params: Any) -> Self:
        """Change settings by name."""
        for name, value in params.items():
            if name not in _PARAMETERS:
                raise StatisticsError("latent_class.setting", setting=name, known=list(_PARAMETERS))
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
        return f"LatentClassModel({settings})"

    def fit(self, frame: Any, sample_weight: Any = None) -> Self:
        """Fit the model.

        Parameters
        ----------
        frame
            Polars or pandas frame, or 2-D array; every column is a nominal indicator, null and
            NaN are missing.
        sample_weight
            (n,) weights of the rows, not negative. Whole numbers give the same as repeating rows.

        Raises
        ------
        StatisticsError
            Where settings, columns or weights are not usable; it names which.
        """
        self._check_settings()
        rows = len(frame)
        weights = check_weights(sample_weight, rows)
        if (weights == 0).any():
            frame = _rows(frame, weights > 0)
            weights = weights[weights > 0]
        indicators, codes = encode(frame)
        answered = (codes >= 0).any(axis=1)
        cardinality = np.array([len(column.categories) for column in indicators], dtype=np.int64)
        patterns = collapse(codes[answered], cardinality, weights[answered])
        return self.fit_patterns(patterns, indicators)

    def fit_patterns(self, patterns: Patterns, indicators: Sequence[Indicator]) -> Self:
        """Fit to rows that are encoded and collapsed already (`embauche.segment.patterns`)."""
        self._check_settings()
        em = kernel(patterns, self.n_classes, prior=self.prior, backend=self.backend)
        found = search(
            em,
            self.n_classes,
            np.random.default_rng(self.seed),
            n_starts=self.n_starts,
            screen=self.n_starts is None,
            max_iter=self.max_iter,
            tol=self.tol,
        )
        return self.take(found, patterns, indicators)

    def take(self, found: Search, patterns: Patterns, indicators: Sequence[Indicator]) -> Self:
        """Make a solution of `embauche.segment.starts.search` this model's own."""
        order = np.argsort(-found.share, kind="stable")
        self._set_solution(indicators, found.theta[:, order], found.share[order])
        joint = log_joint(patterns.codes, patterns.offsets, self._theta, self._share)
        posterior, log_likelihood = posterior_of(joint)
        weights, K = patterns.weights, self.n_classes
        n = float(weights.sum())
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(posterior > 0, posterior * np.log(posterior), 0.0)
        uncertainty = float(-(weights @ terms.sum(axis=1)))
        self.n_ = n
        self.log_likelihood_ = float(weights @ log_likelihood)
        self.n_parameters_ = K - 1 + K * int((patterns.cardinality - 1).sum())
        deviance = -2 * self.log_likelihood_
        self.aic_ = deviance + 2 * self.n_parameters_
        self.bic_ = deviance + self.n_parameters_ * float(np.log(n))
        self.sabic_ = deviance + self.n_parameters_ * float(np.log((n + 2) / 24))
        self.icl_ = self.bic_ + 2 * uncertainty
        self.entropy_ = 1.0 if K == 1 else float(1 - uncertainty / (n * np.log(K)))
        self.starts_, self.hits_, self.converged_ = found.starts, found.hits, found.converged
        self.notices_ = fit_notices(self)
        return self

    def predict_proba(self, frame: Any) -> Float:
        """Return the (n, K) probability of each class; the class shares where all is missing."""
        return self._posterior(frame)[0]

    def predict(self, frame: Any) -> NDArray[np.int64]:
        """Return the (n,) most probable class of each row."""
        labels: NDArray[np.int64] = self.predict_proba(frame).argmax(axis=1).astype(np.int64)
        return labels

    def score_samples(self, frame: Any) -> Float:
        """Return the (n,) log-likelihood of each row."""
        return self._posterior(frame)[1]

    def score(self, frame: Any, sample_weight: Any = None) -> float:
        """Return the mean log-likelihood of a row (weighted)."""
        values = self.score_samples(frame)
        return float(np.average(values, weights=check_weights(sample_weight, len(values))))

    def to_dict(self) -> dict[str, Any]:
        """Return settings, solution and figures as JSON-ready data."""
        self._check_fitted()
        return {
            "type": "latent_class",
            "version": 1,
            "settings": self.get_params(),
            "indicators": [
                {
                    "name": column.name,
                    "kind": column.kind,
                    "categories": list(column.categories),
                    "probabilities": self.item_probabilities_[column.name].tolist(),
                }
                for column in self.indicators_
            ],
            "class_shares": self.class_shares_.tolist(),
            "figures": {name.rstrip("_"): getattr(self, name) for name in _FIGURES},
            "notices": [notice.to_dict() for notice in self.notices_],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Restore what `to_dict` returned.

        Raises
        ------
        StatisticsError
            If the data are not a latent class model of a known version.
        """
        if data.get("type") != "latent_class" or data.get("version") != 1:
            raise StatisticsError("latent_class.not_a_model", type=str(data.get("type")))
        model = cls(**data["settings"])
        indicators = [
            Indicator(item["name"], tuple(item["categories"]), item["kind"])
            for item in data["indicators"]
        ]
        theta = np.concatenate(
            [np.array(item["probabilities"], dtype=np.float64).T for item in data["indicators"]]
        )
        model._set_solution(indicators, theta, np.array(data["class_shares"], dtype=np.float64))
        for name in _FIGURES:
            setattr(model, name, data["figures"][name.rstrip("_")])
        model.notices_ = tuple(
            Notice(item["code"], dict(item["params"]), item["severity"]) for item in data["notices"]
        )
        return model

    def solution(self) -> tuple[Float, Float]:
        """Return (C, K) answer probabilities of all columns, and (K,) class shares."""
        self._check_fitted()
        return self._theta, self._share

    def _set_solution(self, indicators: Sequence[Indicator], theta: Float, share: Float) -> None:
        self.indicators_ = tuple(indicators)
        self.columns_ = tuple(column.name for column in indicators)
        self.feature_names_in_ = np.array(self.columns_, dtype=object)
        self.n_features_in_ = len(self.columns_)
        self.categories_: dict[str, tuple[Category, ...]] = {
            column.name: column.categories for column in indicators
        }
        self._theta, self._share = theta, share
        sizes = [len(column.categories) for column in indicators]
        self._offsets = np.cumsum([0, *sizes[:-1]])
        parts = np.split(theta, self._offsets[1:])
        self.class_shares_ = share
        self.item_probabilities_ = {
            name: part.T for name, part in zip(self.columns_, parts, strict=True)
        }

    def _posterior(self, frame: Any) -> tuple[Float, Float]:
        self._check_fitted()
        _, codes = encode(frame, self.indicators_)
        sizes = np.array([len(column.categories) for column in self.indicators_], dtype=np.int64)
        patterns = collapse(codes, sizes, np.ones(len(codes)))
        joint = log_joint(patterns.codes, patterns.offsets, self._theta, self._share)
        posterior, log_likelihood = posterior_of(joint)
        return posterior[patterns.inverse], log_likelihood[patterns.inverse]

    def _check_fitted(self) -> None:
        if not hasattr(self, "indicators_"):
            raise StatisticsError("latent_class.not_fitted")

    def _check_settings(self) -> None:
        whole = isinstance(self.n_classes, int | np.integer) and not isinstance(
            self.n_classes, bool
        )
        if not whole or self.n_classes < 1:
            raise StatisticsError("latent_class.n_classes", value=str(self.n_classes))
        if self.n_starts is not None and self.n_starts < 1:
            raise StatisticsError("latent_class.n_starts", value=str(self.n_starts))
        if self.prior < 0:
            raise StatisticsError("latent_class.prior", value=str(self.prior))
        if self.backend not in ("auto", "numba", "numpy"):
            raise StatisticsError("latent_class.backend", value=str(self.backend))


def check_weights(sample_weight: Any, rows: int) -> Float:
    """Return (n,) weights, ones by default.

    Raises
    ------
    StatisticsError
        If they are not one a row, are negative, not finite, or all zero.
    """
    if sample_weight is None:
        return np.ones(rows)
    weights = np.asarray(sample_weight, dtype=np.float64).ravel()
    if len(weights) != rows:
        raise StatisticsError("latent_class.weight_count", given=len(weights), expected=rows)
    wrong = np.flatnonzero(~np.isfinite(weights) | (weights < 0))
    if wrong.size:
        row = int(wrong[0])
        raise StatisticsError("latent_class.weight", row=row + 1, value=str(weights[row]))
    if rows and weights.sum() == 0:
        raise StatisticsError("latent_class.weights_zero")
    return weights


def _rows(frame: Any, kept: NDArray[np.bool_]) -> Any:
    if isinstance(frame, np.ndarray):
        return frame[kept]
    import narwhals as nw

    return nw.from_native(frame, eager_only=True).filter(kept.tolist()).to_native()
