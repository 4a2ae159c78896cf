"""Where one can go inside a study: the tabs of each stage."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from embauche.vocabulary import Stage
from embauche.workbench.models import Study

PLACES: dict[str, tuple[str, ...]] = {
    Stage.COLLECT: ("guide", "sources", "participants", "pseudonyms", "survey"),
    Stage.IDENTIFY: ("evidence", "teach", "search", "agreement", "saturation"),
    Stage.MAP: ("jobs", "board", "matrix", "canvas", "empathy"),
    Stage.SEGMENT: ("segments", "compare"),
    Stage.PRIORITISE: ("priorities", "targets"),
    Stage.ACTIVATE: ("steps",),
    "team": ("activity", "people", "settings"),
}
"""Names of addresses by section; each has its words under ``workbench.tab.<name>``."""

_OF_A_JOB = frozenset({"canvas", "empathy"})


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: its name, address, and whether the page is there."""

    name: str
    url: str
    here: bool

    @property
    def key(self) -> str:
        """Catalogue key of its words."""
        return f"workbench.tab.{self.name}"


def tabs(study: Study, section: str, here: str | None) -> list[Tab]:
    """Return the tabs of a section, the page's own marked; a section of one place has none."""
    first = None
    if section == Stage.MAP:
        first = study.jobs.filter(current=True).values_list("pk", flat=True).first()
    found = []
    for name in PLACES.get(section, ()):
        if name in _OF_A_JOB and first is None:
            continue
        given = [study.slug, first] if name in _OF_A_JOB else [study.slug]
        try:
            found.append(Tab(name, reverse(name, args=given), name == here))
        except NoReverseMatch:
            continue
    return found if len(found) > 1 else []
