"""The tables (DESIGN, "What is stored")."""

from embauche.workbench.models.accounts import LoginAttempt, Membership, User
from embauche.workbench.models.coding import Coder, Coding, Evidence
from embauche.workbench.models.corpus import Participant, SearchText, Source
from embauche.workbench.models.history import Event
from embauche.workbench.models.job import Job, JobEvidence, NeedLink
from embauche.workbench.models.preparing import Guide, Upload
from embauche.workbench.models.results import Result, Run, Survey
from embauche.workbench.models.study import Study
from embauche.workbench.models.team import ApiToken, Comment, Invitation, Mention, ShareLink

__all__ = [
    "ApiToken",
    "Coder",
    "Coding",
    "Comment",
    "Event",
    "Evidence",
    "Guide",
    "Invitation",
    "Job",
    "JobEvidence",
    "LoginAttempt",
    "Membership",
    "Mention",
    "NeedLink",
    "Participant",
    "Result",
    "Run",
    "SearchText",
    "ShareLink",
    "Source",
    "Study",
    "Survey",
    "Upload",
    "User",
]
