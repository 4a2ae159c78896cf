"""What charts of segments need to call things by their names, whatever the route."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from embauche.messages import Messages, messages
from embauche.present.names import proposed_names, with_answer, worded
from embauche.segment.relation import Relation
from embauche.segment.routes_result import RouteSegmentation
from embauche.segment.segmentation import Marker, Segmentation
from embauche.vocabulary import Language


class SegmentNames(Protocol):
    """Segments of any route, with the names of what is said of them; `Names` is one.

    Attributes
    ----------
    words, language
        Catalogue of the sentences, and its language.
    """

    words: Messages
    language: Language

    @property
    def segmentation(self) -> Segmentation | RouteSegmentation | None:
        """The segments."""

    @property
    def asked(self) -> Literal["survey", "interviews"]:
        """What the segments were found in."""

    def segment(self, segment_id: str | None) -> str:
        """Return a segment's id and name."""

    def segment_name(self, segment_id: str) -> str:
        """Return a segment's name without its id."""

    def marker(self, marker: Marker) -> str:
        """Return what a marker is about."""

    def column(self, column: str) -> str:
        """Return what a column is called."""


class SegmentsAlone:
    """Segments of one route outside of a study's findings.

    Parameters
    ----------
    found
        Segments.
    labels
        Column, outcome or job id → what it is called.
    language
        Language of the names and sentences.
    """

    def __init__(
        self,
        found: Segmentation | RouteSegmentation,
        labels: Mapping[str, str],
        language: Language,
    ) -> None:
        self._found = found
        self.asked: Literal["survey", "interviews"] = (
            "interviews"
            if isinstance(found, RouteSegmentation) and found.route == "hierarchical"
            else "survey"
        )
        self.language = language
        self.words = messages(language)
        self._labels = labels
        self._names = names_of(found, labels, self.words)

    @property
    def segmentation(self) -> Segmentation | RouteSegmentation:
        """The segments."""
        return self._found

    def segment(self, segment_id: str | None) -> str:
        """Return a segment's id and name, or « everyone » for ``None``."""
        if segment_id is None:
            return self.words.text("report.everyone")
        return f"{segment_id} · {self.segment_name(segment_id)}"

    def segment_name(self, segment_id: str) -> str:
        """Return a segment's proposed name."""
        return self._names[segment_id]

    def marker(self, marker: Marker) -> str:
        """Return what a marker is about: its need, outcome or job, with the answer it is of."""
        return with_answer(self.column(marker.need), marker)

    def column(self, column: str) -> str:
        """Return what a column, outcome or job is called."""
        return worded(self._labels.get(column) or column)


def names_of(
    found: Segmentation | RouteSegmentation | Relation,
    labels: Mapping[str, str],
    words: Messages,
) -> dict[str, str]:
    """Return the names proposed for the segments of any route, as the report proposes them.

    Parameters
    ----------
    found
        Segments.
    labels
        Column, outcome or job id → what it is called.
    words
        Catalogue of the sentences.
    """
    return proposed_names(
        found.segments,
        lambda marker: with_answer(worded(labels.get(marker.need) or marker.need), marker),
        words,
    )
