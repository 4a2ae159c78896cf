"""The notes of a list of evidence: each is drawn once, and drawn anew when what it says changes.

A note is drawn from a `Note` and nothing else, so that nobody is shown the note of another
language, role or person. What is the same in all notes of a page (its address, the token of its
forms) is put in afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, Final

from django.template.loader import get_template
from django.utils.safestring import SafeString

from embauche.messages import messages
from embauche.vocabulary import Language
from embauche.workbench.models import Evidence, Study
from embauche.workbench.pages.placeholders import ADDRESS, QUERY, TOKEN, put_in
from embauche.workbench.services.comments import comment_counts

_KEPT: Final = 3000


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something by its name."""

    name: str = ""
    pseudonym: str = ""
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """All that the note of a piece of evidence says, named as in its row.

    Attributes
    ----------
    reviewer
        Who decided; `user_id` is 1 where that is the reader, else ``None``.
    talk
        How much was said of it.
    """

    pk: int
    version: int
    status: str
    facet: str
    confidence: float
    reason: str
    moment: str
    language: str
    quote: str
    memo: str
    key: str
    source_id: int
    source: Named
    participant: Named
    reviewer: Named | None
    talk: int


def notes(
    request: Any,
    study: Study,
    rows: Iterable[Evidence],
    *,
    address: str,
    query: str,
    conflict: int | None = None,
) -> SafeString:
    """Draw the notes of rows, as the reader may see them (`visibility.as_seen`).

    Parameters
    ----------
    address, query
        Of the list that they stand in.
    conflict
        The row that somebody else decided about meanwhile.
    """
    counts = comment_counts(study, request.user)
    writes = request.role != "reader"
    language = Language(request.language)
    html = "".join(
        _drawn(
            _note(row, request.user.pk, counts.get(("evidence", row.key), 0)),
            study.slug,
            language,
            writes,
            row.pk == conflict,
        )
        for row in rows
    )
    return put_in(html, request, address=address, query=query)


def _note(row: Evidence, reader: int, talk: int) -> Note:
    reviewer = row.reviewer
    mine = reviewer is not None and reviewer.user_id == reader
    return Note(
        pk=row.pk,
        version=row.version,
        status=row.status,
        facet=row.facet,
        confidence=row.confidence,
        reason=row.reason,
        moment=row.moment,
        language=row.language,
        quote=row.quote,
        memo=row.memo,
        key=row.key,
        source_id=row.source_id,
        source=Named(row.source.name),
        participant=Named(pseudonym=row.participant.pseudonym),
        reviewer=Named(reviewer.name, user_id=1 if mine else None) if reviewer else None,
        talk=talk,
    )


@lru_cache(maxsize=_KEPT)
def _drawn(note: Note, slug: str, language: Language, writes: bool, conflict: bool) -> str:  # noqa: FBT001
    reader = SimpleNamespace(user=SimpleNamespace(pk=1))
    study = SimpleNamespace(slug=slug, comment_counts={("evidence", note.key): note.talk})
    html: str = get_template("workbench/parts/note.html").render(
        {
            "row": note,
            "words": messages(language),
            "language": str(language),
            "request": reader,
            "study": study,
            "role": "coder" if writes else "reader",
            "view": "list",
            "compact": False,
            "conflict": note.pk if conflict else None,
            "csrf_input": TOKEN,
            "address": ADDRESS,
            "query_here": QUERY,
        }
    )
    return html
