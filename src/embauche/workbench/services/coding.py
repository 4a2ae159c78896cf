"""Coding by a person: mark words, change what was marked, take it away; singly or many at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction

from embauche.errors import EvidenceError
from embauche.identify import evidence_id
from embauche.vocabulary import Facet, Moment
from embauche.workbench.models import Evidence, Participant, Source, Study, User
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
        row, added = row_of(source, _span(source, span, quote), facet, actor)
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
        start, end = _span(source, span, quote)
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
        return Changed(tuple(_replaced(study, rows, actor, facet)), stale)


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
        place = _span(source, span, quote) if span is not None else (row.start, row.end)
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


def find_words(source: Source, words: str) -> tuple[int, int]:
    """Return where words stand in a participant's turn, letter for letter.

    Raises
    ------
    EvidenceError
        If they stand nowhere, or in several places.
    """
    words = words.strip().replace("\r\n", "\n")
    found = []
    for turn in source.turns:
        if turn["role"] == "participant" and turn["participant"] is not None and words:
            at = source.text.find(words, turn["start"], turn["end"])
            while at >= 0:
                found.append(at)
                at = source.text.find(words, at + 1, turn["end"])
    if len(found) != 1:
        raise EvidenceError(
            "coding.words_several" if found else "coding.words_nowhere",
            source=source.name,
            words=words[:80],
            n=len(found),
        )
    return found[0], found[0] + len(words)


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
    made: list[Evidence] = []
    sources = Source.objects.in_bulk({row.source_id for row in rows})
    for row in rows:
        source = sources[row.source_id]
        source.study = study
        new, added = row_of(source, span or (row.start, row.end), facet, actor)
        kept = {name: getattr(row, name) for name in RATED} if added else {}
        rated = {name: value for name, value in kept.items() if value not in {None, ""}}
        said += [
            Decision(row, _no(study, row, actor)),
            Decision(new, ACCEPTED, {**rated, **(values or {})}, added=added),
        ]
        if row.memo and added:
            new.memo = row.memo
            Evidence.objects.filter(pk=new.pk).update(memo=row.memo)
        made.append(new)
    write(study, actor, said, act)
    return made


def _no(study: Study, row: Evidence, actor: User) -> str:
    """Return how the actor says no: by taking back their own yes, or by refusing another's."""
    mine = coder_of(actor, study)
    codings = list(row.codings.filter(adjudicated=False).values_list("coder_id", "here"))
    own = (mine.pk, True) in codings and (mine.pk, False) not in codings
    if own and (row.coder_id == mine.pk or coding_blind(study, actor)):
        return RETRACTED
    return REJECTED


def row_of(
    source: Source, span: tuple[int, int], facet: Facet, actor: User
) -> tuple[Evidence, bool]:
    """Return the row of a span with a facet, and whether nothing stood there before."""
    start, end = span
    key = evidence_id(source.key, start, end, facet)
    row = (
        Evidence.objects.filter(study_id=source.study_id, key=key)
        .select_related("coder", "reviewer", "participant", "source")
        .first()
    )
    if row is not None:
        return row, not row.current
    turn = next(turn for turn in source.turns if turn["start"] <= start < turn["end"])
    row = Evidence.objects.create(
        study_id=source.study_id,
        key=key,
        source=source,
        participant=Participant.objects.get(study_id=source.study_id, key=turn["participant"]),
        coder=coder_of(actor, source.study),
        start=start,
        end=end,
        quote=source.text[start:end],
        facet=facet.value,
        language=source.language,
        analysed_status="",
        version=0,
    )
    return row, True


def _span(source: Source, span: tuple[int, int], quote: str | None) -> tuple[int, int]:
    """Return a span without the spaces at its ends, once it is one participant's own words."""
    start, end = span
    text = source.text
    if not 0 <= start < end <= len(text) or (quote is not None and text[start:end] != quote):
        raise EvidenceError(
            "coding.quote_not_in_source", source=source.name, start=start, quote=(quote or "")[:80]
        )
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start == end:
        raise EvidenceError("coding.no_words", source=source.name)
    turn = next((turn for turn in source.turns if turn["start"] <= start < turn["end"]), None)
    if turn is None or turn["role"] != "participant" or turn["participant"] is None:
        raise EvidenceError("coding.not_a_participant", source=source.name)
    if end > turn["end"]:
        raise EvidenceError("coding.two_turns", source=source.name)
    return start, end


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
