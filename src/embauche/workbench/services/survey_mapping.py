"""The mapping of a study's survey: as it stands, as someone is changing it, and kept."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import Any

from django.db import transaction

from embauche.collect import Table
from embauche.collect.roles import SurveyRoles
from embauche.collect.survey_mapping import (
    SINGLE,
    ColumnRole,
    SurveyMapping,
    mapping_of,
    match_pairs,
    roles_of,
)
from embauche.collect.surveys import make_survey
from embauche.errors import ReadError, WorkbenchError
from embauche.notices import Notice
from embauche.study.config import parse_config
from embauche.study.config_section import with_section
from embauche.study.plan import survey_roles
from embauche.study.survey_forecast import SurveyForecast, forecast_survey
from embauche.workbench.models import Event, Study, User
from embauche.workbench.services.config_file import write_config
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.mapping_undo import digest
from embauche.workbench.services.roles import require
from embauche.workbench.services.study_tables import (
    ColumnAnswers,
    TableFile,
    column_answers,
    read_study_table,
    study_config,
    table_files,
)
from embauche.workbench.services.survey_groups import ColumnGroup, column_groups

_LISTS = ("needs", "importance", "satisfaction", "situation", "demographics")


@dataclass(frozen=True, slots=True)
class ColumnView:
    """One column as the page shows it.

    Attributes
    ----------
    index
        Its place in the file, from 0.
    name, label
        Its name, and the question asked where the file has it.
    role
        What it is.
    reason
        Why it was recognised so; ``None`` where a person decided otherwise.
    rule
        How its answers are read; ``None`` where the mapping cannot be used.
    answered, missing
        Respondents with and without an answer.
    examples
        Its three most frequent answers.
    """

    index: int
    name: str
    label: str
    role: ColumnRole
    reason: Notice | None
    rule: Notice | None
    answered: int
    missing: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PairView:
    """An importance column and its partner, by their places in the file."""

    importance: ColumnView
    partner: int | None


@dataclass(frozen=True, slots=True)
class MappingView:
    """A survey's mapping as the page shows it.

    Attributes
    ----------
    file, files
        The file mapped, and the tables that there are.
    n
        Respondents.
    columns
        Every column of the file.
    groups
        The same columns, put together: what has to be decided first.
    pairs
        Every importance column, where satisfaction is asked too.
    satisfaction
        The columns that may be a partner.
    forecast
        What an analysis will make of it.
    version
        Of what stands in the study's folder: a change made on another one is refused.
    given
        True where ``study.toml`` says anything of the columns.
    changed
        True where what is shown is not what is kept.
    """

    file: str
    files: tuple[TableFile, ...]
    n: int
    columns: tuple[ColumnView, ...]
    groups: tuple[ColumnGroup, ...]
    pairs: tuple[PairView, ...]
    satisfaction: tuple[ColumnView, ...]
    forecast: SurveyForecast
    version: str
    given: bool
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """A mapping as a form sends it.

    Attributes
    ----------
    file
        The table.
    roles
        One role a column, in the file's order.
    pairs
        Place of an importance column → place of its partner.
    """

    file: str
    roles: Sequence[str]
    pairs: Mapping[int, int]


def survey_file(study: Study) -> str | None:
    """Return the table that is the study's survey, if there is one."""
    given = study_config(study)[0].survey.file
    if given is not None:
        return given or None
    return next((file.name for file in table_files(study) if file.part == "survey"), None)


def current_mapping(study: Study, file: str | None = None) -> MappingView | None:
    """Return the mapping as it stands; ``None`` where the study has no survey.

    Parameters
    ----------
    file
        Another table of the study, to see what it would be as the survey.

    Raises
    ------
    ReadError
        If the file cannot be read.
    ColumnError
        If ``study.toml`` names a column that is not there.
    """
    name = file or survey_file(study)
    if name is None:
        return None
    table, inferred = _table(study, name)
    mapping, given = _kept(study, table, inferred)
    return _view(study, table, inferred, mapping, given=given)


def drafted_mapping(study: Study, draft: Draft) -> MappingView:
    """Return what a mapping that someone is changing leads to; nothing is kept.

    Raises
    ------
    WorkbenchError
        If the form is of another file than the one that is there now.
    """
    table, inferred = _table(study, draft.file)
    kept, given = _kept(study, table, inferred)
    mapping = match_pairs(table, _mapping(table, draft))
    return _view(study, table, inferred, mapping, given=given, changed=mapping != kept)


def save_mapping(study_id: int, draft: Draft, actor: User, version: str) -> Study:
    """Keep a mapping in ``study.toml``; comments and all other sections stay as they are.

    Raises
    ------
    MappingConflictError
        If the study's configuration or file changed after the page was loaded.
    ColumnError
        If the mapping contradicts itself or the answers.
    """
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        table, inferred = _table(study, draft.file)
        config, text = study_config(study)
        if version != mapping_version(text, table):
            raise MappingConflictError
        mapping = match_pairs(table, _mapping(table, draft))
        roles = roles_of(mapping, table.name)
        make_survey(table, roles)
        kept, _ = _kept(study, table, inferred)
        values: dict[str, Any] = {"file": draft.file}
        if mapping != kept or config.survey.file != draft.file:
            values |= section_values(roles)
        made = with_section(text, "survey", values)
        parse_config(made, config.folder)
        before = _named(kept)
        write_config(study, made)
        payload = {
            "file": draft.file,
            "before": before,
            "after": _named(mapping),
            "toml": text,
            "made": digest(made),
        }
        Event(
            study=study, actor=actor, verb="survey.mapped", kind="survey", key=draft.file[:200],
            version=study.version, payload=payload,
        ).save()  # fmt: skip
        touch(study)
    return study


