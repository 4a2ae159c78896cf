"""Several requests under way at once, answers handed back one by one where they were asked for.

The threads only wait for a server: what they bring is dealt with in the caller's own thread. They
are daemons, so that a request that hangs never keeps an interrupted program alive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from queue import Empty, LifoQueue, SimpleQueue
from threading import Event, Thread
from typing import Generic, TypeVar

_Task = TypeVar("_Task")
_Result = TypeVar("_Result")
_TICK = 0.2


class Pool(Generic[_Task, _Result]):
    """Carries out tasks on a few threads.

    Parameters
    ----------
    work
        Carries out one task; what it raises ends all.
    size
        Threads.
    stop
        Set when the pool ends, however it ends.
    """

    def __init__(self, work: Callable[[_Task], _Result], size: int, stop: Event) -> None:
        self._work, self._stop = work, stop
        self._tasks: LifoQueue[_Task | None] = LifoQueue()
        self._results: SimpleQueue[_Result | BaseException] = SimpleQueue()
        self._open = 0
        self._threads = [Thread(target=self._serve, daemon=True) for _ in range(size)]

    def add(self, tasks: Sequence[_Task]) -> None:
        """Add tasks before those that wait; allowed while results are being taken.

        What a task was cut into is thus carried out next, and tells soon whether cutting helps.
        """
        for task in reversed(tasks):
            self._open += 1
            self._tasks.put(task)

    def results(self, tick: Callable[[], None]) -> Iterator[_Result]:
        """Yield results as they come.

        Parameters
        ----------
        tick
            Called every moment while waiting; what it raises ends all.
        """
        for thread in self._threads:
            thread.start()
        try:
            while self._open:
                try:
                    result = self._results.get(timeout=_TICK)
                except Empty:
                    tick()
                    continue
                self._open -= 1
                if isinstance(result, BaseException):
                    raise result
                yield result
        finally:
            self._stop.set()
            for _ in self._threads:
                self._tasks.put(None)

    def _serve(self) -> None:
        while (task := self._tasks.get()) is not None and not self._stop.is_set():
            try:
                self._results.put(self._work(task))
            except BaseException as error:  # noqa: BLE001 — raised again in the caller's thread
                self._results.put(error)
                return
