"""A server that speaks like a language model's, well or badly, on a free port of this machine.

It codes by a rule that anybody can check: a sentence with "lose" or "perd" is a frustration, one
with "need" or "besoin" a functional job. ``script`` holds what it does instead, a request each.
"""

import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, Self

Body = dict[str, Any]
Behaviour = Callable[["_Handler", Body], None]
_RULE = {r"lose|perd": "frustration", r"need|besoin": "job.functional"}


class StubServer:
    """A misbehaving server; a context manager.

    Attributes
    ----------
    usual
        What it does when the script is empty.
    script
        Behaviours of the next requests.
    requests
        Bodies received; ``headers`` and ``paths`` beside them.
    most_at_once
        How many were under way at the same time.
    """

    def __init__(self, usual: Behaviour | None = None) -> None:
        self.usual = usual or honest
        self.script: list[Behaviour] = []
        self.requests: list[Body] = []
        self.headers: list[dict[str, str]] = []
        self.paths: list[str] = []
        self.under_way = self.most_at_once = 0
        self.lock, self.released = Lock(), Event()

    def __enter__(self) -> Self:
        stub = self

        class Handler(_Handler):
            server_stub = stub

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Base address of the server."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def formats(self) -> list[str]:
        """Return the kind of answer that each request asked for."""
        return [body.get("response_format", {}).get("type", "text") for body in self.requests]


class _Handler(BaseHTTPRequestHandler):
    server_stub: StubServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        stub = self.server_stub
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with stub.lock:
            stub.requests.append(body)
            stub.headers.append(dict(self.headers))
            stub.paths.append(self.path)
            behaviour = stub.script.pop(0) if stub.script else stub.usual
            stub.under_way += 1
            stub.most_at_once = max(stub.most_at_once, stub.under_way)
        try:
            behaviour(self, body)
        finally:
            with stub.lock:
                stub.under_way -= 1

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def send(self, status: int, content: str | bytes | Body, **headers: str) -> None:
        """Send a whole response."""
        data = json.dumps(content) if isinstance(content, dict) else content
        raw = data.encode() if isinstance(data, str) else data
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


def sentences(body: Body) -> dict[int, str]:
    """Return the numbered sentences of a request."""
    found = re.findall(r"^(\d+)\. (.*)$", body["messages"][-1]["content"], re.MULTILINE)
    return {int(number): text for number, text in found}


def codes_of(body: Body) -> list[dict[str, Any]]:
    """Code the request's sentences by the rule."""
    return [
        {"sentence": number, "quote": text, "facet": facet, "confidence": 0.9}
        for number, text in sentences(body).items()
        for pattern, facet in _RULE.items()
        if re.search(pattern, text)
    ]


def completion(text: Any, finish: str = "stop", *, usage: bool = True) -> Body:
    """Make a chat completion of a text."""
    counts = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
    message = {"role": "assistant", "content": text}
    return {
        "id": "chatcmpl-stub",
        "object": "chat.completion",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
    } | ({"usage": counts} if usage else {})


def honest(handler: _Handler, body: Body) -> None:
    """Answer as asked, like a hosted service that counts tokens."""
    handler.send(200, completion(json.dumps({"codes": codes_of(body)})))


def local(handler: _Handler, body: Body) -> None:
    """Answer like a small local server: no usage, a fence and prose around the JSON."""
    said = json.dumps({"codes": codes_of(body)}, indent=1)
    text = (
        f"<think>Let me see [1] {{}}</think>Sure! Here it is:\n```json\n{said}\n```\nAnything else?"
    )
    handler.send(200, completion(text, usage=False))


def no_schemas(handler: _Handler, body: Body) -> None:
    """Refuse ``json_schema`` with a 500, as a llama.cpp server does; else answer."""
    if body.get("response_format", {}).get("type") == "json_schema":
        said = "failed to parse grammar: unsupported json_schema"
        handler.send(500, {"error": {"code": 500, "message": said, "type": "server_error"}})
    else:
        local(handler, body)


def no_formats(handler: _Handler, body: Body) -> None:
    """Refuse every ``response_format``; else answer."""
    if "response_format" in body:
        said = "Unrecognized request argument supplied: response_format"
        handler.send(400, {"error": {"message": said, "type": "invalid_request_error"}})
    else:
        local(handler, body)


def says(text: Any, finish: str = "stop") -> Behaviour:
    """Answer with these words."""
    return lambda handler, _body: handler.send(200, completion(text, finish))


def status(code: int, content: Any = "", **headers: str) -> Behaviour:
    """Answer with a status."""
    return lambda handler, _body: handler.send(code, content, **headers)


def cut(handler: _Handler, body: Body) -> None:
    """Promise a whole answer and hang up in the middle of it."""
    raw = json.dumps(completion(json.dumps({"codes": codes_of(body)}))).encode()
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(raw)))
    handler.end_headers()
    handler.wfile.write(raw[: len(raw) // 2])
    handler.close_connection = True


def silent(handler: _Handler, _body: Body) -> None:
    """Never answer while the server lives."""
    handler.server_stub.released.wait()
    handler.close_connection = True
