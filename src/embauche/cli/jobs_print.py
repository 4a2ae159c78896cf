"""What `embauche jobs` prints: data for ``--json``, and the same in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from embauche.cli.terminal import aligned
from embauche.messages import Messages
from embauche.vocabulary import JobType, Language, label

if TYPE_CHECKING:
    from embauche.jobs.diff import JobDiff, JobState
    from embauche.jobs.job import Job
    from embauche.jobs.operations import Entry, OperationLog
    from embauche.study.mapping import MappedStudy


def _statement(job: Job, language: Language) -> str:
    return job.statement.get(language) or next(iter(job.statement.values()), "")


def _head(found: MappedStudy, job: Job) -> dict[str, Any]:
    return {
        "id": job.id,
        "type": job.type.value,
        "statement": _statement(job, found.language),
        "statements": {str(key): text for key, text in job.statement.items()},
        "statement_is_proposal": job.statement_is_proposal,
        "parent": job.parent,
        "participants": len(job.participants),
        "of": len(found.corpus.participants),
        "evidence": {str(facet): len(items) for facet, items in job.cells.items()},
    }


def listing(found: MappedStudy) -> dict[str, Any]:
    """Return the jobs with their counts and neighbours."""
    near = found.neighbours()
    return {
        "threshold": found.job_map.threshold,
        "unassigned": list(found.job_map.unassigned),
        "unattached": len(found.job_map.unattached),
        "operations": len(found.decisions.operations.standing),
        "jobs": [
            {
                **_head(found, job),
                "nearest": [
                    {"job": other, "similarity": value} for other, value in near.get(job.id, ())
                ],
            }
            for job in found.job_map.jobs
        ],
        "warnings": [notice.to_dict() for notice in found.notices],
    }


def listing_text(data: Mapping[str, Any], words: Messages) -> str:
    """Put the list of jobs in words."""
    lines = [
        words.text("jobs_cli.list.head", n=len(data["jobs"]), threshold=data["threshold"]),
    ]
    for job in data["jobs"]:
        mark = "?" if job["statement_is_proposal"] else " "
        lines.append(f"\n{job['id']} {mark} {job['statement']}")
        lines.append(
            "    "
            + words.text(
                "jobs_cli.list.people",
                type=label(JobType(job["type"]), words.language),
                n=job["participants"],
                of=job["of"],
            )
        )
        lines.append("    " + _counts(job["evidence"], words))
        if job["parent"]:
            lines.append("    " + words.text("jobs_cli.list.parent", job=job["parent"]))
        if job["nearest"]:
            near = [
                f"{item['job']} {words.number(item['similarity'], '.2')}" for item in job["nearest"]
            ]
            lines.append("    " + words.text("jobs_cli.list.nearest", jobs=", ".join(near)))
    lines.append("\n" + words.text("jobs_cli.list.alone", n=len(data["unassigned"])))
    return "\n".join(lines)


def _counts(evidence: Mapping[str, int], words: Messages) -> str:
    from embauche.vocabulary import Facet

    return " · ".join(f"{label(Facet(key), words.language)} {n}" for key, n in evidence.items())


def one(found: MappedStudy, key: str) -> dict[str, Any]:
    """Return a job with all of its evidence.

    Raises
    ------
    StudyError
        If there is no such job.
    """
    from embauche.jobs.operating import job_named

    job = found.job_map.job(job_named(found.jobs, key))
    by_id = found.by_id()
    return {
        **_head(found, job),
        "story": {str(language): text for language, text in job.story.items()},
        "cells": {
            str(facet): [
                {
                    "id": item.evidence,
                    "similarity": item.similarity,
                    "proximity": item.proximity,
                    "participant": by_id[item.evidence].participant,
                    "source": by_id[item.evidence].source,
                    "status": by_id[item.evidence].status.value,
                    "quote": by_id[item.evidence].quote,
                }
                for item in items
            ]
            for facet, items in job.cells.items()
        },
    }


def one_text(data: Mapping[str, Any], words: Messages) -> str:
    """Put one job in words, its evidence by facet."""
    from embauche.vocabulary import Facet

    french = words.language is Language.FR
    kind = label(JobType(data["type"]), words.language)
    people = words.text("jobs_cli.list.people", type=kind, n=data["participants"], of=data["of"])
    lines = [f"{data['id']}  {data['statement']}", f"    {people}"]
    for facet, items in data["cells"].items():
        lines.append(f"\n{label(Facet(facet), words.language)}")
        for item in items:
            near = words.number(item["similarity"], ".2")
            quote = f"« {item['quote']} »" if french else f"“{item['quote']}”"
            mark = "?" if item["status"] == "proposed" else " "
            lines.append(f"  {item['id']} {near:>5} {mark} {quote} — {item['participant']}")
    return "\n".join(lines)


def thresholds(found: MappedStudy) -> dict[str, Any]:
    """Return what each threshold gives."""
    return {
        "threshold": found.job_map.threshold,
        "thresholds": [
            {
                "threshold": row.threshold,
                "jobs": row.jobs,
                "unassigned": row.unassigned,
                "goals": row.goals,
                "stability": round(row.stability, 4),
            }
            for row in found.thresholds()
        ],
    }


def thresholds_text(data: Mapping[str, Any], words: Messages) -> str:
    """Put the thresholds in a table."""
    names = ("threshold", "jobs", "unassigned", "stability")
    rows = [[words.text(f"jobs_cli.thresholds.{name}") for name in names]]
    rows += [
        [
            words.number(row["threshold"], ".2"),
            str(row["jobs"]),
            f"{row['unassigned']}/{row['goals']}",
            words.number(row["stability"], ".2"),
        ]
        for row in data["thresholds"]
    ]
    now = words.text("jobs_cli.thresholds.now", threshold=data["threshold"])
    return f"{aligned(rows)}\n{now}"


def lint(found: MappedStudy, words: Messages) -> dict[str, Any]:
    """Return the faults of the jobs' statements, in every language that they are in."""
    from embauche.jobs.linter import lint_statement

    product = found.config.study.product or ""
    faults = [
        {
            "job": job.id,
            "language": str(language),
            "statement": text,
            "code": notice.code,
            "message": words.notice(notice),
            "mend": notice.params.get("proposal"),
        }
        for job in found.job_map.jobs
        for language, text in job.statement.items()
        for notice in lint_statement(text, job.type, language, product=product)
    ]
    return {"jobs": len(found.job_map.jobs), "faults": faults}


