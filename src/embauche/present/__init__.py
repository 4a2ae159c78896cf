"""What is shown: charts, canvases, the report and the tables.

Names are loaded when they are first asked for: drawing libraries take half a second to import, and
`embauche.present.findings` alone needs none of them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from embauche.present.canvas import JobsCanvas, jobs_canvas
    from embauche.present.charts import DARK, LIGHT, ChartFigure, ChartTheme, chart_figures
    from embauche.present.empathy_map import EmpathyMap
    from embauche.present.findings import Findings, StudyCard
    from embauche.present.outputs import write_outputs
    from embauche.present.report import render_report
    from embauche.present.results_json import results, results_schema
    from embauche.present.tables import write_tables

__all__ = [
    "DARK",
    "LIGHT",
    "ChartFigure",
    "ChartTheme",
    "EmpathyMap",
    "Findings",
    "JobsCanvas",
    "StudyCard",
    "chart_figures",
    "jobs_canvas",
    "render_report",
    "results",
    "results_schema",
    "write_outputs",
    "write_tables",
]

# The function `empathy_map` stays in the module of its name, which would hide it here.
_HOME = {
    "DARK": "charts",
    "LIGHT": "charts",
    "ChartFigure": "charts",
    "ChartTheme": "charts",
    "EmpathyMap": "empathy_map",
    "Findings": "findings",
    "JobsCanvas": "canvas",
    "StudyCard": "findings",
    "chart_figures": "charts",
    "jobs_canvas": "canvas",
    "render_report": "report",
    "results": "results_json",
    "results_schema": "results_json",
    "write_outputs": "outputs",
    "write_tables": "tables",
}


def __getattr__(name: str) -> Any:
    """Load a public name from its module."""
    if name not in _HOME:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
