"""`embauche serve`: the workbench for a team, in several processes, with log-in."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from embauche.errors import WorkbenchError
from embauche.workbench.processes import (
    Child,
    keep_running,
    load_pages,
    serving_child,
    stop_by_signals,
)

_EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 (compared with, never bound by itself)
_THIS_MACHINE: Final = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class Serving:
    """How to serve.

    Attributes
    ----------
    host, port
        The address to listen on; port 0 takes a free one.
    workers
        Processes that answer requests.
    allowed_hosts
        Names by which people reach the server, beside this machine's own.
    trust_proxy
        Whether a reverse proxy that we believe stands in front.
    backup
        Whether the database is copied before it is migrated.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2
    allowed_hosts: Sequence[str] = ()
    trust_proxy: bool = False
    backup: bool = True

    @property
    def on_this_machine(self) -> bool:
        """True where only programs of this machine can connect."""
        return self.host in _THIS_MACHINE

    @property
    def in_the_clear(self) -> bool:
        """True where passwords would cross a network unencrypted."""
        return not self.on_this_machine and not self.trust_proxy

    def environment(self) -> dict[str, str]:
        """Return the variables that put settings, and the children's, into server mode."""
        names = [name for text in self.allowed_hosts for name in text.split(",") if name.strip()]
        if not self.on_this_machine and self.host not in _EVERYWHERE:
            names.append(f"[{self.host}]" if ":" in self.host else self.host)
        given = {"EMBAUCHE_SERVER": "1"}
        if names:
            given["EMBAUCHE_ALLOWED_HOSTS"] = ",".join(name.strip() for name in names)
        if self.trust_proxy:
            given["EMBAUCHE_TRUST_PROXY"] = "1"
        if not self.backup:
            given["EMBAUCHE_NO_BACKUP"] = "1"
        return given


class TeamServer:
    """A server for several people, bound to its address and waiting to serve.

    Attributes
    ----------
    url
        Where to open it on this machine.
    """

    def __init__(self, serving: Serving, workspace: Path | None = None) -> None:
        if serving.workers < 1:
            raise WorkbenchError("server.workers", n=serving.workers)
        if serving.workers > 1 and sys.platform == "win32":
            raise WorkbenchError("server.workers_windows", n=serving.workers)
        os.environ.update(serving.environment())
        if serving.host in _EVERYWHERE and not os.environ.get("EMBAUCHE_ALLOWED_HOSTS"):
            raise WorkbenchError("server.no_allowed_host", host=serving.host)
        from embauche.workbench.http import listen

        # Before anything is migrated: a second server on the address must not begin.
        try:
            self._listening = listen(serving.host, serving.port)
        except OSError as error:
            raise WorkbenchError(
                "server.address_taken",
                host=serving.host,
                port=serving.port,
                reason=error.strerror or str(error),
            ) from error
        from embauche.workbench.configure import use_workspace

        try:
            self.workspace = use_workspace(workspace)
        except BaseException:
            self._listening.close()
            raise
        self.serving = serving
        self.port = int(self._listening.getsockname()[1])
        host = "127.0.0.1" if serving.host in _EVERYWHERE else serving.host
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"
        self._stop = threading.Event()

    def serve(self) -> None:
        """Serve, with the background worker, until Ctrl-C, SIGTERM or `stop`.

        Raises
        ------
        WorkbenchError
            If a process dies again and again.
        """
        if threading.current_thread() is threading.main_thread():
            stop_by_signals(self._stop)
        _close_interrupted()
        from embauche.workbench.worker import start_worker

        folder = self.workspace.folder
        worker = Child("worker", lambda: start_worker(folder), _close_interrupted)
        try:
            if self.serving.workers == 1:
                self._serve_here([worker])
            else:
                numbers = range(1, self.serving.workers + 1)
                servers = [serving_child(number, self._listening, folder) for number in numbers]
                keep_running([*servers, worker], self._stop)
        finally:
            self._listening.close()

    def stop(self) -> None:
        """End a server that another thread serves."""
        self._stop.set()

    def _serve_here(self, children: list[Child]) -> None:
        """Answer requests in this process."""
        from django.conf import settings
        from django.core.wsgi import get_wsgi_application

        from embauche.workbench.http import HttpServer

        load_pages()
        http = HttpServer(
            self._listening.getsockname()[:2],
            get_wsgi_application(),
            listening=self._listening,
            max_body=settings.MAX_REQUEST_BYTES,
        )
        http.prepare()
        threading.Thread(target=http.serve, daemon=True).start()
        try:
            keep_running(children, self._stop)
        finally:
            http.stop()


def _close_interrupted() -> None:
    """Close the runs that a worker left behind, and the connection that this took."""
    from django.db import connection

    from embauche.workbench.services.analysis import close_interrupted

    close_interrupted()
    connection.close()
