"""A part of a list, and the version that a change was made on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse

from embauche.workbench.api.problems import VersionNeededError
from embauche.workbench.api.shapes import Paging


def part_of(
    request: Any,
    response: HttpResponse,
    rows: QuerySet[Any] | Sequence[Any],
    paging: Paging,
    shown: Callable[[Any], Any],
    read: Callable[[Any], Any] = iter,
) -> dict[str, Any]:
    """Return a part of a list and where it goes on, in the body and in the header ``Link``.

    Parameters
    ----------
    rows
        The whole list, in its order.
    shown
        Returns a row as the API shows it.
    read
        Reads the rows of the part.
    """
    total = rows.count() if isinstance(rows, QuerySet) else len(rows)
    found = rows[paging.offset : paging.offset + paging.limit]
    links = {}
    if paging.offset + paging.limit < total:
        links["next"] = _address(request, paging, paging.offset + paging.limit)
    if paging.offset:
        links["prev"] = _address(request, paging, max(paging.offset - paging.limit, 0))
    if links:
        response.headers["Link"] = ", ".join(
            f'<{address}>; rel="{name}"' for name, address in links.items()
        )
    return {
        "items": [shown(row) for row in read(found)],
        "total": total,
        "limit": paging.limit,
        "offset": paging.offset,
        "next": links.get("next"),
    }


def versioned(response: HttpResponse, row: dict[str, Any]) -> dict[str, Any]:
    """Return a row, its version in the header ``ETag`` as well."""
    response.headers["ETag"] = f'"{row["version"]}"'
    return row


def version_given(request: Any, version: int | None) -> int:
    """Return the version that a change was made on, from the body or the header ``If-Match``.

    Raises
    ------
    VersionNeededError
        If neither tells it: a change made blindly might undo another's.
    """
    if version is not None:
        return version
    text = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    raise VersionNeededError("api.version_needed")


def _address(request: Any, paging: Paging, offset: int) -> str:
    query = [(key, value) for key in request.GET for value in request.GET.getlist(key)]
    query = [(key, value) for key, value in query if key not in {"limit", "offset"}]
    return f"{request.path}?{urlencode([*query, ('limit', paging.limit), ('offset', offset)])}"
