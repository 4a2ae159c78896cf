"""Damaged subtitles, documents and tables of every kind raise a clear error or are read."""

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pyreadstat
import pytest
import xlsxwriter
from test_documents import pdf
from wounds import mutated, mutated_inside, tried

from embauche.collect.tables import read_table
from embauche.collect.transcripts import read_transcript

_SRT = "".join(
    f"{n}\n00:00:{n:02d},000 --> 00:00:{n + 1:02d},500\n"
    f"{'Nadia : Je voulais finir avant six heures.' if n % 2 else 'Chercheur : Pourquoi ?'}\n\n"
    for n in range(1, 20)
).encode()
_ROWS = [("id", "âge", "note", "ville")] + [
    (n, 20 + n % 40, n % 5 + 1, ["Lyon", "Nîmes", ""][n % 3]) for n in range(60)
]
_CSV = "\r\n".join(";".join(f'"{cell}"' for cell in row) for row in _ROWS).encode()


def _xlsx(place: Path) -> bytes:
    with xlsxwriter.Workbook(str(place / "t.xlsx")) as book:
        sheet = book.add_worksheet("données")
        for row, cells in enumerate(_ROWS):
            sheet.write_row(row, 0, cells)
    return (place / "t.xlsx").read_bytes()


def _sav(place: Path) -> bytes:
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(_ROWS[1:], columns=["id", "age", "note", "ville"])
    pyreadstat.write_sav(
        frame, str(place / "t.sav"), variable_value_labels={"note": {1: "Pas du tout", 5: "Très"}}
    )
    return (place / "t.sav").read_bytes()


def _parquet(place: Path) -> bytes:
    del place
    kept = io.BytesIO()
    pl.DataFrame(_ROWS[1:], schema=_ROWS[0], orient="row").write_parquet(kept)
    return kept.getvalue()


_SOUND: dict[str, Callable[[Path], bytes]] = {
    "srt": lambda _: _SRT,
    "txt": lambda _: "Chercheur : Pourquoi ?\n\nNadia : Pour l'été…\n".encode() * 20,
    "pdf": lambda _: pdf("Chercheur : Pourquoi ?\nNadia : Pour finir avant six heures.", "Fin."),
    "csv": lambda _: _CSV,
    "xlsx": _xlsx,
    "sav": _sav,
    "parquet": _parquet,
}


def _read_interview(path: Path) -> None:
    transcript = read_transcript(path, path.name)
    for one in transcript.utterances:
        assert transcript.text[one.start : one.end].strip()


def _read_table(path: Path) -> None:
    table = read_table(path)
    assert table.frame.height
    assert len(set(table.frame.columns)) == table.frame.width


@pytest.mark.parametrize("kind", sorted(_SOUND))
def test_a_damaged_file_is_read_or_refused(kind: str, tmp_path: Path) -> None:
    sound = _SOUND[kind](tmp_path)
    read = _read_interview if kind in ("srt", "txt", "pdf") else _read_table
    path = tmp_path / f"p.{kind}"
    path.write_bytes(sound)
    assert tried(path, read) == "read"
    outcomes = set()
    for seed in range(60):
        rng = np.random.default_rng([seed, *kind.encode()])
        inside = kind == "xlsx" and seed % 3
        path.write_bytes((mutated_inside if inside else mutated)(sound, rng))
        outcomes.add(tried(path, read))
    assert outcomes & {"read"} or kind == "parquet"
    assert len(outcomes) >= (1 if kind in ("srt", "txt") else 2), outcomes


def test_a_parquet_file_whose_reader_panics_is_damaged(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def panic(*_: object) -> pl.DataFrame:
        raise pl.exceptions.PanicException

    monkeypatch.setattr(pl, "read_parquet", panic)
    (tmp_path / "p.parquet").write_bytes(_parquet(tmp_path))
    assert tried(tmp_path / "p.parquet", _read_table) == "read.damaged"
