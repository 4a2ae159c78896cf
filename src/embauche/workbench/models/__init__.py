"""The tables (DESIGN, "What is stored")."""

from embauche.workbench.models.accounts import Membership, User
from embauche.workbench.models.coding import Coder, Evidence
from embauche.workbench.models.corpus import Participant, Source
from embauche.workbench.models.history import Event
from embauche.workbench.models.job import Job, JobEvidence, NeedLink
from embauche.workbench.models.results import Result, Run, Survey
from embauche.workbench.models.study import Study

__all__ = [
    "Coder",
    "Event",
    "Evidence",
    "Job",
    "JobEvidence",
    "Membership",
    "NeedLink",
    "Participant",
    "Result",
    "Run",
    "Source",
    "Study",
    "Survey",
    "User",
]
