"""Learning from decisions beside the pages: a decision is answered at once, and learned from soon.

A page knows what was learned last, from a small file that the background worker writes. Within a
transaction (nobody else sees it, no worker could) learning happens on the spot.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Final

import numpy as np
from django.db import connection

from embauche.identify import Relearned, RememberedTalk
from embauche.workbench.models import Study
from embauche.workbench.services.inputs import results_folder
from embauche.workbench.services.relearning import Learned, relearn, relearned, talk_of

_ARRAYS: Final = ("probabilities", "proposed", "by_words", "codes")
_TASK: Final = "embauche.workbench.tasks.learn_from_decisions"
_KEPT: Final = 2
_known: OrderedDict[str, tuple[int, Relearned, Learned]] = OrderedDict()
_lock = Lock()


def learn_soon(study: Study) -> Learned | None:
    """Have the decisions so far learned from: at once inside a transaction, else by the worker.

    Returns
    -------
    Learned or None
        What changed, where it was learned on the spot.
    """
    if connection.in_atomic_block:
        return relearn(study)
    from django_tasks_db.models import DBTaskResult

    from embauche.workbench.tasks import learn_from_decisions

    waiting = DBTaskResult.objects.filter(task_path=_TASK, status="READY")
    if study.pk not in {
        given["args"][0] for given in waiting.values_list("args_kwargs", flat=True)
    }:
        learn_from_decisions.enqueue(study.pk)
    return None


def learn(study_id: int) -> Learned | None:
    """Learn from all decisions and keep the result for the pages; the worker calls this."""
    study = Study.objects.get(pk=study_id)
    learned = relearn(study)
    found = relearned(study) if learned is not None else None
    if found is not None and learned is not None:
        _write(_file(study, found.talk), found, learned)
    return learned


def known(study: Study) -> tuple[Relearned, Learned] | None:
    """Return what the coder thinks, after the decisions that it learned from last.

    ``None`` where what it heard is not kept: an analysis brings it.
    """
    if connection.in_atomic_block:
        return _now(study)
    talk = talk_of(study)
    if talk is None:
        return None
    path = _file(study, talk)
    try:
        stamp = path.stat().st_mtime_ns
        with _lock:
            held = _known.get(str(path))
        if held is None or held[0] != stamp:
            held = (stamp, *_read(path, talk))
            with _lock:
                _known[str(path)] = held
                while len(_known) > _KEPT:
                    _known.popitem(last=False)
    except (OSError, ValueError, KeyError):
        found = _now(study)
        if found is not None:
            _write(path, *found)
        return found
    return held[1], held[2]


def _now(study: Study) -> tuple[Relearned, Learned] | None:
    found = relearned(study)
    return (found, Learned(found.taught)) if found is not None else None


def _read(path: Path, talk: RememberedTalk) -> tuple[Relearned, Learned]:
    with np.load(path, allow_pickle=False) as kept:
        found = Relearned(talk, *(kept[name] for name in _ARRAYS))
        taught, moved, gone, new = kept["learned"].tolist()
    return found, Learned(taught, moved, gone, new)


def _file(study: Study, talk: RememberedTalk) -> Path:
    """Return where the result lies; of another talk (another analysis) it is another file."""
    name = f"learned-{len(talk.places)}-{study.fingerprint[:16]}.npz"
    return results_folder(study) / name


def _write(path: Path, found: Relearned, learned: Learned) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for old in path.parent.glob("learned-*.npz"):
        if old != path:
            old.unlink(missing_ok=True)
    draft = path.with_name(f"{path.stem}.{os.getpid()}.part")
    counts = np.array([learned.taught, learned.moved, learned.gone, learned.new])
    with draft.open("wb") as file:
        np.savez(file, learned=counts, **{name: getattr(found, name) for name in _ARRAYS})
    draft.replace(path)
