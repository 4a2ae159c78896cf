"""The segments of one route as a page of their own: dashboard, charts, profiles, personas."""

from __future__ import annotations

from embauche.present.assets_inline import inlined_css
from embauche.present.charts import segment_charts
from embauche.present.pages import environment
from embauche.present.segment_names import SegmentsAlone
from embauche.present.segment_sections import drawn_charts, segment_sections
from embauche.segment.routes_result import RouteSegmentation


def segments_page(
    names: SegmentsAlone, title: str, version: str, *, fictional: bool = False
) -> str:
    """Write the page, in the language of the names. It makes no request and runs no script.

    Parameters
    ----------
    names
        Segments with their names.
    title
        What was segmented: a study's title or a file's name.
    version
        Of the program.
    fictional
        Whether to say that what was segmented is a worked example.

    Raises
    ------
    FolderError
        If the style sheet has not been built (a checkout without its front end).
    """
    found, words = names.segmentation, names.words
    verdict = found.verdict.name.lower()
    charts = drawn_charts(segment_charts(names))
    whose = "routes" if names.asked == "interviews" else "report.segments"
    return (
        environment(words)
        .get_template("segments.html")
        .render(
            css=inlined_css(),
            title=title,
            version=version,
            fictional=fictional,
            asked=names.asked,
            headline=words.text(f"{whose}.title.{verdict}", n=found.k),
            meaning=words.text(f"{whose}.meaning.{verdict}"),
            route=found.route if isinstance(found, RouteSegmentation) else "latent-class",
            segmentation=found,
            charts=charts,
            segments=segment_sections(names, charts),
            names=names,
            colophon=words.text("report.colophon", version=version, seed=found.seed),
        )
    )
