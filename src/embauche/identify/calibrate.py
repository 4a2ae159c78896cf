"""Set the coder's priors and thresholds on coded real text: ``python -m … calibrate GOLD.jsonl``.

Real interviews carry far less than training sentences do, so the scores are moved and scaled
(Platt scaling) to the shares found in real text, and each facet gets the probability from which
it is proposed. The real text sets these constants only; no weight is ever learned from it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from embauche.identify.coder import (
    FACETS,
    UNCALIBRATED,
    Calibration,
    Utterance,
    heard_question,
    of_reviews,
    shipped_coder,
)
from embauche.vocabulary import Facet, SourceKind

FEWEST: Final = 20
"""Agreed positives below which a facet's prior and threshold are not taken from real text."""

SILENCE: Final = 0.2
"""No facet is proposed below one chance in five, whatever F1 would gain: a reader who has to
reject four proposals for each that holds stops reading."""

UNHEARD: Final = 0.25
"""Threshold of a facet that the coded text hardly holds: a judgement, not a measurement."""

WORTH_A_LOOK: Final = 0.3
"""No threshold is higher: who reviews would rather reject two of three than never see an aim."""

_PRIOR: Final = 1.0
"""Ridge on each facet's departure from the shared offset, in units of one squared log-odds."""


def calibrate(
    scores: NDArray[np.float64],
    codes: NDArray[np.float64],
    fewest: int = FEWEST,
    silence: float = SILENCE,
    reviews: NDArray[np.bool_] | None = None,
) -> dict[Facet, Calibration]:
    """Fit one slope for all facets, an offset a facet and kind of source, and thresholds.

    Parameters
    ----------
    scores
        (n, 12) uncalibrated scores.
    codes
        (n, 12) of 1 (carried), 0 (not carried) and NaN (the coders disagree, or never looked).
    fewest
        Agreed positives from which a facet has an offset and a threshold of its own, the latter
        drawn half way towards the shared one since few sentences decide it.
    silence
        The lowest threshold that may be chosen.
    reviews
        (n,) which sentences stand in a review; none by default.

    Notes
    -----
    Offsets are shrunk towards their mean, and those of reviews towards those of interviews: a
    review complains four times as often, and hardly ever tells of circumstances. A facet with fewer
    than `fewest` agreed positives has the mean offset of the others and the threshold `UNHEARD`:
    talk that was not asked about a switch holds hardly any triggers, habits or social jobs, and
    says nothing about how often an interview that asks for them does.
    """
    known = ~np.isnan(codes)
    target = np.where(known, codes, 0.0)

    facets = scores.shape[1]
    written = np.zeros(len(scores)) if reviews is None else reviews - 0.5

    def margins(parameters: NDArray[np.float64]) -> NDArray[np.float64]:
        own, more = np.split(parameters[2:], [facets])
        return np.asarray(
            np.exp(parameters[0]) * scores + parameters[1] + own + written[:, None] * more
        )

    def loss(parameters: NDArray[np.float64]) -> float:
        margin = margins(parameters)
        errors = np.logaddexp(0, margin) - target * margin
        return float(errors[known].sum() + _PRIOR * (parameters[2:] ** 2).sum() / 2)

    found = minimize(loss, np.zeros(2 + 2 * facets), method="L-BFGS-B").x
    slope, (own, more) = float(np.exp(found[0])), np.split(found[2:], [facets])
    offsets = found[1] + own - more / 2
    probabilities = 1 / (1 + np.exp(-np.clip(margins(found), -30, 30)))
    grid = np.arange(silence, 0.66, 0.02)
    f1 = np.array(
        [[_f1(probabilities[:, j], codes[:, j], t) for t in grid] for j in range(scores.shape[1])]
    )
    enough = np.nansum(codes, axis=0) >= fewest
    shared = float(grid[f1[enough].mean(axis=0).argmax()]) if enough.any() else 0.5
    thresholds = [
        min((shared + _middle_of_best(grid, f1[j])) / 2, WORTH_A_LOOK) if enough[j] else UNHEARD
        for j in range(scores.shape[1])
    ]
    offsets = np.where(enough, offsets, offsets[enough].mean() if enough.any() else 0.0)
    more = np.where(enough, more, 0.0)
    return {
        facet: Calibration(
            round(slope, 4),
            round(float(offsets[j]), 4),
            round(thresholds[j], 3),
            round(float(more[j]), 4),
        )
        for j, facet in enumerate(FACETS)
    }


