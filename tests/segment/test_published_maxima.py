"""Maxima that others have printed, from tables small enough to print: n in each cell.

The larger reference sets (carcinoma, values, gss82, vacmot) are in `test_latent_class.py`.
"""

from itertools import product

import numpy as np
import polars as pl
import pytest

from embauche.segment import LatentClassModel

_DEATHS = [162, 267, 271, 185, 111, 61, 27, 8, 3, 1]
"""Days with 0, 1… 9 deaths of women over 80 in The Times, 1910–1912 (Hasselblad 1969)."""

_PLEURAL = [1513, 23, 59, 12, 21, 19, 11, 34]
"""Three readers of 1,692 X-ray films, yes or no, the last reader changing first (Dayton 1998)."""


@pytest.mark.parametrize("backend", ["numba", "numpy"])
def test_two_poisson_classes_of_deaths(backend):
    model = LatentClassModel(2, kinds="count", tol=1e-10, backend=backend)
    model.fit(pl.DataFrame({"deaths": range(10)}), sample_weight=_DEATHS)
    assert model.log_likelihood_ == pytest.approx(-1989.946, abs=1e-3)
    assert model.class_shares_ == pytest.approx([0.6401, 0.3599], abs=1e-4)
    assert model.item_parameters_["deaths"]["rates"] == pytest.approx([2.6634, 1.2561], abs=1e-4)


def test_two_classes_of_x_ray_films():
    films = pl.DataFrame(list(product([1, 2], repeat=3)), schema=["A", "B", "C"], orient="row")
    model = LatentClassModel(2).fit(films, sample_weight=_PLEURAL)
    # As LEM prints them; the model is saturated, so that expected equal observed counts.
    assert model.log_likelihood_ == pytest.approx(-891.14280, abs=1e-4)
    assert model.bic_ == pytest.approx(1834.3213, abs=1e-3)
    assert model.aic_ == pytest.approx(1796.2856, abs=1e-3)
    assert model.sabic_ == pytest.approx(1812.083, abs=1e-3)
    assert model.entropy_ == pytest.approx(0.949, abs=1e-3)
    assert model.class_shares_ == pytest.approx([0.9455, 0.0545], abs=1e-4)
    healthy = [model.item_probabilities_[one][0, 0] for one in "ABC"]
    assert healthy == pytest.approx([0.9900, 0.9646, 0.9891], abs=2e-4)
    expected = np.exp(model.score_samples(films)) * sum(_PLEURAL)
    assert expected == pytest.approx(_PLEURAL, abs=0.05)
