"""Names and traces replaced by tokens in a source that the study holds: its text is frozen anew.

File, text, evidence, history, figures and everything written about it change together; the old
words are gone from the database and from the workspace. Only the key, kept apart, still knows.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

from django.db import transaction

from embauche.collect import read_reviews, read_table
from embauche.collect import source as heard
from embauche.collect.pseudonyms import (
    IdentifierKind,
    Moves,
    bare,
    entity_of,
    replaced,
)
from embauche.collect.role_words import fold
from embauche.collect.tables import TABLE_FORMATS
from embauche.errors import ReadError
from embauche.study.config import read_config
from embauche.study.people import People, read_people, write_people
from embauche.study.preview import read_placed
from embauche.study.rewriting import Piece, Rewritten, exchanged, name_with_tokens, rewrite
from embauche.vocabulary import Language
from embauche.workbench.models import Participant, Result, Source, Study, User
from embauche.workbench.services.conflicts import StaleVersionError, touch
from embauche.workbench.services.erasing import forgetting
from embauche.workbench.services.inputs import results_folder, study_folder
from embauche.workbench.services.intake_files import free_name, write_whole
from embauche.workbench.services.intake_keyring import Keyring, read_keyring, write_keyring
from embauche.workbench.services.intake_origin import remember_origin
from embauche.workbench.services.intake_runs import analyse_anew
from embauche.workbench.services.intake_settings import (
    drop_interview,
    edit_settings,
    rename_speakers,
    said_of,
    section,
    set_interviewers,
    set_speakers,
    take_interview,
)
from embauche.workbench.services.intake_uploads import company_of, entities
from embauche.workbench.services.moving import give_text
from embauche.workbench.services.restoring import source as restored
from embauche.workbench.services.roles import require
from embauche.workbench.services.speaker_labels import said_renamed
from embauche.workbench.services.team_events import record

_TOKEN = re.compile(r"\[([^\[\]]+ \d+)\]")


@dataclass(frozen=True, slots=True)
class Review:
    """What one source, or the rows of one file of reviews, holds.

    Attributes
    ----------
    sources
        The rows that are gone through together.
    entries
        What could be recognised, an entry an entity (as `entities` returns them).
    """

    sources: tuple[Source, ...]
    entries: tuple[dict[str, Any], ...]


def look_through(source: Source) -> Review:
    """Find what could identify people in a source; reviews of one file are looked through at once.

    Each place says in which sentence it stands.
    """
    keyring = read_keyring(source.study)
    rows = _together(source)
    if source.kind != "review":
        labels = list({turn["speaker"] for turn in source.turns if turn["speaker"]})
        found = entities(source.text, Language(source.language), labels, keyring)
        return Review((source,), tuple(_in_sentences(source, found)))
    texts = [row.text for row in rows]
    joined = "\n\n".join(texts)
    return Review(rows, tuple(entities(joined, Language(source.language), [], keyring)))


def _together(source: Source) -> tuple[Source, ...]:
    if source.kind != "review":
        return (source,)
    file = source.name.partition("#")[0]
    rows = Source.objects.filter(study=source.study, kind="review", current=True)
    return tuple(rows.filter(name__startswith=f"{file}#").order_by("position"))


def _in_sentences(source: Source, found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Show each place in the whole of its sentence."""
    spans = [(item["start"], item["end"]) for item in source.sentences]
    for entry in found:
        for place in entry["places"]:
            here = next((s for s in spans if s[0] <= place["start"] and place["end"] <= s[1]), None)
            if here is not None:
                place["before"] = source.text[here[0] : place["start"]]
                place["after"] = source.text[place["end"] : here[1]]
    return found


