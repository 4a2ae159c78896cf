"""A study's evidence as the rooms know it, kept in memory and brought up to date row by row.

Between two requests a few rows change of ten thousand. Each row says at which stamp of the study it
changed last (``services.conflicts.touch``), so only those are read. Where that cannot be known (a
transaction that may never come to be, a row deleted) a few columns of all rows are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Iterable
from dataclasses import replace
from itertools import takewhile
from typing import Any, Final, NamedTuple

from django.db.models import QuerySet

from embauche.identify.evidence import Evidence
from embauche.vocabulary import EvidenceStatus, Facet, Language, Moment
from embauche.workbench import models
from embauche.workbench.models.coding import UNSTAMPED
from embauche.workbench.services.uncommitted import uncommitted

_FIELDS: Final = (
    "source__position", "source__key", "participant__key", "start", "end", "quote", "facet",
    "language", "coder__name", "moment", "intensity", "dissatisfaction", "frequency", "valence",
)  # fmt: skip
_ONE_BY_ONE: Final = 400
_LOGGED: Final = 4000
_FACETS: Final = {facet.value: facet for facet in Facet}
_LANGUAGES: Final = {language.value: language for language in Language}
_STATUSES: Final = {status.value: status for status in EvidenceStatus}
_MOMENTS: Final = {moment.value: moment for moment in Moment} | {"": None}


class Standing(NamedTuple):
    """Where a row stands, and since which stamp: what can change of it without another text."""

    stamp: int
    version: int
    key: str
    status: str
    confidence: float
    reason: str
    withdrawn: bool
    analysed: str
    reviewer: int | None
    source: int
    participant: int


_STANDING: Final = (
    "stamp", "version", "key", "status", "confidence", "reason", "withdrawn", "analysed_status",
    "reviewer_id", "source_id", "participant_id",
)  # fmt: skip

_Place = tuple[int, int, int, str]


class Row(NamedTuple):
    """A current row: where it stands, its place in the text, itself, and when it changed here."""

    standing: Standing
    place: _Place
    item: Evidence
    tick: int


class Group(NamedTuple):
    """What rows are counted by."""

    source: int
    withdrawn: bool
    status: str
    analysed: str


class KeptEvidence:
    """The current evidence of a study.

    Attributes
    ----------
    rows
        Row → how it stands; those that came since the figures were computed included.
    counts
        How many rows of each group there are.
    of_source, of_participant
        The rows of each.
    tick
        Grows each time that rows are read; a row has that of its last change.
    beside
        What others made of these rows, and keep as long as they are kept.
    """

    def __init__(self) -> None:
        self.rows: dict[int, Row] = {}
        self.counts: Counter[Group] = Counter()
        self.of_source: defaultdict[int, set[int]] = defaultdict(set)
        self.of_participant: defaultdict[int, set[int]] = defaultdict(set)
        self.tick = 0
        self.beside: dict[str, Any] = {}
        self._log: deque[tuple[int, int]] = deque(maxlen=_LOGGED)
        self._seen: int | None = None
        self._base: int | None = None
        self._places: dict[int, int] | None = None
        self._items: list[Evidence] = []
        self._all: tuple[Evidence, ...] | None = None

    def refreshed(self, study: models.Study) -> tuple[Evidence, ...]:
        """Return what the study's figures rest on, in the order of the text, as it stands.

        It is the same tuple where nothing changed.
        """
        self.catch_up(study)
        if self._places is None:
            # What came since the figures were computed is not in them.
            order = sorted((row.place, pk) for pk, row in self.rows.items() if _figures(row))
            self._places = {pk: place for place, (_, pk) in enumerate(order)}
            self._items = [self.rows[pk].item for _, pk in order]
            self._all = None
        if self._all is None:
            self._all = tuple(self._items)
        return self._all

    def catch_up(self, study: models.Study) -> None:
        """Read what changed since the last time."""
        if uncommitted():
            self._seen = None  # what is read now may never come to be
            self._compare(study)
            return
        if self._seen is None:
            self._compare(study)
        elif self._seen != study.stamp:
            self._read_changed(study, min(self._seen, study.stamp))
            # Deleted rows say nothing of it; decisions delete none.
            anew = self._base != study.base
            if anew and study.evidence.filter(current=True).count() != len(self.rows):
                self._compare(study)
        self._seen, self._base = study.stamp, study.base

    def changed_since(self, tick: int) -> set[int] | None:
        """Return the rows that changed or left after a tick; ``None`` where that is not known."""
        if len(self._log) == _LOGGED and self._log[0][0] > tick:
            return None
        return {pk for _, pk in takewhile(lambda each: each[0] > tick, reversed(self._log))}

    def _read_changed(self, study: models.Study, since: int) -> None:
        rows = study.evidence.filter(stamp__gt=since).order_by()
        told = rows.values_list("pk", "current", *_STANDING)
        self._take(
            study, [(pk, Standing(*rest) if current else None) for pk, current, *rest in told]
        )

    def _compare(self, study: models.Study) -> None:
        rows = study.evidence.filter(current=True).order_by().values_list("pk", *_STANDING)
        told: dict[int, Standing | None] = {pk: Standing(*rest) for pk, *rest in rows}
        found = [
            (pk, standing)
            for pk, standing in told.items()
            if (held := self.rows.get(pk)) is None or held.standing != standing
        ]
        self._take(study, [*((pk, None) for pk in self.rows.keys() - told.keys()), *found])

    def _take(self, study: models.Study, changed: list[tuple[int, Standing | None]]) -> None:
        """Take over rows that changed; what is no longer current has no standing."""
        self.tick += bool(changed)
        read: list[int] = []
        for pk, standing in changed:
            held = self.rows.get(pk)
            if standing is None:
                if held is not None:
                    self._drop(pk, held)
            elif held is None or not _known(held.standing, standing):
                read.append(pk)
            elif held.standing != standing:
                # It moves thousands of rows at a time, and leaves their text.
                item = replace(held.item, confidence=standing.confidence, reason=standing.reason)
                self._put(pk, Row(standing, held.place, item, self.tick), held)
        few = len(read) <= _ONE_BY_ONE
        if read:
            rows = study.evidence.filter(current=True).order_by()
            self._read(rows.filter(pk__in=read) if few else rows)

    def _read(self, rows: QuerySet[Any]) -> None:
        found: Iterable[tuple[Any, ...]] = rows.values_list("pk", *_STANDING, *_FIELDS)
        for pk, *rest in found:
            standing = Standing(*rest[: len(_STANDING)])
            (
                position, source, participant, start, end, quote, facet, language, coder,
                moment, intensity, dissatisfaction, frequency, valence,
            ) = rest[len(_STANDING) :]  # fmt: skip
            item = Evidence(
                id=standing.key,
                source=source,
                participant=participant,
                start=start,
                end=end,
                quote=quote,
                facet=_FACETS[facet],
                language=_LANGUAGES[language],
                coder=coder,
                status=_STATUSES[standing.status],
                confidence=standing.confidence,
                moment=_MOMENTS[moment],
                intensity=intensity,
                dissatisfaction=dissatisfaction,
                frequency=frequency,
                valence=valence,
                reason=standing.reason,
            )
            row = Row(standing, (position, start, end, facet), item, self.tick)
            self._put(pk, row, self.rows.get(pk))

    def _put(self, pk: int, row: Row, held: Row | None) -> None:
        if held is not None:
            self._discount(pk, held.standing)
        self.counts[_group(row.standing)] += 1
        self.of_source[row.standing.source].add(pk)
        self.of_participant[row.standing.participant].add(pk)
        self.rows[pk] = row
        self._log.append((self.tick, pk))
        was, now = held is not None and _figures(held), _figures(row)
        if was != now or (held is not None and held.place != row.place):
            self._places = None
        elif now and self._places is not None:
            self._items[self._places[pk]] = row.item
            self._all = None

    def _discount(self, pk: int, standing: Standing) -> None:
        self.counts[_group(standing)] -= 1
        self.of_source[standing.source].discard(pk)
        self.of_participant[standing.participant].discard(pk)

    def _drop(self, pk: int, held: Row) -> None:
        self._discount(pk, held.standing)
        del self.rows[pk]
        self._log.append((self.tick, pk))
        if _figures(held):
            self._places = None


def _known(was: Standing, now: Standing) -> bool:
    """Tell whether nothing of a row changed, or nothing but what the coder learns of it."""
    if was == now:
        return now.stamp != UNSTAMPED
    same = was._replace(stamp=now.stamp)
    learned = {name: getattr(now, name) for name in ("confidence", "reason", "withdrawn")}
    return same != now and same._replace(**learned) == now


def _figures(row: Row) -> bool:
    return bool(row.standing.analysed)


def _group(standing: Standing) -> Group:
    return Group(standing.source, standing.withdrawn, standing.status, standing.analysed)
