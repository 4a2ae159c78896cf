"""The ladder: four ways to ask for JSON, from the surest to the one that every server knows.

``json_schema`` → ``json_object`` with the schema in the prompt → ``json_object`` → plain text, out
of which the JSON is fished. The rung that works is remembered for the requests that follow.
"""

from __future__ import annotations

from enum import StrEnum
from threading import Lock
from typing import Any, Final

from embauche.identify.llm_prompt import ANSWER_SCHEMA


class Rung(StrEnum):
    """A way to ask for JSON, surest first."""

    JSON_SCHEMA = "json_schema"
    JSON_OBJECT_WITH_SCHEMA = "json_object_with_schema"
    JSON_OBJECT = "json_object"
    TEXT = "text"

    @property
    def response_format(self) -> dict[str, Any] | None:
        """What the request says of the answer's form."""
        if self is Rung.TEXT:
            return None
        if self is Rung.JSON_SCHEMA:
            schema = {"name": "codes", "strict": True, "schema": ANSWER_SCHEMA}
            return {"type": "json_schema", "json_schema": schema}
        return {"type": "json_object"}

    @property
    def schema_in_prompt(self) -> bool:
        """Whether the schema stands in the prompt."""
        return self is Rung.JSON_OBJECT_WITH_SCHEMA

    @property
    def below(self) -> Rung | None:
        """The next rung down."""
        rungs = list(Rung)
        place = rungs.index(self) + 1
        return rungs[place] if place < len(rungs) else None


_FALLS: Final = 2
"""Batches in a row that only a lower rung answered, before all others begin there."""


class Ladder:
    """The rung that requests begin on, shared between requests that are under way at once.

    Parameters
    ----------
    rung
        Where to begin: the one that worked the last time.
    """

    def __init__(self, rung: Rung = Rung.JSON_SCHEMA) -> None:
        self._lock = Lock()
        self._rung = rung
        self._falls = 0
        self._temperature: float | None = 0.0

    @property
    def rung(self) -> Rung:
        """Where a request begins now."""
        return self._rung

    @property
    def temperature(self) -> float | None:
        """0, or ``None`` once a model was found to take no temperature."""
        return self._temperature

    def without_temperature(self) -> None:
        """Ask without a temperature from now on."""
        self._temperature = None

    def refused(self, rung: Rung) -> Rung | None:
        """Note that the server cannot do a rung; return the next one down."""
        below = rung.below
        with self._lock:
            if below is not None and list(Rung).index(below) > list(Rung).index(self._rung):
                self._rung = below
        return below

    def worked(self, begun: Rung, rung: Rung) -> None:
        """Note where a batch that began on one rung was answered at last."""
        with self._lock:
            if rung is begun:
                self._falls = 0
                return
            self._falls += 1
            if self._falls >= _FALLS and list(Rung).index(rung) > list(Rung).index(self._rung):
                self._rung, self._falls = rung, 0