def lint_text(data: Mapping[str, Any], words: Messages) -> str:
    """Put the faults in words."""
    if not data["faults"]:
        return words.text("jobs_cli.lint.none", n=data["jobs"])
    lines = []
    for fault in data["faults"]:
        lines.append(f"{fault['job']}  {fault['statement']} [{fault['language']}]")
        lines.append(f"    {fault['message']}")
        if fault["mend"]:
            lines.append("    " + words.text("jobs_cli.lint.mend", mend=fault["mend"]))
    lines.append(words.text("jobs_cli.lint.count", n=len(data["faults"])))
    return "\n".join(lines)


def diff_text(made: JobDiff, words: Messages) -> str:
    """Put what changed in words, one line a job that changed."""
    lines = []
    for item in made.changes:
        state = item.after or item.before
        if (item.change.value == "same" and not item.renamed) or state is None:
            continue
        what = words.text(f"jobs_cli.diff.{item.change.value}", others=list(item.others) or "—")
        counts = words.text(
            "jobs_cli.diff.counts",
            goals=_from_to(item.before, item.after, "goals"),
            people=_from_to(item.before, item.after, "participants"),
        )
        text = next(iter(state.statement.values()), "")
        lines.append(f"{item.job}  {text}\n    {what} · {counts}")
        if item.renamed and item.before is not None:
            before = next(iter(item.before.statement.values()), "")
            lines.append("    " + words.text("jobs_cli.diff.renamed", before=before))
    return "\n".join(lines) or words.text("jobs_cli.diff.nothing")


def _from_to(before: JobState | None, after: JobState | None, name: str) -> str:
    def n(state: JobState | None) -> int:
        if state is None:
            return 0
        return len(state.goals) if name == "goals" else state.participants

    return f"{n(before)} → {n(after)}"


def entry_text(entry: Entry, words: Messages) -> str:
    """Put one operation in words."""
    from embauche.jobs.operation_lines import line_of

    line = line_of(entry)
    params = {
        "job": line.get("job") or words.text("jobs_cli.none"),
        "jobs": list(line.get("jobs", {})),
        "into": line.get("into", ""),
        "parts": list(line.get("parts", {})),
        "moved": line.get("moved", ""),
        "parent": line.get("parent") or words.text("jobs_cli.none"),
        "statement": line.get("statement", ""),
        "type": label(JobType(line["type"]), words.language) if "type" in line else "",
    }
    return f"{entry.id}  " + words.text(f"jobs_cli.done.{line['op']}", **params)


def history(log: OperationLog) -> list[dict[str, Any]]:
    """Return all operations with whether each stands."""
    from embauche.jobs.operation_lines import line_of

    return [{**line_of(entry), "stands": stands} for entry, stands in log.history()]


def history_text(log: OperationLog, words: Messages) -> str:
    """Put the history in words, the latest last."""
    lines = []
    for entry, stands in log.history():
        who = entry.coder.removeprefix("person:")
        undone = "" if stands else " · " + words.text("jobs_cli.history.undone")
        lines.append(f"{entry_text(entry, words)}  — {who} {entry.at}".rstrip() + undone)
    return "\n".join(lines)
