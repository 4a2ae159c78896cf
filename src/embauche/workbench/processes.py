"""Several processes that serve one address: a parent that starts them, and starts them again.

The parent binds the address, migrates the database, and serves nothing itself. Each child takes
requests from the same listening socket. A child that dies is started again, later each time that it
dies young; children leave when the parent does, even killed, because it holds the other end of
their standard input.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from embauche.errors import WorkbenchError
from embauche.workbench.workspace import HOME_VARIABLE

_YOUNG: Final = 10.0
_GIVE_UP: Final = 5
_LONGEST_WAIT: Final = 30.0
_LOOK: Final = 0.2
_LEAVING: Final = 15.0
_logger = logging.getLogger(__name__)


@dataclass
class Child:
    """A process that is kept running.

    Attributes
    ----------
    name
        For the log.
    start
        Starts it, with a pipe as its standard input.
    died
        Told before it is started again.
    """

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    died: Callable[[], None] = lambda: None
    process: subprocess.Popen[bytes] | None = None
    _since: float = 0.0
    _again: float = 0.0
    _early: int = field(default=0)

    def look(self) -> None:
        """Start the process if it does not run and its wait is over.

        Raises
        ------
        WorkbenchError
            If it died young too often in a row.
        """
        now = time.monotonic()
        if self.process is not None:
            code = self.process.poll()
            if code is None:
                return
            _close(self.process)
            self.process = None
            self._early = self._early + 1 if now - self._since < _YOUNG else 0
            if self._early >= _GIVE_UP:
                raise WorkbenchError("server.worker_dies", name=self.name, status=code)
            self._again = now + min(2.0**self._early - 1, _LONGEST_WAIT)
            _logger.error("%s ended with status %s", self.name, code)
            self.died()
        if now >= self._again:
            self.process = self.start()
            self._since = now

    def leave(self) -> None:
        """Ask the process to finish what it does and end."""
        if self.process is not None:
            _close(self.process)

    def end(self, until: float) -> None:
        """Wait for its end, and kill it if it does not come."""
        if self.process is None:
            return
        try:
            self.process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def keep_running(children: list[Child], stop: threading.Event) -> None:
    """Keep children running until told to stop; then let all of them finish.

    Raises
    ------
    WorkbenchError
        If one dies again and again; the others are ended first.
    """
    try:
        while not stop.is_set():
            for child in children:
                child.look()
            stop.wait(_LOOK)
    finally:
        for child in children:
            child.leave()
        until = time.monotonic() + _LEAVING
        for child in children:
            child.end(until)


def serving_child(number: int, listening: socket.socket, workspace: Path) -> Child:
    """Return a child that serves requests of a listening socket (not on Windows)."""
    command = [sys.executable, "-m", "embauche.workbench.processes", str(listening.fileno())]

    def start() -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 (our own program)
            command,
            stdin=subprocess.PIPE,
            pass_fds=(listening.fileno(),),
            env={**os.environ, HOME_VARIABLE: str(workspace)},
        )

    return Child(f"server {number}", start)


def stop_by_signals(stop: threading.Event) -> None:
    """Have Ctrl-C and SIGTERM set the event."""

    def told(_number: int, _frame: Any) -> None:
        stop.set()

    signal.signal(signal.SIGINT, told)
    signal.signal(signal.SIGTERM, told)


def load_pages() -> None:
    """Import the pages and what they draw with, so that the first reader does not wait for it."""
    from django.template import engines
    from django.urls import get_resolver

    import embauche.present.charts
    import embauche.workbench.services.restoring  # noqa: F401
    from embauche.messages import messages
    from embauche.vocabulary import Language

    for language in Language:
        messages(language)
    get_resolver().url_patterns  # noqa: B018 (a property that imports)
    templates = engines["jinja2"].env
    for name in templates.list_templates(extensions=["html"]):
        templates.get_template(name)


def _close(process: subprocess.Popen[bytes]) -> None:
    if process.stdin is not None and not process.stdin.closed:
        process.stdin.close()


def main() -> None:
    """Serve requests of the listening socket whose number is the argument."""
    # Ctrl-C reaches the whole terminal group; the parent decides when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serving, stop = threading.Event(), threading.Event()

    def leave_with_parent() -> None:
        sys.stdin.buffer.read()
        if not serving.is_set():
            os._exit(0)
        stop.set()

    # From the first moment: the parent may go while the pages are still being imported.
    threading.Thread(target=leave_with_parent, daemon=True).start()
    listening = socket.socket(fileno=int(sys.argv[1]))
    from embauche.workbench.configure import use_workspace

    use_workspace()
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    from embauche.workbench.http import HttpServer

    load_pages()
    http = HttpServer(
        listening.getsockname()[:2],
        get_wsgi_application(),
        listening=listening,
        max_body=settings.MAX_REQUEST_BYTES,
    )
    http.prepare()
    # What is there by now stays: looking through it for garbage would hold up every page.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)
    signal.signal(signal.SIGTERM, lambda _number, _frame: stop.set())
    serving.set()
    threading.Thread(target=http.serve, daemon=True).start()
    # A wait without an end would keep signals from being seen on some systems.
    while not stop.wait(1.0):
        pass
    http.stop()
    # Threads of requests that did not finish in time do not hold the process.
    os._exit(0)


if __name__ == "__main__":
    main()
