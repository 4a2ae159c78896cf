"""Whether what is read now may be remembered."""

from django.db import connection


def uncommitted() -> bool:
    """Tell whether what a query sees now may never come to be: it is asked within a transaction."""
    return connection.in_atomic_block
