"""Work in the background that comes again and again, rested from: pages need the processor more.

What follows every decision (learning, drawing, figures that are made ahead) would keep a core busy
while a team decides without a pause. The first is done at once; then the process rests nine times
as long as it took, from all of these together: they share a tenth of a core. What is put off comes
in the order in which it was asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

REST: Final = 9.0
"""Seconds of rest for a second of work."""


class _Rest:
    """Until when the process rests, by its own clock and by that of the queue."""

    until = 0.0
    at: datetime | None = None


def rested(
    task: Any, work: Callable[..., object], *args: Any, awaited: Callable[[], bool] | None = None
) -> bool:
    """Do some work of a background task, or put it off until the process has rested.

    Parameters
    ----------
    task
        The task, which is asked for again with the same arguments.
    work, args
        What to call, and with what.
    awaited
        Whether somebody waits for it with nothing to look at: such work is done at once.

    Returns
    -------
    bool
        Whether it was done now.
    """
    left = _Rest.until - time.monotonic()
    if left > 0 and not (awaited is not None and awaited()):
        soon = timezone.now() + timedelta(seconds=min(left, 0.5))
        # To the same moment for all, so that the queue keeps their order.
        task.using(run_after=max(_Rest.at or soon, soon)).enqueue(*args)
        return False
    began = time.monotonic()
    try:
        work(*args)
    finally:
        ended = time.monotonic()
        _Rest.until = max(_Rest.until, ended) + REST * (ended - began)
        _Rest.at = timezone.now() + timedelta(seconds=_Rest.until - ended)
    return True
