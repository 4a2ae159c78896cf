"""A survey or customer table brought to its own page: received, looked into and taken at once."""

from __future__ import annotations

from typing import Literal

from embauche.errors import EmbaucheError
from embauche.workbench.models import Study, Upload, User
from embauche.workbench.services.intake_taking import Wish, held_tables, take
from embauche.workbench.services.intake_uploads import Dropped, leave, receive, reread
from embauche.workbench.services.roles import require

Part = Literal["survey", "customers"]
PARTS: tuple[Part, ...] = ("survey", "customers")


def bring_table(study_id: int, file: Dropped, part: Part, actor: User) -> str:
    """Take a file as the study's survey or customer table, in the place of the one it had.

    Nothing of a file that cannot be taken stays.

    Returns
    -------
    str
        Its name in the study.

    Raises
    ------
    EmbaucheError
        If the file cannot be read as such a table.
    """
    study = Study.objects.get(pk=study_id)
    require(actor, study, "editor")
    upload = receive(study_id, file, actor)
    if upload.kind != part and upload.error is None:
        upload = reread(upload.pk, part, actor)
    if upload.error is None:
        wish = Wish(kind=part, replaces=held_tables(study).get(part, ""))
        taken = take(study_id, {upload.pk: wish}, actor)
        if taken.names:
            return taken.names[0]
        upload = Upload.objects.get(pk=upload.pk)
    leave(study_id, [upload.pk], actor)
    error = upload.error or {"code": "mapping.not_a_table", "params": {"file": upload.name}}
    raise EmbaucheError(error["code"], **error["params"])
