"""Limits of a share, for figures that have none of their own."""

from __future__ import annotations

import math

_Z = 1.959964


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the 95 % Wilson limits of a share among n (Wilson 1927)."""
    if n <= 0:
        return 0.0, 1.0
    centre = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    half = _Z / (1 + _Z**2 / n) * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return max(0.0, centre - half), min(1.0, centre + half)
