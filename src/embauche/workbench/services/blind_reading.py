"""What of other people's work is kept from a coder while a study is coded blind."""

from __future__ import annotations

from django.db.models import Q

from embauche.workbench.models import Evidence, Study, User
from embauche.workbench.services.visibility import (
    coding_blind,
    shut_while_blind,
    visible_evidence,
)

_OF_CODERS = ("evidence", "sentence", "source", "comment", "memo", "proposal")
_OF_JOBS = ("job", "operation", "need")
"""Kinds of objects whose history tells what another person coded, or what came of it."""


def hidden_events(study: Study, reader: User) -> Q | None:
    """Return which events the reader may not see; ``None`` where they see all."""
    if not coding_blind(study, reader):
        return None
    kinds = (*_OF_CODERS, *_OF_JOBS) if shut_while_blind(study, reader) else _OF_CODERS
    return Q(kind__in=kinds) & ~Q(actor=reader)


def hidden_comments(study: Study, reader: User) -> Q:
    """Return which comments the reader may not see: what others say of evidence."""
    if not coding_blind(study, reader):
        return Q(pk__in=())
    return Q(kind="evidence") & ~Q(author=reader)


def may_see(study: Study, reader: User, row: Evidence) -> bool:
    """Tell whether the reader may see a piece of evidence, and what is said of it."""
    if not coding_blind(study, reader):
        return True
    return visible_evidence(study, reader).filter(pk=row.pk).exists()


def may_see_jobs(study: Study, reader: User) -> bool:
    """Tell whether the reader may see jobs, and what is said of them."""
    return not shut_while_blind(study, reader)
