"""The log: one JSON object a line, with no quote, no name and no secret in it.

A message is written without its arguments, an address as its pattern (so without the study's name
or a link's secret), an exception as its kind and the places it passed, never with its own words:
those may cite what people said.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from traceback import extract_tb
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

REQUESTS: Final = "embauche.requests"
_FIELDS: Final = ("method", "route", "status", "ms", "user", "bytes", "run")
_log = logging.getLogger(REQUESTS)


class StructuredLog(logging.Formatter):
    """Writes a record as JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "event": _event(record),
            "status": getattr(record, "status_code", None),
            "process": record.process,
        }
        for name in _FIELDS:
            if name in record.__dict__:
                line[name] = record.__dict__[name]
        request = record.__dict__.get("request")
        if isinstance(request, HttpRequest):
            line["method"], line["route"] = request.method, route(request)
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            line["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
            line["code"] = getattr(error, "code", None)
            line["module"] = error.name if isinstance(error, ImportError) else None
            line["where"] = [
                f"{_place(frame.filename)}:{frame.lineno} {frame.name}"
                for frame in extract_tb(error.__traceback__)
            ]
        return json.dumps({key: value for key, value in line.items() if value is not None})


class RequestLog:
    """Logs each request of a team's server: what kind of page, how it ended, how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and note."""
        if not settings.SERVER_MODE:
            return self._next(request)
        began = time.perf_counter()
        response = self._next(request)
        took = round((time.perf_counter() - began) * 1000, 1)
        # Whoever asks was found out by a later middleware, if at all: nothing is looked up here.
        user = request.__dict__.get("_cached_user")
        fields = {
            "method": request.method,
            "route": route(request),
            "status": response.status_code,
            "ms": took,
            "user": getattr(user, "pk", None),
            "bytes": None if response.streaming else len(response.content),
        }
        _log.info("request", extra=fields)
        return response


def route(request: HttpRequest) -> str:
    """Return the pattern of a request's address, without what a person filled in."""
    match = request.resolver_match
    if match is not None:
        return f"/{match.route}"
    first = request.path.strip("/").partition("/")[0]
    return f"/{first}/" if first in {"static", "health"} else "?"


def _event(record: logging.LogRecord) -> str:
    """Return a message without its arguments; of other packages only where it was written.

    They may have put what they speak of into the message itself.
    """
    ours = record.name.startswith(("embauche", "django"))
    return str(record.msg) if ours or record.args else f"{record.module}:{record.lineno}"


def _place(file: str) -> str:
    """Return a file as its package names it, without the machine's folders."""
    parts = file.replace("\\", "/").split("/")
    for root in ("site-packages", "src"):
        if root in parts:
            return "/".join(parts[parts.index(root) + 1 :])
    return "/".join(parts[-2:])
