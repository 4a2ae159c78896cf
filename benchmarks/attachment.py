"""How often what surrounds a job is attached to the right one, by weight and limit.

python benchmarks/attachment.py [--json]

168 lines and 48 goals of twelve jobs, written for this project and fictional
(``sentences/attachment.tsv``); 24 of the lines are about no job. Where each line is said is drawn
with a seed: beside its own job, beside another one, or nowhere near any (`_SAID`). The limits are
chosen on six jobs and judged on the other six.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embauche.identify.vectors import shared_vectors
from embauche.jobs import attachment
from embauche.jobs.space import fit_space, unit
from embauche.vocabulary import Language

LINES = Path(__file__).parent / "sentences" / "attachment.tsv"
WEIGHTS = (0.0, 0.15, 0.25, 0.35, 0.5, 0.7)
LIMITS = tuple(round(0.05 * step, 2) for step in range(11))
_DRAWS = 20
# Share of lines, proximity to the own job, proximity to another job that the speaker states.
_SAID = (
    (0.25, attachment.SAME_TURN, 0.0),
    (0.20, attachment.NEIGHBOURING_TURN, attachment.SAME_PERSON),
    (0.25, attachment.SAME_PERSON, attachment.SAME_PERSON),
    (0.15, attachment.SAME_PERSON, attachment.NEIGHBOURING_TURN),
    (0.15, 0.0, 0.0),
)

Rows = Sequence[tuple[str, str, Language, str]]


def read() -> Rows:
    """Return job, facet, language and words of each line."""
    with LINES.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(lines)
        return [(job, facet, Language(code), text) for job, facet, code, text in lines]


def cosines(rows: Rows, jobs: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return (lines, jobs) cosines with the centres of the goals, and the right job or −1."""
    goals = [row for row in rows if row[1] == "goal" and row[0] in jobs]
    lines = [row for row in rows if row[1] != "goal" and row[0] in (*jobs, "none")]
    encode = shared_vectors().encode
    space = fit_space(encode([row[3] for row in goals]), [row[2] for row in goals])
    of_goals, of_lines = (
        space.place(encode([row[3] for row in some]), [row[2] for row in some])
        for some in (goals, lines)
    )
    centres = unit(
        np.stack(
            [of_goals[[row[0] == job for row in goals]].sum(axis=0) for job in jobs],
        )
    )
    right = [jobs.index(row[0]) if row[0] in jobs else -1 for row in lines]
    return of_lines @ centres.T, np.array(right)


def near(right: NDArray[np.int64], jobs: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Draw where each line is said: (lines, jobs) proximities."""
    made = np.zeros((len(right), jobs))
    kinds = rng.choice(len(_SAID), len(right), p=[share for share, _, _ in _SAID])
    for row, (job, kind) in enumerate(zip(right.tolist(), kinds.tolist(), strict=True)):
        _, own, other = _SAID[kind]
        others = [item for item in range(jobs) if item != job]
        # A line about no job is said beside some job as often as the others are.
        made[row, rng.choice(others)] = max(other, own) if job < 0 else other
        if job >= 0:
            made[row, job] = own
    return made


def judged(
    cosine: NDArray[np.float64], right: NDArray[np.int64], weight: float, limit: float, seed: int
) -> dict[str, float]:
    """Return precision, recall and F1 of attachments, over draws of where lines are said."""
    before = attachment.PROXIMITY_WEIGHT, attachment.LEAST_SCORE
    attachment.PROXIMITY_WEIGHT, attachment.LEAST_SCORE = weight, limit
    hits = attached = 0
    try:
        for rng in map(np.random.default_rng, np.random.SeedSequence(seed).spawn(_DRAWS)):
            labels, _ = attachment.attach(cosine, near(right, cosine.shape[1], rng))
            hits += int(((labels == right) & (right >= 0)).sum())
            attached += int((labels >= 0).sum())
    finally:
        attachment.PROXIMITY_WEIGHT, attachment.LEAST_SCORE = before
    precision, recall = hits / max(attached, 1), hits / (_DRAWS * int((right >= 0).sum()))
    return {
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / max(precision + recall, 1e-9),
    }


def main(*, as_json: bool) -> None:
    """Print the figures of all settings on the six jobs, and of three on the other six."""
    rows = read()
    names = sorted({job for job, *_ in rows} - {"none"})
    chosen_on, judged_on = (cosines(rows, half) for half in (names[::2], names[1::2]))
    table = {
        (weight, limit): judged(*chosen_on, weight, limit, 1)
        for weight, limit in product(WEIGHTS, LIMITS)
    }
    best = max(table, key=lambda key: table[key]["f1"])
    now = (attachment.PROXIMITY_WEIGHT, attachment.LEAST_SCORE)
    shown = {"best": best, "now": now, "cosine alone": (0.0, max(
        LIMITS, key=lambda limit: table[0.0, limit]["f1"]))}  # fmt: skip
    data = {
        name: {"weight": key[0], "limit": key[1], "chosen_on": judged(*chosen_on, *key, 1),
               "judged_on": judged(*judged_on, *key, 2)}
        for name, key in shown.items()
    }  # fmt: skip
    if as_json:
        print(json.dumps(data, indent=2))
        return
    for weight in WEIGHTS:
        print(f"{weight:.2f} ", *(f"{table[weight, limit]['f1']:.2f}" for limit in LIMITS))
    for name, found in data.items():
        there, here = found["chosen_on"], found["judged_on"]
        print(
            f"{name}: weight {found['weight']}, limit {found['limit']}: F1 {there['f1']:.2f} where "
            f"chosen, {here['f1']:.2f} elsewhere (precision {here['precision']:.2f}, "
            f"recall {here['recall']:.2f})"
        )


if __name__ == "__main__":
    main(as_json="--json" in sys.argv)
