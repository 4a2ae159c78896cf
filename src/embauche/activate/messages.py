"""The raw material of messages: participants' own words for pain and for the wished-for result."""

from __future__ import annotations

from collections.abc import Sequence

from embauche.activate.steps import MessageMaterial
from embauche.activate.voices import chosen, held, people, thin
from embauche.identify.evidence import Evidence
from embauche.jobs.job import Job
from embauche.vocabulary import Facet


def messages(job: Job, evidence: Sequence[Evidence], *, most: int = 6) -> MessageMaterial:
    """Arrange what a message for a job could say, in the customers' own words.

    Parameters
    ----------
    job
        A job of the map.
    evidence
        The evidence that the map speaks of.
    most
        Quotes a side at most.

    Returns
    -------
    MessageMaterial
        Pains from frustrations, anxieties and unpleasant emotions; gains from objectives
        and pulls.
    """
    known = {item.id: item for item in evidence}
    pains = held(job, (Facet.FRUSTRATION, Facet.ANXIETY), known)
    gains = held(job, (Facet.OBJECTIVE, Facet.PULL), known)
    for pair in held(job, (Facet.EMOTION,), known):
        valence = pair[1].valence
        if valence is not None and valence < 0:
            pains.append(pair)
    return MessageMaterial(
        job=job.id,
        pains=chosen(pains, most),
        gains=chosen(gains, most),
        pains_participants=people(pains),
        gains_participants=people(gains),
        notices=(
            *thin("activate.thin_pains", people(pains)),
            *thin("activate.thin_gains", people(gains)),
        ),
    )
