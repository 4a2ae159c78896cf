"""The plan of a study: every file and column with the part it plays, given or inferred."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from embauche.collect import (
    InterviewInspection,
    Table,
    inspect_interview,
    read_table,
)
from embauche.collect.roles import SurveyRoles, infer_roles
from embauche.errors import ConfigError, FolderError, ReadError
from embauche.notices import Notice
from embauche.study.config import FILE_NAME, StudyConfig
from embauche.study.files import FilePart, list_files, tell_parts

_CHOICES = {"study.file_second_survey", "study.file_second_reviews", "study.file_duplicate"}
_VALUE = re.compile(
    r"\b(value|valeur|revenue|ltv|mrr|arr|ca|montant|spend(ing)?|dépenses?|chiffre d.affaires)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Which file and column plays which part.

    Attributes
    ----------
    config
        The configuration as the user wrote it.
    files
        Every file of the folder and what it was taken for.
    interviews
        Interview files.
    reviews, survey, customers
        The file of each, or ``None``.
    review_text
        Column of the reviews' text; ``None`` leaves it to the reader.
    roles
        Roles of the survey's columns, with the reason of each that was inferred.
    notices
        What was inferred and what is doubtful, for the study as a whole.
    """

    config: StudyConfig
    files: tuple[FilePart, ...]
    interviews: tuple[Path, ...]
    reviews: Path | None
    review_text: str | None
    survey: Path | None
    customers: Path | None
    roles: SurveyRoles | None
    notices: tuple[Notice, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as JSON-ready data."""
        folder = self.config.folder

        def name(path: Path | None) -> str | None:
            return None if path is None else path.relative_to(folder).as_posix()

        return {
            "files": [{"name": file.name, "part": file.part} for file in self.files],
            "interviews": [name(path) for path in self.interviews],
            "reviews": name(self.reviews),
            "survey": name(self.survey),
            "customers": name(self.customers),
            "roles": None if self.roles is None else role_names(self.roles),
            "warnings": [notice.to_dict() for notice in self.notices],
        }


def role_names(roles: SurveyRoles) -> dict[str, Any]:
    """Return the roles as plain names and lists, without their reasons."""
    return {
        "id": roles.id,
        "needs": list(roles.needs),
        "importance": list(roles.importance),
        "satisfaction": list(roles.satisfaction),
        "frequency": roles.frequency,
        "situation": list(roles.situation),
        "demographics": list(roles.demographics),
        "weight": roles.weight,
        "outcome": roles.outcome,
    }


def make_plan(config: StudyConfig, *, out: Path | None = None) -> Plan:
    """Resolve a configuration against its folder: what is not given is inferred.

    Parameters
    ----------
    config
        As read from ``study.toml``, or empty.
    out
        Output folder of this run, never read as input.

    Raises
    ------
    FolderError
        If the folder holds nothing to read.
    ConfigError
        If a file named in ``study.toml`` is not in the folder (with the nearest name).
    ColumnError
        If a column named in ``study.toml`` is not in its table (with the nearest name).
    """
    folder = config.folder
    paths = list_files(folder, out)
    parts = tell_parts(paths, folder)
    by_part: dict[str, list[FilePart]] = {}
    for part in parts:
        by_part.setdefault(part.part, []).append(part)
    names = [part.name for part in parts]

    def single(section: str, given: str | None) -> Path | None:
        if given is not None:
            return _named(section, given, names, folder) if given else None
        found = by_part.get(section, [])
        return folder / found[0].name if found else None

    survey = single("survey", config.survey.file)
    customers = single("customers", config.customers.file)
    reviews = single("reviews", config.reviews.file)
    taken = {path for path in (survey, customers, reviews) if path is not None}
    if config.interviews.files is None:
        interviews = [folder / part.name for part in by_part.get("interview", [])]
    else:
        interviews = _matching(config.interviews.files, names, folder)
    interviews = [path for path in interviews if path not in taken]
    if not interviews and not taken:
        broken = [part for part in parts if part.reason.severity == "problem"]
        if broken:
            raise _nothing_readable(folder, broken)
        raise FolderError("folder.nothing_to_read", folder=str(folder))
    review_text = config.reviews.text or next(
        (part.column for part in parts if reviews and folder / part.name == reviews), None
    )
    roles = None if survey is None else survey_roles(_table(survey, folder), config)
    notices = [] if config.written else [Notice("study.all_inferred", {}, "info")]
    notices += [part.reason for part in parts if _to_say(part, config)]
    return Plan(
        config=config,
        files=tuple(parts),
        interviews=tuple(interviews),
        reviews=reviews,
        review_text=review_text,
        survey=survey,
        customers=customers,
        roles=roles,
        notices=tuple(notices),
    )


def survey_roles(
    table: Table, config: StudyConfig, inferred: SurveyRoles | None = None
) -> SurveyRoles:
    """Return the roles of a survey's columns: those given, the rest inferred (here or before)."""
    inferred = inferred or infer_roles(table)
    section = config.survey
    given: dict[str, Any] = {}
    for name in ("id", "frequency", "weight", "outcome"):
        value = getattr(section, name)
        if value is not None:
            given[name] = value or None
    for name in ("needs", "importance", "satisfaction", "situation", "demographics"):
        value = getattr(section, name)
        if value is not None:
            given[name] = value
    if not given:
        return inferred
    claimed = _claimed(given, table.frame.columns)
    kept: dict[str, Any] = {}
    for name, value in role_names(inferred).items():
        if name in given:
            continue
        if isinstance(value, list):
            kept[name] = tuple(column for column in value if column not in claimed)
        else:
            kept[name] = None if value in claimed else value
    if "importance" in given or "satisfaction" in given:
        kept.update({name: () for name in ("importance", "satisfaction") if name not in given})
        kept["outcome_names"] = ()  # those inferred may be of other columns
    return replace(inferred, **kept, **given)


def customer_columns(
    table: Table, config: StudyConfig, inferred: SurveyRoles | None = None
) -> tuple[str | None, str | None]:
    """Return the columns of a customer's id and value: those given, else those that look so."""
    section = config.customers
    key, value = section.id, section.value
    if key is None:
        key = (inferred or infer_roles(table)).id
    if value is None:
        numeric = [
            column for column in table.frame.columns if table.frame[column].dtype.is_numeric()
        ]
        named = [column for column in numeric if _VALUE.search(re.sub(r"[_.\-]", " ", column))]
        value = named[0] if len(named) == 1 else None
    return key or None, value or None


def inspect_speakers(
    plan: Plan, progress: Callable[[float], None] | None = None
) -> tuple[tuple[InterviewInspection, ...], tuple[Notice, ...]]:
    """Inspect the speakers of every interview; a broken file becomes a notice."""
    inspections, notices = [], []
    section = plan.config.interviews
    for done, path in enumerate(plan.interviews):
        if progress is not None:
            progress(done / len(plan.interviews))
        name = path.relative_to(plan.config.folder).as_posix()
        try:
            inspections.append(
                inspect_interview(
                    path,
                    plan.config.folder,
                    participant_speakers=section.participant_speakers,
                    interviewer_speakers=section.interviewer_speakers,
                    interviewers=section.interviewers.get(name),
                    said=section.speakers.get(name, {}),
                )
            )
        except ReadError as error:
            notices.append(Notice(error.code, dict(error.params), "problem"))
    return tuple(inspections), tuple(notices)


def _table(path: Path, folder: Path) -> Table:
    return read_table(path, name=path.relative_to(folder).as_posix())


def _claimed(given: Mapping[str, Any], columns: Sequence[str]) -> set[str]:
    claimed: set[str] = set()
    for value in given.values():
        for pattern in (value,) if isinstance(value, str) else value or ():
            claimed.add(pattern)
            claimed.update(column for column in columns if fnmatch.fnmatchcase(column, pattern))
    return claimed


def _named(section: str, given: str, names: Sequence[str], folder: Path) -> Path:
    if given in names:
        return folder / given
    if (folder / given).is_file():
        return folder / given
    raise _no_such_file(section, given, names)


def _matching(patterns: Sequence[str], names: Sequence[str], folder: Path) -> list[Path]:
    found: dict[str, Path] = {}
    for pattern in patterns:
        matched = [name for name in names if name == pattern or fnmatch.fnmatchcase(name, pattern)]
        if not matched:
            raise _no_such_file("interviews", pattern, names)
        found.update({name: folder / name for name in matched})
    return list(found.values())


def _no_such_file(section: str, given: str, names: Sequence[str]) -> ConfigError:
    nearest = get_close_matches(given, names, n=1, cutoff=0.0)
    return ConfigError(
        "config.no_such_file",
        file=FILE_NAME,
        section=section,
        pattern=given,
        nearest=nearest[0] if nearest else "–",
    )


def _nothing_readable(folder: Path, broken: Sequence[FilePart]) -> FolderError:
    return FolderError(
        "folder.nothing_readable",
        folder=str(folder),
        n=len(broken),
        first=broken[0].reason,
    )


def _to_say(part: FilePart, config: StudyConfig) -> bool:
    """Say what was inferred, and always what could not be read or was left aside by a choice."""
    if part.reason.severity == "problem":
        return True
    if part.reason.code in _CHOICES:
        return True
    return not config.written and part.part != "interview"
