"""Coding by a person: mark words, change what was marked, take it away; singly or many at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from embauche.identify import evidence_id
from embauche.vocabulary import Facet, Moment
from embauche.workbench.models import (
    Coder,
    Coding,
    Evidence,
    Source,
    Study,
    User,
)
from embauche.workbench.services.coded_words import checked_span, new_row, row_of, with_all
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.deciding import Decision, hold, new_act, write
from embauche.workbench.services.evidence_history import (
    ACCEPTED,
    RATED,
    REJECTED,
    RETRACTED,
)
from embauche.workbench.services.memos import write_memo
from embauche.workbench.services.roles import coder_of
from embauche.workbench.services.visibility import coding_blind

SCALE: Final = (0, 1, 2, 3, 4)
"""Levels of intensity and dissatisfaction; unknown is none of them."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change of several pieces of evidence did: rows now, and how many were left alone."""

    rows: tuple[Evidence, ...]
    stale: int = 0


def code(
    source_id: int, span: tuple[int, int], facet: Facet | str, actor: User, quote: str | None = None
) -> Evidence:
    """Give words of a participant a facet.

    Where the same words were proposed with it, that proposal is accepted.

    Parameters
    ----------
    source_id
        Key of the source's row.
    span
        Start and end in code points; spaces at its ends are left out.
    quote
        The words that the page showed there, checked letter for letter.

    Raises
    ------
    EvidenceError
        If the words are not there, are nobody's or an interviewer's, or run over two turns.
    """
    facet = Facet(facet)
    with transaction.atomic():
        source = Source.objects.select_related("study").get(pk=source_id)
        study = hold(source.study_id, actor)
        source.study = study
        row, added = row_of(source, checked_span(source, span, quote), facet, actor)
        write(study, actor, [Decision(row, ACCEPTED, added=added)])
    return row


def code_sentences(
    source_id: int, span: tuple[int, int], facet: Facet | str, actor: User, quote: str | None = None
) -> Evidence:
    """Give whole sentences a facet, as the keyboard does.

    Where the machine proposes the facet for a part of them, that part is accepted as it is
    proposed; in a blind study nobody's proposal is looked at. Else as `code`.
    """
    facet = Facet(facet)
    with transaction.atomic():
        source = Source.objects.select_related("study").get(pk=source_id)
        study = hold(source.study_id, actor)
        source.study = study
        start, end = checked_span(source, span, quote)
        inside = Evidence.objects.filter(
            source=source, start__gte=start, end__lte=end, facet=facet.value, current=True
        )
        found = None
        if not coding_blind(study, actor):
            found = inside.filter(status="proposed", reviewer=None).order_by("-confidence").first()
        if found is None:
            row, added = row_of(source, (start, end), facet, actor)
        else:
            row, added = found, False
        write(study, actor, [Decision(row, ACCEPTED, added=added)])
    return row


def recode(
    study_id: int, chosen: Iterable[tuple[int, int]], facet: Facet | str, actor: User
) -> Changed:
    """Give evidence another facet: what was chosen is refused, the same words get the new one.

    Parameters
    ----------
    chosen
        Pairs of evidence id and the version that the page showed.

    Returns
    -------
    Changed
        The evidence with the new facet, and how much somebody had changed meanwhile.
    """
    facet = Facet(facet)
    with transaction.atomic():
        study = hold(study_id, actor)
        rows, stale = held(study, chosen, actor)
        rows = [row for row in rows if row.facet != facet.value]
        done = _replaced(study, rows, actor, facet) if rows else []
        return Changed(tuple(done), stale)


def change_evidence(
    evidence_id_: int,
    actor: User,
    version: int | None = None,
    *,
    facet: Facet | str | None = None,
    span: tuple[int, int] | None = None,
    quote: str | None = None,
    rated: Mapping[str, Any] | None = None,
    memo: str | None = None,
) -> Evidence:
    """Change a piece of evidence, all in one act: its facet, where it begins and ends, ratings.

    What a person changes they accept; a memo alone decides nothing.

    Parameters
    ----------
    facet, span, quote
        The new facet; the new span, and the words that the page showed there.
    rated
        ``moment``, ``intensity`` and ``dissatisfaction`` (0 to 4), ``frequency`` (times a month);
        ``None`` says that it cannot be told. Values that stay as they are change nothing.
    memo
        What is noted about it.

    Returns
    -------
    Evidence
        The evidence as it is now: with another facet or span it is another row.

    Raises
    ------
    EvidenceError
        If the span is no participant's words.
    ValueError
        If a rating is none of the scale's.
    StaleVersionError
        If someone else changed it meanwhile.
    """
    checked = {name: _checked(name, rated[name]) for name in RATED if rated and name in rated}
    with transaction.atomic():
        row = _held_one(evidence_id_, actor, version)
        act = new_act()
        values = {name: value for name, value in checked.items() if getattr(row, name) != value}
        source = Source.objects.get(pk=row.source_id)
        source.study = row.study
        place = checked_span(source, span, quote) if span is not None else (row.start, row.end)
        wanted = Facet(facet or row.facet)
        if place != (row.start, row.end) or wanted.value != row.facet:
            (row,) = _replaced(row.study, [row], actor, wanted, place, values, act)
        elif values:
            write(row.study, actor, [Decision(row, ACCEPTED, values)], act)
        if memo is not None:
            row.memo = write_memo("evidence", row.pk, memo, actor, act=act).memo
            row.refresh_from_db(fields=["version"])
    return row


