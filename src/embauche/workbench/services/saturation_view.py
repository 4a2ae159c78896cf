"""Whether more interviews are likely to bring anything new, from the study as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from embauche.errors import StatisticsError
from embauche.identify.saturation import Saturation
from embauche.notices import Notice
from embauche.workbench.models import Study
from embauche.workbench.services.frozen import freeze, thaw
from embauche.workbench.services.prepared import makes
from embauche.workbench.services.restoring import findings


@makes("saturation")
def _made(study: Study, params: Mapping[str, Any]) -> dict[str, Any]:
    # Imported here: the rooms of statistics are not needed to show what is kept.
    from embauche.study.heard import saturation_of

    found = findings(study)
    if found.corpus is None or found.job_map is None:
        raise StatisticsError("saturation.no_interviews")
    ahead = max(1, min(int(params.get("ahead", 3)), 100))
    made = saturation_of(found.corpus, found.job_map, found.evidence, ahead=ahead, seed=study.seed)
    return {
        "found": [freeze(item) for item in made.found],
        "notices": [freeze(item) for item in made.notices],
    }


def restored(data: Mapping[str, Any]) -> tuple[list[Saturation], list[Notice]]:
    """Return what is kept, as the room knows it: of jobs, facets and themes, and all notices."""
    found = []
    for item in data["found"]:
        one: Saturation = thaw(Saturation, item)
        found.append(replace(one, coming={int(n): figure for n, figure in one.coming.items()}))
    return found, [thaw(Notice, item) for item in data["notices"]]
