"""What holds of a whole ranking: how far the formula decides it, and how much passes by chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from embauche.notices import Notice
from embauche.prioritise.priority import Opportunity

CHANCE: Final = 0.05
"""One-sided level at which a score counts as shown to exceed 10."""

_LISTS: Final = ("moved_in", "moved_out")


class Noted(Protocol):
    """A row with notices of its own."""

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a reader must know of it."""


@dataclass(frozen=True, slots=True)
class OpportunityRanking:
    """One ranking of outcomes: everyone's, or a segment's.

    Attributes
    ----------
    segment
        Id of the segment; ``None`` for everyone.
    outcomes
        How many are ranked.
    top
        k.
    best
        The k best, best first (more where scores tie).
    gap_tau, mean_tau
        Kendall's τ-b of the ranking with that by the gap alone, and by means; ``None`` where it is
        not defined (one outcome, or all equal).
    gap_in, gap_out, mean_in, mean_out
        Outcomes that move into the top k, or out of it, under each variant.
    tested
        Outcomes whose scale allows zones: those are compared with 10.
    by_chance
        How many of them would pass at 95 % by chance if every true score were exactly 10.
    passed
        Outcomes whose score exceeds 10 with a posterior probability over 95 %, one by one.
    kept
        Those that still do after Holm's correction for the number tested.
    notices
        The same in sentences, with what all rows share.
    """

    segment: str | None
    outcomes: int
    top: int
    best: tuple[str, ...]
    gap_tau: float | None
    mean_tau: float | None
    gap_in: tuple[str, ...]
    gap_out: tuple[str, ...]
    mean_in: tuple[str, ...]
    mean_out: tuple[str, ...]
    tested: int
    by_chance: float
    passed: tuple[str, ...]
    kept: tuple[str, ...]
    notices: tuple[Notice, ...]


def opportunity_rankings(opportunities: Sequence[Opportunity]) -> tuple[OpportunityRanking, ...]:
    """Sum up every ranking among the rows, in their order.

    Parameters
    ----------
    opportunities
        As `opportunities` returns them: rows of one segment follow each other, best first.
    """
    groups: dict[str | None, list[Opportunity]] = {}
    for row in opportunities:
        groups.setdefault(row.segment, []).append(row)
    return tuple(_ranking(segment, rows) for segment, rows in groups.items())


def shared_notices(rows: Sequence[Noted]) -> tuple[Notice, ...]:
    """Return the notices that every row of a ranking carries: they are said once."""
    if len(rows) < 2:
        return ()
    kept: list[Notice] = []
    for item in rows[0].notices:
        if item not in kept and all(item in row.notices for row in rows[1:]):
            kept.append(item)
    return tuple(kept)


def named_outcomes(notice: Notice, name: Callable[[str], str]) -> Notice:
    """Return a notice of a ranking with its outcomes as a reader is to see them."""
    lists = {k: [name(v) for v in items] for k, items in notice.params.items() if k in _LISTS}
    return replace(notice, params={**notice.params, **lists}) if lists else notice


def _ranking(segment: str | None, rows: Sequence[Opportunity]) -> OpportunityRanking:
    top = min(rows[0].top or 1, len(rows))
    best = [row.outcome for row in rows if row.rank <= top]
    by_gap = [row.outcome for row in rows if row.gap_rank is not None and row.gap_rank <= top]
    by_mean = [row.outcome for row in rows if row.mean_rank is not None and row.mean_rank <= top]
    # A gap of 0 is no gap: where fewer than k outcomes have one, the others have not moved in.
    by_gap = [name for name in by_gap if _gap(rows, name) > 0]
    tested = [row for row in rows if row.p_holm is not None]
    passed = tuple(row.outcome for row in tested if 1 - row.p_over_10 < CHANCE)
    kept = tuple(row.outcome for row in tested if (row.p_holm or 0.0) < CHANCE)
    made = OpportunityRanking(
        segment=segment,
        outcomes=len(rows),
        top=top,
        best=tuple(best),
        gap_tau=_tau(rows, [row.gap_only for row in rows]),
        mean_tau=_tau(rows, [row.mean_based for row in rows]),
        gap_in=tuple(name for name in by_gap if name not in best),
        gap_out=tuple(name for name in best if name not in by_gap),
        mean_in=tuple(name for name in by_mean if name not in best),
        mean_out=tuple(name for name in best if name not in by_mean),
        tested=len(tested),
        by_chance=CHANCE * len(tested),
        passed=passed,
        kept=kept,
        notices=(),
    )
    return _with_notices(made, rows)


def _gap(rows: Sequence[Opportunity], outcome: str) -> float:
    return max(row.gap_only for row in rows if row.outcome == outcome)


def _tau(rows: Sequence[Opportunity], variant: Sequence[float]) -> float | None:
    if len(rows) < 2:
        return None
    from scipy.stats import kendalltau

    scores = [row.score for row in rows]
    if len(set(scores)) < 2 or len(set(variant)) < 2:
        return None
    return float(kendalltau(scores, variant).statistic)


def _with_notices(made: OpportunityRanking, rows: Sequence[Opportunity]) -> OpportunityRanking:
    notices = list(shared_notices(rows))
    if made.tested > 1:
        params = {
            "n": made.tested,
            "by_chance": made.by_chance,
            "passed": len(made.passed),
            "kept": len(made.kept),
        }
        lost = len(made.kept) < len(made.passed)
        notices.append(Notice("opportunity.multiple", params, "weak" if lost else "info"))
    elif made.outcomes > 1:
        notices.append(Notice("opportunity.many_ranked", {"n": made.outcomes}, "info"))
    for variant, tau, moved_in, moved_out in (
        ("gap", made.gap_tau, made.gap_in, made.gap_out),
        ("mean", made.mean_tau, made.mean_in, made.mean_out),
    ):
        if tau is None:
            continue
        code = f"opportunity.{variant}_{'moves' if moved_in or moved_out else 'same'}"
        said: dict[str, Any] = {"tau": tau, "n": made.top}
        if moved_in or moved_out:
            said |= {"moved_in": list(moved_in) or ["–"], "moved_out": list(moved_out) or ["–"]}
        notices.append(Notice(code, said, "info"))
    return replace(made, notices=tuple(notices))
