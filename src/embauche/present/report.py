"""The report: one file that works offline, for someone who has to decide something with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from embauche.collect.survey import ColumnReading
from embauche.notices import Notice
from embauche.present.answer import cover_answer, unreviewed_share
from embauche.present.assets_inline import inlined_css
from embauche.present.canvas import jobs_canvas
from embauche.present.chart_theme import LIGHT
from embauche.present.charts import chart_figures
from embauche.present.empathy_map import empathy_map
from embauche.present.findings import Findings
from embauche.present.names import Names
from embauche.present.opportunity_parts import opportunity_intro, opportunity_parts
from embauche.present.pages import environment
from embauche.present.quotes import Quotes
from embauche.present.sections import groups, heat_rows, job_sections, matrix_rows
from embauche.present.segment_sections import drawn_charts, segment_sections
from embauche.present.source_names import shown_source


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the table of contents."""

    id: str
    name: str


def render_report(findings: Findings) -> str:
    """Write the report of a study as one HTML page.

    Styles, fonts and pictures are inside the page; it makes no request and runs no script.

    Parameters
    ----------
    findings
        Everything that the study found. The report is in the language of ``findings.card``.

    Raises
    ------
    FolderError
        If the style sheet has not been built (a checkout without its front end).
    """
    names = Names(findings)
    template = environment(names.words).get_template("report.html")
    return template.render(**_context(findings, names))


def _context(findings: Findings, names: Names) -> dict[str, Any]:
    quotes = Quotes(names)
    drawn = drawn_charts(chart_figures(findings, LIGHT))
    jobs = job_sections(names, quotes)
    shared = _shared(findings, names)
    first = _first_job(findings)
    corpus = findings.corpus
    return shared | {
        "css": inlined_css(),
        "answer": cover_answer(names),
        "toc": _contents(findings, names),
        "charts": drawn,
        "jobs": jobs,
        "rows": matrix_rows(names, quotes),
        "all_jobs": len(findings.job_map.jobs) if findings.job_map else 0,
        "job_notices": findings.job_map.notices if findings.job_map else (),
        "participants": len(corpus.participants) if corpus else 0,
        "unreviewed": unreviewed_share(names),
        "heat": heat_rows(names),
        "heat_title": heat.figure.title if (heat := drawn["job-heatmap"]) else "",
        "canvas": jobs_canvas(findings, first) if first else None,
        "empathy": empathy_map(findings, first) if first else None,
        "canvas_statement": names.job(first.id) if first else "",
        "quotes": quotes,
        "segments": segment_sections(names, drawn),
        "groups": groups(names),
        "opportunities": (parts := opportunity_parts(findings, names)),
        "opportunities_intro": opportunity_intro(parts),
        "assigned": sum(item.n for item in findings.assignment.segments)
        if findings.assignment
        else 0,
        "sources": [shown_source(item.name) for item in corpus.sources] if corpus else [],
        "steps": findings.steps,
    }


def _shared(findings: Findings, names: Names) -> dict[str, Any]:
    words = names.words
    segmentation, survey = findings.segmentation, findings.survey

    def rule(item: ColumnReading) -> str:
        return words.text(f"notice.{item.rule}", column=item.name) if item.rule else ""

    return {
        "card": findings.card,
        "names": names,
        "segmentation": segmentation,
        "verdict": segmentation.verdict.name.lower() if segmentation else "",
        "links": findings.links,
        "assignment": findings.assignment,
        "readings": list(survey.readings.values()) if survey else [],
        "rule": rule,
        "method": _method(findings),
        "all_notices": _all_notices(findings),
        "basis": _basis(findings, names),
        "colophon": words.text(
            "report.colophon", version=findings.card.version or "–", seed=findings.card.seed
        ),
    }


def _contents(findings: Findings, names: Names) -> list[Entry]:
    has_jobs = bool(findings.job_map and findings.job_map.jobs and findings.corpus)
    steps = findings.steps
    present = {
        "jobs": has_jobs,
        "matrix": has_jobs,
        "heatmap": bool(findings.qualitative),
        "canvas": has_jobs,
        "segments": bool(findings.segmentation or groups(names)),
        "links": has_jobs and bool(findings.segmentation),
        "opportunities": bool(findings.opportunities),
        "validation": bool(findings.validation),
        "typing": bool(findings.typing),
        "customers": bool(findings.assignment),
        "steps": bool(steps and (steps.messages or steps.backlog or steps.ideas)),
        "method": True,
    }
    return [
        Entry(key, names.words.text(f"report.toc.{key}")) for key, there in present.items() if there
    ]


def _first_job(findings: Findings) -> Any:
    """Return the job that comes first: by qualitative index, else by participants."""
    job_map = findings.job_map
    if job_map is None or not job_map.jobs or findings.corpus is None:
        return None
    best = next((item.job for item in findings.qualitative if item.rank == 1), None)
    return next((job for job in job_map.jobs if job.id == best), job_map.jobs[0])


def _method(findings: Findings) -> list[str]:
    told = {
        "evidence": bool(findings.evidence),
        "jobs": findings.job_map is not None,
        "index": bool(findings.qualitative),
        "segments": findings.segmentation is not None,
        "opportunity": bool(findings.opportunities),
        "validation": findings.validation is not None,
        "privacy": True,
    }
    return [key for key, there in told.items() if there]


def _all_notices(findings: Findings) -> list[Notice]:
    parts: list[Notice] = [*findings.notices]
    if findings.corpus:
        parts += findings.corpus.notices
        parts += [item for source in findings.corpus.sources for item in source.notices]
    if findings.survey:
        parts += findings.survey.notices
    order = {"problem": 0, "weak": 1, "info": 2}
    seen: set[str] = set()
    kept = []
    for item in sorted(parts, key=lambda notice: order[notice.severity]):
        if (mark := repr((item.code, sorted(item.params.items(), key=str)))) not in seen:
            seen.add(mark)
            kept.append(item)
    return kept


def _basis(findings: Findings, names: Names) -> str:
    words = names.words
    parts = []
    if findings.corpus:
        parts.append(words.text("report.basis.sources", n=len(findings.corpus.sources)))
        parts.append(words.text("report.basis.participants", n=len(findings.corpus.participants)))
    if findings.survey:
        parts.append(words.text("report.basis.answers", n=findings.survey.n))
    if findings.assignment:
        parts.append(words.text("report.basis.customers", n=findings.assignment.n))
    if findings.card.made_on:
        parts.append(words.date(findings.card.made_on))
    return " · ".join(parts)
