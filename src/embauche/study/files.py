"""Which file of a study folder plays which part, and why.

Text documents are interviews. A table is told by its columns: a speaker beside words is an
interview, long free texts are reviews, a battery of needs or ratings is a survey, and a table that
shares the survey's needs is a customer table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from embauche.collect import Table, read_table
from embauche.collect.roles import SurveyRoles, infer_roles
from embauche.collect.tables import TABLE_FORMATS
from embauche.collect.transcript_tables import transcript_text_column
from embauche.errors import ReadError
from embauche.notices import Notice
from embauche.study.people import FILE_NAME as PEOPLE
from embauche.study.people import is_people

DOCUMENTS = frozenset({".docx", ".pdf", ".txt", ".md", ".vtt", ".srt"})
_PREFERENCE = (".vtt", ".srt", ".docx", ".txt", ".md", ".tsv", ".csv", ".xlsx", ".pdf")
_ABOUT = re.compile(
    r"^(readme|lisez[-_ ]?moi|licen[cs]e|changelog|notice|copying"
    r"|(.*-)?(guide-d-entretien|interview-guide))\b",
    re.IGNORECASE,
)
_CUSTOMERS = re.compile(r"customer|client|crm|compte|account|contact|airtable|abonn", re.IGNORECASE)
_LONG_TEXT, _DISTINCT_TEXT = 40, 0.7
_LEAST_ASKED, _LEAST_BESIDE_TEXT = 3, 6
_OWN = frozenset(
    {"study.toml", "coding.jsonl", "llm-coding.jsonl", "jobs-state.json", "guide.json"}
)
SHEET_PREFIX = "embauche-"
"""The names of sheets that people fill begin so (`embauche.study.sheets`)."""

_SHEET = re.compile(rf"{SHEET_PREFIX}(?:coding-|disagreements).*\.csv", re.IGNORECASE)

Part = Literal["interview", "reviews", "survey", "customers", "unused"]


@dataclass(frozen=True, slots=True)
class FilePart:
    """What one file was taken for.

    Attributes
    ----------
    name
        Path relative to the study folder, with forward slashes.
    part
        The part it plays; ``"unused"`` for a file left aside.
    reason
        Why, for the user to judge.
    column
        Text column of reviews.
    """

    name: str
    part: Part
    reason: Notice
    column: str | None = None


@dataclass(frozen=True, slots=True)
class _TableLook:
    name: str
    table: Table
    roles: SurveyRoles
    text: str | None

    @property
    def asked(self) -> int:
        """Columns of needs and ratings."""
        return len({*self.roles.needs, *self.roles.importance, *self.roles.satisfaction})


def list_files(folder: Path, out: Path | None = None) -> list[Path]:
    """List the folder's files that may be input, by name; outputs and hidden files are left out.

    Parameters
    ----------
    folder
        The study folder.
    out
        Output folder of this run. Any folder that holds a ``results.json`` beside a
        ``report.html`` is an output of an earlier run and left out as well.
    """
    outputs = {path.parent for path in folder.rglob("results.json")}
    outputs = {path for path in outputs if (path / "report.html").is_file()}
    if out is not None:
        outputs.add(out)
    outputs = {path.resolve() for path in outputs} - {folder.resolve()}
    found = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        hidden = any(part.startswith((".", "~$")) for part in relative.parts)
        own = str(relative) in _OWN or bool(_SHEET.fullmatch(relative.name))
        own = own or (str(relative) == PEOPLE and is_people(path))
        if hidden or not path.is_file() or own:
            continue
        if outputs and any(parent.resolve() in outputs for parent in path.parents):
            continue
        found.append(path)
    return found


def is_left_aside(name: str) -> bool:
    """Tell whether a file of that name is never read: hidden, ours, or about the folder."""
    path = Path(name)
    hidden = path.name.startswith((".", "~$"))
    ours = path.name in {*_OWN, PEOPLE} or bool(_SHEET.fullmatch(path.name))
    return hidden or ours or bool(_ABOUT.match(path.stem))


def read_with_roles(path: Path, folder: Path) -> tuple[Table, SurveyRoles]:
    """Return a table of a folder, and the roles inferred of its columns."""
    table = read_table(path, name=path.relative_to(folder).as_posix())
    return table, infer_roles(table)


def tell_parts(
    paths: Sequence[Path],
    folder: Path,
    read: Callable[[Path, Path], tuple[Table, SurveyRoles]] = read_with_roles,
) -> list[FilePart]:
    """Tell the part that each file plays; every file gets an entry, in the order given.

    Parameters
    ----------
    paths, folder
        The files, and the study folder that they are in.
    read
        What reads a table, where something keeps those that were read.
    """
    parts: dict[Path, FilePart] = {}
    looks: dict[Path, _TableLook] = {}
    for path in paths:
        name = path.relative_to(folder).as_posix()
        suffix = path.suffix.lower()
        if _ABOUT.match(path.stem):
            parts[path] = _part(name, "unused", "study.file_about")
        elif suffix in DOCUMENTS:
            parts[path] = _part(name, "interview", "study.file_interview")
        elif suffix in TABLE_FORMATS:
            try:
                seen = _look(path, folder, read)
            except ReadError as error:
                reason = Notice(error.code, dict(error.params), "problem")
                parts[path] = FilePart(name, "unused", reason)
                continue
            if isinstance(seen, FilePart):
                parts[path] = seen
            else:
                looks[path] = seen
        else:
            parts[path] = _part(name, "unused", "study.file_unused")
    parts.update(_tables(looks))
    _drop_duplicates(parts)
    return [parts[path] for path in paths]


def _look(
    path: Path, folder: Path, read: Callable[[Path, Path], tuple[Table, SurveyRoles]]
) -> _TableLook | FilePart:
    name = path.relative_to(folder).as_posix()
    column = transcript_text_column(path, name)
    if column is not None:
        return _part(name, "interview", "study.file_interview_table", column=column)
    table, roles = read(path, folder)
    return _TableLook(name, table, roles, _long_text(table))


def _long_text(table: Table) -> str | None:
    """Return the column of long, distinct free texts, if there is one."""
    best, length = None, float(_LONG_TEXT)
    for column in table.frame.columns:
        texts = table.frame[column].drop_nulls()
        if texts.dtype != "String" or texts.len() == 0:
            continue
        mean = float(texts.str.len_chars().mean() or 0.0)  # type: ignore[arg-type]
        if mean >= length and texts.n_unique() >= _DISTINCT_TEXT * texts.len():
            best, length = column, mean
    return best


def _tables(looks: dict[Path, _TableLook]) -> dict[Path, FilePart]:
    """Tell survey, customers and reviews among the tables that are no transcripts."""
    left = dict(looks)
    parts = _survey_and_customers(left)
    parts.update(_reviews(left))
    taken = {part.part for part in parts.values()}
    for path, look in left.items():
        by_name = bool(_CUSTOMERS.search(path.stem))
        if by_name and "customers" not in taken:
            parts[path] = _part(look.name, "customers", "study.file_customers_by_name")
        elif not by_name and "survey" not in taken and look.roles.demographics:
            parts[path] = _part(look.name, "survey", "study.file_survey", n=look.asked)
        else:
            parts[path] = _part(look.name, "unused", "study.file_unused")
        taken.add(parts[path].part)
    return parts


def _survey_and_customers(left: dict[Path, _TableLook]) -> dict[Path, FilePart]:
    """Take the survey and the table that shares its needs out of `left`."""
    surveys = [path for path, look in left.items() if _asks(look)]
    if not surveys:
        return {}
    chosen = max(surveys, key=lambda path: _richness(path, left[path]))
    survey = left.pop(chosen)
    parts = {chosen: _part(survey.name, "survey", "study.file_survey", n=survey.asked)}
    asked = {_folded(column) for column in (*survey.roles.needs, *survey.roles.importance)}
    sharing = {
        path: sum(_folded(column) in asked for column in look.table.frame.columns)
        for path, look in left.items()
    }
    customers = [path for path in left if sharing[path] >= max(2, len(asked) // 4)]
    if customers:
        best = max(customers, key=lambda path: (sharing[path], left[path].table.frame.height))
        name = left.pop(best).name
        parts[best] = _part(name, "customers", "study.file_customers", n=sharing[best])
    return parts | _second(left, surveys, "survey", survey.name)


def _asks(look: _TableLook) -> bool:
    """Say whether a table asks people things; long texts beside a few labels are reviews."""
    least = _LEAST_ASKED if look.text is None or look.roles.demographics else _LEAST_BESIDE_TEXT
    return look.asked >= least


def _richness(path: Path, look: _TableLook) -> tuple[bool, int, int, int]:
    """Of tables that ask the same, the survey asks more: ratings, then who people are."""
    roles = look.roles
    return (
        not _CUSTOMERS.search(path.stem),
        len(roles.importance) + len(roles.satisfaction),
        look.asked + len(roles.demographics),
        -look.table.frame.height,
    )


def _reviews(left: dict[Path, _TableLook]) -> dict[Path, FilePart]:
    """Take the reviews out of `left`."""
    written = [path for path, look in left.items() if look.text is not None]
    if not written:
        return {}
    chosen = max(written, key=lambda path: left[path].table.frame.height)
    look = left.pop(chosen)
    parts = {chosen: _part(look.name, "reviews", "study.file_reviews", column=look.text)}
    return parts | _second(left, written, "reviews", look.name)


def _second(
    left: dict[Path, _TableLook], paths: Sequence[Path], part: str, other: str
) -> dict[Path, FilePart]:
    """Leave aside the tables that could play the same part, and say so."""
    return {
        path: _part(left.pop(path).name, "unused", f"study.file_second_{part}", other=other)
        for path in paths
        if path in left
    }


def _drop_duplicates(parts: dict[Path, FilePart]) -> None:
    """Keep one of several files of the same stem: the same talk exported several times."""
    groups: dict[tuple[Path, str], list[Path]] = {}
    for path, part in parts.items():
        if part.part == "interview":
            groups.setdefault((path.parent, path.stem), []).append(path)
    for paths in groups.values():
        ranked = sorted(paths, key=lambda path: _PREFERENCE.index(path.suffix.lower()))
        kept = parts[ranked[0]].name
        for path in ranked[1:]:
            name = parts[path].name
            parts[path] = _part(name, "unused", "study.file_duplicate", other=kept)


def _part(
    name: str, part: Part, code: str, *, column: str | None = None, **params: object
) -> FilePart:
    given = {"file": name, **params, **({"column": column} if column else {})}
    return FilePart(name, part, Notice(code, given, "info"), column if part == "reviews" else None)


def _folded(column: str) -> str:
    return re.sub(r"\s+", " ", column.strip()).casefold()
