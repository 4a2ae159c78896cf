"""The targets of a study, from its findings; computed once for the figures that stand."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from embauche.customers import memberships_of
from embauche.present.findings import Findings
from embauche.prioritise import Targets, find_targets
from embauche.workbench.models import Study

_KEPT = 8
_found: OrderedDict[tuple[object, ...], Targets | None] = OrderedDict()
_lock = Lock()


def study_targets(study: Study, found: Findings) -> Targets | None:
    """Return the targets of a study; ``None`` without a survey of two segments or more."""
    if found.survey is None or found.segmentation is None:
        return None
    key = (study.pk, study.fingerprint, study.analysed_at)
    with _lock:
        if key in _found:
            return _found[key]
    customers = memberships_of(found.assignment) if found.assignment is not None else None
    made = find_targets(
        found.survey, found.segmentation, found.opportunities, customers, seed=study.seed
    )
    with _lock:
        _found[key] = made
        while len(_found) > _KEPT:
            _found.popitem(last=False)
    return made