def pseudonymise(
    source_id: int,
    hidden: Iterable[str],
    actor: User,
    version: int,
    *,
    added: Sequence[str] = (),
    ignored: Iterable[str] = (),
) -> int:
    """Put tokens in the place of entities, everywhere that the source reaches.

    Parameters
    ----------
    hidden
        Entities that a token takes the place of.
    added
        Names that a person asked to look for, and hides with them.
    ignored
        Entities that were seen and left as they are.

    Returns
    -------
    int
        How many places were replaced.

    Raises
    ------
    StaleVersionError
        If the source was changed meanwhile.
    ReadError
        If its file cannot be written anew; nothing is changed then.
    """
    row = Source.objects.select_related("study").get(pk=source_id)
    require(actor, row.study, "editor")
    with forgetting(thoroughly=True), transaction.atomic():
        study = Study.objects.select_for_update().get(pk=row.study_id)
        row.refresh_from_db()
        if row.version != version or not row.current:
            raise StaleVersionError(row)
        remember_origin(study)
        keyring = read_keyring(study)
        names = [name for name in (" ".join(name.split()) for name in added) if name]
        keyring.added = list(dict.fromkeys([*keyring.added, *names]))
        write_keyring(study, keyring)
        chosen = {*hidden, *(entity_of(IdentifierKind.PERSON, name) for name in names)}
        found = look_through(row)
        entries = [entry for entry in found.entries if entry["entity"] in chosen]
        words = {
            spelt: keyring.token(
                entry["entity"], IdentifierKind(entry["kind"]), entry["words"], study
            )
            for entry in entries
            for spelt in entry["words"]
        }
        left = [item for item in ignored if item not in chosen]
        keyring.ignored = sorted({*keyring.ignored, *left} - chosen)
        places = sum(len(entry["places"]) for entry in entries)
        if entries:
            if row.kind == "interview":
                _interview(study, row, entries, words)
            else:
                _reviews(study, found.sources, words)
            _forget_traces(study)
        for one in found.sources:
            one.refresh_from_db()
            keyring.looked[one.key] = one.sha256
        write_keyring(study, keyring)
        params = {"entities": len(entries), "places": places}
        record(study, actor, "source.pseudonymised", row.key, params)
        touch(study)
    if entries:
        analyse_anew(study, actor)
    return places


def _interview(
    study: Study,
    row: Source,
    entries: Sequence[Mapping[str, Any]],
    words: Mapping[str, str],
) -> None:
    folder = study_folder(study)
    path = folder / row.name
    before = restored(row)
    pieces = [
        Piece(place["start"], place["end"], words[entry["words"][0]])
        for entry in entries
        for place in entry["places"]
    ]
    made = rewrite(path, before, pieces, words, company_of(study), said_of(study, row.name))
    target = _target(study, row, made.name, words)
    said = said_renamed(row, target, made.said)
    data = path.read_bytes()
    write_whole(folder / target, made.data)
    try:
        edit_settings(study, lambda document: _settle(document, study, row, target, made, said))
        corpus = read_placed(folder / target, folder, company_of(study), made.interviewers, said)
        people = {
            turn.participant: corpus.sources[0].turns[turn.index].participant or turn.participant
            for turn in before.turns
            if turn.participant
        }
        give_text(row, corpus, made.span, people=people, retold=_retold(words))
        edit_settings(study, lambda document: rename_speakers(document, people))
        _people_file(study, people, words)
    except BaseException:
        if target != row.name:
            (folder / target).unlink(missing_ok=True)
        else:
            write_whole(path, data)
        raise
    if path != folder / target:
        path.unlink(missing_ok=True)
    from embauche.study.refi_exchange import forget_source

    # What another program's project held of it would tell the names.
    forget_source(folder, path.relative_to(folder).as_posix())


def _target(study: Study, row: Source, name: str, words: Mapping[str, str]) -> str:
    """Return the name of the new file; names in it are replaced as well."""
    old = Path(row.name)
    stem = name_with_tokens(old.stem, words)
    suffix = Path(name).suffix
    parent = "" if str(old.parent) == "." else f"{old.parent.as_posix()}/"
    if stem == old.stem:
        return f"{parent}{stem}{suffix}"
    folder = study_folder(study) / old.parent
    taken = set(Source.objects.filter(study=study).exclude(pk=row.pk).values_list("key", flat=True))
    taken |= set(Participant.everybody.filter(study=study).values_list("key", flat=True))
    return f"{parent}{free_name(folder, f'{stem}{suffix}', taken)}"


def _settle(
    document: Any,
    study: Study,
    row: Source,
    target: str,
    made: Rewritten,
    said: Mapping[str, str],
) -> None:
    """Let ``study.toml`` name the file and its speakers as they are called now."""
    if target != row.name:
        drop_interview(document, row.name)
        take_interview(document, study, target, inferred=True)
    set_interviewers(document, target, made.interviewers)
    set_speakers(document, target, said)
    part = section(document, "interviews")
    still = {
        fold(turn["speaker"])
        for turns in study.sources.filter(current=True)
        .exclude(pk=row.pk)
        .values_list("turns", flat=True)
        for turn in turns
        if turn["speaker"]
    }
    known = {fold(spelt): bare(mark) for spelt, mark in made.words.items()}
    for key in ("participant_speakers", "interviewer_speakers"):
        listed = part.get(key)
        if listed is None:
            continue
        now: list[str] = []
        for label in map(str, listed):
            new = known.get(fold(label))
            now += [label] if new is None or fold(label) in still else []
            now += [new] if new is not None else []
        if now != list(listed):
            part[key] = list(dict.fromkeys(now))


