"""Everything a study found, put together: what reports, tables and pages are made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from embauche.activate.steps import Steps
from embauche.collect.source import Corpus
from embauche.collect.survey import Survey
from embauche.customers.assignment import Assignment
from embauche.identify.evidence import Evidence
from embauche.jobs.job import JobMap, NeedLink
from embauche.jobs.matrix import JobMatrix
from embauche.notices import Notice
from embauche.prioritise.priority import Opportunity, QualitativePriority
from embauche.segment.comparison import Validation
from embauche.segment.segmentation import Segmentation
from embauche.segment.typing_tool import TypingTool
from embauche.vocabulary import Language


@dataclass(frozen=True, slots=True)
class StudyCard:
    """What a study is about.

    Attributes
    ----------
    title, product, question
        As the user wrote them; ``product`` and ``question`` may be empty.
    language
        Language of the report.
    fictional
        True for the worked example, which is marked as fictional everywhere.
    made_on
        Day of the run; the only thing in an output that two equal runs may differ in.
    version, seed
        Of the program, and of every random choice.
    offer
        What the product answers with, by the team's own words: name of the part → text.
    """

    title: str
    product: str
    language: Language
    question: str = ""
    fictional: bool = False
    made_on: date | None = None
    version: str = ""
    seed: int = 0
    offer: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Findings:
    """The frozen result of all stages; a part is ``None`` or empty where its input is absent.

    Attributes
    ----------
    card
        What the study is about.
    corpus, evidence
        Sources, participants, and every piece of evidence (rejected ones included).
    job_map, matrix
        The jobs and their matrix.
    survey, segmentation
        The survey as read, and its segments.
    links
        Survey needs linked to interview jobs; empty where nothing links.
    validation
        Job segments against demographics.
    typing
        The fewest questions that tell the segment.
    qualitative
        Qualitative priority index, one a job, best first.
    opportunities
        ODI opportunities, overall (segment ``None``) and in each segment.
    assignment
        Customers with their segments.
    steps
        First steps to act.
    notices
        Every notice of the study as a whole (those of parts stand in the parts).
    """

    card: StudyCard
    corpus: Corpus | None = None
    evidence: tuple[Evidence, ...] = ()
    job_map: JobMap | None = None
    matrix: JobMatrix | None = None
    survey: Survey | None = None
    segmentation: Segmentation | None = None
    links: tuple[NeedLink, ...] = ()
    validation: Validation | None = None
    qualitative: tuple[QualitativePriority, ...] = ()
    opportunities: tuple[Opportunity, ...] = ()
    assignment: Assignment | None = None
    steps: Steps | None = None
    notices: tuple[Notice, ...] = ()
    typing: TypingTool | None = None
