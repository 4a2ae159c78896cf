"""Words that stand in a drawing that is kept, for what each page puts in: tokens and addresses."""

from __future__ import annotations

from secrets import token_hex
from typing import Any, Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from embauche.workbench.page import form_token

# Nobody can write these into a quote or a memo: they are others in each process.
TOKEN: Final = mark_safe(f"put-{token_hex(12)}-token")  # noqa: S308 - a word of our own
ADDRESS: Final = f"put-{token_hex(12)}-address"
QUERY: Final = f"put-{token_hex(12)}-query"


def put_in(html: str, request: Any, *, address: str, query: str = "") -> SafeString:
    """Put the token of the reader's forms and the addresses of a page into what was drawn."""
    for place, value in (
        (TOKEN, form_token(request)),
        (ADDRESS, escape(address)),
        (QUERY, escape(query)),
    ):
        html = html.replace(place, value)
    return mark_safe(html)  # noqa: S308 - a template escaped what it was given