class MappingConflictError(WorkbenchError):
    """Someone changed the study's files or settings after the page was loaded."""

    def __init__(self) -> None:
        super().__init__("mapping.stale")


def section_values(roles: SurveyRoles) -> dict[str, Any]:
    """Return roles as the keys of ``[survey]``; what is empty is said, so nothing is inferred."""
    values: dict[str, Any] = {key: list(getattr(roles, key)) for key in _LISTS}
    return values | {key: getattr(roles, key) or "" for key in SINGLE.values()}


def mapping_version(text: str, table: Table) -> str:
    """Return the mark of a configuration and a table: it changes when either does."""
    said = [text, table.name, str(table.frame.height), *table.frame.columns]
    return sha256("\0".join(said).encode()).hexdigest()[:16]


def _table(study: Study, name: str) -> tuple[Table, SurveyRoles]:
    folder = study_folder(study)
    if name not in {file.name for file in table_files(study)}:
        raise ReadError("mapping.no_such_table", file=name)
    return read_study_table(folder / Path(name), folder)


def _kept(study: Study, table: Table, inferred: SurveyRoles) -> tuple[SurveyMapping, bool]:
    """Return the mapping that an analysis would use now, and whether a person gave any of it."""
    config, _ = study_config(study)
    section = config.survey
    given = any(getattr(section, key) is not None for key in (*_LISTS, *SINGLE.values()))
    if section.file is not None and section.file != table.name:
        return mapping_of(table, inferred), False
    return mapping_of(table, survey_roles(table, config, inferred)), given


def _settled(study: Study, table: Table) -> bool:
    """Tell whether somebody has saved the role of every column of this table."""
    section = study_config(study)[0].survey
    said = all(getattr(section, key) is not None for key in (*_LISTS, *SINGLE.values()))
    return said and section.file in (None, table.name)


def _mapping(table: Table, draft: Draft) -> SurveyMapping:
    columns = table.frame.columns
    known = set(ColumnRole)
    if len(draft.roles) != len(columns) or not set(draft.roles) <= known:
        raise WorkbenchError("mapping.stale")
    roles = {c: ColumnRole(role) for c, role in zip(columns, draft.roles, strict=True)}
    places = range(len(columns))
    pairs = {
        columns[one]: columns[other]
        for one, other in draft.pairs.items()
        if one in places and other in places
    }
    return SurveyMapping(MappingProxyType(roles), MappingProxyType(pairs))


def _named(mapping: SurveyMapping) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, role in mapping.roles.items():
        found.setdefault(role.value, []).append(column)
    found.pop(ColumnRole.IGNORED.value, None)
    return found | ({"pairs": dict(mapping.pairs)} if mapping.pairs else {})


def _view(
    study: Study,
    table: Table,
    inferred: SurveyRoles,
    mapping: SurveyMapping,
    *,
    given: bool,
    changed: bool = False,
) -> MappingView:
    forecast = _forecast(table, mapping)
    recognised = mapping_of(table, inferred)
    told = column_answers(table)
    columns = tuple(
        _column(at, name, table, inferred, mapping, recognised, forecast, told)
        for at, name in enumerate(table.frame.columns)
    )
    place = {column.name: column.index for column in columns}
    satisfaction = tuple(c for c in columns if c.role is ColumnRole.SATISFACTION)
    pairs = tuple(
        PairView(columns[place[name]], place.get(mapping.pairs.get(name, "")))
        for name in mapping.importance
    )
    return MappingView(
        file=table.name,
        files=table_files(study),
        n=table.frame.height,
        columns=columns,
        groups=column_groups(columns, settled=_settled(study, table)),
        pairs=pairs if satisfaction else (),
        satisfaction=satisfaction,
        forecast=forecast,
        version=mapping_version(study_config(study)[1], table),
        given=given,
        changed=changed,
    )


_KEPT = 8
_forecasts: OrderedDict[tuple[object, ...], tuple[Table, SurveyForecast]] = OrderedDict()
_lock = Lock()


def _forecast(table: Table, mapping: SurveyMapping) -> SurveyForecast:
    """Return what a mapping leads to; kept, for a page is looked at more often than changed."""
    key = (id(table), tuple(mapping.roles.items()), tuple(mapping.pairs.items()))
    with _lock:
        kept = _forecasts.get(key)
    if kept is None:
        # The table is kept with it: as long as it lives no other can have its id.
        kept = (table, forecast_survey(table, mapping))
        with _lock:
            _forecasts[key] = kept
            while len(_forecasts) > _KEPT:
                _forecasts.popitem(last=False)
    return kept[1]


def _column(
    at: int,
    name: str,
    table: Table,
    inferred: SurveyRoles,
    mapping: SurveyMapping,
    recognised: SurveyMapping,
    forecast: SurveyForecast,
    told: Mapping[str, ColumnAnswers],
) -> ColumnView:
    answers = told[name]
    reading = forecast.survey.readings[name] if forecast.survey else None
    role = mapping.roles[name]
    same = role is recognised.roles[name]
    return ColumnView(
        index=at,
        name=name,
        label=table.labels.get(name, ""),
        role=role,
        reason=inferred.reasons.get(name) if same else None,
        rule=Notice(reading.rule, {}, "info") if reading else None,
        answered=answers.answered,
        missing=answers.missing,
        examples=answers.examples,
    )
