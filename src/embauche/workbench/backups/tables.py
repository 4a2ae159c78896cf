"""Tables ↔ lines of JSON, the same for SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

APP: Final = "workbench"
_ROWS: Final = 500


def tables(apps: Any) -> dict[str, Any]:
    """Return table → model, of all that people's work is kept in.

    Sessions, waiting tasks and what Django keeps for itself are not part of it.

    Parameters
    ----------
    apps
        Django's registry of models, or that of an earlier state of the tables.
    """
    models = apps.get_app_config(APP).get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in models}  # noqa: SLF001 (Django's own way)


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything as it is at one moment, while others go on writing."""
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN"
    if connection.vendor == "postgresql":
        begin += " ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def lines(model: Any) -> Iterator[str]:
    """Write a table's rows, a JSON object a line, by primary key."""
    names = [field.attname for field in model._meta.concrete_fields]  # noqa: SLF001
    rows = model._base_manager.order_by("pk").values_list(*names)  # noqa: SLF001
    for row in rows.iterator(chunk_size=_ROWS):
        line = dict(zip(names, row, strict=True))
        yield json.dumps(line, cls=DjangoJSONEncoder, ensure_ascii=False)


def load(model: Any, read: Iterable[str]) -> int:
    """Insert the rows of lines as they were written, and return how many.

    Not by saving objects: a save would set the time of the history anew.
    """
    fields = list(model._meta.concrete_fields)  # noqa: SLF001
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    table = quote(model._meta.db_table)  # noqa: SLF001
    insert = f"INSERT INTO {table} ({columns}) VALUES ({places})"  # noqa: S608 (names of ours)
    count = 0
    waiting: list[list[Any]] = []
    with connection.cursor() as cursor:
        for line in read:
            row = json.loads(line)
            waiting.append([_stored(field, row.get(field.attname)) for field in fields])
            if len(waiting) == _ROWS:
                cursor.executemany(insert, waiting)
                count += len(waiting)
                waiting.clear()
        if waiting:
            cursor.executemany(insert, waiting)
    return count + len(waiting)


def continue_numbering(models: Iterable[Any]) -> None:
    """Have new rows numbered after those that were loaded."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(models)):
            cursor.execute(statement)


def _stored(field: Any, value: Any) -> Any:
    if field.get_internal_type() == "JSONField":
        return field.get_db_prep_save(value, connection)
    if field.is_relation:
        return value
    return field.get_db_prep_save(field.to_python(value), connection)
