"""Writes one section of ``study.toml``; all else, comments included, stays letter for letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import tomlkit
from tomlkit.items import Array, Table

Value = str | float | Sequence[str]


def with_section(text: str, section: str, values: Mapping[str, Value | None]) -> str:
    """Return the text of a ``study.toml`` with keys of a section set.

    Parameters
    ----------
    text
        The file as it is; may be empty.
    section
        Name of the section, made at the end where there is none.
    values
        Key → value; ``None`` takes the key out. A key whose value is already this is not touched.
    """
    document = tomlkit.parse(text)
    table = document.get(section)
    if not isinstance(table, Table):
        table = tomlkit.table()
        if document.body:
            document.add(tomlkit.nl())
        document.add(section, table)
        table = document[section]
    assert isinstance(table, Table)  # noqa: S101 - for the type checker
    for key, value in values.items():
        if value is None:
            if key in table:
                table.remove(key)
            continue
        plain = value if isinstance(value, str | int | float) else list(value)
        if key in table and table[key] == plain:
            continue
        table[key] = _array(plain) if isinstance(plain, list) else plain
    return tomlkit.dumps(document)


def _array(values: list[str]) -> Array:
    """Lay a long list out on lines of its own: such lists are read and edited by people."""
    array = tomlkit.array()
    array.extend(values)
    array.multiline(sum(len(value) + 4 for value in values) > 80)
    return array
