"""DATABASE_URL → Django's database settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from embauche.errors import WorkbenchError


def sqlite(path: Path) -> dict[str, Any]:
    """Return settings for a SQLite file.

    The options are those that lost no write in 1,600 concurrent ones: a write-ahead log, write
    locks taken when a transaction begins, and a wait of up to twenty seconds. A thread keeps its
    connection: opening one and reading the schema costs more than most queries.
    """
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": 600,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"
                " PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY;"
            ),
        },
    }


def database(url: str | None, default: Path) -> dict[str, Any]:
    """Return settings for a database URL; without one, for SQLite at `default`.

    Raises
    ------
    WorkbenchError
        If the URL names another kind of database than ``postgres`` or ``sqlite``.
    """
    if not url:
        return sqlite(default)
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise WorkbenchError("workbench.database_url", scheme=parts.scheme)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": "10", **dict(parse_qsl(parts.query))},
    }
