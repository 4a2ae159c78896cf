"""Take back what was saved of a survey's or customer table's mapping, step by step."""

from __future__ import annotations

from hashlib import sha256

from django.db import transaction

from embauche.errors import WorkbenchError
from embauche.workbench.models import Event, Study, User
from embauche.workbench.services.config_file import write_config
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.roles import require
from embauche.workbench.services.study_tables import study_config

MAPPED = ("survey.mapped", "customers.mapped")


def digest(text: str) -> str:
    """Return the mark of a ``study.toml``, by which a saved mapping knows what it made."""
    return sha256(text.encode()).hexdigest()


def last_mapping(study: Study) -> Event | None:
    """Return the change that made ``study.toml`` what it is; ``None`` where that was another.

    Saving it as it was is no change.
    """
    now = digest(study_config(study)[1])
    for event in Event.objects.filter(study=study, verb__in=MAPPED).order_by("-pk"):
        told = event.payload or {}
        if told.get("made") == now and digest(told["toml"]) != now:
            return event
    return None


def undo_mapping(study_id: int, actor: User) -> Study:
    """Put ``study.toml`` back to what it was before the last mapping was saved.

    Raises
    ------
    WorkbenchError
        If it was changed otherwise since, or there is nothing to take back.
    """
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        event = last_mapping(study)
        if event is None:
            raise WorkbenchError("mapping.nothing_to_undo")
        text = study_config(study)[1]
        write_config(study, event.payload["toml"])
        Event(
            study=study, actor=actor, verb="survey.unmapped", kind=event.kind, key=event.key,
            version=study.version, payload={"of": event.pk, "toml": text},
        ).save()  # fmt: skip
        touch(study)
    return study
