"""Words of a source that are coded, checked letter for letter, and the rows that stand for them."""

from __future__ import annotations

from django.db.models import QuerySet

from embauche.errors import EvidenceError
from embauche.identify import evidence_id
from embauche.vocabulary import Facet
from embauche.workbench.models import Coder, Evidence, Participant, Source, User
from embauche.workbench.services.roles import coder_of


def checked_span(source: Source, span: tuple[int, int], quote: str | None) -> tuple[int, int]:
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
        raise EvidenceError("coding.not_a_participant", source=source.name, source_id=source.pk)
    if end > turn["end"]:
        raise EvidenceError("coding.two_turns", source=source.name)
    return start, end


def still_said(row: Evidence) -> bool:
    """Tell whether a participant says the words of a piece of evidence, as speakers stand now."""
    turns = row.source.turns
    turn = next((one for one in turns if one["start"] <= row.start and row.end <= one["end"]), None)
    return turn is not None and turn["role"] == "participant" and bool(turn["participant"])


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


def row_of(
    source: Source, span: tuple[int, int], facet: Facet, actor: User
) -> tuple[Evidence, bool]:
    """Return the row of a span with a facet, and whether nothing stood there before."""
    start, end = span
    key = evidence_id(source.key, start, end, facet)
    row = with_all(Evidence.objects.filter(study_id=source.study_id, key=key)).first()
    if row is not None:
        return row, not row.current
    turn = next(turn for turn in source.turns if turn["start"] <= start < turn["end"])
    person = Participant.objects.get(study_id=source.study_id, key=turn["participant"])
    row = new_row(source, span, facet, key, person, coder_of(actor, source.study))
    row.save()
    return row, True


def new_row(
    source: Source,
    span: tuple[int, int],
    facet: Facet,
    key: str,
    person: Participant,
    coder: Coder,
) -> Evidence:
    """Return a row, not written yet, for words that nobody had given this facet."""
    return Evidence(
        study_id=source.study_id,
        key=key,
        source=source,
        participant=person,
        coder=coder,
        start=span[0],
        end=span[1],
        quote=source.text[slice(*span)],
        facet=facet.value,
        language=source.language,
        analysed_status="",
        version=0,
    )


def with_all(rows: QuerySet[Evidence]) -> QuerySet[Evidence]:
    """Return rows with the people and the source that pages show, without the source's text."""
    related = rows.select_related("coder", "reviewer", "participant", "source")
    return related.defer("source__text", "source__turns", "source__sentences")
