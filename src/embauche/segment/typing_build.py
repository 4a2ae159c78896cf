"""Building a typing tool: how many questions, which ones, and how far the result can be trusted.

How many and which are chosen on some respondents, agreement is measured on others. The curve by
number of questions comes from one cross-validation, and says how many are needed. The agreement
that is reported comes from a second one around the first (nested): its respondents chose neither
how many, nor which, nor any points (Varma and Simon 2006).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from embauche.collect.survey import Survey
from embauche.errors import StatisticsError
from embauche.notices import Notice
from embauche.segment.segmentation import Segmentation
from embauche.segment.typing_answers import Asked, asked, with_points
from embauche.segment.typing_scorers import fit_points, search, shares_of
from embauche.segment.typing_tool import UNSURE, Recall, Step, TypingTool

Float = NDArray[np.float64]
Rows = NDArray[np.int64]

ACCURACY: Final = 0.9
"""Agreement with the segment by all answers that is asked for by default."""

FOLDS: Final = 10
INNER_FOLDS: Final = 4

MARGIN: Final = 0.05
"""The search goes on until the respondents it looks at agree this much more than asked for: on
others, agreement is lower."""

FEW_RESPONDENTS: Final = 30
"""A segment with fewer respondents has a recall that says little."""

LEAST_RECALL: Final = 0.7
Z: Final = 1.96


def typing_refusal(segmentation: Segmentation, survey: Survey) -> Notice | None:
    """Say why there is no typing tool for these segments; ``None`` if there can be one."""
    if segmentation.k < 2:
        return Notice("typing.one_segment", {}, "info")
    if not segmentation.coding:
        return Notice("typing.no_coding", {"file": survey.name}, "info")
    counts = np.bincount(segmentation.labels[segmentation.labels >= 0], minlength=segmentation.k)
    if counts.min() < FOLDS:
        segment = segmentation.segments[int(counts.argmin())].id
        params = {"segment": segment, "n": int(counts.min()), "least": FOLDS}
        return Notice("typing.tiny_segment", params)
    return None


def make_typing_tool(
    segmentation: Segmentation,
    survey: Survey,
    *,
    accuracy: float = ACCURACY,
    max_questions: int | None = None,
    unsure: float = UNSURE,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> TypingTool | None:
    """Find the fewest questions that tell the segment, with the points of their answers.

    Parameters
    ----------
    segmentation, survey
        The segments, and the survey they come from.
    accuracy
        Agreement with the segment by all answers that is asked for, between 0 and 1.
    max_questions
        At most so many questions; by default as many as there are needs.
    unsure
        Under this probability of the best segment, the answer is "unsure".
    seed
        Seed of the folds.
    progress
        Called with the share done, 0 to 1; may raise to cancel.

    Returns
    -------
    TypingTool or None
        ``None`` where segments do not allow one; `typing_refusal` says why.

    Raises
    ------
    StatisticsError
        If `accuracy` or `unsure` is no share, or `max_questions` is less than 1.
    """
    for name, value in (("accuracy", accuracy), ("unsure", unsure)):
        if not 0 < value < 1:
            raise StatisticsError("typing.share", setting=name, value=value)
    if max_questions is not None and max_questions < 1:
        raise StatisticsError("typing.max_questions", value=max_questions)
    if typing_refusal(segmentation, survey) is not None:
        return None
    tell = progress or _silent
    data = asked(segmentation, survey)
    most = min(max_questions or len(data.questions), len(data.questions))
    with threadpool_limits(1):
        tool = _build(data, segmentation, most, accuracy, unsure, seed, tell)
    tell(1.0)
    return tool


def _build(
    data: Asked,
    segmentation: Segmentation,
    most: int,
    accuracy: float,
    unsure: float,
    seed: int,
    tell: Callable[[float], None],
) -> TypingTool:
    n = len(data.labels)
    every = np.arange(n)
    rng = np.random.default_rng(seed)
    enough = min(accuracy + MARGIN, 0.999)
    curve: list[Float] = []
    nested = np.zeros_like(data.posterior)
    longest = 1
    for at, (train, test) in enumerate(_folds(data.labels, every, FOLDS, rng)):

        def alive(at: int = at) -> None:
            tell(0.9 * at / FOLDS)

        alive()
        sets = search(data, train, most, enough, rng, swap=True, alive=alive)
        shares = [_held_out(data, chosen, train, test) for chosen in sets]
        curve.append(_by_number(shares, data, test, most))
        longest = max(longest, len(shares))
        number = _inner_number(data, train, most, accuracy, enough, rng, alive)
        nested[test] = shares[min(number, len(shares)) - 1]
    agreed = np.mean(curve, axis=0)[
        :longest
    ]  # folds hold the same number of rows, give or take one
    number = _number(agreed, accuracy)

    def last() -> None:
        tell(0.9)

    sets = search(data, every, most, enough, rng, swap=True, alive=last)
    chosen = _told_first(data, sets[min(number, len(sets)) - 1], last)
    start, points = fit_points(data, chosen, every)
    return _tool(data, segmentation, chosen, start, points, agreed, nested, accuracy, unsure, seed)


def _held_out(data: Asked, chosen: list[int], train: Rows, test: Rows) -> Float:
    start, points = fit_points(data, chosen, train)
    return shares_of(data, chosen, test, start, points)


def _agreement(data: Asked, shares: Float, rows: Rows) -> float:
    right = shares.argmax(axis=1) == data.labels[rows]
    return float(np.average(right, weights=data.weights[rows]))


def _by_number(shares: list[Float], data: Asked, rows: Rows, most: int) -> Float:
    """(most,) agreement by number of questions; where a search ended early, its last stands on."""
    values = [_agreement(data, one, rows) for one in shares]
    return np.array([*values, *[values[-1]] * (most - len(values))])


def _number(agreed: Float, accuracy: float) -> int:
    """Return the fewest questions that reach the agreement, or else all."""
    reached = np.flatnonzero(agreed >= accuracy)
    return int(reached[0]) + 1 if len(reached) else len(agreed)


def _inner_number(
    data: Asked,
    rows: Rows,
    most: int,
    accuracy: float,
    enough: float,
    rng: np.random.Generator,
    alive: Callable[[], None],
) -> int:
    """Choose how many questions as `_build` does, from some rows only."""
    curve = []
    for train, test in _folds(data.labels[rows], rows, INNER_FOLDS, rng):
        sets = search(data, train, most, enough, rng, swap=False, alive=alive)
        shares = [_held_out(data, chosen, train, test) for chosen in sets]
        curve.append(_by_number(shares, data, test, most))
    return _number(np.mean(curve, axis=0), accuracy)


def _folds(
    labels: Rows, rows: Rows, folds: int, rng: np.random.Generator
) -> list[tuple[Rows, Rows]]:
    """Deal rows out to folds, segment by segment."""
    order = rng.permutation(len(rows))
    order = order[np.argsort(labels[order], kind="stable")]
    fold = np.empty(len(rows), dtype=np.int64)
    fold[order] = np.arange(len(rows)) % folds
    return [(rows[fold != held], rows[fold == held]) for held in range(folds)]


def _told_first(data: Asked, chosen: list[int], alive: Callable[[], None]) -> list[int]:
    """Put the chosen questions in the order in which they tell most."""
    every = np.arange(len(data.labels))
    left = set(chosen)
    order: list[int] = []
    while left:
        values = {}
        for j in sorted(left):
            alive()
            trial = [*order, j]
            shares = _held_out(data, trial, every, every)
            log = np.log(np.maximum(shares, 1e-12))
            values[j] = float(data.weights @ (data.posterior * log).sum(axis=1))
        best = max(values, key=lambda j: values[j])
        order.append(best)
        left.remove(best)
    return order


def _tool(
    data: Asked,
    segmentation: Segmentation,
    chosen: list[int],
    start: Float,
    points: list[Float],
    agreed: Float,
    nested: Float,
    accuracy: float,
    unsure: float,
    seed: int,
) -> TypingTool:
    weights, labels = data.weights, data.labels
    right = nested.argmax(axis=1) == labels
    sure = nested.max(axis=1) >= unsure
    size = float(weights.sum() ** 2 / (weights**2).sum())
    agreement, low, high = _wilson(right, weights, size)
    recall = []
    for k, segment in enumerate(segmentation.segments):
        member = labels == k
        share, least, top = _wilson(right[member], weights[member], size * member.mean())
        recall.append(Recall(segment.id, int(member.sum()), share, least, top))
    steps = tuple(
        Step(
            at + 1,
            data.questions[chosen[at]].need if at < len(chosen) else None,
            float(value),
            *_wilson_limits(float(value), size),
        )
        for at, value in enumerate(agreed)
    )
    reached = bool(agreed[len(chosen) - 1] >= accuracy)
    return TypingTool(
        scorer=data.scorer,
        segments=tuple(one.id for one in segmentation.segments),
        start=tuple(float(value) for value in start - start.max()),
        questions=tuple(
            with_points(data.questions[j], table) for j, table in zip(chosen, points, strict=True)
        ),
        unsure=unsure,
        target=accuracy,
        reached=reached,
        steps=steps,
        agreement=agreement,
        low=low,
        high=high,
        recall=tuple(recall),
        unsure_share=float(np.average(~sure, weights=weights)),
        sure_agreement=float(np.average(right[sure], weights=weights[sure]))
        if sure.any()
        else None,
        claimed=float(np.average(nested.max(axis=1), weights=weights)),
        n=len(labels),
        folds=FOLDS,
        seed=seed,
        notices=_notices(data, segmentation, chosen, agreed, recall, agreement, accuracy),
    )


def _notices(
    data: Asked,
    segmentation: Segmentation,
    chosen: list[int],
    agreed: Float,
    recall: list[Recall],
    agreement: float,
    accuracy: float,
) -> tuple[Notice, ...]:
    notices = []
    if data.scorer == "multinomial":
        notices.append(Notice("typing.own_scorer", {}, "info"))
    best = float(agreed[len(chosen) - 1])
    if best < accuracy:
        params = {"n": len(chosen), "share": best, "target": accuracy}
        notices.append(Notice("typing.not_reached", params))
    elif agreement < accuracy:
        params = {"n": len(chosen), "share": agreement, "target": accuracy}
        notices.append(Notice("typing.just_reached", params, "info"))
    for one in recall:
        if one.n < FEW_RESPONDENTS:
            notices.append(Notice("typing.small_segment", {"segment": one.segment, "n": one.n}))
        elif one.share < LEAST_RECALL:
            found = {"segment": one.segment, "share": one.share}
            notices.append(Notice("typing.low_recall", found))
    verdict = segmentation.verdict.name
    if verdict in {"CONSTRUCTED", "NO_STABLE_SEGMENTS"}:
        notices.append(Notice("typing.unstable_segments", {}))
    return tuple(notices)


def _wilson(right: NDArray[np.bool_], weights: Float, size: float) -> tuple[float, float, float]:
    """Return a weighted share and its Wilson limits on `size` effective respondents."""
    share = float(np.average(right, weights=weights))
    return share, *_wilson_limits(share, size)


def _wilson_limits(share: float, size: float) -> tuple[float, float]:
    middle = share + Z**2 / (2 * size)
    reach = Z * float(np.sqrt(share * (1 - share) / size + Z**2 / (4 * size**2)))
    return (middle - reach) / (1 + Z**2 / size), (middle + reach) / (1 + Z**2 / size)


def _silent(_: float) -> None:
    return None
