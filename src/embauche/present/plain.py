"""Results as JSON's own types, and notices in words beside their codes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from embauche.messages import Messages
from embauche.notices import Notice


def plain(value: Any) -> Any:
    """Return JSON's own types: no NaN, no numpy, no tuples."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return value if value is None else str(value)


def notice_record(item: Notice, words: Messages) -> dict[str, str]:
    """Return a notice with its sentence."""
    return {"code": item.code, "severity": item.severity, "message": words.notice(item)}
