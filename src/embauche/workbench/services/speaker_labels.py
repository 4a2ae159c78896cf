"""The speaker labels of an interview's file: who each is now, and who somebody says that it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from embauche.collect import inspect_interview
from embauche.collect import source as heard
from embauche.collect.names import slug, source_ids
from embauche.collect.role_words import fold
from embauche.collect.said_speakers import (
    INTERVIEWER,
    OTHER,
    PARTICIPANT,
    participant,
    participant_in,
)
from embauche.errors import WorkbenchError
from embauche.study.config import read_config
from embauche.study.people import with_people
from embauche.study.preview import read_placed
from embauche.workbench.models import Participant, Source
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.intake_uploads import company_of
from embauche.workbench.services.moving import heard_in

Role = Literal["participant", "interviewer", "other"]
_WORDS: Final = 140


@dataclass(frozen=True, slots=True)
class Choice:
    """Who a label is to be.

    Attributes
    ----------
    role
        What they do.
    participant
        Id of the participant of the study whose words these are; where it is empty the label's own
        now, or somebody new.
    new
        True where it is to be somebody new in any case.
    """

    role: Role
    participant: str = ""
    new: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """One speaker label of a source: who it is now, how much it says, and its first words."""

    label: str
    role: Role
    participant: str
    turns: int
    words: int
    sample: str


def labels_of(source: Source) -> list[Label]:
    """Return the speaker labels of an interview's file, in the order in which they first speak.

    Raises
    ------
    WorkbenchError
        If the source is no interview.
    ReadError
        If its file cannot be read.
    """
    names = _names(source)
    now = {turn["speaker"] or "": turn for turn in source.turns}
    # Every label taken for a participant: only then are all their turns there.
    whole = read_as(source, dict.fromkeys(names, PARTICIPANT)).sources[0]
    said: dict[str, list[str]] = {}
    for turn in whole.turns:
        said.setdefault(turn.speaker or "", []).append(whole.text[turn.start : turn.end])
    found = []
    for name in names:
        turn_now, texts = now.get(name), said.get(name, [])
        role: Role = turn_now["role"] if turn_now is not None else OTHER
        person = (turn_now["participant"] or "") if turn_now is not None else ""
        words = sum(len(text.split()) for text in texts)
        longest = " ".join(max(texts[:6], key=len, default="").split())
        shown = longest if len(longest) <= _WORDS else f"{longest[:_WORDS].rsplit(' ', 1)[0]} …"
        found.append(Label(name, role, person, len(texts), words, shown))
    return found


def said_with(source: Source, choices: Mapping[str, Choice]) -> dict[str, str]:
    """Return label → who it is, for every label of the file, in the words of ``study.toml``.

    Raises
    ------
    WorkbenchError
        If a label or a participant is not there, or nobody would answer.
    """
    study, now = source.study, {turn["speaker"] or "": turn for turn in source.turns}
    names = _names(source)
    known = {fold(name): name for name in names}
    for label in choices:
        if fold(label) not in known:
            raise WorkbenchError("speakers.no_label", label=label, source=source.name)
    wanted = {known[fold(label)]: choice for label, choice in choices.items()}
    # Those whose words are set aside as well: whoever was taken for somebody else comes back.
    people = set(Participant.everybody.filter(study=study).values_list("key", flat=True))
    people |= {turn["participant"] for turn in source.turns if turn["participant"]}
    said: dict[str, str] = {}
    new: list[str] = []
    for name in names:
        turn = now.get(name)
        own = (turn["participant"] or "") if turn is not None else ""
        choice = wanted.get(name) or Choice(turn["role"] if turn is not None else OTHER)
        if choice.role != PARTICIPANT:
            said[name] = INTERVIEWER if choice.role == INTERVIEWER else OTHER
        elif choice.new or not (choice.participant or own):
            new.append(name)
            said[name] = PARTICIPANT
        elif (key := choice.participant or own) in people:
            said[name] = participant(key)
        else:
            raise WorkbenchError("speakers.no_participant", participant=key)
    if not any(text.startswith(PARTICIPANT) for text in said.values()):
        raise WorkbenchError("speakers.nobody_answers", source=source.name)
    taken = {key for text in said.values() if (key := participant_in(text))}
    taken |= heard_in(study, but=source.pk)
    for name in new:
        said[name] = participant(_new_id(source, name, taken))
    return said


def _new_id(source: Source, label: str, taken: set[str]) -> str:
    """Return an id whom nobody in the study is called by now; a former one of the label's own."""
    base = f"{source.key}-{slug(label or 'x')}"
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    taken.add(key)
    return key


def _names(source: Source) -> list[str]:
    if source.kind != "interview":
        raise WorkbenchError("speakers.only_interviews", source=source.name)
    folder = study_folder(source.study)
    company, section = company_of(source.study), read_config(folder).interviews
    seen = inspect_interview(
        folder / source.name,
        folder,
        participant_speakers=company.participants,
        interviewer_speakers=company.interviewers,
        interviewers=section.interviewers.get(source.name),
        said=section.speakers.get(source.name, {}),
    )
    return [guess.name or "" for guess in seen.speakers]


def read_as(source: Source, said: Mapping[str, str]) -> heard.Corpus:
    """Read a source's file as it would be with other speakers; its words are the same.

    Raises
    ------
    WorkbenchError
        If the file says something else than the source: it has changed since the last analysis.
    """
    folder = study_folder(source.study)
    config = read_config(folder)
    asked = config.interviews.interviewers.get(source.name)
    corpus = read_placed(folder / source.name, folder, company_of(source.study), asked, said)
    if corpus.sources[0].text != source.text:
        raise WorkbenchError("speakers.file_changed", source=source.name)
    return with_people(corpus, config)[0]


def said_renamed(row: Source, target: str, said: Mapping[str, str]) -> dict[str, str]:
    """Return who labels are, with ids of participants that are made of the file's new names.

    Parameters
    ----------
    row
        The source as it was.
    target
        Name of its file now.
    said
        Label as it is called now → who it is, by the ids before.
    """
    before, now = row.key, source_ids([target])[target]
    keys = row.study.sources.filter(key__startswith=f"{before}-").values_list("key", flat=True)
    others = [key for key in keys if "~" not in key]
    ids: dict[str, str] = {}
    found = {}
    for label, text in said.items():
        key = participant_in(text)
        own = key is not None and key.startswith(f"{before}-")
        if own and not any(key == other or str(key).startswith(f"{other}-") for other in others):
            # The id may hold a name; that of the first label that it belongs to takes its place.
            key = ids.setdefault(str(key), f"{now}-{slug(label or 'x')}")
        found[label] = text if key is None else participant(now if key == before else key)
    return found
