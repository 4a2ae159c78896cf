"""`LatentClassModel`: latent class analysis with scikit-learn's conventions.

A latent class model says that a population is a mixture of K classes, and that inside a class the
answers are independent: ``P(x) = Σ_k π_k Π_j f_jk(x_j)``. It is fitted by maximum likelihood (EM),
with missing answers left out of the product (full information, missing at random) and weights in
every step (Goodman 1974; Collins and Lanza 2010). Columns may be nominal, ordinal, counts or
Gaussian, mixed (`embauche.segment.families`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.errors import StatisticsError
from embauche.segment.families import NOMINAL, centred, column_rows, family_of, free_parameters
from embauche.segment.information import Information, information_of
from embauche.segment.kernel import Backend, kernel, log_joint_of, posterior_of
from embauche.segment.latent_class_json import model_to_dict, read_solution, restore_figures
from embauche.segment.latent_class_notices import fit_notices
from embauche.segment.latent_class_settings import WeightMeaning, check_settings, check_weights
from embauche.segment.parameter_table import parameter_table
from embauche.segment.patterns import Category, Indicator, Patterns, collapse, encode
from embauche.segment.solution import answer_probabilities, described, level_logs
from embauche.segment.starts import Search, search
from embauche.segment.table_columns import rows_of

__all__ = ["LatentClassModel", "check_weights"]

Float = NDArray[np.float64]

_PARAMETERS = (
    "n_classes",
    "kinds",
    "weights",
    "seed",
    "n_starts",
    "prior",
    "max_iter",
    "tol",
    "backend",
)


class LatentClassModel:
    """Latent class model of nominal, ordinal, count and Gaussian columns.

    Parameters
    ----------
    n_classes
        Number of classes K.
    kinds
        What columns measure, by name, or one kind for all: ``"binary"``, ``"nominal"``,
        ``"ordinal"`` (adjacent categories), ``"cumulative"`` (ordinal by proportional odds),
        ``"count"`` (Poisson), ``"gaussian"``. A column that is not named is nominal; a column of
        fractions must be named. `kinds_` shows what was used.
    weights
        What `sample_weight` means. ``"frequency"``: a row of weight 3 is three rows.
        ``"survey"``: how many people of the population a row stands for; weights are scaled to mean
        1, standard errors are sandwich errors, and the criteria that rest on a likelihood of
        independent rows (AIC, BIC, SABIC, ICL) are NaN.
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
    n_, n_effective_
        Summed weight of the rows with at least one answer; under survey weights
        ``(Σ w)² / Σ w²``, the rows of equal weight that would tell as much (Kish 1965).
    class_shares_
        (K,) largest first; every other result is in this order of classes.
    item_probabilities_
        Column → (K, answers) probabilities, answers in the order of ``categories_[column]``; no
        amounts.
    item_parameters_
        Column → parameters by name, in the column's units (`embauche.segment.solution.described`).
    categories_, columns_, kinds_
        Column → its answers; the columns in order; column → its kind.
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
        kinds: Mapping[str, str] | str | None = None,
        weights: WeightMeaning = "frequency",
        seed: int = 0,
        n_starts: int | None = None,
        prior: float = 0.0,
        max_iter: int = 10_000,
        tol: float = 1e-7,
        backend: Backend = "auto",
    ) -> None:
        self.n_classes = n_classes
        self.kinds = kinds
        self.weights: WeightMeaning = weights
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
            Polars or pandas frame, or 2-D array; every column is an indicator, null and NaN are
            missing.
        sample_weight
            (n,) weights of the rows, not negative; `weights` says what they mean. Whole numbers
            give the same as repeating rows.

        Raises
        ------
        StatisticsError
            Where settings, columns or weights are not usable; it names which.
        """
        check_settings(self)
        rows = rows_of(frame)
        weights = check_weights(sample_weight, rows)
        if (weights == 0).any():
            frame = _rows(frame, weights > 0)
            weights = weights[weights > 0]
        indicators, codes = encode(frame, kinds=self.kinds)
        answered = (codes >= 0).any(axis=1)
        if self.weights == "survey":
            weights = weights / weights[answered].mean()
        sizes = np.array([column.size for column in indicators], dtype=np.int64)
        if answered.all():
            return self.fit_patterns(collapse(codes, sizes, weights, indicators), indicators)
        patterns = collapse(codes[answered], sizes, weights[answered], indicators)
        return self.fit_patterns(patterns, indicators)

    def fit_patterns(self, patterns: Patterns, indicators: Sequence[Indicator]) -> Self:
        """Fit to rows that are encoded and collapsed already (`embauche.segment.patterns`)."""
        check_settings(self)
        patterns = patterns.measured(indicators)
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
        rows = column_rows(found.theta[:, order], indicators)
        self._set_solution(indicators, rows, found.share[order])
        self.patterns_: Patterns | None = patterns.measured(indicators)
        logs = level_logs(indicators, self._rows)
        joint = log_joint_of(patterns.codes, patterns.offsets, logs, self._share)
        posterior, log_likelihood = posterior_of(joint)
        weights, K = patterns.weights, int(self.n_classes)
        n = float(weights.sum())
        with np.errstate(divide="ignore", invalid="ignore"):
            terms = np.where(posterior > 0, posterior * np.log(posterior), 0.0)
        uncertainty = float(-(weights @ terms.sum(axis=1)))
        survey = self.weights == "survey"
        self.n_ = n
        squares = patterns.squares
        self.n_effective_ = n**2 / float(squares.sum()) if survey and squares is not None else n
        self.log_likelihood_ = float(weights @ log_likelihood)
        self.n_parameters_ = K - 1 + sum(free_parameters(column, K) for column in indicators)
        deviance = float("nan") if survey else -2 * self.log_likelihood_
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

    def summary(
        self, level: float = 0.95, errors: Literal["observed", "sandwich"] | None = None
    ) -> pl.DataFrame:
        """Return every parameter with its standard error and interval.

        Parameters
        ----------
        level
            Of the intervals.
        errors
            ``"observed"``: from the observed information, the default. ``"sandwich"``: robust, they
            hold where the model is only an approximation; the default under survey weights, and
            then the only ones.

        Returns
        -------
        polars.DataFrame
            ``column, parameter, class, category, estimate, se, low, high, boundary``
            (`embauche.segment.parameter_table`).

        Raises
        ------
        StatisticsError
            If the model was restored without its data, or `level` or `errors` mean nothing.
        """
        self._check_fitted()
        survey = self.weights == "survey"
        if errors not in (None, "observed", "sandwich") or (survey and errors == "observed"):
            raise StatisticsError("latent_class.errors_kind", value=str(errors))
        if not 0 < level < 1:
            raise StatisticsError("latent_class.level", value=str(level))
        return parameter_table(
            self.information(),
            self._data()[1],
            self._rows,
            self._share,
            level=level,
            sandwich=survey or errors == "sandwich",
        )

    def information(self) -> Information:
        """Return observed information and scores at the solution (`embauche.segment.information`).

        Raises
        ------
        StatisticsError
            If the model was restored without its data.
        """
        patterns, indicators = self._data()
        survey = self.weights == "survey" and patterns.squares is not None
        return information_of(
            patterns,
            indicators,
            self._rows,
            self._share,
            prior=self.prior,
            squares=patterns.squares if survey else patterns.weights,  # type: ignore[arg-type]
        )

    def to_dict(self) -> dict[str, Any]:
        """Return settings, solution and figures as JSON-ready data; NaN is ``None``."""
        self._check_fitted()
        return model_to_dict(self, self._rows)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Restore what `to_dict` returned, of this version or of version 1.

        Raises
        ------
        StatisticsError
            If the data are not a latent class model of a known version.
        """
        indicators, rows, share = read_solution(data)
        model = cls(**data["settings"])
        model._set_solution(indicators, rows, share)
        model.patterns_ = None
        restore_figures(model, data)
        return model

    def solution(self) -> tuple[Float, Float]:
        """Return the solution's table and the (K,) class shares.

        Where all columns are nominal, the table is the (C, K) answer probabilities; otherwise the
        densities at the levels of the data that it was fitted to, and parameter rows
        (`embauche.segment.kernel`).

        Raises
        ------
        StatisticsError
            If there are amounts and the model was restored without its data.
        """
        self._check_fitted()
        if all(family_of(column) == NOMINAL for column in self.indicators_):
            return np.concatenate(self._rows), self._share
        em = kernel(self._data()[0], self.n_classes, prior=self.prior, backend="numpy")
        return em.table(np.concatenate(self._rows)), self._share

    def _set_solution(
        self, indicators: Sequence[Indicator], rows: Sequence[Float], share: Float
    ) -> None:
        self.indicators_ = tuple(indicators)
        self.columns_ = tuple(column.name for column in indicators)
        self.feature_names_in_ = np.array(self.columns_, dtype=object)
        self.n_features_in_ = len(self.columns_)
        self.categories_: dict[str, tuple[Category, ...]] = {
            column.name: column.categories for column in indicators
        }
        self.kinds_ = {column.name: column.kind for column in indicators}
        self._rows = [centred(column, part) for column, part in zip(indicators, rows, strict=True)]
        self._share = self.class_shares_ = share
        self.item_probabilities_: dict[str, Float] = {}
        self.item_parameters_: dict[str, dict[str, Float]] = {}
        for column, part in zip(indicators, self._rows, strict=True):
            probabilities = answer_probabilities(column, part)
            if probabilities is not None:
                self.item_probabilities_[column.name] = probabilities
            self.item_parameters_[column.name] = described(column, part)

    def _data(self) -> tuple[Patterns, tuple[Indicator, ...]]:
        """Patterns of the fit, and the indicators with the values of its amounts."""
        self._check_fitted()
        if self.patterns_ is None:
            raise StatisticsError("latent_class.no_data")
        return self.patterns_, self.indicators_

    def _posterior(self, frame: Any) -> tuple[Float, Float]:
        self._check_fitted()
        indicators, codes = encode(frame, self.indicators_)
        sizes = np.array([column.size for column in indicators], dtype=np.int64)
        patterns = collapse(codes, sizes, np.ones(len(codes)))
        logs = level_logs(indicators, self._rows)
        joint = log_joint_of(patterns.codes, patterns.offsets, logs, self._share)
        posterior, log_likelihood = posterior_of(joint)
        return posterior[patterns.inverse], log_likelihood[patterns.inverse]

    def _check_fitted(self) -> None:
        if not hasattr(self, "indicators_"):
            raise StatisticsError("latent_class.not_fitted")


def _rows(frame: Any, kept: NDArray[np.bool_]) -> Any:
    if isinstance(frame, np.ndarray):
        return frame[kept]
    import narwhals as nw

    return nw.from_native(frame, eager_only=True).filter(kept.tolist()).to_native()
