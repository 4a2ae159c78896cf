"""The local server: this machine only, its own host names only, behind a token."""

from __future__ import annotations

import os
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from embauche.errors import WorkbenchError

LOCAL = "127.0.0.1"
OPEN_VARIABLE = "EMBAUCHE_NO_TOKEN"


class Server:
    """A server that is bound to its port and waits to serve.

    Attributes
    ----------
    url
        Address to open, with the token.
    """

    def __init__(
        self,
        workspace: Path | None = None,
        *,
        port: int = 0,
        token: bool = True,
        path: str = "/",
    ) -> None:
        if not token:
            os.environ[OPEN_VARIABLE] = "1"
        from embauche.workbench.configure import use_workspace

        self.workspace = use_workspace(workspace)
        from cheroot import wsgi
        from django.core.wsgi import get_wsgi_application

        # get_wsgi_application calls django.setup() again, which is harmless.
        http: Any = wsgi.Server(
            (LOCAL, port), get_wsgi_application(), numthreads=8, server_name="embauche"
        )
        http.error_log = _silent
        try:
            http.prepare()
        except OSError as error:
            raise WorkbenchError("workbench.port_taken", port=port) from error
        self._http = http
        self.port = int(self._http.bind_addr[1])
        self.base = f"http://{LOCAL}:{self.port}"
        query = (
            f"{'&' if '?' in path else '?'}token={self.workspace.access_token()}" if token else ""
        )
        self.url = f"{self.base}{path}{query}"

    def serve(self, *, open_browser: bool = True) -> None:
        """Serve, with the background worker, until Ctrl-C or `stop`."""
        from embauche.workbench.services.analysis import close_interrupted
        from embauche.workbench.worker import start_worker, stop_worker

        close_interrupted()
        worker = start_worker(self.workspace.folder)
        try:
            if open_browser:
                webbrowser.open(self.url)
            self._http.serve()
        except KeyboardInterrupt:
            pass
        finally:
            self._http.stop()
            stop_worker(worker)

    def stop(self) -> None:
        """End a server that another thread serves."""
        self._http.stop()


def serve(
    workspace: Path | None = None,
    *,
    port: int = 0,
    open_browser: bool = True,
    token: bool = True,
    say: Callable[[str], None] | None = None,
) -> None:
    """Serve a workspace until Ctrl-C; `say` is told the address once it can be opened."""
    server = Server(workspace, port=port, token=token)
    if say is not None:
        say(server.url)
    server.serve(open_browser=open_browser)


def _silent(msg: str = "", level: int = 20, traceback: bool = False) -> None:  # noqa: FBT001, FBT002
    """Keep the terminal for the user; what goes wrong in a page is in the workspace's log."""
