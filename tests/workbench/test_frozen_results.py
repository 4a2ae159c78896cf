"""Frozen results ↔ JSON: what comes back is what was kept."""

import json
import math
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from embauche.notices import Notice
from embauche.vocabulary import Facet
from embauche.workbench.database_url import database
from embauche.workbench.services.frozen import freeze, thaw


@dataclass(frozen=True)
class Inner:
    facet: Facet
    value: float | None


@dataclass(frozen=True)
class Outer:
    name: str
    kind: Literal["a", "b"]
    items: tuple[Inner, ...]
    pair: tuple[int, str]
    by_facet: dict[Facet, tuple[str, ...]]
    day: date | None
    note: Notice


@given(
    st.text(),
    st.lists(st.tuples(st.sampled_from(list(Facet)), st.none() | st.floats(allow_nan=False))),
    st.none() | st.dates(),
)
def test_dataclasses_come_back_equal(
    name: str, items: list[tuple[Facet, float | None]], day: date | None
) -> None:
    value = Outer(
        name,
        "b",
        tuple(Inner(*item) for item in items),
        (1, "NaN"),
        {Facet.HABIT: ("x",)},
        day,
        Notice("a.b", {"n": 3}),
    )
    text = json.dumps(freeze(value), allow_nan=False)
    assert thaw(Outer, json.loads(text)) == value


def test_what_json_cannot_hold_comes_back(tmp_path: Any) -> None:
    assert math.isnan(thaw(float, freeze(float("nan"))))
    assert thaw(float, freeze(np.float64("inf"))) == math.inf
    kept = thaw(NDArray[np.float64], freeze(np.array([[1.0, np.nan], [3.0, 4.0]])))
    np.testing.assert_array_equal(kept, [[1.0, np.nan], [3.0, 4.0]])
    frames: dict[str, pl.DataFrame] = {}

    def keep(frame: pl.DataFrame) -> str:
        frames["one"] = frame
        return "one"

    data = freeze(pl.DataFrame({"a": [1, None]}), keep)
    assert thaw(pl.DataFrame, data, frames.__getitem__).equals(frames["one"])
    with pytest.raises(TypeError):
        freeze(object())


def test_a_database_url_names_postgres_or_sqlite(tmp_path: Any) -> None:
    found = database("postgres://ann:p%40ss@db.local:5433/research?sslmode=require", tmp_path)
    assert found["ENGINE"].endswith("postgresql")
    assert (found["USER"], found["PASSWORD"], found["HOST"]) == ("ann", "p@ss", "db.local")
    assert (found["PORT"], found["NAME"]) == ("5433", "research")
    assert found["OPTIONS"]["sslmode"] == "require"
    local = database(None, tmp_path / "x.sqlite3")
    assert local["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    with pytest.raises(Exception, match="mysql"):
        database("mysql://x/y", tmp_path)


@pytest.mark.usefixtures("workspace")
@given(st.data())
def test_strokes_never_change_the_words(data: Any) -> None:
    from types import SimpleNamespace

    from embauche.workbench.services.transcript import strokes

    text = data.draw(st.text(min_size=1, max_size=60))
    spans = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text))).filter(
                lambda span: span[0] < span[1]
            ),
            max_size=5,
        )
    )
    rows: Any = [
        SimpleNamespace(start=start, end=end, facet=str(place), status="proposed")
        for place, (start, end) in enumerate(spans)
    ]
    found = strokes(text, 0, len(text), rows)
    assert "".join(piece.text for piece in found) == text
    assert sum(len(piece.ends) for piece in found) == len(rows)
