"""The chart of targets: what is at stake in each need of each segment."""

from __future__ import annotations

from embauche.present.chart_theme import LIGHT, ChartTheme
from embauche.present.dot_rows import Row, dot_rows
from embauche.present.figure import ChartFigure, finished
from embauche.present.names import Names, sentence_case
from embauche.prioritise.targets import Target, Targets

SHOWN = 10
"""Targets drawn; the table behind has them all."""


def targets_chart(
    names: Names, found: Targets, theme: ChartTheme = LIGHT, *, segment: str | None = None
) -> ChartFigure | None:
    """Draw what is at stake in the first targets, each in the colour of its segment.

    Parameters
    ----------
    found
        As `find_targets` returns them.
    segment
        Draw the targets of one segment only.
    """
    chosen = [item for item in found.targets if segment in (None, item.segment)]
    if not chosen or names.findings.segmentation is None:
        return None
    words = names.words
    order = [item.id for item in names.findings.segmentation.segments]
    shown = chosen[:SHOWN]
    rows = [
        Row(
            label=f"{item.segment} · {sentence_case(item.outcome)}",
            value=item.at_stake,
            text=stake_text(item, found, names),
            colour=theme.segments[order.index(item.segment) % len(theme.segments)],
            low=item.at_stake_low,
            high=item.at_stake_high,
            key=item.segment,
        )
        for item in shown
    ]
    top = max(item.at_stake_high for item in shown) * 1.05 or 1.0
    low = min(0.0, *(item.at_stake_low for item in shown))
    specs = [
        finished(
            dot_rows(
                rows,
                theme,
                domain=(low, top),
                axis_format=".0%" if found.basis == "share" else ",.0f",
                axis_title=words.text(f"targets.axis.{found.basis}"),
                narrow=narrow,
            ),
            theme,
            words,
        )
        for narrow in (False, True)
    ]
    return ChartFigure(
        id="targets",
        title=headline(chosen[0], found, names),
        subtitle=words.text(f"targets.chart.subtitle.{found.basis}", n=found.n_customers),
        spec=specs[0],
        narrow=specs[1],
        header=tuple(
            words.text(key)
            for key in (
                "report.column.rank",
                "report.column.segment",
                "report.column.outcome",
                f"targets.column.stake.{found.basis}",
                "targets.column.underserved",
                "report.column.score",
                "targets.column.satisfied",
                "report.column.n",
            )
        ),
        rows=tuple(_texts(item, found, names) for item in chosen),
        picks=tuple(item.segment for item in chosen),
    )


def headline(first: Target, found: Targets, names: Names) -> str:
    """Say the first target as a finding, or that it is not settled which is first."""
    key = "settled" if first.rank_high == first.rank else "unsettled"
    return names.words.text(
        f"targets.headline.{key}.{found.basis}",
        segment=names.segment(first.segment),
        outcome=sentence_case(first.outcome),
        stake=amount(first.at_stake, found, names),
    )


def amount(value: float, found: Targets, names: Names) -> str:
    """Write a stake in its unit: a share as a percentage, counts and values whole."""
    return names.words.number(value, ".1%" if found.basis == "share" else ".0")


def stake_text(item: Target, found: Targets, names: Names) -> str:
    """Write what is at stake with its interval."""
    value, low, high = (
        amount(x, found, names) for x in (item.at_stake, item.at_stake_low, item.at_stake_high)
    )
    return f"{value} ({low}–{high})"


def share_text(value: float, low: float, high: float, names: Names) -> str:
    """Write a share with its interval."""
    return "{} ({}–{})".format(*(names.words.number(x, "%") for x in (value, low, high)))


def _texts(item: Target, found: Targets, names: Names) -> tuple[str, ...]:
    words, row = names.words, item.opportunity
    rank = words.number(item.rank)
    if item.rank_low != item.rank_high:
        low, high = item.rank_low, item.rank_high
        rank = words.text("report.rank", rank=item.rank, low=low, high=high)
    return (
        rank,
        names.segment(item.segment),
        sentence_case(item.outcome),
        stake_text(item, found, names),
        share_text(item.underserved, item.underserved_low, item.underserved_high, names),
        words.text("report.interval", value=row.score, low=row.low, high=row.high),
        satisfied_text(item, names),
        words.number(item.n),
    )


def satisfied_text(item: Target, names: Names) -> str:
    """Write how many are satisfied with what they use now, with the interval."""
    row = item.opportunity
    if row.satisfaction_low is None or row.satisfaction_high is None:
        return names.words.number(row.satisfaction / 10, "%")
    limits = (row.satisfaction / 10, row.satisfaction_low / 10, row.satisfaction_high / 10)
    return share_text(*limits, names)
