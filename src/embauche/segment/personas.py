"""Contextual personas: typical users by situation inside each segment, never by demographics.

A persona is a combination of one to three situation answers that is frequent in its segment and
more frequent there than in the other segments. Demographics cannot enter: only the survey's
situation columns are read, and a column that is listed as a demographic as well is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.collect.survey import Survey
from embauche.notices import Notice
from embauche.segment.personas_answers import Answer, answers_of, kish, survey_weights, wilson
from embauche.segment.routes_result import RouteSegmentation
from embauche.segment.segmentation import Persona, Segmentation

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]

LEAST_N: Final = 15
"""Fewer respondents than this are no persona: at n = 15 a Wilson interval on a half is already
from 27 to 73 %, and a situation shared by a handful could name people."""

LEAST_SHARE: Final = 0.10
"""Typical means at least a tenth of the segment."""

MOST_TRAITS: Final = 3
MOST_PERSONAS: Final = 4

GAIN: Final = 1.15
"""A longer combination must raise the lift of every shorter one inside it by this factor."""

NEW_PEOPLE: Final = 0.5
"""At least this share of a persona's people stand in no persona chosen before it."""


@dataclass(frozen=True, slots=True)
class PersonaSearch:
    """What a search for personas found.

    Attributes
    ----------
    personas
        Segment id → its personas, the most telling first; empty where none holds.
    notices
        How situation columns were read, and why a segment has no personas.
    """

    personas: Mapping[str, tuple[Persona, ...]]
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class _Combination:
    answers: tuple[Answer, ...]
    rows: Bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    combination: _Combination
    persona: Persona
    surprise: float


def personas(
    segmentation: Segmentation | RouteSegmentation, survey: Survey
) -> dict[str, tuple[Persona, ...]]:
    """Find contextual personas inside each segment; see `find_personas`."""
    return dict(find_personas(segmentation, survey).personas)


def find_personas(segmentation: Segmentation | RouteSegmentation, survey: Survey) -> PersonaSearch:
    """Find contextual personas inside each segment from situation columns only.

    Parameters
    ----------
    segmentation
        Segments of this survey's respondents, by any route.
    survey
        Its situation columns are read and no others, but for the weights.

    Returns
    -------
    PersonaSearch
        Personas by segment, with notices.

    Notes
    -----
    Combinations of up to three answers to different questions are grown one answer at a time; one
    held by fewer than `LEAST_N` respondents is not grown further, since none that contains it can
    be more frequent (Agrawal and Srikant 1994). Inside a segment a combination counts when at least
    `LEAST_N` respondents and a tenth of the segment hold it, and when its lift (share in the
    segment over share outside) exceeds 1 at the 5 % level after Bonferroni's correction for all
    combinations tried there; the interval shown is the plain 95 % one on the log scale (Katz 1978).
    Numbers are cut at the tertiles of all respondents, and a notice shows where. Weighted shares
    take Kish's effective n.
    """
    columns = tuple(name for name in survey.situation if name not in survey.demographics)
    nothing = MappingProxyType({segment.id: () for segment in segmentation.segments})
    if not columns:
        return PersonaSearch(nothing, (Notice("persona.no_situation", {}, "info"),))
    if len(segmentation.segments) < 2:
        return PersonaSearch(nothing, (Notice("persona.one_segment", {}, "info"),))
    answers, notices = answers_of(survey, columns)
    weights = survey_weights(survey)
    tried = _frequent(answers)
    found: dict[str, tuple[Persona, ...]] = {}
    for at, segment in enumerate(segmentation.segments):
        inside = segmentation.labels == at
        found[segment.id] = ()
        if inside.sum() < LEAST_N:
            params = {"segment": segment.id, "n": int(inside.sum()), "least": LEAST_N}
            notices.append(Notice("persona.small_segment", params))
            continue
        others = (segmentation.labels >= 0) & ~inside
        found[segment.id] = _choose(_candidates(tried, inside, others, weights, segment.id))
        if not found[segment.id]:
            params = {"segment": segment.id, "least": LEAST_N, "least_share": LEAST_SHARE}
            notices.append(Notice("persona.none_found", params, "info"))
    return PersonaSearch(MappingProxyType(found), tuple(notices))


