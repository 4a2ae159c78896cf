"""Replicates worked out on all cores, their results in order.

The compiled kernel leaves Python's lock, so that threads do; what a replicate gives depends on its
own stream of chance alone, never on the number of cores.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from itertools import islice
from typing import Final, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

WORKERS: Final = max(1, min(8, os.cpu_count() or 1))


TICK: Final = 0.25
"""Seconds between two calls of `waiting`."""

_here = threading.local()


class UnwantedError(Exception):
    """Nobody waits for this piece of work any more."""


def leave_if_unwanted() -> None:
    """Leave a piece of work that `in_order` began and nobody waits for; elsewhere do nothing.

    Raises
    ------
    UnwantedError
        If whoever took the results has stopped taking them.
    """
    over: threading.Event | None = getattr(_here, "over", None)
    if over is not None and over.is_set():
        raise UnwantedError


def in_order(
    work: Callable[[Given], Made],
    given: Iterable[Given],
    waiting: Callable[[], None] | None = None,
) -> Iterator[Made]:
    """Yield ``work(item)`` for every item, in order, a few ahead of what was taken.

    Whoever stops taking stops the work: what has not begun is dropped, and what has begun leaves at
    its next `leave_if_unwanted`, without being waited for.

    Parameters
    ----------
    work
        What to do with an item, on a thread.
    given
        The items.
    waiting
        Called a few times a second while a result is waited for; may raise to stop.
    """
    over = threading.Event()

    def begun(item: Given) -> Made:
        _here.over = over
        return work(item)

    left = iter(given)
    pool = ThreadPoolExecutor(WORKERS)
    try:
        ahead: deque[Future[Made]] = deque(
            pool.submit(begun, item) for item in islice(left, WORKERS)
        )
        while ahead:
            done = ahead.popleft()
            for item in islice(left, 1):
                ahead.append(pool.submit(begun, item))
            while waiting is not None and not wait([done], timeout=TICK).done:
                waiting()
            yield done.result()
    finally:
        over.set()
        pool.shutdown(wait=False, cancel_futures=True)
