"""What a study answers, kept until figures or jobs change: decisions alone do not move it."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

from django.db.models import Max

from embauche.notices import Notice
from embauche.present.answer import CoverAnswer, cover_answer
from embauche.present.names import Names
from embauche.vocabulary import Language
from embauche.workbench.models import Result, Study
from embauche.workbench.services.frozen import thaw
from embauche.workbench.services.restoring import findings

_KEPT = 32
_kept: OrderedDict[tuple[Any, ...], CoverAnswer] = OrderedDict()
_lock = Lock()


def answer_of(study: Study, language: Language) -> CoverAnswer | None:
    """Return what the study answers as its figures stand; ``None`` before the first analysis."""
    if study.analysed_at is None:
        return None
    jobs = study.events.filter(kind__in=("job", "operation")).aggregate(last=Max("pk"))["last"]
    key = (study.pk, study.analysed_at, study.title, study.question, jobs, str(language))
    with _lock:
        found = _kept.get(key)
    if found is None:
        found = cover_answer(Names(findings(study, language)))
        with _lock:
            _kept[key] = found
            while len(_kept) > _KEPT:
                _kept.popitem(last=False)
    return found


def notices_of(study: Study) -> tuple[Notice, ...]:
    """Return what the last analysis said of the study as a whole."""
    row = Result.objects.filter(study=study, part="notices").values_list("data", flat=True).first()
    return tuple(thaw(Notice, item) for item in row or ())
