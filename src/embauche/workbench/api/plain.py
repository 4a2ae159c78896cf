"""Results of the rooms as JSON: no NaN, notices in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

import numpy as np

from embauche.errors import EmbaucheError
from embauche.messages import messages
from embauche.notices import Notice


def plain(value: Any, language: str) -> Any:  # noqa: PLR0911 (a kind a line)
    """Return a frozen result as JSON-ready data; frames are left out.

    Parameters
    ----------
    value
        A dataclass, enum, array, mapping, sequence or scalar, nested at will.
    language
        Language of the notices in it.
    """
    if isinstance(value, Notice):
        said = messages(language).notice(value)
        return {"code": value.code, "severity": value.severity, "message": said}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, np.generic | np.ndarray):
        return plain(value.tolist(), language)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name), language) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(plain(key, language)): plain(item, language) for key, item in value.items()}
    if isinstance(value, Sequence | set | frozenset) and not isinstance(value, str):
        return [plain(item, language) for item in value]
    return value if value is None or isinstance(value, bool | int) else str(value)


def told(error: Mapping[str, Any] | None, language: str) -> dict[str, str] | None:
    """Return an error that was kept as code and parameters, in words."""
    if not error:
        return None
    found = EmbaucheError(error["code"], **error["params"])
    return {"code": found.code, "detail": found.message(language), "hint": found.hint(language)}
