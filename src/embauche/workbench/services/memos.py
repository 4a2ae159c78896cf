"""Memos: what people note about evidence, a source or a job; they decide nothing."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from embauche.errors import WorkbenchError
from embauche.workbench.models import Event, Evidence, Job, Source, User
from embauche.workbench.services.conflicts import change, touch
from embauche.workbench.services.deciding import hold, new_act
from embauche.workbench.services.roles import coder_of
from embauche.workbench.services.visibility import visible_evidence

LONGEST: Final = 10_000
MODELS: Final[dict[str, type[Evidence | Source | Job]]] = {
    "evidence": Evidence,
    "source": Source,
    "job": Job,
}


def write_memo(
    of: str, row_id: int, text: str, actor: User, version: int | None = None, act: str | None = None
) -> Evidence | Source | Job:
    """Write the memo of a piece of evidence, a source or a job; an empty one takes it away.

    Parameters
    ----------
    of
        ``"evidence"``, ``"source"`` or ``"job"``.
    version
        The row version that the page showed.
    act
        What it is part of; it is undone together with the rest.

    Raises
    ------
    StaleVersionError
        If somebody changed the row meanwhile; nothing is written.
    WorkbenchError
        If the memo is longer than 10,000 characters.
    """
    text = "\n".join(line.rstrip() for line in text.strip().splitlines())
    if len(text) > LONGEST:
        raise WorkbenchError("coding.long_memo", n=len(text), most=LONGEST)
    model = MODELS[of]
    with transaction.atomic():
        study_id = model.objects.values_list("study_id", flat=True).get(pk=row_id)
        study = hold(study_id, actor)
        row = model.objects.get(pk=row_id)
        if of == "evidence":
            visible_evidence(study, actor).get(pk=row_id)
        if row.memo == text:
            return row
        coder_of(actor, study)
        before = row.memo
        change(row, row.version if version is None else version, memo=text)
        Event(
            study=study,
            actor=actor,
            verb="memo.written" if text else "memo.erased",
            kind="memo",
            key=f"{of}:{row.key}"[:200],
            version=row.version,
            payload={"act": act or new_act(), "about": of, "before": before, "after": text},
        ).save()
        touch(study)
    return row
