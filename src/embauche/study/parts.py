"""What the stages hand to each other: frozen parts of a study on its way to findings."""

from __future__ import annotations

from dataclasses import dataclass

from embauche.collect.source import Corpus
from embauche.collect.survey import Survey
from embauche.collect.tables import Table
from embauche.identify.evidence import Evidence
from embauche.jobs.job import JobMap, NeedLink
from embauche.jobs.matrix import JobMatrix
from embauche.notices import Notice
from embauche.segment.comparison import Validation
from embauche.segment.segmentation import Segmentation
from embauche.segment.typing_tool import TypingTool


@dataclass(frozen=True, slots=True)
class Collected:
    """What the first stage read."""

    corpus: Corpus
    survey: Survey | None
    customers: Table | None
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the second and third stages found in what people said."""

    evidence: tuple[Evidence, ...]
    job_map: JobMap
    matrix: JobMatrix
    links: tuple[NeedLink, ...]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class Segmented:
    """What the fourth stage found in the survey."""

    segmentation: Segmentation | None
    validation: Validation | None
    notices: tuple[Notice, ...]
    typing: TypingTool | None = None