def _frequent(answers: list[Answer]) -> list[_Combination]:
    """Grow combinations of answers to different questions while enough respondents hold them."""
    level = [_Combination((a,), a.holds) for a in answers if a.holds.sum() >= LEAST_N]
    single = list(level)
    found = list(level)
    for _ in range(MOST_TRAITS - 1):
        grown = []
        for combination in level:
            for other in single:
                new = other.answers[0]
                if new.column_order <= combination.answers[-1].column_order:
                    continue
                rows = combination.rows & other.rows
                if rows.sum() >= LEAST_N:
                    grown.append(_Combination((*combination.answers, new), rows))
        found += grown
        level = grown
    return found


def _candidates(
    tried: list[_Combination], inside: Bool, others: Bool, weights: Float, segment: str
) -> list[_Candidate]:
    from scipy.stats import norm

    held = [c for c in tried if (c.rows & inside).sum() >= LEAST_N]
    if not held:
        return []
    strict = float(norm.ppf(1 - 0.025 / len(held)))
    n_in, n_out = kish(weights[inside]), kish(weights[others])
    lifts: dict[tuple[int, ...], float] = {}
    kept = []
    for combination in held:
        share = _share(combination.rows, inside, weights)
        outside = _share(combination.rows, others, weights)
        # A half is added to each count so that an answer nobody outside gave has a finite lift.
        a, b = share * n_in + 0.5, outside * n_out + 0.5
        lift = (a / (n_in + 0.5)) / (b / (n_out + 0.5))
        error = np.sqrt(max(1 / a - 1 / (n_in + 0.5) + 1 / b - 1 / (n_out + 0.5), 1e-12))
        key = tuple(answer.order for answer in combination.answers)
        lifts[key] = lift
        shorter = [
            lifts.get(part, 0.0) for r in range(1, len(key)) for part in combinations(key, r)
        ]
        if share < LEAST_SHARE or np.log(lift) <= strict * error:
            continue
        if any(lift < GAIN * value for value in shorter):
            continue
        low, high = wilson(share, n_in)
        persona = Persona(
            id="",
            segment=segment,
            traits=MappingProxyType({x.column: x.answer for x in combination.answers}),
            n=int((combination.rows & inside).sum()),
            share=share,
            low=low,
            high=high,
            lift=float(lift),
            lift_low=float(lift * np.exp(-1.959964 * error)),
            lift_high=float(lift * np.exp(1.959964 * error)),
        )
        kept.append(_Candidate(combination, persona, share * float(np.log(lift))))
    return kept


def _share(rows: Bool, among: Bool, weights: Float) -> float:
    total = weights[among].sum()
    return float(weights[among & rows].sum() / total) if total > 0 else 0.0


def _choose(candidates: list[_Candidate]) -> tuple[Persona, ...]:
    """Take the most telling combination, then the next that is mostly about other people."""
    chosen: list[Persona] = []
    covered: Bool | None = None
    for candidate in sorted(candidates, key=lambda c: (-c.surprise, len(c.persona.traits))):
        rows = candidate.combination.rows
        if covered is not None and (rows & ~covered).sum() < NEW_PEOPLE * rows.sum():
            continue
        covered = rows if covered is None else covered | rows
        persona = candidate.persona
        chosen.append(
            Persona(
                f"{persona.segment}.{len(chosen) + 1}",
                persona.segment,
                persona.traits,
                persona.n,
                persona.share,
                persona.low,
                persona.high,
                persona.lift,
                persona.lift_low,
                persona.lift_high,
            )
        )
        if len(chosen) == MOST_PERSONAS:
            break
    return tuple(chosen)
