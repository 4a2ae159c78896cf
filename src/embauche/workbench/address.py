"""Whose request it is: the client's address, through a proxy that we believe or without one."""

from __future__ import annotations

from typing import Any

from django.conf import settings


def client_address(request: Any) -> str:
    """Return the address of who asks.

    Behind a trusted proxy it is the last one that ``X-Forwarded-For`` names: the proxy wrote that
    one itself, while those before it are what the client claims.
    """
    seen = str(request.META.get("REMOTE_ADDR", ""))
    if settings.TRUST_PROXY:
        named = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        return named or seen
    return seen
