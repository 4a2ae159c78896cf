"""Charts that were drawn, kept beside a study's results: every process and every start has them.

Drawing the charts of a page takes a second or two of computing; reading them takes milliseconds.
They are named by all that they show, so that those of today's wordings are told from those of
yesterday's. Where a job is worded anew the background worker draws again; until that is done, a
moment later, the former charts are shown: no page waits, and no figure differs. Of charts of
ratings as they stand now the figures may differ: the page says that such a one is being redrawn.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import get_ident
from typing import Any, Final

from django.utils import timezone

from embauche import present
from embauche.present.figure import ChartFigure
from embauche.present.findings import Findings
from embauche.workbench.models import Study
from embauche.workbench.services.frozen import freeze, thaw
from embauche.workbench.services.inputs import results_folder

PREFIX: Final = "charts-"
_TASK: Final = "embauche.workbench.tasks.draw_charts"
_PAUSE: Final = timedelta(seconds=3)


def name_of(study: Study, found: Findings, kinds: Sequence[str], also: object) -> str:
    """Return the file's name: by the analysis, by the charts, then by all the words they show."""
    jobs = found.job_map.jobs if found.job_map else ()
    which = [_drawing(), str(found.card.language), list(kinds)]
    shown = [
        freeze(also),
        [source.id for source in found.corpus.sources] if found.corpus else [],
        [
            [job.id, freeze(job.statement), job.type.value, list(job.participants), job.parent]
            for job in jobs
        ],
        freeze(found.links),
    ]
    return f"{PREFIX}{_analysis(study)}-{_hash(which)}-{_hash(shown)}.json"


def former_name(study: Study, name: str) -> str | None:
    """Return the name of the same charts with the wordings before, of the same analysis."""
    same = name.rpartition("-")[0]
    folder = results_folder(study)
    found = [(path.stat().st_mtime_ns, path.name) for path in folder.glob(f"{same}-*.json")]
    return max(found)[1] if found else None


def draw_soon(study: Study, language: str) -> None:
    """Have the worker draw a study's charts in a language, unless it is about to."""
    from django_tasks_db.models import DBTaskResult

    from embauche.workbench.tasks import draw_charts

    waiting = DBTaskResult.objects.filter(task_path=_TASK, status="READY")
    asked = [given["args"] for given in waiting.values_list("args_kwargs", flat=True)]
    if [study.pk, language] not in asked:
        draw_charts.using(run_after=timezone.now() + _PAUSE).enqueue(study.pk, language)


def kept_charts(study: Study, name: str) -> list[ChartFigure] | None:
    """Return the charts of a name; ``None`` where they have not been drawn, or cannot be read."""
    try:
        data = json.loads((results_folder(study) / name).read_text(encoding="utf-8"))
        return [thaw(ChartFigure, item) for item in data]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_charts(study: Study, name: str, figures: Sequence[ChartFigure]) -> None:
    """Keep charts under their name; those of earlier analyses go."""
    folder = results_folder(study)
    draft = folder / f"{name}.{os.getpid()}-{get_ident()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob(f"{PREFIX}*"):
            if not old.name.startswith(f"{PREFIX}{_analysis(study)}-"):
                old.unlink(missing_ok=True)
        draft.write_text(json.dumps(freeze(list(figures))), encoding="utf-8")
        draft.replace(folder / name)
        same = name.rpartition("-")[0]
        for old in folder.glob(f"{same}-*.json"):
            if old.name != name:
                old.unlink(missing_ok=True)
    except OSError:
        draft.unlink(missing_ok=True)  # a full disk costs time, not the page


@cache
def _drawing() -> str:
    """Name what draws: another version, another theme or another wording draws charts anew."""
    room = Path(present.__file__).parent
    files = [*sorted(room.rglob("*.py")), *sorted(room.with_name("locale").rglob("*.po"))]
    return _hash([sha256(path.read_bytes()).hexdigest() for path in files])


def _analysis(study: Study) -> str:
    return _hash([study.fingerprint, str(study.analysed_at)])[:12]


def _hash(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:24]
