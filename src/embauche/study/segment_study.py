"""From a study folder or a table to its segments, alone, by any of the three routes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from embauche.collect.survey import Survey
from embauche.errors import FolderError
from embauche.segment import segment_survey
from embauche.segment.routes_interviews import segment_by_interviews
from embauche.segment.routes_odi import segment_by_odi
from embauche.segment.routes_result import RouteName, RouteSegmentation
from embauche.segment.segmentation import Segmentation
from embauche.study.config import read_config
from embauche.study.mapping import map_study
from embauche.study.progress import Report, part, silent
from embauche.study.segmenting import with_people
from embauche.study.typing_study import survey_of


@dataclass(frozen=True, slots=True)
class SegmentedStudy:
    """Segments by one route, with what is needed to name them.

    Attributes
    ----------
    route
        The route taken.
    found
        The segments.
    survey
        What they were found in; ``None`` for interviews.
    labels
        Column, outcome or job id → what it is called.
    people
        Ids or row numbers of those who were segmented, in the order of ``found.labels``.
    title
        The study's title, or the file's name.
    fictional
        Whether the study is a worked example.
    """

    route: RouteName
    found: Segmentation | RouteSegmentation
    survey: Survey | None
    labels: Mapping[str, str]
    people: tuple[str, ...]
    title: str = ""
    fictional: bool = False


def segment_study(
    path: Path,
    *,
    needs: tuple[str, ...] = (),
    route: RouteName = "latent-class",
    k_max: int = 8,
    bootstrap: int = 30,
    seed: int = 0,
    report: Report = silent,
) -> SegmentedStudy:
    """Segment the survey of a folder or a table, or the interviews of a folder. Nothing is written.

    Parameters
    ----------
    path
        A study folder, or a survey table (``latent-class`` and ``k-means``).
    needs
        Columns or patterns that form the segments (``latent-class``); see
        `embauche.study.typing_study.survey_of`.
    route
        How.
    k_max, bootstrap, seed
        As in `embauche.segment.segment_survey`.
    report
        Told of progress; may raise to cancel.

    Raises
    ------
    EmbaucheError
        If the route's data are not there, or too few.
    """
    progress = part(report, "segment")
    title, fictional = _told(path)
    if route == "hierarchical":
        if not path.is_dir():
            raise FolderError("routes.no_interviews", folder=str(path))
        mapped = map_study(read_config(path), seed=seed, report=report)
        people = tuple(item.id for item in mapped.corpus.participants)
        jobs = mapped.job_map.jobs
        groups = segment_by_interviews(
            jobs, people, k_max=k_max, seed=seed, bootstrap=bootstrap, progress=progress
        )
        called = {
            job.id: job.statement.get(mapped.language) or next(iter(job.statement.values()), job.id)
            for job in jobs
        }
        pseudonyms = tuple(item.pseudonym for item in mapped.corpus.participants)
        return SegmentedStudy(
            route, groups, None, MappingProxyType(called), pseudonyms, title, fictional
        )
    survey = survey_of(path, needs).survey
    called = {name: reading.label or name for name, reading in survey.readings.items()}
    made: Segmentation | RouteSegmentation
    if route == "k-means":
        by_odi = segment_by_odi(
            survey, k_max=k_max, seed=seed, bootstrap=bootstrap, progress=progress
        )
        made, said = with_people(by_odi, survey)
    else:
        by_class = segment_survey(
            survey, k_max=k_max, seed=seed, bootstrap=bootstrap, progress=progress
        )
        made, said = with_people(by_class, survey)
    made = replace(made, notices=(*made.notices, *said))
    return SegmentedStudy(
        route, made, survey, MappingProxyType(called), _ids(survey), title, fictional
    )


def _told(path: Path) -> tuple[str, bool]:
    if not path.is_dir():
        return path.name, False
    study = read_config(path).study
    return study.title or path.resolve().name, study.fictional


def _ids(survey: Survey) -> tuple[str, ...]:
    if survey.id is None:
        return tuple(str(row) for row in range(1, survey.n + 1))
    return tuple(str(value) for value in survey.frame[survey.id].to_list())
