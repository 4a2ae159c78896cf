"""What went wrong, as RFC 9457 has it: ``application/problem+json``, in the caller's language."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    BadRequest,
    ObjectDoesNotExist,
    PermissionDenied,
    SuspiciousOperation,
)
from django.core.files.uploadhandler import StopUpload
from django.http import Http404, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from ninja.errors import HttpError, ValidationError

from embauche.errors import EmbaucheError
from embauche.messages import messages
from embauche.workbench.api.callers import CallerError, ForgedError, ScopeError
from embauche.workbench.services.conflicts import StaleVersionError

PROBLEM_TYPE = "application/problem+json"
_logger = logging.getLogger(__name__)
_STATUS: tuple[tuple[type[EmbaucheError], int], ...] = (
    (StaleVersionError, 409),
    (CallerError, 401),
    (ScopeError, 403),
    (ForgedError, 403),
)
_MALFORMED = (
    BadRequest,
    SuspiciousOperation,
    MultiPartParserError,
    UnreadablePostError,
    StopUpload,
)


class VersionNeededError(EmbaucheError):
    """A write does not say which version it was made on."""


def problem(
    request: Any, status: int, code: str, *, error: EmbaucheError | None = None, **more: Any
) -> HttpResponse:
    """Return a problem; its sentences stand under ``error.<code>``."""
    words = messages(request.language)
    found = error or EmbaucheError(code)
    body = {
        "type": f"urn:embauche:problem:{found.code}",
        "title": HTTPStatus(status).phrase
        if f"api.status.{status}" not in words
        else words.text(f"api.status.{status}"),
        "status": status,
        "detail": found.message(words.language),
        "instance": request.path,
        "code": found.code,
        "hint": found.hint(words.language),
        "errors": [],
        **more,
    }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False, default=str),
        status=status,
        content_type=f"{PROBLEM_TYPE}; charset=utf-8",
    )
    response.headers["Content-Language"] = str(words.language)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="embauche"'
    return response


def from_error(request: Any, error: Any) -> HttpResponse:  # noqa: PLR0911 (a kind a line)
    """Return the problem of an exception; one that nobody foresaw is logged, without its words."""
    if isinstance(error, StaleVersionError):
        from embauche.workbench.api.rows import row_as_json

        current = row_as_json(error.row)
        return problem(request, 409, error.code, error=error, current=current)
    if isinstance(error, VersionNeededError):
        return problem(request, 428, error.code, error=error)
    if isinstance(error, EmbaucheError):
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 422)
        return problem(request, status, error.code, error=error)
    if isinstance(error, PermissionDenied):
        return problem(request, 403, "api.forbidden")
    if isinstance(error, Http404 | ObjectDoesNotExist):
        return problem(request, 404, "api.not_found")
    if isinstance(error, ValidationError):
        return problem(request, 422, "api.invalid", errors=_fields(request, error.errors))
    if isinstance(error, HttpError):
        code = "api.bad_json" if error.status_code == 400 else "api.malformed"
        return problem(request, error.status_code, code)
    if isinstance(error, _MALFORMED):
        return problem(request, 400, "api.malformed")
    _logger.error("%s in %s", type(error).__name__, request.path, exc_info=error)
    return problem(request, 500, "api.unexpected")


def tidied(request: Any, response: HttpResponse) -> HttpResponse:
    """Tell a refused method as a problem as well."""
    if response.status_code != 405:
        return response
    told = problem(request, 405, "api.method")
    told.headers["Allow"] = response.headers.get("Allow", "GET")
    return told


def _fields(request: Any, errors: Sequence[Any]) -> list[dict[str, str]]:
    """Say of each value what is wrong with it, and where it stands."""
    words = messages(request.language)
    said = []
    for item in errors:
        place = [str(part) for part in item.get("loc", ())]
        where = place[0] if place else "body"
        # The first two name where the value stands and the operation's own parameter.
        inner = place[2:] if where in {"body", "form"} else place[1:]
        context = item.get("ctx") or {}
        key = f"api.invalid.{item.get('type')}"
        text = words.text(key if key in words else "api.invalid.other", **_limits(context))
        said.append(
            {
                "in": where,
                "pointer": "/" + "/".join(inner),
                "code": str(item.get("type", "other")),
                "detail": text,
            }
        )
    return said


def _limits(context: dict[str, Any]) -> dict[str, Any]:
    """Return the bounds that a sentence may name."""
    names = ("ge", "le", "gt", "lt", "min_length", "max_length", "expected")
    bound = {name: context[name] for name in names if name in context}
    n = next((value for name, value in bound.items() if name != "expected"), 0)
    return {"n": n, "expected": str(bound.get("expected", "")).replace(" or ", ", ")}
