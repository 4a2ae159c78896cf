"""Replicates worked out on all cores, their results in order.

The compiled kernel leaves Python's lock, so that threads do; what a replicate gives depends on its
own stream of chance alone, never on the number of cores.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Final, TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")

WORKERS: Final = max(1, min(8, os.cpu_count() or 1))


def in_order(work: Callable[[Given], Made], given: Iterable[Given]) -> Iterator[Made]:
    """Yield ``work(item)`` for every item, in order, a few ahead of what was taken.

    Whoever stops taking stops the work: what has not begun is dropped.
    """
    left = iter(given)
    pool = ThreadPoolExecutor(WORKERS)
    try:
        ahead: deque[Future[Made]] = deque(
            pool.submit(work, item) for item in islice(left, WORKERS)
        )
        while ahead:
            done = ahead.popleft()
            for item in islice(left, 1):
                ahead.append(pool.submit(work, item))
            yield done.result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
