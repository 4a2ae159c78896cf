"""Icons of one set (Lucide): decoration beside words, never instead of them for who cannot see."""

from __future__ import annotations

from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString

from embauche.workbench.templating.sentences import asset


@cache
def icon(name: str) -> SafeString:
    """Draw an icon of ``frontend/icons.ts``: ``{{ icon("pencil") }}``."""
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        asset("icons.svg"),
        name,
    )
