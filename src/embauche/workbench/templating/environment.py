"""The environment of the workbench's templates: what a page may call to write its words.

Jinja rather than Django's own language: long lists take half the time (``docs/adr``, 5), and the
report is made of the same.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.template import defaultfilters
from django.urls import reverse
from django.utils.html import json_script
from jinja2 import ChainableUndefined, Environment

from embauche.present.source_names import shown_source
from embauche.workbench.templating import icons, margin, sentences, team

_CALLED = (
    icons.icon,
    margin.margin_notes,
    sentences.asset,
    sentences.error_hint,
    sentences.error_said,
    sentences.fig,
    sentences.fig_share,
    sentences.filesize,
    sentences.notice,
    sentences.num,
    sentences.operation,
    sentences.run_end,
    sentences.run_stage,
    sentences.stage_state,
    sentences.steady,
    sentences.t,
    sentences.term,
    sentences.tk,
    sentences.turn_words,
    sentences.why,
    team.day,
    team.detail,
    team.did,
    team.former,
    team.kind_name,
    team.operation_on,
    team.statement_of,
    team.talk_count,
    team.when,
    team.who,
)
_FILTERS = (
    sentences.letter,
    sentences.marker,
    sentences.person,
    team.comment_text,
    shown_source,
    defaultfilters.capfirst,
    defaultfilters.linebreaksbr,
    defaultfilters.truncatechars,
    defaultfilters.urlencode,
    json_script,
)


@lru_cache(maxsize=16_384)
def url(name: str, *args: Any) -> str:
    """Return the address of a page by its name: ``{{ url("study", study.slug) }}``."""
    return reverse(name, args=args)


def environment(**options: Any) -> Environment:
    """Return the environment that Django's settings name; what is written is escaped."""
    # A page names what only some of its uses are given ("conflict", "saved"): nothing is said then.
    options["undefined"] = ChainableUndefined
    made = Environment(**options)  # noqa: S701 - Django sets autoescape
    made.globals.update({item.__name__: item for item in _CALLED}, url=url)
    made.filters.update({item.__name__: item for item in _FILTERS})
    return made
