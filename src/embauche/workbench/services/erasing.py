"""What is deleted or written over is gone from the database's file as well."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection

_logger = logging.getLogger(__name__)


@contextmanager
def forgetting(*, thoroughly: bool = False) -> Iterator[None]:
    """Let SQLite overwrite what is deleted meanwhile, and empty its log afterwards.

    To be used around a transaction, never inside one. PostgreSQL reclaims old rows by itself, when
    it next vacuums.

    Parameters
    ----------
    thoroughly
        Write the database anew, so that what was deleted long before is gone as well.
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
                if thoroughly:
                    try:
                        cursor.execute("VACUUM")
                    except OperationalError:
                        # Someone works all the while; the next time writes it anew.
                        _logger.warning("the database could not be written anew: it was busy")
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
