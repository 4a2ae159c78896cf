"""Identify: whether more interviews are likely to bring anything new."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Any

from django.http import HttpRequest, HttpResponse

from embauche.messages import Messages, messages
from embauche.present.charts_saturation import saturation_chart
from embauche.workbench.page import number_of, page, study_of, wants_part
from embauche.workbench.pages.pieces import chart
from embauche.workbench.pages.threshold import come_again, failure_of
from embauche.workbench.services.prepared import prepared
from embauche.workbench.services.saturation_view import restored

_AHEAD = 3
_MOST = 20
_KEPT = 8


def results(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the curve of what was heard, what is unheard, and what the next interviews would add."""
    study = study_of(request, slug)
    ahead = min(max(number_of(request, "ahead", _AHEAD), 1), _MOST)
    found = prepared(study, "saturation", {"ahead": ahead})
    if wants_part(request) and found.fresh:
        return come_again()
    words = messages(request.language)
    parts: list[dict[str, Any]] = []
    notices: list[Any] = []
    if found.data:
        saturations, notices = restored(found.data)
        parts = [
            {"found": one, "chart": drawn, "next": one.coming[ahead]}
            for one, drawn in zip(saturations, _charts(found.data, words), strict=True)
        ]
    return page(
        request,
        "parts/waits" if wants_part(request) else "saturation",
        study,
        section="identify",
        ahead=ahead,
        parts=parts,
        notices=notices,
        fresh=found.fresh,
        failure=failure_of(request, found.error),
    )


_drawn: OrderedDict[tuple[str, str], list[Any]] = OrderedDict()
_lock = Lock()


def _charts(data: Mapping[str, Any], words: Messages) -> list[Any]:
    """Return the charts of what is kept, drawn once a process: they change with it alone."""
    key = (str(words.language), json.dumps(data["found"], sort_keys=True))
    with _lock:
        found = _drawn.get(key)
    if found is None:
        found = [chart(saturation_chart(one, words)) for one in restored(data)[0]]
        with _lock:
            _drawn[key] = found
            while len(_drawn) > _KEPT:
                _drawn.popitem(last=False)
    return found
