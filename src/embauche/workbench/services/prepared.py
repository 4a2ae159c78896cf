"""Figures that take longer than a page may: made in the background, kept, and shown when ready.

Each is kept beside the study's results with a mark of what it was made from. While a newer one is
being made the older one is shown, and the page says so. Nothing of what people said is kept here.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.db.models import Max

from embauche import __version__
from embauche.errors import EmbaucheError
from embauche.workbench.models import Event, Study
from embauche.workbench.services.inputs import results_folder

_KEPT: Final = 40
_PATIENCE: Final = 300.0
"""Seconds after which work that was begun and never ended is begun again."""

_logger = logging.getLogger(__name__)
Make = Callable[[Study, Mapping[str, Any]], dict[str, Any]]
_makers: dict[str, Make] = {}


@dataclass(frozen=True, slots=True)
class Prepared:
    """Figures that were asked for.

    Attributes
    ----------
    data
        JSON-ready; ``None`` where there are none yet.
    fresh
        False while newer ones are being made.
    error
        Code and parameters of what kept them from being made.
    """

    data: dict[str, Any] | None
    fresh: bool
    error: dict[str, Any] | None = None


def makes(what: str) -> Callable[[Make], Make]:
    """Register what makes a kind of figures."""

    def register(make: Make) -> Make:
        _makers[what] = make
        return make

    return register


def prepared(study: Study, what: str, params: Mapping[str, Any] | None = None) -> Prepared:
    """Return figures as they are kept, and ask for newer ones where something was decided since."""
    params = dict(params or {})
    path, mark = _path(study, what, params), mark_of(study)
    kept = _read(path)
    if kept is not None and kept["mark"] == mark:
        return Prepared(kept.get("data"), fresh=True, error=kept.get("error"))
    if _claim(path):
        from embauche.workbench.tasks import prepare_figures

        prepare_figures.enqueue(study.pk, what, params)
    return Prepared(kept.get("data") if kept else None, fresh=False)


def prepare(study_id: int, what: str, params: Mapping[str, Any]) -> None:
    """Make figures and keep them; what a user can mend is kept as an error."""
    study = Study.objects.get(pk=study_id)
    path, mark = _path(study, what, params), mark_of(study)
    made: dict[str, Any] = {"mark": mark}
    try:
        made["data"] = _maker(what)(study, params)
    except EmbaucheError as error:
        made["error"] = {
            "code": error.code,
            "params": {
                key: value if isinstance(value, list | int | float) else str(value)
                for key, value in error.params.items()
            },
        }
    except Exception:
        _logger.exception("figures %s of study %s failed", what, study.pk)
        made["error"] = {"code": "workbench.unexpected", "params": {}}
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(made), encoding="utf-8")
    draft.replace(path)
    path.with_suffix(".begun").unlink(missing_ok=True)
    _sweep(path.parent)


def has_been_prepared(study_id: int, what: str, params: Mapping[str, Any]) -> bool:
    """Tell whether there are figures to look at, be they older ones."""
    return _read(_path(Study.objects.get(pk=study_id), what, params)) is not None


def mark_of(study: Study) -> str:
    """Return what changes with the analysis and with every decision about evidence or jobs."""
    kinds = ("evidence", "sentence", "operation", "threshold", "coding")
    last = Event.objects.filter(study=study, kind__in=kinds).aggregate(last=Max("pk"))["last"]
    return f"{study.analysed_at} {last} {study.seed} {__version__}"


def _maker(what: str) -> Make:
    # Imported here: each registers itself, and a page needs only its own.
    from embauche.workbench.services import agreement_view, saturation_view, threshold  # noqa: F401

    return _makers[what]


def _path(study: Study, what: str, params: Mapping[str, Any]) -> Path:
    text = json.dumps(params, sort_keys=True)
    digest = sha256(text.encode()).hexdigest()[:16]
    return results_folder(study) / "prepared" / f"{what}-{digest}.json"


def _read(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and "mark" in found else None


def _claim(path: Path) -> bool:
    """Say that the work has begun; False where somebody's request said so a moment ago."""
    begun = path.with_suffix(".begun")
    begun.parent.mkdir(parents=True, exist_ok=True)
    try:
        begun.open("x").close()
    except FileExistsError:
        try:
            if time.time() - begun.stat().st_mtime < _PATIENCE:
                return False
            begun.touch()
        except FileNotFoundError:  # it ended just now
            return False
    return True


def _sweep(folder: Path) -> None:
    kept = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[_KEPT:]:
        path.unlink(missing_ok=True)
