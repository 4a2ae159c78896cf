"""Evidence: an exact span of a source and the facet it speaks for."""

from __future__ import annotations

from dataclasses import dataclass

from embauche.collect.source import Source
from embauche.errors import EvidenceError
from embauche.vocabulary import EvidenceStatus, Facet, Language, Moment


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of a participant's words, coded with one facet by one coder.

    Attributes
    ----------
    id
        Stable for the same source, span and facet.
    source, participant
        Ids.
    start, end
        Span in code points of the source's text.
    quote
        The exact words; always equal to ``source.text[start:end]``.
    facet
        What the words are evidence of.
    language
        Language of the words' source.
    coder
        Who coded: ``"machine:<version>"`` or ``"person:<name>"``.
    status
        Proposed, accepted or rejected.
    confidence
        Probability that the coder gives the facet, 0 to 1; 1 for a person.
    moment
        Moment of the timeline, where it can be told.
    intensity, dissatisfaction
        Ratings from 0 to 4 with anchored wording, proposed from the words; ``None`` is unknown
        and never zero.
    frequency
        Occurrences per month that the words state ("every day" → 30), else ``None``.
    valence
        How the words feel, −1 (unpleasant) to 1 (pleasant), where it can be told.
    reason
        Code of why the coder proposes this, for the margin (``notice.identify.reason.<reason>``).
    """

    id: str
    source: str
    participant: str
    start: int
    end: int
    quote: str
    facet: Facet
    language: Language
    coder: str
    status: EvidenceStatus = EvidenceStatus.PROPOSED
    confidence: float = 1.0
    moment: Moment | None = None
    intensity: int | None = None
    dissatisfaction: int | None = None
    frequency: float | None = None
    valence: float | None = None
    reason: str = ""

    @property
    def surety(self) -> float:
        """How sure the code is: 1 once a person accepted it, else the machine's confidence."""
        return 1.0 if self.status is EvidenceStatus.ACCEPTED else self.confidence


def verified(evidence: Evidence, source: Source) -> Evidence:
    """Return the evidence if its quote stands letter for letter in its source.

    Raises
    ------
    EvidenceError
        If the span or the quote is not the source's own words.
    """
    inside = 0 <= evidence.start < evidence.end <= len(source.text)
    if not inside or source.text[evidence.start : evidence.end] != evidence.quote:
        raise EvidenceError(
            "evidence.quote_not_in_source",
            source=source.name,
            start=evidence.start,
            quote=evidence.quote[:80],
        )
    return evidence
