"""The CSV files of an output folder, with stable English column names (docs/reference/results.md).

Numbers are written with a decimal point and commas between cells; for a French spreadsheet, with
a decimal comma, semicolons and a byte order mark. A text cell that a spreadsheet would run as a
formula gets an apostrophe in front; nothing else of a participant's words is changed.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Final

import polars as pl

from embauche.present.findings import Findings
from embauche.present.names import Names, statement, story
from embauche.present.proportions import wilson
from embauche.present.results_opportunity import OPPORTUNITY_FIELDS, opportunity_records
from embauche.vocabulary import Facet, Language, Zone

Cell = str | int | float | bool | date | None
Rows = Iterable[Sequence[Cell]]

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_text(header: Sequence[str], rows: Rows, *, french: bool = False) -> str:
    """Write a table as CSV.

    Parameters
    ----------
    header
        Column names.
    rows
        Cells; ``None`` and NaN are left empty, truth values are ``true`` and ``false``.
    french
        Semicolons, decimal commas and a byte order mark, as French spreadsheets expect.
    """
    out = StringIO()
    writer = csv.writer(out, delimiter=";" if french else ",", lineterminator="\n")
    writer.writerow([guarded(name) for name in header])
    writer.writerows([_cell(cell, french=french) for cell in row] for row in rows)
    return ("\ufeff" if french else "") + out.getvalue()


def _cell(value: Cell, *, french: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        text = f"{value:.6g}" if abs(value) < 1e6 else f"{value:.2f}"
        return text.replace(".", ",") if french else text
    return guarded(str(value))


def write_tables(findings: Findings, folder: Path, *, french_csv: bool = False) -> list[str]:
    """Write every table that the findings have rows for.

    Parameters
    ----------
    folder
        An existing folder.
    french_csv
        Write for French spreadsheets; see `csv_text`.

    Returns
    -------
    list of str
        Names of the files written.
    """
    names = Names(findings)
    tables: dict[str, tuple[Sequence[str], Rows]] = {}
    if findings.job_map is not None:
        tables["jobs.csv"] = _JOBS, _jobs(names)
        tables["evidence.csv"] = _EVIDENCE, _evidence(names)
    if findings.segmentation is not None:
        tables["segments.csv"] = _SEGMENTS, _segments(names)
    if findings.opportunities:
        tables["opportunities.csv"] = OPPORTUNITY_FIELDS, _opportunities(names)
    if findings.assignment is not None:
        frame = findings.assignment.frame
        tables["assignments.csv"] = frame.columns, _frame_rows(frame)
    for name, (header, rows) in tables.items():
        text = csv_text(header, rows, french=french_csv)
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return list(tables)


_JOBS: Final = (
    "job", "number", "type", "statement_fr", "statement_en", "statement_is_proposal", "story_fr",
    "story_en", "participants", "of_participants", "share", "share_low", "share_high",
    "main_job_of", *(facet.value for facet in Facet), "intensity", "dissatisfaction",
    "frequency_per_month", "priority_index", "priority_low", "priority_high", "priority_rank",
    "priority_rank_low", "priority_rank_high", "unreviewed_share",
)  # fmt: skip
_EVIDENCE: Final = (
    "evidence", "job", "source", "source_name", "participant", "pseudonym", "start", "end",
    "quote", "facet", "moment", "language", "coder", "status", "confidence", "intensity",
    "dissatisfaction", "frequency_per_month", "valence", "similarity", "situation",
)  # fmt: skip
_SEGMENTS: Final = (
    "segment", "name", "n", "share", "stability", "certainty", "job", "need", "label", "unit",
    "value", "overall", "index",
)  # fmt: skip


def _jobs(names: Names) -> Iterator[Sequence[Cell]]:
    findings = names.findings
    assert findings.job_map is not None  # noqa: S101 - the caller asked
    total = len(findings.corpus.participants) if findings.corpus else 0
    ranked = {item.job: item for item in findings.qualitative}
    mains = list(findings.job_map.main_job.values())
    for job in findings.job_map.jobs:
        share = len(job.participants) / total if total else None
        low, high = wilson(share, total) if share is not None else (None, None)
        p = ranked.get(job.id)
        yield (
            job.id,
            names.job_numbers[job.id],
            job.type.value,
            *(statement(job, item) if item in job.statement else "" for item in Language),
            job.statement_is_proposal,
            *(story(job, item) if item in job.story else "" for item in Language),
            len(job.participants),
            total,
            share,
            low,
            high,
            mains.count(job.id),
            *(len(job.evidence(facet)) for facet in Facet),
            *(
                (p.intensity, p.dissatisfaction, p.frequency, p.index, p.low, p.high)
                if p
                else (None,) * 6
            ),
            *((p.rank, p.rank_low, p.rank_high, p.unreviewed_share) if p else (None,) * 4),
        )


def _evidence(names: Names) -> Iterator[Sequence[Cell]]:
    findings = names.findings
    jobs = findings.job_map.jobs if findings.job_map else ()
    attached: dict[str, tuple[str, float]] = {}
    for job_held in jobs:
        for items in job_held.cells.values():
            for held in items:
                attached.setdefault(held.evidence, (job_held.id, held.similarity))
    for item in findings.evidence:
        job, similarity = attached.get(item.id, (None, None))
        yield (
            item.id,
            job,
            item.source,
            names.source(item.source),
            item.participant,
            names.participant(item.participant),
            item.start,
            item.end,
            item.quote,
            item.facet.value,
            item.moment.value if item.moment else None,
            item.language.value,
            item.coder,
            item.status.value,
            item.confidence,
            item.intensity,
            item.dissatisfaction,
            item.frequency,
            item.valence,
            similarity,
            "; ".join(
                f"{key}: {value}" for key, value in names.situation(item.participant).items()
            ),
        )


def _segments(names: Names) -> Iterator[Sequence[Cell]]:
    segmentation = names.findings.segmentation
    for segment in segmentation.segments if segmentation else ():
        for marker in segment.markers:
            yield (
                segment.id,
                names.segment_name(segment.id),
                segment.n,
                segment.share,
                segment.stability,
                segment.certainty,
                segment.job,
                marker.need,
                names.need(marker.need),
                marker.unit,
                marker.value,
                marker.overall,
                marker.index,
            )


def _opportunities(names: Names) -> Iterator[Sequence[Cell]]:
    for record in opportunity_records(names.findings.opportunities):
        yield tuple(str(cell) if isinstance(cell, Zone) else cell for cell in record.values())


def _frame_rows(frame: pl.DataFrame) -> Iterator[Sequence[Cell]]:
    yield from frame.iter_rows()
