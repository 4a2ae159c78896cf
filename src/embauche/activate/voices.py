"""Choosing quotes: typical, clear, and by different participants first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from embauche.activate.steps import THIN, Voice
from embauche.identify.evidence import Evidence
from embauche.jobs.job import Attachment, Job
from embauche.notices import Notice
from embauche.vocabulary import EvidenceStatus, Facet

_MUMBLE = re.compile(
    r"\b(?:euh|heu|hein|ben|bah|voilà|quoi|enfin|um|uh|you know|like|kind of|sort of)\b|\.\.\.|…",
    re.IGNORECASE,
)


def clarity(quote: str) -> float:
    """Say how well a quote can be read by itself, 0 to 1: neither a scrap nor a ramble."""
    words = len(quote.split())
    short = min(1.0, words / 7)
    long = 1.0 if words <= 25 else max(0.2, 1.0 - (words - 25) / 40)
    mumbled = min(0.5, 0.12 * len(_MUMBLE.findall(quote)))
    return max(0.0, short * long - mumbled)


def held(
    job: Job, facets: Sequence[Facet], known: Mapping[str, Evidence]
) -> list[tuple[Attachment, Evidence]]:
    """Return a job's evidence of some facets, each span once."""
    spans: dict[tuple[str, int, int], tuple[Attachment, Evidence]] = {}
    for facet in facets:
        for made in job.cells.get(facet, ()):
            item = known.get(made.evidence)
            if item is not None:
                spans.setdefault((item.source, item.start, item.end), (made, item))
    return list(spans.values())


def chosen(pairs: Iterable[tuple[Attachment, Evidence]], most: int) -> tuple[Voice, ...]:
    """Rank by typicality × clarity; a second quote of a participant waits for everyone's first.

    The rank is ``similarity + 0.2 × proximity + 0.5 × clarity + 0.2 × confidence``.
    """
    ranked = sorted(
        pairs,
        key=lambda pair: (
            -(
                pair[0].similarity
                + 0.2 * pair[0].proximity
                + 0.5 * clarity(pair[1].quote)
                + 0.2 * pair[1].confidence
            ),
            pair[1].id,
        ),
    )
    turn: dict[str, int] = {}
    placed = []
    for position, (_, item) in enumerate(ranked):
        turn[item.participant] = turn.get(item.participant, 0) + 1
        placed.append((turn[item.participant], position, item))
    placed.sort(key=lambda entry: entry[:2])
    return tuple(voice(item) for _, _, item in placed[:most])


def voice(item: Evidence) -> Voice:
    """Return a piece of evidence as a voice."""
    reviewed = item.status is EvidenceStatus.ACCEPTED
    return Voice(item.id, item.participant, item.quote, item.facet, item.language, reviewed)


def people(pairs: Iterable[tuple[Attachment, Evidence]]) -> int:
    """Count participants, each once."""
    return len({item.participant for _, item in pairs})


def thin(code: str, n: int) -> tuple[Notice, ...]:
    """Return the notice that evidence is thin, if it is."""
    return (Notice(code, {"n": n, "least": THIN}, "weak"),) if n < THIN else ()
