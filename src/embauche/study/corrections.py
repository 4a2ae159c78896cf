"""What people decided, as the coder learns from it."""

from __future__ import annotations

from embauche.identify import Correction
from embauche.study.decisions import Decisions
from embauche.vocabulary import EvidenceStatus, Facet

_WHERE = ("source", "start", "end", "facet")


def corrections_of(decisions: Decisions) -> tuple[Correction, ...]:
    """Return the decisions about evidence that say which words they are about.

    Accepting and adding say that the words carry the facet, rejecting that they do not. A line that
    names no words (older studies) teaches nothing; it still decides.
    """
    found = []
    for line in decisions.evidence.values():
        status = line.get("status", EvidenceStatus.ACCEPTED)
        if status == EvidenceStatus.PROPOSED or not all(key in line for key in _WHERE):
            continue
        found.append(
            Correction(
                str(line["source"]),
                int(line["start"]),
                int(line["end"]),
                Facet(line["facet"]),
                status == EvidenceStatus.ACCEPTED,
            )
        )
    return tuple(found)
