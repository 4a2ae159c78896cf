"""The API put together: its operations, its errors, its description."""

from __future__ import annotations

import json
from functools import cache
from importlib import import_module
from typing import Any, Final

from django.http import Http404
from django.urls import URLResolver
from django.urls.resolvers import RegexPattern
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser

from embauche import __version__
from embauche.messages import Messages, messages
from embauche.vocabulary import Language
from embauche.workbench.api import PREFIX
from embauche.workbench.api.problems import PROBLEM_TYPE, from_error
from embauche.workbench.api.routes import router
from embauche.workbench.api.shapes import Problem

ROOMS: Final = (
    "me",
    "studies",
    "intake",
    "archives",
    "sources",
    "speakers",
    "aside",
    "privacy",
    "survey",
    "guide",
    "evidence",
    "coding",
    "settling",
    "teaching",
    "jobs",
    "runs",
    "results",
    "figures",
    "team",
    "tokens",
)
"""Modules that hold the operations, in the order of the reference."""


class StrictParser(Parser):
    """Reads JSON bodies; what is no JSON is the caller's mistake, however it fails."""

    def parse_body(self, request: Any) -> Any:
        """Parse a body.

        Raises
        ------
        HttpError
            400 where it is no JSON, or too deep or too long to be read.
        """
        try:
            return json.loads(request.body)
        except (ValueError, RecursionError) as error:
            raise HttpError(400, "json") from error


@cache
def application() -> NinjaAPI:
    """Return the API; its operations are imported here."""
    for name in ROOMS:
        room = import_module(f"embauche.workbench.api.{name}")
        for view in router.path_operations.values():
            for operation in view.operations:
                if operation.view_func.__module__ == room.__name__:
                    operation.tags = [room.TAG]
                    operation.operation_id = operation.view_func.__name__
                    operation.description = ""
    made = NinjaAPI(
        title="Embauche",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        parser=StrictParser(),
        urls_namespace="api-v1",
    )
    for kind in (Exception, Http404, HttpError, ValidationError):
        made.add_exception_handler(kind, from_error)
    made.add_router("", router)
    return made


@cache
def addresses() -> URLResolver:
    """Return what finds the operation of an address."""
    return URLResolver(RegexPattern(r"^"), application()._get_urls())  # noqa: SLF001


@cache
def description(language: Language | str = Language.EN) -> dict[str, Any]:
    """Return the API's description in OpenAPI 3.1, its sentences in a language."""
    words = messages(language)
    made: dict[str, Any] = json.loads(
        json.dumps(application().get_openapi_schema(path_prefix=PREFIX))
    )
    made["info"]["description"] = words.text("api.about")
    made = _worded(made, words)
    components = made["components"]
    components["schemas"]["Problem"] = Problem.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    components["schemas"].update(components["schemas"]["Problem"].pop("$defs", {}))
    components["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of /tokens/."},
        "session": {
            "type": "apiKey",
            "in": "header",
            "name": "X-CSRFToken",
            "description": "The page's own session, with its CSRF token where something changes.",
        },
    }
    for operations in made["paths"].values():
        for method, operation in operations.items():
            operation["summary"] = words.text(f"api.op.{operation['operationId']}")
            _complete(method, operation)
    return made


def _worded(value: Any, words: Messages) -> Any:
    """Put notes on values, which are declared by their keys, in words."""
    if isinstance(value, dict):
        return {key: _worded(item, words) for key, item in value.items()}
    if isinstance(value, list):
        return [_worded(item, words) for item in value]
    if isinstance(value, str) and value.startswith("api.note."):
        return words.text(value)
    return value


def _complete(method: str, operation: dict[str, Any]) -> None:
    """Say of an operation what all share: who may call it, and what may go wrong."""
    scope = operation.get("x-scope")
    ways: list[dict[str, list[str]]] = [{"session": []}]
    operation["security"] = ways if scope == "session" else [{"token": [scope]}, *ways]
    told = {
        "description": "What went wrong.",
        "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    expected = [400, 401, 403, 404, 405, 422]
    if method != "get":
        expected.append(409)
    if "requestBody" in operation:
        expected.append(413)
    if operation.get("x-versioned"):
        expected.append(428)
    for status in expected:
        operation["responses"][str(status)] = told
