"""What people decided, as the coder learns from it."""

from __future__ import annotations

from typing import Final

from embauche.identify import Correction, evidence_id
from embauche.study.decisions import Decisions
from embauche.study.several_coders import Line
from embauche.vocabulary import EvidenceStatus, Facet

_WHERE: Final = ("source", "start", "end", "facet")
_WHOLE: Final = ((0, 2**62),)


def corrections_of(decisions: Decisions) -> tuple[Correction, ...]:
    """Return the decisions about evidence that say which words they are about.

    Accepting and adding say that the words carry the facet, rejecting that they do not; coding
    otherwise says both, of the new facet and of the one that was proposed. Of a sentence that a
    person looked at, what they left uncoded is a no. A line that names no words (older studies)
    teaches nothing; it still decides.
    """
    found = []
    for line in decisions.evidence.values():
        status = line.get("status", EvidenceStatus.ACCEPTED)
        if status == EvidenceStatus.PROPOSED or not all(key in line for key in _WHERE):
            continue
        place = (str(line["source"]), int(line["start"]), int(line["end"]))
        facet, carried = Facet(line["facet"]), status == EvidenceStatus.ACCEPTED
        found.append(Correction(*place, facet, carried))
        proposed = _proposed(line, place, facet) if carried else facet
        if proposed is not facet:
            found.append(Correction(*place, proposed, carried=False))
    for line in decisions.reviewed:
        for start, end in line.get("spans", _WHOLE):
            place = (str(line["source"]), int(start), int(end))
            found.extend(Correction(*place, facet, carried=False) for facet in Facet)
    return tuple(found)


def _proposed(line: Line, place: tuple[str, int, int], facet: Facet) -> Facet:
    """Return the facet that the words were proposed with: a proposal's id tells it."""
    wanted = str(line["id"])
    found = (other for other in (facet, *Facet) if evidence_id(*place, other) == wanted)
    return next(found, facet)
