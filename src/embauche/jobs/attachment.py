"""What surrounds a job: frustrations, fears, alternatives… attached to the job they speak of.

Two things say which job a frustration belongs to: what it is about (cosine with the job's centre)
and who said it when. Words that stand in the very sentence in which the same person states a job
are better evidence than a cosine of .2, so both are added:

    ``score = cosine + 0.5 × proximity``, attached where ``score ≥ 0.25``

with a proximity of 1 in the same words, 0.6 in the same turn, 0.45 in a neighbouring turn of the
participant, and 0.3 elsewhere in the talk of someone who states the job: what people complain of
is mostly about what they try to get done. A cosine below −0.05 is never outweighed: people change
the subject inside a turn. Weight and limit were chosen on six fictional jobs and judged on six
others (``benchmarks/attachment.py``); the proximities are judgements.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from embauche.collect.source import Corpus
from embauche.identify.evidence import Evidence
from embauche.vocabulary import SpeakerRole

SAME_WORDS, SAME_TURN, NEIGHBOURING_TURN, SAME_PERSON = 1.0, 0.6, 0.45, 0.3
PROXIMITY_WEIGHT = 0.5
LEAST_SCORE = 0.2
LEAST_COSINE = -0.05


def participant_turns(corpus: Corpus) -> dict[str, list[tuple[int, int]]]:
    """Return, for each source, the spans of the participants' turns in order."""
    return {
        source.id: [
            (turn.start, turn.end) for turn in source.turns if turn.role is SpeakerRole.PARTICIPANT
        ]
        for source in corpus.sources
    }


def _turn(spans: Sequence[tuple[int, int]], position: int) -> int | None:
    for index, (start, end) in enumerate(spans):
        if start <= position < end:
            return index
    return None


def proximities(
    items: Sequence[Evidence],
    goals: Sequence[Evidence],
    labels: NDArray[np.int64],
    jobs: int,
    corpus: Corpus,
) -> NDArray[np.float64]:
    """Say how near in the conversation each item stands to each job's statements.

    Parameters
    ----------
    items
        Evidence to attach.
    goals, labels
        Goal evidence and its job, −1 for none.
    jobs
        Number of jobs.

    Returns
    -------
    ndarray
        (items, jobs) from 0 to 1.
    """
    turns = participant_turns(corpus)
    by_source: dict[tuple[str, str], list[tuple[Evidence, int, int | None]]] = {}
    for goal, label in zip(goals, labels, strict=True):
        if label >= 0:
            turn = _turn(turns.get(goal.source, ()), goal.start)
            by_source.setdefault((goal.source, goal.participant), []).append(
                (goal, int(label), turn)
            )
    near = np.zeros((len(items), jobs))
    for row, item in enumerate(items):
        own = _turn(turns.get(item.source, ()), item.start)
        for goal, label, turn in by_source.get((item.source, item.participant), ()):
            value = SAME_PERSON
            if item.start < goal.end and goal.start < item.end:
                value = SAME_WORDS
            elif own is not None and turn is not None and abs(own - turn) <= 1:
                value = SAME_TURN if own == turn else NEIGHBOURING_TURN
            near[row, label] = max(near[row, label], value)
    return near


def attach(
    cosine: NDArray[np.float64], near: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Choose the job of each item.

    Parameters
    ----------
    cosine, near
        (items, jobs), see the module.

    Returns
    -------
    tuple of ndarray
        (items,) index of the job or −1, and the (items, jobs) scores.
    """
    score = cosine + PROXIMITY_WEIGHT * near
    if score.shape[1] == 0:
        return np.full(len(score), -1, dtype=np.int64), score
    allowed = np.where(cosine >= LEAST_COSINE, score, -np.inf)
    best = allowed.argmax(axis=1)
    reached = allowed[np.arange(len(best)), best]
    return np.where(reached >= LEAST_SCORE, best, -1).astype(np.int64), score
