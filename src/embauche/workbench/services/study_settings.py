"""Settings of a study: what it is called and asks, how it is coded, archived or not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import tomlkit
from django.db import transaction
from django.utils import timezone

from embauche.errors import WorkbenchError
from embauche.study.config import FILE_NAME
from embauche.vocabulary import Language
from embauche.workbench.models import Study, User
from embauche.workbench.services.conflicts import change, touch
from embauche.workbench.services.inputs import study_folder
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
            change(study, version, **moved)
            record(
                study,
                actor,
                "study.settings",
                study.slug,
                {"before": {name: before[name] for name in moved}, "after": moved},
                version=study.version,
            )
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
        change(study, version, archived_at=timezone.now() if archived else None)
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


def _write(study: Study, moved: Mapping[str, Any]) -> None:
    """Write into ``study.toml`` what the stages read there, comments kept.

    A study without that file is told by its row alone.
    """
    path = study_folder(study) / FILE_NAME
    if not path.is_file() or not any(name in moved for name in _IN_FILE):
        return
    document = tomlkit.parse(path.read_text(encoding="utf-8-sig"))
    section = document.setdefault("study", tomlkit.table())
    for name in _IN_FILE:
        if name in moved:
            section[name] = moved[name]
    draft = path.with_name(f".{path.name}.part")
    draft.write_text(tomlkit.dumps(document), encoding="utf-8")
    draft.replace(path)
