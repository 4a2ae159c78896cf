"""The cards of the list of jobs: each is drawn once, and drawn anew when what it says changes.

As the notes of evidence (`evidence_notes`), a card is drawn from what it is given and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, Final

from django.template.loader import get_template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from embauche.messages import messages
from embauche.vocabulary import Language
from embauche.workbench.models import Study
from embauche.workbench.pages.placeholders import ADDRESS, TOKEN, put_in
from embauche.workbench.services.comments import comment_counts
from embauche.workbench.services.jobs_view import JobRow
from embauche.workbench.services.proposal_lines import Suggestion

_KEPT: Final = 1000


def cards(
    request: Any,
    study: Study,
    jobs: Sequence[JobRow],
    suggested: Mapping[str, Sequence[Suggestion]],
) -> SafeString:
    """Draw the cards of jobs."""
    study.comment_counts = counts = comment_counts(study, request.user)
    html = "".join(
        _drawn(
            row,
            tuple(suggested.get(row.key, ())),
            counts.get(("job", row.key), 0),
            study.slug,
            Language(request.language),
            request.role != "reader",
        )
        for row in jobs
    )
    return put_in(html, request, address=request.get_full_path())


@lru_cache(maxsize=_KEPT)
def _drawn(
    row: JobRow,
    suggested: tuple[Suggestion, ...],
    talk: int,
    slug: str,
    language: Language,
    writes: bool,  # noqa: FBT001
) -> str:
    html: str = get_template("workbench/parts/job.html").render(
        {
            "row": row,
            "suggested": {row.key: suggested},
            "study": SimpleNamespace(slug=slug, comment_counts={("job", row.key): talk}),
            "words": messages(language),
            "language": str(language),
            "role": "coder" if writes else "reader",
            "csrf_input": TOKEN,
            "here": ADDRESS,
        }
    )
    return html


@lru_cache(maxsize=1024)
def choice(jobs: tuple[tuple[int, str], ...], chosen: int | None) -> SafeString:
    """Write jobs as the options of a choice."""
    return format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((pk, mark_safe(" selected" if pk == chosen else ""), name) for pk, name in jobs),  # noqa: S308
    )
