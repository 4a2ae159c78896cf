"""Work in the background that comes again and again, rested from: pages need the processor more.

What follows every decision (learning, drawing, figures that are made ahead) would keep a core busy
while a team decides without a pause. The first is done at once; then the process rests several
times as long as that took of a processor. Learning rests by itself, and least: people who decide
look at what it ranks. All the others rest together: they share a tenth of a core. What is put off
comes in the order in which it was asked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone


@dataclass(slots=True)
class Rest:
    """How long the process rests from some work.

    Attributes
    ----------
    of_a_second
        Seconds of rest for a second of a processor.
    until, at
        Until when it rests, by its own clock and by that of the queue.
    """

    of_a_second: float
    until: float = 0.0
    at: datetime | None = None


FROM_LEARNING: Final = Rest(3.0)
FROM_OTHERS: Final = Rest(9.0)


def rested(
    task: Any,
    work: Callable[..., object],
    *args: Any,
    rest: Rest = FROM_OTHERS,
    awaited: Callable[[], bool] | None = None,
) -> bool:
    """Do some work of a background task, or put it off until the process has rested.

    Parameters
    ----------
    task
        The task, which is asked for again with the same arguments.
    work, args
        What to call, and with what.
    rest
        The rest that it shares with its like.
    awaited
        Whether somebody waits for it with nothing to look at: such work is done at once.

    Returns
    -------
    bool
        Whether it was done now.
    """
    left = rest.until - time.monotonic()
    if left > 0 and not (awaited is not None and awaited()):
        soon = timezone.now() + timedelta(seconds=min(left, 0.5))
        # To the same moment for all, so that the queue keeps their order.
        task.using(run_after=max(rest.at or soon, soon)).enqueue(*args)
        return False
    # Of the processor, not of the clock: pages that were served meanwhile are no reason to rest.
    began = time.process_time()
    try:
        work(*args)
    finally:
        worked, ended = time.process_time() - began, time.monotonic()
        rest.until = max(rest.until, ended) + rest.of_a_second * worked
        rest.at = timezone.now() + timedelta(seconds=rest.until - ended)
    return True
