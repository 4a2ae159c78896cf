"""Work in the background that comes again and again, rested from: pages need the processor more.

What follows every decision (learning, drawing) would keep a core busy while a team decides without
a pause. The first is done at once; the next waits until nine times as long has gone by as the last
took.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone

REST: Final = 9.0
"""Seconds of rest for a second of work."""

_last: dict[tuple[object, ...], tuple[float, float]] = {}


def rested(task: Any, work: Callable[..., object], *args: Any) -> bool:
    """Do some work of a background task, or put it off until the process has rested from it.

    Parameters
    ----------
    task
        The task, which is asked for again with the same arguments.
    work, args
        What to call, and with what.

    Returns
    -------
    bool
        Whether it was done now.
    """
    key = (task.module_path, *args)
    ended, took = _last.get(key, (0.0, 0.0))
    left = ended + REST * took - time.monotonic()
    if left > 0:
        task.using(run_after=timezone.now() + timedelta(seconds=left)).enqueue(*args)
        return False
    began = time.monotonic()
    try:
        work(*args)
    finally:
        ended = time.monotonic()
        _last[key] = (ended, ended - began)
    return True
