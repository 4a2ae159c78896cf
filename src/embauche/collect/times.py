"""Times as transcripts write them: ``0:22``, ``1:02:03.5``, ``00:43,810``."""

from __future__ import annotations

import re

TIME = r"(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?"
TIMES = rf"[\(\[<]?\s*{TIME}(?:\s*(?:-->|[-–—/]|à|to)\s*{TIME})?\s*[\)\]>]?"
_ONE = re.compile(TIME)


def seconds(clock: str) -> float:
    """Return the seconds of one time such as ``1:02:03.5``."""
    total = 0.0
    for part in clock.replace(",", ".").split(":"):
        total = 60 * total + float(part)
    return total


def span_of(text: str | None) -> tuple[float | None, float | None]:
    """Return begin and end, in seconds, of what `TIMES` matches; ``None`` where not given.

    An end before its beginning is a slip of the transcriber and left out.
    """
    found = [seconds(clock) for clock in _ONE.findall(text or "")]
    begin = found[0] if found else None
    end = found[1] if len(found) > 1 else None
    if begin is not None and end is not None and end < begin:
        end = None
    return begin, end
