"""The notes beside a turn, written out in one go: a transcript has a hundred of them.

A template a note would take most of the time that a page may take.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from jinja2 import pass_context
from jinja2.runtime import Context

from embauche.messages import Messages
from embauche.vocabulary import FACET_LETTER, Facet, Moment, label
from embauche.workbench.models import Evidence
from embauche.workbench.services.comments import comment_counts
from embauche.workbench.templating.sentences import marker, person

_BUBBLE = (
    '<svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true"><path d="M2.5 3.5h11v7.5h-6'
    'l-3 2.5v-2.5h-2z" fill="none" stroke="currentColor" stroke-width="1.3" '
    'stroke-linejoin="round"/></svg>'
)


def _beginning(quote: str) -> str:
    return quote if len(quote) <= 56 else f"{quote[:55]}…"


@pass_context
def margin_notes(context: Context, turn: Any) -> SafeString:
    """Write the evidence of a turn as list items."""
    if not turn.evidence:
        return SafeString()
    request = context["request"]
    writer = getattr(request, "margin", None)
    if writer is None:
        writer = request.margin = _Writer(context)
    notes = "".join(writer.note(row, turn.index) for row in turn.evidence)
    return mark_safe(notes)  # noqa: S308 - every part of a note is escaped where it is put in


class _Writer:
    """Writes notes; what all notes of a page share is looked up once."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.words: Messages = context["words"]
        study = context["study"]
        self.user = context["request"].user
        self.may_code = bool(context.get("may_code"))
        self.conflict, self.opened = context.get("conflict"), context.get("opened")
        self.said = context["shown"].said
        text = {
            key: escape(self.words.text(f"workbench.{key}"))
            for key in ("proposed", "accepted", "rejected", "accept", "reject", "undo", "conflict")
        }
        text["change"] = escape(self.words.text("coding.change"))
        text["talk"] = escape(self.words.text("team.comments.title"))
        self.text = text
        self.facets = {item.value: escape(label(item, self.words.language)) for item in Facet}
        self.edit = reverse("evidence-edit", args=[study.slug, 0])
        self.talk = reverse("comments", args=[study.slug, "evidence", 0])
        counts = getattr(study, "comment_counts", None)
        if counts is None:
            counts = study.comment_counts = comment_counts(study, self.user)
        self.counts = counts

    def note(self, row: Evidence, turn: int) -> str:
        """Write one note: what, by whom, memo, and the buttons that its reader may press."""
        facet, key, style = self.facets[row.facet], row.pk, marker(row.facet)
        doubt = "\u202f?" if row.status == "proposed" else ""
        head = (
            f'<li class="note is-{row.status} tag-{style} is-compact" id="e{key}" tabindex="0"'
            f' data-evidence="{key}" data-status="{row.status}"'
            f' data-letter="{FACET_LETTER[Facet(row.facet)]}" data-version="{row.version}">'
            f'<p class="what"><b>{facet}{doubt}</b> <small>{self._state(row)}</small></p>'
            f'<p class="its-words" lang="{row.language}">{escape(_beginning(row.quote))}</p>'
        )
        parts = [head]
        if key in self.said:
            parts.append(self._says(key))
        if row.memo:
            memo = escape(row.memo).replace("\n", "<br>")
            parts.append(f'<p class="memo-line">{memo}</p>')
        if self.conflict == key:
            parts.append(f'<p class="weak" role="alert">{self.text["conflict"]}</p>')
        if self.may_code:
            parts.append(self._buttons(row, turn, facet))
        parts.append(self._talk(row))
        return "".join((*parts, "</li>"))

    def _state(self, row: Evidence) -> str:
        if row.status == "proposed":
            sure = self.words.number(row.confidence, ".2")
            text = f'{self.text["proposed"]} · <span id="c{row.pk}">{sure}</span>'
            why = f"notice.identify.reason.{row.reason}"
            if row.reason and why in self.words:
                text += f'<span class="why"> · {escape(self.words.text(why))}</span>'
        else:
            text = str(self.text[row.status])
            if row.reviewer is not None and row.pk not in self.said:
                text += f" · {escape(person(row.reviewer.name))}"
        if row.moment:
            text += f" · {escape(label(Moment(row.moment), self.words.language))}"
        return text

    def _says(self, key: int) -> str:
        found = []
        for name, status in self.said[key]:
            sign = "✓" if status == "accepted" else "✕"
            found.append(
                f'<span class="says-{status}"><span aria-hidden="true">{sign}</span>'
                f' {escape(person(name))}<span class="unseen"> : {self.text[status]}</span></span>'
            )
        return f'<p class="says">{" ".join(found)}</p>'

    def _buttons(self, row: Evidence, turn: int, facet: str) -> str:
        def button(what: str, verb: str, letter: str, style: str = "") -> str:
            return (
                f'<button{style} form="f{turn}" name="do" value="{what}:{row.pk}:{row.version}"'
                f' data-key="{letter}" aria-label="{self.text[verb]} : {facet}">'
                f"{self.text[verb]}</button>"
            )

        mine = row.reviewer is not None and row.reviewer.user_id == self.user.pk
        if row.status == "proposed":
            html = button("accepted", "accept", "a", ' class="go"')
            html += button("rejected", "reject", "x")
        elif mine:
            html = button("undo", "undo", "u")
        elif row.status == "accepted":
            html = button("rejected", "reject", "x")
        else:
            html = button("accepted", "accept", "a")
        if row.status != "rejected":
            place = self.edit.replace("/0/", f"/{row.pk}/")
            html += (
                f'<a class="button" href="{place}" hx-get="{place}" hx-target="#x{row.pk}"'
                f' hx-swap="innerHTML" data-key="r" aria-label="{self.text["change"]} : {facet}">'
                f"{self.text['change']}</a>"
            )
        inside = ""
        if self.opened == row.pk:
            edit = self.context.environment.get_template("workbench/parts/evidence_edit.html")
            inside = edit.render(self.context.get_all())
        return f'<p class="act">{html}</p><div class="more" id="x{row.pk}">{inside}</div>'

    def _talk(self, row: Evidence) -> str:
        n = self.counts.get(("evidence", row.key), 0)
        place, target = self.talk.replace("/0/", f"/{row.pk}/"), f"talk-evidence-{row.pk}"
        return (
            f'<div class="talk"><a class="talk-open" href="{place}" hx-get="{place}"'
            f' hx-target="#{target}" hx-swap="innerHTML" title="{self.text["talk"]}"'
            f' data-talk="{target}">{_BUBBLE}<span class="unseen">{self.text["talk"]}</span>'
            f' <span class="n" id="talk-n-evidence-{row.pk}">{n or ""}</span></a>'
            f'<div class="talk-place" id="{target}" aria-live="polite"></div></div>'
        )
