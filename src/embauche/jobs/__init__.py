"""Map: grouping evidence into jobs, job statements and their linter, the job matrix."""

from embauche.jobs.goals import DEFAULT_THRESHOLD
from embauche.jobs.grouping import group
from embauche.jobs.job import Attachment, Job, JobMap, NeedLink
from embauche.jobs.links import LEAST_SIMILARITY, link_needs
from embauche.jobs.linter import lint_statement
from embauche.jobs.matrix import JobMatrix, MatrixCell, MatrixRow, matrix
from embauche.jobs.statement import clauses_of, word_job

__all__ = [
    "DEFAULT_THRESHOLD",
    "LEAST_SIMILARITY",
    "Attachment",
    "Job",
    "JobMap",
    "JobMatrix",
    "MatrixCell",
    "MatrixRow",
    "NeedLink",
    "clauses_of",
    "group",
    "link_needs",
    "lint_statement",
    "matrix",
    "word_job",
]