def _retold(words: Mapping[str, str]) -> Callable[[str], str]:
    def told(text: str) -> str:
        return exchanged(text, words, lambda _match, mark: mark)

    return told


def _people_file(study: Study, people: Mapping[str, str], words: Mapping[str, str]) -> None:
    folder = study_folder(study)
    known = read_people(read_config(folder))
    if not known.persons:
        return
    persons = tuple(
        replace(
            person,
            id=people.get(person.id, person.id),
            name=_TOKEN.sub(r"\1", _retold(words)(person.name)),
        )
        for person in known.persons
    )
    write_people(folder, People(known.situation, known.demographics, persons))


def _reviews(study: Study, rows: tuple[Source, ...], words: Mapping[str, str]) -> None:
    """Write a file of reviews anew, and give every row that changed its new text."""
    folder = study_folder(study)
    name = rows[0].name.partition("#")[0]
    path = folder / name
    told = _retold(words)
    config = read_config(folder)
    if path.suffix.lower() in TABLE_FORMATS:
        table = read_table(path, name=name, raw=True)
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(table.frame.columns)
        for cells in table.frame.iter_rows():
            writer.writerow(["" if cell is None else told(str(cell)) for cell in cells])
        target, data = Path(name).with_suffix(".csv").as_posix(), text.getvalue().encode()
    else:
        target, data = name, told(path.read_text(encoding="utf-8")).encode()
    before = path.read_bytes()
    write_whole(folder / target, data)
    try:
        if config.reviews.file is not None or target != name:
            edit_settings(study, lambda document: section(document, "reviews").update(file=target))
        section_now = read_config(folder).reviews
        corpus = read_reviews(
            folder / target, root=folder, text=section_now.text, participant=section_now.participant
        )
        made = {one.id: one for one in corpus.sources}
        people = {person.id: person for person in corpus.participants}
        for row in rows:
            now = made.get(row.key)
            expected, moves = _exchange(row.text, words)
            if now is None or now.text != expected:
                _refuse(name)
            if now.text == row.text and now.name == row.name:
                continue
            who = {turn.participant for turn in now.turns if turn.participant}
            alone = heard.Corpus((now,), tuple(people[key] for key in who))
            give_text(row, alone, moves.span, retold=told)
    except BaseException:
        if target == name:
            write_whole(path, before)
        else:
            (folder / target).unlink(missing_ok=True)
        raise
    if target != name:
        path.unlink()


def _refuse(name: str) -> NoReturn:
    raise ReadError("pseudonyms.cannot_rewrite", file=name)


def _exchange(text: str, words: Mapping[str, str]) -> tuple[str, Moves]:
    pieces: list[tuple[int, int, str]] = []

    def note(match: re.Match[str], mark: str) -> str:
        pieces.append((match.start(), match.end(), mark))
        return mark

    exchanged(text, words, note)
    return replaced(text, pieces)


def _forget_traces(study: Study) -> None:
    """Remove what was made of the old words: written outputs, and what the coder remembers."""
    folder = results_folder(study)
    for path in folder.glob("out-*"):
        shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob("*.npz"):
        path.unlink(missing_ok=True)
    Result.objects.filter(study=study, part__in=("talk", "word_forms")).delete()


def leave_all(source_id: int, actor: User) -> None:
    """Note that a source was gone through and nothing in it need be hidden."""
    row = Source.objects.select_related("study").get(pk=source_id)
    require(actor, row.study, "editor")
    found = look_through(row)
    keyring = read_keyring(row.study)
    keyring.ignored = sorted({*keyring.ignored, *(entry["entity"] for entry in found.entries)})
    for one in found.sources:
        keyring.looked[one.key] = one.sha256
    write_keyring(row.study, keyring)


def gone_through(study: Study, keyring: Keyring | None = None) -> dict[str, bool]:
    """Return for each source whether somebody went through its text as it is now."""
    held = keyring or read_keyring(study)
    rows = study.sources.filter(current=True).values_list("key", "sha256")
    return {key: held.looked.get(key) == mark for key, mark in rows}
