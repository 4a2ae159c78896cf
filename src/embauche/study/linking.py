"""Survey needs linked to the jobs that interviews found: confirmed links first, proposals after."""

from __future__ import annotations

from embauche.collect.survey import Survey
from embauche.errors import ConfigError
from embauche.identify import shared_vectors
from embauche.identify.evidence import Evidence
from embauche.jobs import JobMap, link_needs
from embauche.jobs.job import NeedLink
from embauche.notices import Notice
from embauche.study.config import StudyConfig
from embauche.vocabulary import Language


def links_of(
    survey: Survey | None,
    job_map: JobMap,
    evidence: tuple[Evidence, ...],
    config: StudyConfig,
    language: Language,
) -> tuple[tuple[NeedLink, ...], list[Notice]]:
    """Link needs to jobs; a confirmed link whose job this run lacks is named, not fatal."""
    if survey is None or not job_map.jobs:
        return (), []
    columns = survey.needs or survey.importance
    wordings = {column: survey.readings[column].label for column in columns}
    confirmed = dict(config.survey.jobs)
    notices: list[Notice] = []
    while True:
        try:
            links = link_needs(
                wordings,
                job_map,
                evidence,
                vectors_of=shared_vectors().encode,
                language=language,
                confirmed=confirmed,
            )
        except ConfigError as error:
            if error.code != "jobs.unknown_job":
                raise
            del confirmed[error.params["need"]]
            notices.append(Notice(error.code, dict(error.params), "problem"))
        else:
            return links, notices
