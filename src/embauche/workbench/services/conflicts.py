"""Two people at once: a change made on a stale row is refused and shown, never written over."""

from __future__ import annotations

from typing import Any

from django.db.models import F, Model

from embauche.errors import WorkbenchError
from embauche.workbench.models import Evidence, Study
from embauche.workbench.models.coding import UNSTAMPED


class StaleVersionError(WorkbenchError):
    """Someone changed the row after the page was loaded."""

    def __init__(self, row: Model) -> None:
        super().__init__("workbench.stale")
        self.row = row


def change(row: Any, version: int, **values: Any) -> None:
    """Write values into a row that still has the version that the page showed.

    The check and the write are one statement, so that two at once cannot both pass.

    Raises
    ------
    StaleVersionError
        If the row has another version by now; nothing is written.
    """
    updated = (
        type(row)
        .objects.filter(pk=row.pk, version=version)
        .update(**values, version=F("version") + 1)
    )
    row.refresh_from_db()
    if not updated:
        raise StaleVersionError(row)


def touch(study: Study, *, evidence_only: bool = False) -> None:
    """Mark the study as changed, so that what was made from it is made anew.

    Evidence that was changed before gets the study's new stamp: from here on to the end of the
    transaction nobody else touches the study, so later stamps are seen later.

    Parameters
    ----------
    study
        The study.
    evidence_only
        True where nothing but evidence, and what people say of it, was changed, and none deleted:
        what does not depend on it is still right.
    """
    changed = {"stamp": F("stamp") + 1} | ({} if evidence_only else {"base": F("stamp") + 1})
    Study.objects.filter(pk=study.pk).update(**changed)
    study.refresh_from_db(fields=["stamp", "base"])
    Evidence.objects.filter(study=study, stamp=UNSTAMPED).update(stamp=study.stamp)
