"""The persona map: situations inside the segments, how frequent there and elsewhere."""

from __future__ import annotations

from embauche.present.chart_theme import LIGHT, ChartTheme
from embauche.present.dot_rows import Row, dot_rows
from embauche.present.figure import ChartFigure, finished
from embauche.present.segment_names import SegmentNames
from embauche.segment.segmentation import Persona


def personas_chart(names: SegmentNames, theme: ChartTheme = LIGHT) -> ChartFigure | None:
    """Draw every contextual persona: its share of the segment, and that of all others (strokes)."""
    segmentation = names.segmentation
    if segmentation is None or not any(item.personas for item in segmentation.segments):
        return None
    words = names.words
    rows, table = [], []
    found: list[Persona] = []
    for place, segment in enumerate(segmentation.segments):
        for persona in segment.personas:
            found.append(persona)
            label = f"{segment.id} · {traits(persona, names)}"
            limits = f"{words.number(persona.low, '%')}–{words.number(persona.high, '%')}"
            n = words.text("report.n", n=persona.n)
            text = f"{words.number(persona.share, '%')} ({limits}) · {n}"
            elsewhere = persona.share / persona.lift if persona.lift > 0 else None
            rows.append(
                Row(
                    label=label,
                    value=persona.share,
                    text=text,
                    colour=theme.segments[place % len(theme.segments)],
                    low=persona.low,
                    high=persona.high,
                    ghost=elsewhere,
                    key=segment.id,
                )
            )
            table.append(
                (
                    names.segment(segment.id),
                    traits(persona, names),
                    text,
                    words.number(elsewhere, "%") if elsewhere is not None else "–",
                    words.number(persona.lift, ".1"),
                )
            )
    first = max(found, key=lambda persona: persona.share * persona.lift)
    specs = [
        finished(
            dot_rows(
                rows,
                theme,
                domain=(0.0, 1.0),
                axis_format=".0%",
                axis_title=words.text("report.axis.persona"),
                narrow=narrow,
            ),
            theme,
            words,
        )
        for narrow in (False, True)
    ]
    return ChartFigure(
        id="segment-personas",
        title=words.text(
            "report.chart.personas.title",
            traits=traits(first, names),
            segment=first.segment,
            lift=first.lift,
        ),
        subtitle=words.text("report.chart.personas.subtitle", n=segmentation.n),
        spec=specs[0],
        narrow=specs[1],
        header=tuple(
            words.text(f"report.column.{key}")
            for key in ("segment", "situation", "in_segment", "elsewhere", "lift")
        ),
        rows=tuple(table),
        picks=tuple(persona.segment for persona in found),
    )


def traits(persona: Persona, names: SegmentNames) -> str:
    """Return the situation of a persona in words."""
    return " · ".join(
        f"{names.column(column)} : {answer}"
        if names.language.value == "fr"
        else f"{names.column(column)}: {answer}"
        for column, answer in persona.traits.items()
    )
