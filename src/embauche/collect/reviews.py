"""Reviews, tickets and open answers: one source a row, one unnamed turn each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from embauche.collect.decoding import decode, normalise, read_bytes
from embauche.collect.language import tell_language
from embauche.collect.names import relative_name, slug
from embauche.collect.role_words import fold
from embauche.collect.sentences import split_sentences
from embauche.collect.source import Corpus, Participant, Sentence, Source, Turn
from embauche.collect.surveys import match_columns
from embauche.collect.tables import TABLE_FORMATS, Table, read_table
from embauche.collect.word_lists import word_list
from embauche.errors import ReadError
from embauche.notices import Notice
from embauche.vocabulary import Language, SourceKind, SpeakerRole

_TEXT_NAMES = word_list(
    "text texte review reviews avis comment comments commentaire commentaires verbatim "
    "verbatims content contenu body message answer reponse description ticket feedback"
)
_LEAST_WORDS = 2.0
_LANGUAGE_NAMES = frozenset({"lang", "language", "langue", "locale", "ori lang"})


@dataclass(frozen=True, slots=True)
class _Review:
    row: int
    text: str
    participant: str | None
    language: str | None


def read_reviews(
    path: Path,
    *,
    root: Path,
    text: str | None = None,
    participant: str | None = None,
    language: Language | None = None,
) -> Corpus:
    """Read reviews.

    Parameters
    ----------
    path
        A table (.csv, .tsv, .xlsx, .parquet, .sav) with one review a row, or a .txt or .md file
        whose blocks between blank lines are one review each.
    root
        The study folder.
    text
        Column of the text; the column of the longest free texts where not given.
    participant
        Column that says who wrote; rows with the same value are one participant. Each row is its
        own participant where not given.
    language
        Of all of them. Where not given, the file's own column of languages decides, then each
        text, then (for texts under five words) the language of most of the others.

    Raises
    ------
    ReadError
        If the file cannot be read or holds no text.
    ColumnError
        If a named column is not there (the nearest is given).
    """
    name = relative_name(path, root)
    notices: list[Notice] = []
    if path.suffix.lower() in TABLE_FORMATS:
        table = read_table(path, name=name)
        reviews = _rows(table, text, participant, notices)
    elif path.suffix.lower() in {".txt", ".md"}:
        whole = decode(read_bytes(path, name), name)
        reviews = [
            _Review(whole.count("\n", 0, match.start()) + 1, match[0].strip(), None, None)
            for match in re.finditer(r"\S.*?(?=\n[ \t]*\n|\Z)", whole, re.DOTALL)
        ]
    else:
        formats = sorted({*TABLE_FORMATS, ".txt", ".md"})
        raise ReadError("read.unknown_format", file=name, formats=formats)
    used = [review for review in reviews if any(c.isalnum() for c in review.text)]
    if not used:
        raise ReadError("read.no_reviews", file=name)
    if len(used) < len(reviews):
        params = {"file": name, "n": len(reviews) - len(used), "total": len(reviews)}
        notices.append(Notice("collect.reviews_empty", params, "info"))
    return _corpus(name, used, language, notices)


def review_text_column(table: Table) -> str | None:
    """Return the column of the longest free texts, or ``None`` where no column holds any.

    Free texts are several words long and hardly ever the same; a column named like one (text,
    avis, comment…) wins over a longer one.
    """
    scores: dict[str, tuple[bool, float]] = {}
    for column in table.frame.columns:
        series = table.frame[column].drop_nulls()
        if series.dtype != pl.String or not len(series):
            continue
        words = float(series.str.count_matches(r"\S+").mean() or 0.0)  # type: ignore[arg-type]
        if words >= _LEAST_WORDS and series.n_unique() > 0.3 * len(series):
            named = fold(column) in _TEXT_NAMES and words >= 4
            scores[column] = (named, words)
    return max(scores, key=scores.__getitem__) if scores else None


def _rows(
    table: Table, text: str | None, participant: str | None, notices: list[Notice]
) -> list[_Review]:
    columns = table.frame.columns
    if text is None:
        text = review_text_column(table)
        if text is None:
            raise ReadError("read.no_text_column", file=table.name, columns=columns)
        params = {"file": table.name, "column": text}
        notices.append(Notice("collect.review_text_column", params, "info"))
    else:
        text = match_columns([text], columns, table.name, "text")[0]
    if participant is not None:
        participant = match_columns([participant], columns, table.name, "participant")[0]
    told = next((c for c in columns if fold(c) in _LANGUAGE_NAMES), None)
    nothing: list[object] = [None] * table.frame.height
    people = table.frame[participant].to_list() if participant else nothing
    languages = table.frame[told].to_list() if told else nothing
    return [
        _Review(
            row,
            "" if words is None else normalise(str(words)).strip(),
            None if who is None else str(who).strip(),
            None if lang is None else str(lang).strip().casefold(),
        )
        for row, (words, who, lang) in enumerate(
            zip(table.frame[text].to_list(), people, languages, strict=True), table.first_row
        )
    ]


def _corpus(
    name: str, reviews: list[_Review], language: Language | None, notices: list[Notice]
) -> Corpus:
    file_id = slug(name.rsplit("/", 1)[-1].rsplit(".", 1)[0])
    short = [review for review in reviews if len(review.text.split()) < 5]
    usual = tell_language("\n".join(review.text for review in reviews[:50]))
    uncertain = {review.row for review in short}
    sources: list[Source] = []
    people: dict[str, Participant] = {}
    for review in reviews:
        own = _own_language(review, usual, certain=review.row not in uncertain)
        who = (
            f"{file_id}-{slug(review.participant)}"
            if review.participant
            else f"{file_id}-{review.row}"
        )
        shown = review.participant or f"{name.rsplit('/', 1)[-1]} · {review.row}"
        people.setdefault(who, Participant(who, shown))
        spans = split_sentences(review.text)
        turn = Turn(0, None, SpeakerRole.PARTICIPANT, who, 0, len(review.text))
        sources.append(
            Source(
                id=f"{file_id}-{review.row}",
                name=f"{name}#{review.row}",
                kind=SourceKind.REVIEW,
                text=review.text,
                language=language or own,
                turns=(turn,),
                sentences=tuple(Sentence(i, 0, a, b) for i, (a, b) in enumerate(spans)),
            )
        )
    return Corpus(tuple(sources), tuple(people.values()), tuple(notices))


def _own_language(review: _Review, usual: Language, *, certain: bool) -> Language:
    if review.language:
        for known in Language:
            if review.language[:2] == known:
                return known
    return tell_language(review.text) if certain else usual
