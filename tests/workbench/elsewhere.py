"""Another study of other people, with an object of every kind, for ids that are foreign here."""

from __future__ import annotations

import shutil
from typing import Any

from fictional_team import person

WORD = "kestrels"
"""Stands in the place of a word of the same length in all that is said there, and nowhere else."""
_OURS = "notebook"
_COPIED = ("participants", "sources", "coders", "evidence", "jobs")
"""In the order in which one names the other."""


def study_elsewhere(study: Any) -> Any:
    """Return a copy of a study under another name and owner, its words recognisable."""
    from datetime import timedelta

    from django.utils import timezone

    from embauche.workbench.models import Comment, Event, Run, Study, Upload
    from embauche.workbench.services.inputs import study_folder

    values = {"title": f"The {WORD} study", "product": WORD, "language": "en"}
    other = Study.objects.create(slug="elsewhere", **values)
    shutil.rmtree(study_folder(other).parent, ignore_errors=True)
    shutil.copytree(study_folder(study), study_folder(other))
    made: dict[str, dict[int, int]] = {}
    for kind in _COPIED:
        made[kind] = {row.pk: _copied(row, other, made).pk for row in _rows(study, kind)}
    owner = person("elsewhere", other, "owner")
    link = {"study": other, "created_by": owner, "expires_at": timezone.now() + timedelta(days=1)}
    other.invitations.create(role="owner", token_hash="f" * 64, note=WORD, **link)
    other.share_links.create(token_hash="e" * 64, note=WORD, **link)
    Comment.objects.create(study=other, author=owner, kind="study", key=other.slug, text=WORD)
    Run.objects.create(study=other, state="running", stage="collect")
    Upload.objects.create(study=other, name=f"{WORD}.txt", stored="gone", size=1, sha256="x")
    Event.objects.create(study=other, actor=owner, verb="study.made", kind="study", key=WORD,
                         version=1, payload={})  # fmt: skip
    return other


def _rows(study: Any, kind: str) -> list[Any]:
    return list(getattr(study, kind).all())


def _copied(row: Any, other: Any, made: dict[str, dict[int, int]]) -> Any:
    """Write a row once more, for the other study."""
    row.pk, row.study, row._state.adding = None, other, True
    for name, kind in (("source", "sources"), ("participant", "participants"), ("coder", "coders"),
                       ("reviewer", "coders"), ("worded_by", "coders")):  # fmt: skip
        held = getattr(row, f"{name}_id", None)
        if held is not None:
            setattr(row, f"{name}_id", made[kind][held])
    for name in ("text", "quote", "memo", "pseudonym", "name"):
        if isinstance(getattr(row, name, None), str):
            setattr(row, name, getattr(row, name).replace(_OURS, WORD))
    if hasattr(row, "pseudonym"):
        row.pseudonym = f"{WORD} {row.position}"
    if hasattr(row, "statement"):
        row.statement = {"en": f"Watch {WORD} {row.position}"}
    row.save(force_insert=True)
    return row


def forget_elsewhere(study: Any) -> None:
    """Remove the other study's files."""
    from embauche.workbench.services.inputs import study_folder

    shutil.rmtree(study_folder(study).parent, ignore_errors=True)
