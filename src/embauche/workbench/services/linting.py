"""What is wrong with a job's statement while somebody writes it."""

from __future__ import annotations

from embauche.jobs import lint_statement
from embauche.notices import Notice
from embauche.vocabulary import JobType, Language
from embauche.workbench.models import Study

_LONGEST = 300


def linted(
    study: Study, statement: str, job_type: str, language: Language | str
) -> tuple[Notice, ...]:
    """Return the faults of a statement, each with its mend where its own words allow one."""
    text = " ".join(statement.split())[:_LONGEST]
    return lint_statement(text, JobType(job_type), Language(language), product=study.product)
