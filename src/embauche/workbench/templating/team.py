"""Functions of the team's pages: names, times, counts and words of comments, what was done."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from babel.dates import format_datetime
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from jinja2 import pass_context
from jinja2.runtime import Context

from embauche.messages import Messages
from embauche.workbench.services.comments import NAMED, comment_counts
from embauche.workbench.services.shown_names import shown_name
from embauche.workbench.templating.sentences import operation_said

_SETTING = {
    "title": "team.settings.name",
    "product": "team.settings.product",
    "question": "team.settings.question",
    "language": "team.settings.language",
    "seed": "team.settings.seed",
}


@pass_context
def who(context: Context, user: Any) -> str:
    """Write the name that the team reads."""
    return shown_name(user, context["words"])


@pass_context
def when(context: Context, at: datetime) -> str:
    """Write a moment; scripts put it into the reader's own time zone."""
    words: Messages = context["words"]
    text = format_datetime(at.astimezone(UTC), "d MMM yyyy, HH:mm", locale=str(words.language))
    return format_html(
        '<time datetime="{}" data-local>{} UTC</time>', at.isoformat(timespec="seconds"), text
    )


@pass_context
def day(context: Context, at: datetime) -> str:
    """Write a day."""
    words: Messages = context["words"]
    return format_html('<time datetime="{}">{}</time>', at.date().isoformat(), words.date(at))


@pass_context
def talk_count(context: Context, study: Any, kind: str, row: Any) -> int:
    """Count the comments on an object; one query for all objects of a page."""
    key = study.slug if kind == "study" else row.key
    counts = getattr(study, "comment_counts", None)
    if counts is None:
        user = getattr(context.get("request"), "user", None)
        counts = study.comment_counts = comment_counts(study, user) if user is not None else {}
    return int(counts.get((kind, key), 0))


def comment_text(text: str) -> SafeString:
    """Write what was said: escaped, its lines kept, names of people set apart; no links."""
    html, place = "", 0
    for match in NAMED.finditer(text):
        html += conditional_escape(text[place : match.start()])
        html += format_html('<b class="named">{}</b>', match[0])
        place = match.end()
    html += conditional_escape(text[place:])
    return mark_safe(re.sub(r"\n", "<br>", html))  # noqa: S308 - every part is escaped above


@pass_context
def did(context: Context, verb: str, n: int = 1) -> str:
    """Say what someone did: ``accepted 14 proposals``; a verb without words is named."""
    words: Messages = context["words"]
    key = f"team.did.{verb}"
    if key not in words and verb.startswith("job.operation."):
        key = "team.did.job.operation"
    if key in words:
        return words.text(key, n=n)
    return words.text("team.did.other", n=n, verb=verb)


@pass_context
def operation_on(context: Context, line: Any, jobs: dict[str, str]) -> str:
    """Say what an operation did to jobs, each by its statement."""
    words: Messages = context["words"]
    if not isinstance(line, dict) or f"jobs_cli.done.{line.get('op')}" not in words:
        return ""
    return operation_said(words, line, {key: f"« {said} »" for key, said in jobs.items()})


@pass_context
def kind_name(context: Context, kind: str) -> str:
    """Name a kind of objects; one without words by its code."""
    words: Messages = context["words"]
    key = f"team.kind.{kind}"
    return words.text(key) if key in words else kind


@pass_context
def statement_of(context: Context, statement: dict[str, str]) -> str:
    """Write a job's statement in the page's language, or in the one that it has."""
    return statement.get(context["language"]) or next(iter(statement.values()), "")


@pass_context
def former(context: Context, event: Any) -> str:
    """Write what an object said before an event, where the event keeps it."""
    before = event.payload or {}
    if event.verb == "job.reworded":
        statement = before.get("statement") or {}
        return statement.get(context["language"]) or next(iter(statement.values()), "")
    if event.verb.startswith("comment."):
        return str(before.get("before", ""))
    return ""


@pass_context
def detail(context: Context, event: Any) -> str:
    """Say what changed, where that is not an object: a role, some settings."""
    words: Messages = context["words"]
    payload = event.payload or {}
    if event.verb == "invitation.made" and "role" in payload:
        return words.text(f"team.role.{payload['role']}")
    if event.verb in {"member.changed", "member.removed"} and "before" in payload:
        place = context["places"].get(event.pk)
        given = {"who": place.words if place else "", "role": payload.get("role", "reader")}
        roles = {"before": words.text(f"team.role.{payload['before']}")}
        roles["role"] = words.text(f"team.role.{given['role']}")
        key = "team.detail.changed" if event.verb == "member.changed" else "team.detail.removed"
        return words.text(key, who=given["who"], **roles)
    if event.verb == "study.settings" and "before" in payload:
        return ", ".join(
            words.text(_SETTING[name]) for name in payload["before"] if name in _SETTING
        )
    return ""
