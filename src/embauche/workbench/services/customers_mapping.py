"""The customer table of a study: its id and value, and the needs that it shares with the survey."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from embauche.collect.surveys import match_columns
from embauche.customers.answers import shared_needs
from embauche.errors import ReadError
from embauche.notices import Notice
from embauche.study.config import parse_config
from embauche.study.config_section import with_section
from embauche.study.plan import customer_columns
from embauche.workbench.models import Event, Study, User
from embauche.workbench.services.config_file import write_config
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.mapping_undo import digest
from embauche.workbench.services.roles import require
from embauche.workbench.services.study_tables import (
    TableFile,
    read_study_table,
    study_config,
    table_files,
)
from embauche.workbench.services.survey_mapping import (
    MappingConflictError,
    MappingView,
    mapping_version,
)


@dataclass(frozen=True, slots=True)
class CustomersView:
    """A customer table as the page shows it.

    Attributes
    ----------
    file, files
        The table, and the tables that it could be; ``file`` is ``None`` where there is none.
    n
        Customers.
    columns, numbers
        All its columns, and those that hold numbers.
    id, value
        The columns that an analysis takes.
    shared, lacking
        Needs of the survey that it has, by their question, and those it lacks.
    notices
        Columns that nearly have a need's name, ids that occur twice.
    version
        As `MappingView.version`.
    """

    file: str | None
    files: tuple[TableFile, ...]
    n: int = 0
    columns: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    id: str | None = None
    value: str | None = None
    shared: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    version: str = ""


def customers_file(study: Study) -> str | None:
    """Return the table that is the study's customer table, if there is one."""
    given = study_config(study)[0].customers.file
    if given is not None:
        return given or None
    return next((file.name for file in table_files(study) if file.part == "customers"), None)


def current_customers(study: Study, survey: MappingView | None) -> CustomersView:
    """Return the customer table as an analysis would take it.

    Parameters
    ----------
    survey
        The survey whose needs it may share.

    Raises
    ------
    ReadError
        If the table cannot be read.
    """
    files = tuple(file for file in table_files(study) if survey is None or file.name != survey.file)
    name = customers_file(study)
    if name is None or name not in {file.name for file in files}:
        return CustomersView(None, files)
    folder = study_folder(study)
    table, inferred = read_study_table(folder / name, folder)
    config, text = study_config(study)
    key, value = customer_columns(table, config, inferred)
    shared: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    notices = list(table.notices)
    if survey is not None and survey.forecast.survey is not None:
        read = survey.forecast.survey
        found = shared_needs(table.frame, read.needs, read, name)
        shared = tuple(read.readings[need].label for need in found.columns)
        lacking = tuple(read.readings[need].label for need in found.missing)
        notices += found.notices
    if key is not None and key in table.frame.columns:
        twice = table.frame.height - table.frame[key].n_unique()
        if twice:
            params = {"file": name, "column": key, "n": twice}
            notices.append(Notice("customers.repeated_id", params))
    columns = tuple(table.frame.columns)
    return CustomersView(
        file=name,
        files=files,
        n=table.frame.height,
        columns=columns,
        numbers=tuple(column for column in columns if table.frame[column].dtype.is_numeric()),
        id=key,
        value=value,
        shared=shared,
        lacking=lacking,
        notices=tuple(notices),
        version=mapping_version(text, table),
    )


def save_customers(
    study_id: int, file: str, id_column: str, value: str, actor: User, version: str
) -> Study:
    """Keep which table holds the customers, and its columns of id and value; empty is none.

    Parameters
    ----------
    version
        Of the view that the page showed; not checked where another table is chosen.

    Raises
    ------
    MappingConflictError
        If the study's configuration or the table changed after the page was loaded.
    ColumnError
        If a column is not there.
    """
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        config, text = study_config(study)
        values: dict[str, str | None] = {"file": file}
        if file:
            if file not in {item.name for item in table_files(study)}:
                raise ReadError("mapping.no_such_table", file=file)
            folder = study_folder(study)
            table, _ = read_study_table(folder / file, folder)
            if file == customers_file(study):
                if version != mapping_version(text, table):
                    raise MappingConflictError
                for role, column in (("id", id_column), ("value", value)):
                    if column and column not in table.frame.columns:
                        named = column.replace("[", "[[]")
                        match_columns([named], table.frame.columns, file, role)
                values |= {"id": id_column, "value": value}
            else:
                values |= {"id": None, "value": None}
        made = with_section(text, "customers", values)
        parse_config(made, config.folder)
        write_config(study, made)
        section = config.customers
        before = {"file": section.file, "id": section.id, "value": section.value}
        Event(
            study=study, actor=actor, verb="customers.mapped", kind="customers",
            key=file[:200] or "-", version=study.version,
            payload={"before": before, "after": values, "toml": text, "made": digest(made)},
        ).save()  # fmt: skip
        touch(study)
    return study