def respan(
    evidence_id_: int,
    span: tuple[int, int],
    actor: User,
    version: int | None = None,
    quote: str | None = None,
) -> Evidence:
    """Let evidence begin and end elsewhere in the same source; see `change_evidence`."""
    return change_evidence(evidence_id_, actor, version, span=span, quote=quote)


def rate(
    evidence_id_: int, values: Mapping[str, Any], actor: User, version: int | None = None
) -> Evidence:
    """Give evidence a moment and ratings; see `change_evidence`."""
    return change_evidence(evidence_id_, actor, version, rated=values)


def remove(study_id: int, chosen: Iterable[tuple[int, int]], actor: User) -> Changed:
    """Take evidence away: what the actor had added goes, all else they say no to."""
    with transaction.atomic():
        study = hold(study_id, actor)
        rows, stale = held(study, chosen, actor)
        act = new_act()
        write(study, actor, [Decision(row, _no(study, row, actor)) for row in rows], act)
    return Changed(tuple(rows), stale)


def held(
    study: Study, chosen: Iterable[tuple[int, int]], actor: User
) -> tuple[list[Evidence], int]:
    """Return the chosen rows of a study that still are as the page showed them, and how many not.

    A blind coder is asked about nobody's version but their own: others' work on the same words
    does not show, and is not in the way.
    """
    versions = dict(chosen)
    rows = list(
        Evidence.objects.filter(study=study, pk__in=versions, current=True)
        .select_related("coder", "reviewer", "participant", "source")
        .defer("source__text", "source__turns", "source__sentences")
        .order_by("source__position", "start", "end", "facet")
    )
    blind = coding_blind(study, actor)
    fresh = [row for row in rows if blind or row.version == versions[row.pk]]
    return fresh, len(rows) - len(fresh)


def _held_one(evidence_id_: int, actor: User, version: int | None) -> Evidence:
    study_id = Evidence.objects.values_list("study_id", flat=True).get(pk=evidence_id_)
    study = hold(study_id, actor)
    row = Evidence.objects.select_related("coder", "reviewer", "participant", "source").get(
        pk=evidence_id_
    )
    row.study = study
    if version is not None and row.version != version and not coding_blind(study, actor):
        raise StaleVersionError(row)
    return row


def _replaced(
    study: Study,
    rows: Sequence[Evidence],
    actor: User,
    facet: Facet,
    span: tuple[int, int] | None = None,
    values: Mapping[str, Any] | None = None,
    act: str | None = None,
) -> list[Evidence]:
    """Say no to evidence and yes to the same with another facet or span, all in one act."""
    said: list[Decision] = []
    mine, blind = coder_of(actor, study), coding_blind(study, actor)
    sources = Source.objects.in_bulk({row.source_id for row in rows})
    codings: dict[int, list[tuple[int, bool]]] = {}
    for evidence, coder, here in Coding.objects.filter(
        evidence__in=[row.pk for row in rows], adjudicated=False
    ).values_list("evidence_id", "coder_id", "here"):
        codings.setdefault(evidence, []).append((coder, here))
    places = [span or (row.start, row.end) for row in rows]
    keys = [
        evidence_id(sources[row.source_id].key, place[0], place[1], facet)
        for row, place in zip(rows, places, strict=True)
    ]
    known = {row.key: row for row in with_all(Evidence.objects.filter(study=study, key__in=keys))}
    made: dict[str, tuple[Evidence, bool]] = {
        key: (row, not row.current) for key, row in known.items()
    }
    fresh: list[Evidence] = []
    for row, place, key in zip(rows, places, keys, strict=True):
        if key not in made:
            source = sources[row.source_id]
            new = new_row(source, place, facet, key, row.participant, mine)
            new.memo = row.memo
            fresh.append(new)
            made[key] = (new, True)
    Evidence.objects.bulk_create(fresh, batch_size=200)
    done: set[str] = set()
    for row, key in zip(rows, keys, strict=True):
        new, added = made[key]
        said.append(Decision(row, _no_of(row, codings.get(row.pk, []), mine, blind=blind)))
        if key in done:
            continue
        done.add(key)
        kept = {name: getattr(row, name) for name in RATED} if added else {}
        rated = {name: value for name, value in kept.items() if value not in {None, ""}}
        said.append(Decision(new, ACCEPTED, {**rated, **(values or {})}, added=added))
    write(study, actor, said, act)
    return list({key: made[key][0] for key in keys}.values())


def _no(study: Study, row: Evidence, actor: User) -> str:
    codings = list(row.codings.filter(adjudicated=False).values_list("coder_id", "here"))
    blind = coding_blind(study, actor)
    return _no_of(row, codings, coder_of(actor, study), blind=blind)


def _no_of(row: Evidence, codings: Sequence[tuple[int, bool]], mine: Coder, *, blind: bool) -> str:
    """Return how somebody says no: by taking back their own yes, or by refusing another's."""
    own = (mine.pk, True) in codings and (mine.pk, False) not in codings
    return RETRACTED if own and (row.coder_id == mine.pk or blind) else REJECTED


def _checked(name: str, value: Any) -> Any:
    if value is None or value == "":
        return "" if name == "moment" else None
    if name == "moment":
        return Moment(value).value
    if name == "frequency":
        number = float(value)
        if not math.isfinite(number) or number < 0:
            raise ValueError(name)
        return number
    if int(value) not in SCALE:
        raise ValueError(name)
    return int(value)
