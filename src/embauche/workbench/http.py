"""The HTTP server: cheroot with limits, so that a slow or silent client keeps nobody waiting.

A connection takes a thread only once its first bytes are there (browsers open some in advance and
say nothing), and gives the thread back when it sends or takes its bytes too slowly.
"""

from __future__ import annotations

import logging
import socket
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from cheroot import wsgi
from cheroot.makefile import StreamReader, StreamWriter
from cheroot.server import HTTPConnection, HTTPRequest

from embauche.messages import messages
from embauche.workbench.accepted_language import accepted_language

THREADS: Final = 8
PATIENCE: Final = 0.4
# A request may take this long, and longer only while its bytes keep coming at this rate.
GRACE: Final = 20.0
BYTES_A_SECOND: Final = 4096
_SILENCE: Final = 10
_HEADER_BYTES: Final = 64 * 1024
_QUEUE: Final = 128
_STOPPING: Final = 10
_LINGER: Final = 2.0
_LINGER_BYTES: Final = 32 * 1024 * 1024
_logger = logging.getLogger(__name__)

Application = Callable[..., Any]

_REFUSALS: Final = {
    "400": "server.bad_request",
    "411": "server.no_length",
    "413": "server.body_too_large",
}


class _Paced(socket.SocketIO):
    """A socket's stream whose every request has a deadline that grows with what it carries."""

    def __init__(self, sock: Any, mode: Any) -> None:
        super().__init__(sock, mode)
        self.begin()

    def begin(self) -> None:
        """Count anew: another request begins."""
        self._since: float | None = None
        self._bytes = 0

    def readinto(self, buffer: Any) -> int | None:
        """Read as a socket does, unless the client is too slow."""
        return self._counted(super().readinto, buffer)

    def write(self, buffer: Any) -> int | None:
        """Write as a socket does, unless the client is too slow."""
        return self._counted(super().write, buffer)

    def _counted(self, move: Callable[[Any], int | None], buffer: Any) -> int | None:
        now = time.monotonic()
        self._since = now if self._since is None else self._since
        if now - self._since > GRACE + self._bytes / BYTES_A_SECOND:
            message = "timed out"  # the words by which cheroot knows a timeout
            raise TimeoutError(message)
        moved = move(buffer)
        self._bytes += moved or 0
        return moved


class _Reader(StreamReader):
    def __init__(self, sock: Any, mode: str, bufsize: int) -> None:
        super(StreamReader, self).__init__(_Paced(sock, mode), bufsize)
        self.bytes_read = 0


class _Writer(StreamWriter):
    def __init__(self, sock: Any, mode: str, bufsize: int) -> None:
        super(StreamWriter, self).__init__(_Paced(sock, mode), bufsize)
        self.bytes_written = 0


def _paced(sock: Any, mode: str, bufsize: int) -> Any:
    return _Reader(sock, mode, bufsize) if "r" in mode else _Writer(sock, mode, bufsize)


class _Request(HTTPRequest):
    """A request whose body has a length that it tells, and which is refused in words otherwise.

    A body in chunks tells no length: Django would take it for empty, and what nobody read would be
    taken for the connection's next request.
    """

    def read_request_headers(self) -> bool:
        """Read the headers; ``False`` where the request was refused."""
        if not super().read_request_headers():  # type: ignore[no-untyped-call]
            return False
        length = self.inheaders.get(b"Content-Length")
        if length is not None and not length.isdigit():
            self.simple_response("400 Bad Request")
            return False
        if b"Transfer-Encoding" in self.inheaders:
            self.simple_response("411 Length Required")
            return False
        return True

    def simple_response(self, status: str, msg: str = "") -> None:
        """Refuse in the reader's language, and let the connection go."""
        key = _REFUSALS.get(str(status)[:3])
        if key is None:
            super().simple_response(status, msg)
            return
        self.close_connection = True
        header = self.inheaders.get(b"Accept-Language", b"").decode("latin-1")
        most = self.server.max_request_body_size / 1e6
        said = messages(accepted_language(header)).text(key, most=most).encode()
        head = (
            f"{self.server.protocol} {status}\r\nContent-Length: {len(said)}\r\n"
            "Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n"
        )
        with suppress(OSError):  # who is gone needs no answer
            self.conn.wfile.write(head.encode() + said)
            self._let_finish()

    def _let_finish(self) -> None:
        """Take what the client still sends for a moment: who is cut off reads no answer."""
        until, left = time.monotonic() + _LINGER, _LINGER_BYTES
        self.conn.socket.settimeout(_LINGER / 4)
        while left > 0 and time.monotonic() < until:
            block = self.conn.rfile.read1(_HEADER_BYTES)
            if not block:
                break
            left -= len(block)


