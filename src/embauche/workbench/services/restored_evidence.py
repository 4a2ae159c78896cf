"""A study's evidence as the rooms know it, kept in memory and brought up to date row by row.

Between two requests a few rows change of ten thousand. Four columns tell which: people's changes
raise the row's version, and what the coder learns moves confidence and reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from django.db.models import QuerySet

from embauche.identify.evidence import Evidence
from embauche.vocabulary import EvidenceStatus, Facet, Language, Moment
from embauche.workbench import models

_MARKS: Final = ("pk", "version", "status", "confidence", "reason")
_FIELDS: Final = (
    *_MARKS, "source__position", "key", "source__key", "participant__key", "start", "end", "quote",
    "facet", "language", "coder__name", "moment", "intensity", "dissatisfaction", "frequency",
    "valence",
)  # fmt: skip
_ONE_BY_ONE: Final = 400
_FACETS: Final = {facet.value: facet for facet in Facet}
_LANGUAGES: Final = {language.value: language for language in Language}
_STATUSES: Final = {status.value: status for status in EvidenceStatus}
_MOMENTS: Final = {moment.value: moment for moment in Moment} | {"": None}

_Mark = tuple[Any, ...]
_Place = tuple[int, int, int, str]


class KeptEvidence:
    """The evidence that a study's figures rest on; `refreshed` returns it as it stands."""

    def __init__(self) -> None:
        self._rows: dict[int, tuple[_Mark, _Place, Evidence]] = {}
        self._all: tuple[Evidence, ...] = ()

    def refreshed(self, study: models.Study) -> tuple[Evidence, ...]:
        """Return the evidence in the order of the text; the same tuple where nothing changed."""
        rows = (
            study.evidence.filter(current=True)
            # What came since the figures were computed is not in them.
            .exclude(analysed_status="")
            .order_by()
        )
        marks: dict[int, _Mark] = {row[0]: row[1:] for row in rows.values_list(*_MARKS)}
        gone = self._rows.keys() - marks.keys()
        changed = [
            pk
            for pk, mark in marks.items()
            if (held := self._rows.get(pk)) is None or held[0] != mark
        ]
        if not gone and not changed:
            return self._all
        for pk in gone:
            del self._rows[pk]
        changed = [pk for pk in changed if not self._moved(pk, marks[pk])]
        few = len(changed) <= _ONE_BY_ONE
        if changed:
            self._read(rows.filter(pk__in=changed) if few else rows)
        self._all = tuple(
            item
            for _, item in sorted(
                ((place, item) for _, place, item in self._rows.values()), key=lambda each: each[0]
            )
        )
        return self._all

    def _moved(self, pk: int, mark: _Mark) -> bool:
        """Take over what the coder learned, where nothing but that changed; tell whether so.

        It moves thousands of rows at a time, and leaves their version.
        """
        held = self._rows.get(pk)
        if held is None or held[0][0] != mark[0]:
            return False
        _, status, confidence, reason = mark
        item = replace(held[2], status=_STATUSES[status], confidence=confidence, reason=reason)
        self._rows[pk] = (mark, held[1], item)
        return True

    def _read(self, rows: QuerySet[Any]) -> None:
        found: Iterable[tuple[Any, ...]] = rows.values_list(*_FIELDS)
        for (
            pk, version, status, confidence, reason, position, key, source, participant, start, end,
            quote, facet, language, coder, moment, intensity, dissatisfaction, frequency, valence,
        ) in found:  # fmt: skip
            item = Evidence(
                id=key,
                source=source,
                participant=participant,
                start=start,
                end=end,
                quote=quote,
                facet=_FACETS[facet],
                language=_LANGUAGES[language],
                coder=coder,
                status=_STATUSES[status],
                confidence=confidence,
                moment=_MOMENTS[moment],
                intensity=intensity,
                dissatisfaction=dissatisfaction,
                frequency=frequency,
                valence=valence,
                reason=reason,
            )
            mark = (version, status, confidence, reason)
            self._rows[pk] = (mark, (position, start, end, facet), item)
