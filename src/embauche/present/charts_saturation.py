"""The chart of saturation: what was heard in so many interviews, and what may be unheard."""

from __future__ import annotations

import altair as alt

from embauche.identify.saturation import Saturation
from embauche.messages import Messages
from embauche.present.chart_theme import LIGHT, ChartTheme
from embauche.present.figure import NARROW, WIDE, ChartFigure, chart_of, finished, layered

_HEIGHT = 260
_ROOM = 1.16
"""How much longer the axis is than the interviews: the estimate stands behind the last one."""


def saturation_chart(
    found: Saturation, words: Messages, theme: ChartTheme = LIGHT
) -> ChartFigure | None:
    """Draw the curve of what was heard with its band, and the estimate of all there is to hear.

    Parameters
    ----------
    found
        Of jobs, facets or themes; ``None`` is returned where nothing was heard.
    words
        The catalogue of the chart's language.
    """
    if not found.observed:
        return None
    specs = [finished(_drawn(found, words, theme, narrow=narrow), theme, words)
             for narrow in (False, True)]  # fmt: skip
    curve = found.curve
    return ChartFigure(
        id=f"saturation-{found.kind}",
        title=words.notice(found.said[1]),
        subtitle=words.text(
            "saturation.chart.subtitle",
            n=found.interviews,
            what=words.text(f"saturation.what.{found.kind}"),
        ),
        spec=specs[0],
        narrow=specs[1],
        header=tuple(
            words.text(key)
            for key in (
                "saturation.interviews",
                "saturation.heard",
                "report.column.low",
                "report.column.high",
            )
        ),
        rows=tuple(
            (
                words.number(t),
                words.number(mean, ".1"),
                words.number(low, ".0"),
                words.number(high, ".0"),
            )
            for t, (mean, low, high) in enumerate(
                zip(curve.mean, curve.low, curve.high, strict=True), 1
            )
        ),
        notices=found.notices,
    )


def _drawn(
    found: Saturation, words: Messages, theme: ChartTheme, *, narrow: bool
) -> alt.LayerChart:
    curve, n = found.curve, found.interviews
    values = [
        {"t": t, "mean": mean, "low": low, "high": high}
        for t, (mean, low, high) in enumerate(
            zip(curve.mean, curve.low, curve.high, strict=True), 1
        )
    ]
    left = found.unheard
    total = found.observed + (left.value or 0.0)
    low = found.observed + (left.low or 0.0)
    high = found.observed + (left.high or 0.0)
    # The upper limit of what is unheard can be far off: the curve must stay readable.
    top = max(min(high, 2.0 * total + 2), found.observed) * 1.08
    at = n * 1.06 if n > 8 else n + 0.5
    x = alt.X(
        "t:Q",
        title=words.text("saturation.interviews"),
        scale=alt.Scale(domain=[1, max(n * _ROOM, n + 1.2)], nice=False),
        axis=alt.Axis(grid=False, tickMinStep=1, format="d", values=_ticks(n, narrow=narrow)),
    )
    y = alt.Y(
        "mean:Q",
        title=words.text("saturation.heard"),
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(tickMinStep=1, tickCount=5, format="d"),
    )
    base = chart_of(values)
    band = base.mark_area(color=theme.hire, opacity=0.16).encode(
        x=x, y=alt.Y("low:Q", title=words.text("saturation.heard")), y2=alt.Y2("high:Q")
    )
    line = base.mark_line(color=theme.hire, strokeWidth=2.5).encode(x=x, y=y)
    dots = base.mark_point(color=theme.hire, filled=True, size=28, opacity=1).encode(
        x=x,
        y=y,
        tooltip=[
            alt.Tooltip("t:Q", title=words.text("saturation.interviews"), format="d"),
            alt.Tooltip("mean:Q", title=words.text("saturation.heard"), format=".1f"),
        ],
    )
    ends = chart_of(
        [
            {
                "t": at,
                "mean": total,
                "low": low,
                "high": min(high, top),
                "text": words.text(
                    "saturation.chart.all", all=total, low=round(low), high=round(high)
                ),
            }
        ]
    )
    reach = ends.mark_rule(color=theme.ember, strokeWidth=1.5, clip=True).encode(
        x=x, y=alt.Y("low:Q"), y2=alt.Y2("high:Q")
    )
    point = ends.mark_point(color=theme.ember, filled=True, size=52, opacity=1).encode(x=x, y=y)
    label = ends.mark_text(
        color=theme.ember, align="right", baseline="bottom", dx=-8, dy=-6, fontSize=13
    ).encode(x=x, y=y, text=alt.Text("text:N"))
    return layered(
        [band, line, dots, reach, point, label], NARROW - 60 if narrow else WIDE - 80, _HEIGHT
    )


def _ticks(n: int, *, narrow: bool) -> list[int]:
    step = max(1, -(-n // (5 if narrow else 10)))
    return list(range(1, n + 1)) if step == 1 else list(range(step, n + 1, step))
