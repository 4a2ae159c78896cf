"""Charts that were drawn, kept beside a study's results: every process and every start has them.

Drawing the charts of a page takes a second or two of computing; reading them takes milliseconds.
They are named by all that they show, so a kept chart is never a stale one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import get_ident
from typing import Any, Final

from embauche import present
from embauche.present.figure import ChartFigure
from embauche.present.findings import Findings
from embauche.workbench.models import Study
from embauche.workbench.services.frozen import freeze, thaw
from embauche.workbench.services.inputs import results_folder

PREFIX: Final = "charts-"


def name_of(study: Study, found: Findings, kinds: Sequence[str], also: object) -> str:
    """Return the file's name: by the analysis first, then by everything that the charts show."""
    jobs = found.job_map.jobs if found.job_map else ()
    shown = [
        _drawing(),
        str(found.card.language),
        list(kinds),
        [source.id for source in found.corpus.sources] if found.corpus else [],
        [
            [job.id, freeze(job.statement), job.type.value, list(job.participants), job.parent]
            for job in jobs
        ],
        freeze(found.links),
        freeze(also),
    ]
    return f"{PREFIX}{_analysis(study)}-{_hash(shown)}.json"


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
