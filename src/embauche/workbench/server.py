"""The local server: this machine only, its own host names only, behind a token."""

from __future__ import annotations

import os
import webbrowser
from collections.abc import Callable
from pathlib import Path

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
        from django.conf import settings
        from django.core.wsgi import get_wsgi_application

        from embauche.workbench.http import HttpServer

        # get_wsgi_application calls django.setup() again, which is harmless.
        http = HttpServer(
            (LOCAL, port), get_wsgi_application(), max_body=settings.MAX_REQUEST_BYTES
        )
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
