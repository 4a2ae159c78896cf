"""Simulated answers and their classes, fitted once."""

import pytest
from simulated_membership import simulated

from embauche.segment import LatentClassModel


@pytest.fixture(scope="session")
def survey():
    needs, covariates, kind = simulated()
    return needs, covariates, kind, LatentClassModel(3, seed=1).fit(needs)
