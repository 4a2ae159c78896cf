"""Settings of a study: what it is called and asks, how it is coded, archived or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from tomlkit import TOMLDocument

from embauche.errors import WorkbenchError
from embauche.study.config import FILE_NAME
from embauche.vocabulary import Language
from embauche.workbench.models import Study, User
from embauche.workbench.services.conflicts import change as change_row
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.intake_settings import edit_settings, section
from embauche.workbench.services.roles import require
from embauche.workbench.services.team_events import record

LONGEST: Final = {"title": 200, "product": 200, "question": 2000}
MOST_SEED: Final = 2**31 - 1
_IN_FILE: Final = ("title", "product", "question", "language")
_FIELDS: Final = (*_IN_FILE, "blind", "seed")


def save_settings(study_id: int, given: Mapping[str, Any], actor: User, version: int) -> Study:
    """Keep a study's settings; those that the stages read go into its ``study.toml`` too.

    Parameters
    ----------
    given
        Some of ``title``, ``product``, ``question``, ``language``, ``blind``, ``seed``.

    Raises
    ------
    StaleVersionError
        If someone else changed the study meanwhile; nothing is written.
    WorkbenchError
        If the title is empty, a text too long, or the seed out of range.
    """
    wanted = _checked(given)
    with transaction.atomic():
        study = Study.objects.select_for_update().get(pk=study_id)
        require(actor, study, "editor")
        before = {name: getattr(study, name) for name in _FIELDS}
        moved = {name: value for name, value in wanted.items() if before[name] != value}
        # Where nothing is changed, a page that is out of date does no harm.
        if moved:
            change_row(study, version, **moved)
            _tell(study, actor, before, moved)
            _write(study, moved)
            touch(study)
    return study


def archive(study_id: int, actor: User, version: int, *, archived: bool) -> Study:
    """Put a study away, read-only, or bring it back.

    Raises
    ------
    StaleVersionError
        If someone else changed the study meanwhile.
    """
    with transaction.atomic():
        study = Study.objects.get(pk=study_id)
        require(actor, study, "owner", archived=True)
        if (study.archived_at is not None) == archived:
            return study
        change_row(study, version, archived_at=timezone.now() if archived else None)
        verb = "study.archived" if archived else "study.restored"
        record(study, actor, verb, study.slug, {}, version=study.version)
        touch(study)
    return study


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {name: given[name] for name in _FIELDS if name in given}
    for name, most in LONGEST.items():
        if name not in wanted:
            continue
        wanted[name] = " ".join(str(wanted[name]).split())
        if len(wanted[name]) > most:
            raise WorkbenchError("team.long_text", most=most)
    if wanted.get("title") == "":
        raise WorkbenchError("team.no_title")
    if "language" in wanted:
        wanted["language"] = Language(wanted["language"]).value
    if "seed" in wanted and not 0 <= wanted["seed"] <= MOST_SEED:
        raise WorkbenchError("team.seed", most=MOST_SEED)
    return wanted


def _tell(study: Study, actor: User, before: Mapping[str, Any], moved: Mapping[str, Any]) -> None:
    """Write it into the history; blind coding, which shuts pages, as an event of its own."""
    rest = {name: value for name, value in moved.items() if name != "blind"}
    if rest:
        told = {"before": {name: before[name] for name in rest}, "after": rest}
        record(study, actor, "study.settings", study.slug, told, version=study.version)
    if "blind" in moved:
        verb = "study.blinded" if moved["blind"] else "study.unblinded"
        told = {"blind": moved["blind"]}
        record(study, actor, verb, study.slug, told, version=study.version)


def _write(study: Study, moved: Mapping[str, Any]) -> None:
    """Write into ``study.toml`` what the stages read there, comments kept.

    A study without that file is told by its row alone.
    """
    texts = {name: moved[name] for name in _IN_FILE if name in moved}
    if not texts or not (study_folder(study) / FILE_NAME).is_file():
        return

    def change(document: TOMLDocument) -> None:
        section(document, "study").update(texts)

    edit_settings(study, change)
