"""Ask again: back-off with jitter, ``Retry-After``, and when to stop trying."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import SystemRandom
from threading import Event, Lock
from typing import Any, Final, Protocol

from embauche.errors import LLMError
from embauche.identify.llm_reply import Reply, RequestFailedError, Trouble

_FIRST_WAIT: Final = 1.0
_LONGEST_WAIT: Final = 60.0
LONGEST_RETRY_AFTER: Final = 300.0
"""Seconds that a server may have us wait; for longer the run ends, to be taken up later."""

_TRIES: Final = {Trouble.BUSY: 6, Trouble.SLOW: 2, Trouble.UNREACHABLE: 3}
_TRIES_OF_500: Final = 2
"""A 500 on a formatted request is as likely the format's fault as a passing one."""

_ERRORS: Final = {
    Trouble.KEY: "llm.key_refused",
    Trouble.MONEY: "llm.no_credit",
    Trouble.ADDRESS: "llm.no_such_address",
    Trouble.REDIRECT: "llm.redirected",
    Trouble.UNREACHABLE: "llm.unreachable",
    Trouble.REFUSED: "llm.refused",
    Trouble.BUSY: "llm.busy",
    Trouble.SLOW: "llm.too_slow",
    Trouble.TEMPERATURE: "llm.refused",
    Trouble.LENGTH: "llm.refused",
    Trouble.FORMAT: "llm.refused",
}


class Stopped(Exception):  # noqa: N818 — not an error: somebody asked to stop
    """The run was stopped while waiting."""


class Client(Protocol):
    """What asks a server once; `ChatClient` does."""

    def ask(
        self,
        messages: Sequence[Mapping[str, str]],
        response_format: Mapping[str, Any] | None,
        *,
        temperature: float | None = 0.0,
    ) -> Reply:
        """Ask once, or raise `RequestFailedError`."""
        ...

    def close(self) -> None:
        """End the connections."""
        ...


def _sleep(seconds: float, stop: Event) -> None:
    stop.wait(seconds)


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, as far as waiting needs it; tests give their own.

    Attributes
    ----------
    now
        Seconds.
    sleep
        Waits for seconds, or until the event is set.
    jitter
        A number between 0 and 1.
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float, Event], None] = _sleep
    jitter: Callable[[], float] = SystemRandom().random


@dataclass
class Patience:
    """Asks a server until it answers or asking again is useless.

    Parameters
    ----------
    client
        What asks once.
    host
        For errors.
    clock, stop
        Time, and the event that ends all waiting.
    """

    client: Client
    host: str
    clock: Clock = field(default_factory=Clock)
    stop: Event = field(default_factory=Event)
    _not_before: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def ask(
        self,
        messages: Sequence[Mapping[str, str]],
        response_format: Mapping[str, Any] | None,
        *,
        temperature: float | None,
    ) -> Reply:
        """Ask, and ask again after what passes.

        Raises
        ------
        RequestFailedError
            Of the kinds that the caller can mend: form, length, temperature, slowness; and a
            500 that a formatted request meets twice.
        LLMError
            Where nothing can be done, or patience is at its end.
        Stopped
            If the stop event was set.
        """
        tries: dict[Trouble, int] = {}
        while True:
            self._wait()
            try:
                return self.client.ask(messages, response_format, temperature=temperature)
            except RequestFailedError as failure:
                if self.stop.is_set():
                    raise Stopped from failure
                trouble = failure.trouble
                tries[trouble] = tries.get(trouble, 0) + 1
                if trouble in {Trouble.FORMAT, Trouble.LENGTH, Trouble.TEMPERATURE}:
                    raise
                formatted_500 = failure.status == 500 and response_format is not None
                if formatted_500 and tries[trouble] >= _TRIES_OF_500:
                    raise RequestFailedError(Trouble.FORMAT, said=failure.said) from failure
                if tries[trouble] >= _TRIES.get(trouble, 1):
                    if trouble is Trouble.SLOW:
                        raise
                    raise self.error(failure) from failure
                self._put_off(failure, tries[trouble])

    def error(self, failure: RequestFailedError) -> LLMError:
        """Return the error that tells the user of a failure."""
        return LLMError(
            _ERRORS[failure.trouble],
            host=self.host,
            status=failure.status,
            said=failure.said or "–",
            seconds=round(failure.wait or 0),
        )

    def _put_off(self, failure: RequestFailedError, tried: int) -> None:
        """Have all requests wait: at least what the server asks for, else longer each time."""
        if failure.wait is not None and failure.wait > LONGEST_RETRY_AFTER:
            raise self.error(failure) from failure
        backoff = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** (tried - 1))
        # Jitter, so that requests that failed together do not come back together.
        jitter = 0.5 + self.clock.jitter() / 2
        asked = (failure.wait or 0.0) * (1 + 0.1 * self.clock.jitter())
        until = self.clock.now() + max(backoff * jitter, asked)
        with self._lock:
            self._not_before = max(self._not_before, until)

    def _wait(self) -> None:
        while (left := self._not_before - self.clock.now()) > 0 and not self.stop.is_set():
            self.clock.sleep(left, self.stop)
        if self.stop.is_set():
            raise Stopped
