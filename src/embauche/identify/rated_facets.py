"""Which facets are rated: for how much they matter, and for how badly they are served."""

from __future__ import annotations

from typing import Final

from embauche.vocabulary import Facet

INTENSITY_OF: Final = frozenset(
    {
        Facet.JOB_FUNCTIONAL,
        Facet.JOB_EMOTIONAL,
        Facet.JOB_SOCIAL,
        Facet.OBJECTIVE,
        Facet.FRUSTRATION,
        Facet.EMOTION,
        Facet.TRIGGER,
    }
)
MATTERS: Final = frozenset({Facet.JOB_EMOTIONAL, Facet.FRUSTRATION, Facet.EMOTION, Facet.TRIGGER})
"""Facets that speak by themselves of how much something matters."""

DISSATISFACTION_OF: Final = frozenset({Facet.FRUSTRATION, Facet.OBJECTIVE, Facet.EMOTION})
