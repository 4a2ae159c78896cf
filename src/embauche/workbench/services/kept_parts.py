"""What a study holds beside its evidence, kept in a process until something of it changes.

Most changes of a study are decisions about evidence and what the coder learns from them; they leave
the study's `base` (``services.conflicts.touch``). Jobs, people, results and what was done to jobs
are the same until then.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any, Final, TypeVar, cast

from embauche.workbench.models import Study
from embauche.workbench.services.uncommitted import uncommitted

T = TypeVar("T")
_KEPT: Final = 16
_lock = Lock()
_studies: OrderedDict[int, tuple[object, dict[str, Any]]] = OrderedDict()


def kept_part(study: Study, what: str, read: Callable[[], T]) -> T:
    """Return a part of a study, read once until the study changes in more than its evidence.

    Parameters
    ----------
    study
        The study, as this request found it.
    what
        A name for the part.
    read
        Reads it. It depends on the study alone: not on who asks, not on a language, not on
        evidence. Whoever gets it changes nothing in it.
    """
    if uncommitted():  # what a transaction sees may never come to be
        return read()
    mark = (study.created_at, study.base, study.analysed_at)
    with _lock:
        kept = _studies.get(study.pk)
        if kept is None or kept[0] != mark:
            kept = _studies[study.pk] = (mark, {})
        _studies.move_to_end(study.pk)
        while len(_studies) > _KEPT:
            _studies.popitem(last=False)
    parts = kept[1]
    if what not in parts:
        parts[what] = read()
    return cast("T", parts[what])
