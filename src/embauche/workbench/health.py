"""``/health/``: whether the database, the background worker and the disk are there.

Whoever watches the server may ask, without a session; the answer holds no figure and no name.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from embauche.workbench.worker import BEAT

PATH: Final = "/health/"
LEAST_FREE: Final = 200_000_000
"""Bytes under which the disk counts as full: an analysis needs some room."""
_SILENT: Final = 6 * BEAT


class Health:
    """Answers ``/health/``, before a session is looked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 200 where all is well, else 503 and what is not."""
        if request.path != PATH:
            return self._next(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        found = {"database": database(), "worker": worker(), "disk": disk()}
        well = all(found.values())
        response = JsonResponse(
            {
                "status": "ok" if well else "failing",
                "checks": {name: "ok" if fine else "failing" for name, fine in found.items()},
            },
            status=200 if well else 503,
        )
        response.headers["Cache-Control"] = "no-store"
        return response


def database() -> bool:
    """Tell whether the database answers."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM django_migrations")
            return cursor.fetchone() is not None
    except DatabaseError:
        connection.close()
        return False


def worker() -> bool:
    """Tell whether the background worker showed life in the last half minute."""
    try:
        seen = settings.WORKSPACE.heartbeat.stat().st_mtime
    except OSError:
        return False
    return bool(time.time() - seen < _SILENT)


def disk() -> bool:
    """Tell whether the workspace's disk has room."""
    try:
        return shutil.disk_usage(settings.WORKSPACE.folder).free >= LEAST_FREE
    except OSError:
        return False