class _Connection(HTTPConnection):
    RequestHandlerClass = _Request

    def __init__(self, server: Any, sock: Any, makefile: Any = None) -> None:  # noqa: ARG002
        super().__init__(server, sock, _paced)

    def communicate(self) -> bool:
        """Read a request and answer it, with a deadline of its own."""
        self.rfile.raw.begin()
        self.wfile.raw.begin()
        stays: bool = super().communicate()  # type: ignore[no-untyped-call]
        return stays


class OneAtATime:
    """A WSGI application that computes one answer at a time in a process, as a rule.

    Python runs one thread at a time anyway. Threads that compute side by side give way to each
    other at every row that a database returns, and all of them are late: with fifty people the
    slowest pages took a quarter longer. Who has waited for `PATIENCE` seconds goes on beside a long
    computation, so that none shuts the others out.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._turn = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Application) -> Any:
        """Answer a request when its turn has come."""
        mine = self._turn.acquire(timeout=PATIENCE)
        try:
            return self._application(environ, start_response)
        finally:
            if mine:
                self._turn.release()


class HttpServer(wsgi.Server):
    """A threaded server on an address, or on a socket that another process bound.

    Parameters
    ----------
    address
        Host and port; port 0 takes a free one.
    application
        The WSGI application.
    listening
        A socket that listens already, shared with other processes.
    max_body
        The most bytes that a request may carry.
    """

    ConnectionClass = _Connection
    max_request_header_size = _HEADER_BYTES

    def __init__(
        self,
        address: tuple[str, int],
        application: Application,
        *,
        listening: socket.socket | None = None,
        max_body: int = 0,
    ) -> None:
        super().__init__(
            address,
            OneAtATime(application),
            numthreads=THREADS,
            server_name="embauche",
            request_queue_size=_QUEUE,
            timeout=_SILENCE,
            shutdown_timeout=_STOPPING,
        )
        self.software = "embauche"
        self.max_request_body_size = max_body
        self._listening = listening

    def bind(self, family: int, type: int, proto: int = 0) -> Any:  # noqa: A002
        """Take the socket that listens already, where there is one."""
        if self._listening is None:
            return super().bind(family, type, proto)
        self.socket = self._listening
        return self.socket

    def prepare(self) -> None:
        """Bind and start the threads."""
        super().prepare()
        # Of several processes that are told of one client only one gets it; the others go on.
        self.socket.settimeout(0)

    def process_conn(self, conn: Any) -> None:
        """Give a connection a thread once it says something."""
        if conn.last_used is None:
            self._connections.put(conn)  # type: ignore[attr-defined]
        else:
            super().process_conn(conn)

    def error_log(self, msg: str = "", level: int = 20, traceback: bool = False) -> None:  # noqa: FBT001, FBT002
        """Log what the server itself trips over; what clients break off is no news."""
        del msg
        if traceback and level >= logging.ERROR:
            _logger.error("http server", exc_info=sys.exception())


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on an address, to be shared by several processes.

    Raises
    ------
    OSError
        If the address is taken or none of this machine's.
    """
    family, kind, proto, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    bound = socket.socket(family, kind, proto)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bound.bind(address)
        bound.listen(_QUEUE)
    except OSError:
        bound.close()
        raise
    return bound
