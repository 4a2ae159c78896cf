"""What a coder may not read while a study is coded blind: other people's work."""

from __future__ import annotations

from django.db.models import Q

from embauche.workbench.models import Coding, Evidence, Study, User

_OF_CODERS = ("evidence", "sentence", "source", "comment")
"""Kinds of objects whose history tells what another person coded."""


def hidden_events(study: Study, reader: User) -> Q | None:
    """Return which events the reader may not see; ``None`` where the study is not coded blind."""
    if not study.blind:
        return None
    return Q(kind__in=_OF_CODERS) & ~Q(actor=reader)


def hidden_comments(study: Study, reader: User) -> Q:
    """Return which comments the reader may not see: what others say of evidence."""
    if not study.blind:
        return Q(pk__in=())
    return Q(kind="evidence") & ~Q(author=reader)


def may_see(study: Study, reader: User, row: Evidence) -> bool:
    """Tell whether the reader may see a piece of evidence: in a blind study only their own."""
    if not study.blind:
        return True
    own = Coding.objects.filter(evidence=row, coder__user=reader)
    return row.coder.user_id == reader.pk or own.exists()
