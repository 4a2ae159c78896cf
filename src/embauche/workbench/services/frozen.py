"""Frozen results ↔ JSON, by their type hints; frames go to parquet files beside the database."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
import polars as pl
from numpy.typing import NDArray

Keep = Callable[[pl.DataFrame], str]
Fetch = Callable[[str], pl.DataFrame]


def freeze(value: Any, keep: Keep | None = None) -> Any:  # noqa: C901, PLR0911 (one kind a line)
    """Turn a frozen result into JSON-ready data.

    Parameters
    ----------
    value
        A dataclass, enum, array, mapping, sequence, date or scalar, nested at will.
    keep
        Stores a frame and returns its name.

    Raises
    ------
    TypeError
        If a frame is met and `keep` is absent, or a value is of no known kind.
    """
    if value is None or isinstance(value, bool | int) or type(value) is str:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, np.generic):
        return freeze(value.item())
    if isinstance(value, float):
        # SQLite refuses JSON with NaN in it; the type hint tells these strings from words.
        return value if math.isfinite(value) else str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, np.ndarray):
        plain = [freeze(item) for item in value.ravel().tolist()]
        return {"dtype": str(value.dtype), "shape": list(value.shape), "values": plain}
    if isinstance(value, pl.DataFrame) and keep is not None:
        return {"frame": keep(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: freeze(getattr(value, item.name), keep) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(freeze(key)): freeze(item, keep) for key, item in value.items()}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Sequence | set | frozenset):
        return [freeze(item, keep) for item in value]
    msg = f"cannot keep a {type(value).__name__}"
    raise TypeError(msg)


def thaw(kind: Any, data: Any, fetch: Fetch | None = None) -> Any:  # noqa: C901, PLR0911
    """Return what `freeze` kept, as the type that it was.

    Parameters
    ----------
    kind
        The type: a dataclass or any annotation that its fields use.
    data
        What `freeze` returned.
    fetch
        Returns the frame of a name.
    """
    if kind is Any or kind is object or kind is None or kind is type(None):
        return data
    origin = get_origin(kind)
    if origin is not None:
        return _thaw_generic(origin, get_args(kind), data, fetch)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = _hints(kind)
        given = {
            name: thaw(hints[name], item, fetch) for name, item in data.items() if name in hints
        }
        return kind(**given)
    if kind is pl.DataFrame:
        if fetch is None:
            msg = "a frame needs a folder to be fetched from"
            raise TypeError(msg)
        return fetch(data["frame"])
    if isinstance(kind, type):
        if issubclass(kind, Enum):
            return kind(data)
        if kind is float:
            return float(data)
        if kind is date:
            return date.fromisoformat(data)
        if kind is np.ndarray:
            return _array(data)
    return data


def _thaw_generic(  # noqa: PLR0911
    origin: Any, args: tuple[Any, ...], data: Any, fetch: Fetch | None
) -> Any:
    if origin in {Union, types.UnionType}:
        if data is None:
            return None
        return thaw(next(arg for arg in args if arg is not type(None)), data, fetch)
    if origin is Literal:
        return data
    if origin is np.ndarray or origin is NDArray:  # numpy 2.5 made NDArray an alias of its own
        return _array(data)
    if origin is tuple:
        if len(args) == 2 and args[1] is Ellipsis:
            return tuple(thaw(args[0], item, fetch) for item in data)
        return tuple(thaw(arg, item, fetch) for arg, item in zip(args, data, strict=True))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return {thaw(args[0], key): thaw(args[1], item, fetch) for key, item in data.items()}
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return tuple(thaw(args[0], item, fetch) for item in data)
    if isinstance(origin, type) and issubclass(origin, frozenset | set):
        return origin(thaw(args[0], item, fetch) for item in data)
    msg = f"cannot fetch a {origin}"
    raise TypeError(msg)


def _array(data: Any) -> Any:
    return np.array(data["values"], dtype=data["dtype"]).reshape(data["shape"])


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
