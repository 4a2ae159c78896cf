"""Map: grouping evidence into jobs, job statements and their linter, the job matrix."""

from embauche.jobs.arrangement import Arrangement, Conflict, replay
from embauche.jobs.diff import Change, JobChange, JobDiff, JobState, diff_jobs
from embauche.jobs.goals import DEFAULT_THRESHOLD
from embauche.jobs.grouping import group
from embauche.jobs.job import Attachment, Job, JobMap, NeedLink
from embauche.jobs.links import LEAST_SIMILARITY, link_needs
from embauche.jobs.linter import lint_statement
from embauche.jobs.matrix import JobMatrix, MatrixCell, MatrixRow, matrix
from embauche.jobs.mending import mended
from embauche.jobs.neighbours import nearest_jobs
from embauche.jobs.operating import (
    arrangement_of,
    delete_job,
    merge_jobs,
    move_evidence,
    rename_job,
    retype_job,
    set_parent,
    split_job,
    undelete_job,
)
from embauche.jobs.operations import Entry, Operation, OperationLog
from embauche.jobs.statement import clauses_of, word_job
from embauche.jobs.texts import TextGroups, group_texts
from embauche.jobs.thresholds import PeoplesWork, ThresholdRow, at_thresholds

__all__ = [
    "DEFAULT_THRESHOLD",
    "LEAST_SIMILARITY",
    "Arrangement",
    "Attachment",
    "Change",
    "Conflict",
    "Entry",
    "Job",
    "JobChange",
    "JobDiff",
    "JobMap",
    "JobMatrix",
    "JobState",
    "MatrixCell",
    "MatrixRow",
    "NeedLink",
    "Operation",
    "OperationLog",
    "PeoplesWork",
    "TextGroups",
    "ThresholdRow",
    "arrangement_of",
    "at_thresholds",
    "clauses_of",
    "delete_job",
    "diff_jobs",
    "group",
    "group_texts",
    "link_needs",
    "lint_statement",
    "matrix",
    "mended",
    "merge_jobs",
    "move_evidence",
    "nearest_jobs",
    "rename_job",
    "replay",
    "retype_job",
    "set_parent",
    "split_job",
    "undelete_job",
    "word_job",
]
