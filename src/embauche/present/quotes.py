"""Participants' own words as they are shown: never retouched, always with who, where and what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from embauche.identify.evidence import Evidence
from embauche.present.names import Names
from embauche.present.source_names import shown_source
from embauche.vocabulary import FACET_LETTER, EvidenceStatus, Facet, label


@dataclass(frozen=True, slots=True)
class QuoteView:
    """One quote.

    Attributes
    ----------
    evidence
        Id of the evidence.
    text
        The exact words.
    who, source
        Pseudonym, and name of the source as it is shown.
    situation
        What is known of the person's situation, in its own words; empty where nothing is.
    facet
        What the words speak for.
    facet_name, letter, marker
        Its name, its tag, and the class of its marker stroke.
    proposed
        True where no person has reviewed it.
    moment
        Moment of the timeline in words; empty where it cannot be told.
    language
        Language of the words.
    """

    evidence: str
    text: str
    who: str
    source: str
    situation: str
    facet: Facet
    facet_name: str
    letter: str
    marker: str
    proposed: bool
    moment: str
    language: str


@dataclass(frozen=True, slots=True)
class QuoteList:
    """Some of the quotes that stand behind a figure.

    Attributes
    ----------
    shown
        The quotes to show, best first.
    mentions, participants
        How many quotes there are in all, and by how many people.
    """

    shown: tuple[QuoteView, ...]
    mentions: int
    participants: int

    @property
    def left(self) -> int:
        """How many quotes are not shown."""
        return self.mentions - len(self.shown)


class Quotes:
    """Every quote of a study that was not rejected, ready to be shown.

    Parameters
    ----------
    names
        Names of participants and sources.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._evidence = {
            item.id: item
            for item in names.findings.evidence
            if item.status is not EvidenceStatus.REJECTED
        }

    def __getitem__(self, evidence_id: str) -> Evidence:
        return self._evidence[evidence_id]

    def __contains__(self, evidence_id: object) -> bool:
        return evidence_id in self._evidence

    def known(self, ids: Iterable[str]) -> list[Evidence]:
        """Return the evidence with these ids, in their order, rejected ones left out."""
        return [self._evidence[item] for item in ids if item in self._evidence]

    def view(self, item: Evidence) -> QuoteView:
        """Return one piece of evidence as it is shown."""
        language = self._names.language
        return QuoteView(
            evidence=item.id,
            text=item.quote,
            who=self._names.participant(item.participant),
            source=shown_source(self._names.source(item.source)),
            situation=", ".join(self._names.situation(item.participant).values()),
            facet=item.facet,
            facet_name=label(item.facet, language),
            letter=FACET_LETTER[item.facet],
            marker=item.facet.value.replace("job.", "job-"),
            proposed=item.status is EvidenceStatus.PROPOSED,
            moment=label(item.moment, language) if item.moment else "",
            language=str(item.language),
        )

    def list(self, ids: Iterable[str], limit: int) -> QuoteList:
        """Return the first quotes of some evidence, different people first."""
        found = self.known(ids)
        return QuoteList(
            shown=tuple(self.view(item) for item in _people_first(found)[:limit]),
            mentions=len(found),
            participants=len({item.participant for item in found}),
        )


def _people_first(items: list[Evidence]) -> list[Evidence]:
    """Put the best quote of every person before anyone's second; the order is kept otherwise."""
    seen: dict[str, int] = {}
    turns: list[int] = []
    for item in items:
        turns.append(seen.get(item.participant, 0))
        seen[item.participant] = turns[-1] + 1
    order = sorted(range(len(items)), key=lambda place: (turns[place], place))
    return [items[place] for place in order]
