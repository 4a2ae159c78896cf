"""What jobs, needs, segments, people and sources are called on a page, in its language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from embauche.jobs.job import Job
from embauche.messages import Messages, messages
from embauche.present.findings import Findings
from embauche.segment.segmentation import Marker, Segment, Segmentation
from embauche.vocabulary import Language


def sentence_case(text: str) -> str:
    """Raise the first letter and leave every other as it is."""
    return text[:1].upper() + text[1:]


def worded(label: str) -> str:
    """Return a column's label as words: a bare name loses its underscores."""
    return sentence_case(label.replace("_", " ") if " " not in label else label)


def statement(job: Job, language: Language) -> str:
    """Return a job's statement in a language, or in the one it has."""
    texts = job.statement
    text = texts.get(language) or next(iter(texts.values()), job.id)
    return sentence_case(text)


def story(job: Job, language: Language) -> str:
    """Return a job's short story in a language, or in the one it has; may be empty."""
    return job.story.get(language) or next(iter(job.story.values()), "")


class Names:
    """Names for everything that findings hold.

    Parameters
    ----------
    findings
        Whose jobs, segments, participants and sources are to be named.

    Attributes
    ----------
    words
        The catalogue of the report's language.
    jobs
        Job id → job.
    job_numbers
        Job id → ``"J1"``, ``"J2"``… in the order of the job map.
    """

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.language = findings.card.language
        self.words: Messages = messages(self.language)
        jobs = findings.job_map.jobs if findings.job_map else ()
        self.jobs: Mapping[str, Job] = {job.id: job for job in jobs}
        self.job_numbers = {job.id: f"J{place}" for place, job in enumerate(jobs, 1)}
        corpus = findings.corpus
        self._people = {p.id: p.pseudonym for p in corpus.participants} if corpus else {}
        self._situations = {p.id: p.situation for p in corpus.participants} if corpus else {}
        self._sources = {s.id: s.name for s in corpus.sources} if corpus else {}
        self._segments = self._name_segments()

    @property
    def segmentation(self) -> Segmentation | None:
        """The segments of the survey."""
        return self.findings.segmentation

    @property
    def asked(self) -> Literal["survey"]:
        """What the segments were found in."""
        return "survey"

    def job(self, job_id: str) -> str:
        """Return a job's statement."""
        job = self.jobs.get(job_id)
        return statement(job, self.language) if job else job_id

    def participant(self, participant_id: str) -> str:
        """Return the pseudonym to show."""
        return self._people.get(participant_id, participant_id)

    def situation(self, participant_id: str) -> Mapping[str, str]:
        """Return what is known of a participant's situation: attribute → value."""
        return self._situations.get(participant_id, {})

    def source(self, source_id: str) -> str:
        """Return a source's name: its path, with the row of a table."""
        return self._sources.get(source_id, source_id)

    def need(self, column: str) -> str:
        """Return what a column of the survey asks."""
        survey = self.findings.survey
        reading = survey.readings.get(column) if survey else None
        return worded(reading.label if reading and reading.label else column)

    def column(self, column: str) -> str:
        """Return a column of the survey by its label, in lower case where it is only a name."""
        return self.need(column)

    def segment(self, segment_id: str | None) -> str:
        """Return a segment's id and name, or « everyone » for ``None``."""
        if segment_id is None:
            return self.words.text("report.everyone")
        name = self._segments.get(segment_id)
        return f"{segment_id} · {name}" if name else segment_id

    def segment_name(self, segment_id: str) -> str:
        """Return a segment's name without its id."""
        return self._segments.get(segment_id, segment_id)

    def named_by_a_job(self, segment: Segment) -> bool:
        """Tell whether a person linked the segment's need to a job; other names are proposals."""
        return segment.job in self.jobs and any(
            link.confirmed and link.job == segment.job for link in self.findings.links
        )

    def predictors(self, key: str) -> str:
        """Name a set of predictors of the validation."""
        return self.words.text(f"report.predictors.{key}")

    def marker(self, marker: Marker) -> str:
        """Return what a marker is about: its need, and of a need without an order the answer."""
        return with_answer(self.need(marker.need), marker)

    def _name_segments(self) -> dict[str, str]:
        segmentation = self.findings.segmentation
        if segmentation is None:
            return {}
        return proposed_names(
            segmentation.segments,
            self.marker,
            self.words,
            first={
                segment.id: self.job(segment.job)
                for segment in segmentation.segments
                if segment.job and self.named_by_a_job(segment)
            },
        )


def with_answer(need: str, marker: Marker) -> str:
    """Add to a need's words which answer its share is of, where that does not go without saying."""
    return f"{need} = {marker.answer}" if marker.answer else need


def proposed_names(
    segments: Sequence[Segment],
    called: Callable[[Marker], str],
    words: Messages,
    *,
    first: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """Name every segment by what sets it apart most among what it has more than everyone.

    Parameters
    ----------
    segments
        Their markers stand in the order of how much they set the segment apart.
    called
        What a marker is called.
    words
        Catalogue of the sentences.
    first
        Names that come before: segment id → name.

    Returns
    -------
    dict
        Segment id → name. A name that an earlier segment has is left to it, as long as there is
        another one. A single segment is everyone.
    """
    if len(segments) == 1:
        return {segments[0].id: words.text("report.everyone")}
    named: dict[str, str] = {}
    for segment in segments:
        above = [called(item) for item in segment.markers if item.value > item.overall]
        candidates = [*above, words.text("report.segment.nothing_above")]
        if first and segment.id in first:
            candidates = [first[segment.id], *candidates]
        free = [text for text in candidates if text not in named.values()]
        named[segment.id] = free[0] if free else candidates[0]
    return named
