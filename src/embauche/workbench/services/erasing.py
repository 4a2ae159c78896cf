"""What is deleted or written over is gone from the database's file as well."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def forgetting() -> Iterator[None]:
    """Let SQLite overwrite what is deleted meanwhile, and empty its log afterwards.

    To be used around a transaction, never inside one. PostgreSQL reclaims old rows by itself, when
    it next vacuums.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = OFF")
            if not connection.in_atomic_block:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
