"""Notices: what a result says about its own weakness, as a code and its parameters.

A room returns notices beside its figures and never prints or warns; `messages` puts them in words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal

Severity = Literal["info", "weak", "problem"]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something a reader must know beside a figure.

    Attributes
    ----------
    code
        A stable, dotted, lower-case code such as ``"collect.no_speakers"``; the catalogue
        ``notices.po`` holds its sentence under ``notice.<code>``.
    params
        Values for the sentence: strings, numbers or sequences of strings. Fractions between 0 and
        1 that are to be shown as percentages are named ``…_share``.
    severity
        ``"info"`` (how something was read), ``"weak"`` (a figure that should not be leaned on),
        ``"problem"`` (something of the user's could not be used; an error with ``--strict``).
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    severity: Severity = "weak"

    def to_dict(self) -> dict[str, Any]:
        """Return the notice as JSON-ready data."""
        return {"code": self.code, "params": dict(self.params), "severity": self.severity}