def gold_utterances(rows: Sequence[Mapping[str, Any]]) -> list[tuple[Utterance, Mapping[str, Any]]]:
    """Pair every coded row with its utterance.

    Rows stand in the order of their source. The participant's row directly before, and the last
    words of the interviewer, are what precedes a sentence, as when a whole source is read.
    """
    paired = []
    source, before, turn_over = None, "", True
    asked: list[str] = []
    for row in rows:
        if row["source"] != source:
            source, before, turn_over, asked = row["source"], "", True, []
        if row["role"] != "participant":
            asked = [row["text"]] if turn_over else [*asked, row["text"]]
            before, turn_over = "", False
            continue
        if "coder_a" in row:
            heard = Utterance(
                row["text"], before, heard_question(asked), row.get("kind") == SourceKind.REVIEW
            )
            paired.append((heard, row))
        before, turn_over = row["text"], True
    return paired


def agreed_codes(rows: Sequence[Mapping[str, Any]]) -> NDArray[np.float64]:
    """Return (n, 12) of 1 and 0 where both coders agree, NaN elsewhere; `pull` was not coded."""
    codes = np.full((len(rows), len(FACETS)), np.nan)
    for i, row in enumerate(rows):
        for j, facet in enumerate(FACETS):
            first, second = facet in row["coder_a"], facet in row["coder_b"]
            if first == second and facet is not Facet.PULL:
                codes[i, j] = float(first)
    return codes


def read_gold(path: Path) -> list[dict[str, Any]]:
    """Read a .jsonl file of coded sentences (one object a line)."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _f1(probability: NDArray[np.float64], code: NDArray[np.float64], threshold: float) -> float:
    chosen = probability >= threshold
    hit = float((chosen & (code == 1)).sum())
    wrong = float((chosen & (code == 0)).sum())
    missed = float((~chosen & (code == 1)).sum())
    return 2 * hit / (2 * hit + wrong + missed) if hit else 0.0


def _middle_of_best(grid: NDArray[np.float64], f1: NDArray[np.float64]) -> float:
    return float(np.median(grid[f1 >= f1.max() - 0.01]))


def main() -> None:
    """Write ``calibration.json`` beside this module."""
    path = Path(sys.argv[1])
    paired = gold_utterances(read_gold(path))
    codes = agreed_codes([row for _, row in paired])
    utterances = [utterance for utterance, _ in paired]
    fitted = calibrate(
        shipped_coder().hear(utterances).scores, codes, reviews=of_reviews(utterances)
    )
    data = {
        "made_by": "python -m embauche.identify.calibrate ../shared/data/gold/dev.jsonl",
        "how": (
            "One slope, an offset a facet (shrunk to their mean), what reviews add to it, and "
            "thresholds by F1, on the sentences that two coders agree on; facets with fewer than "
            "20 of them keep the others' mean offset. No weight is learned from them."
        ),
        "sentences": len(paired),
        "made_from": sha256(path.read_bytes()).hexdigest(),
        "columns": list(Calibration._fields),
        "facets": {str(facet): list(fitted.get(facet, UNCALIBRATED[facet])) for facet in FACETS},
    }
    target = Path(__file__).with_name("calibration.json")
    target.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", "utf-8")
    sys.stdout.write(f"{target.name}: {len(paired)} sentences\n")


if __name__ == "__main__":
    main()
