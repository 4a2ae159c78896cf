"""The speaker labels of an interview's file: who each is now, and who somebody says that it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from embauche.collect import inspect_interview
from embauche.collect import source as heard
from embauche.collect.line_beginnings import (
    LONGEST,
    MARK,
    Beginning,
    beginnings_in,
    likely_beginnings,
    speaker_of,
)
from embauche.collect.names import slug, source_ids
from embauche.collect.role_words import fold
from embauche.collect.said_speakers import (
    INTERVIEWER,
    OTHER,
    PARTICIPANT,
    participant,
    participant_in,
)
from embauche.collect.transcripts import read_transcript
from embauche.errors import WorkbenchError
from embauche.study.config import read_config
from embauche.study.people import with_people
from embauche.study.preview import read_placed
from embauche.workbench.models import Participant, Source
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.intake_settings import said_of
from embauche.workbench.services.intake_uploads import company_of
from embauche.workbench.services.moving import heard_in

Role = Literal["participant", "interviewer", "other", "none"]
NONE: Final = "none"
_WORDS: Final = 140


@dataclass(frozen=True, slots=True)
class Choice:
    """Who a label is to be.

    Attributes
    ----------
    role
        What they do; ``"none"`` where lines that begin so bear no label after all.
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
    """One speaker label of a source: who it is now, how much it says, and its first words.

    `label` is as written, or `MARK` and the beginning of its lines where somebody named it by that.
    """

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
    said = said_of(source.study, source.name)
    labels = _heard(source, [label for label in said if label.startswith(MARK)])
    now = {turn["speaker"] or "": turn for turn in source.turns}
    # Every label taken for a participant: only then are all their turns there.
    whole = read_as(source, dict.fromkeys(labels.values(), PARTICIPANT)).sources[0]
    spoken: dict[str, list[str]] = {}
    for turn in whole.turns:
        spoken.setdefault(turn.speaker or "", []).append(whole.text[turn.start : turn.end])
    found = []
    for name, label in labels.items():
        turn_now, texts = now.get(name), spoken.get(name, [])
        role: Role = turn_now["role"] if turn_now is not None else OTHER
        person = (turn_now["participant"] or "") if turn_now is not None else ""
        words = sum(len(text.split()) for text in texts)
        longest = " ".join(max(texts[:6], key=len, default="").split())
        shown = longest if len(longest) <= _WORDS else f"{longest[:_WORDS].rsplit(' ', 1)[0]} …"
        found.append(Label(label, role, person, len(texts), words, shown))
    return found


def beginnings_of(source: Source) -> list[Beginning]:
    """Return how several lines of an interview begin alike, which may be labels; no label so far.

    Raises
    ------
    ReadError
        If its file cannot be read.
    """
    folder = study_folder(source.study)
    known = beginnings_in(said_of(source.study, source.name))
    return likely_beginnings(read_transcript(folder / source.name, source.name), known)


def said_with(source: Source, choices: Mapping[str, Choice]) -> dict[str, str]:
    """Return label → who it is, for every label of the file, in the words of ``study.toml``.

    Raises
    ------
    WorkbenchError
        If a label or a participant is not there, or nobody would answer.
    """
    study, now = source.study, {turn["speaker"] or "": turn for turn in source.turns}
    begun = _begun(source, choices)
    labels = _heard(source, begun)
    wanted = _wanted(source, labels, choices)
    if not begun and list(labels) == [""] and "" not in now:
        # No line bears a label any more: all words are one participant's, as at first.
        own = next((one["participant"] for one in now.values() if one["participant"]), "")
        wanted.setdefault("", Choice(PARTICIPANT, own))
    # Those whose words are set aside as well: whoever was taken for somebody else comes back.
    people = set(Participant.everybody.filter(study=study).values_list("key", flat=True))
    people |= {turn["participant"] for turn in source.turns if turn["participant"]}
    said: dict[str, str] = {}
    new: list[str] = []
    for name, label in labels.items():
        turn = now.get(name)
        own = (turn["participant"] or "") if turn is not None else ""
        choice = wanted.get(name) or Choice(turn["role"] if turn is not None else OTHER)
        if choice.role != PARTICIPANT:
            said[label] = INTERVIEWER if choice.role == INTERVIEWER else OTHER
        elif choice.new or not (choice.participant or own):
            new.append(label)
            said[label] = PARTICIPANT
        elif (key := choice.participant or own) in people:
            said[label] = participant(key)
        else:
            raise WorkbenchError("speakers.no_participant", participant=key)
    if not any(text.startswith(PARTICIPANT) for text in said.values()):
        raise WorkbenchError("speakers.nobody_answers", source=source.name)
    taken = {key for text in said.values() if (key := participant_in(text))}
    taken |= heard_in(study, but=source.pk)
    for label in new:
        said[label] = participant(_new_id(source, speaker_of(label), taken))
    return said


def _wanted(
    source: Source, labels: Mapping[str, str], choices: Mapping[str, Choice]
) -> dict[str, Choice]:
    """Return name of a speaker → who they are to be, of those that are heard."""
    known = {_folded(label): name for name, label in labels.items()}
    held = said_of(source.study, source.name)
    # Labels that other beginnings of lines take the place of may still be on the page.
    before = {_folded(label) for label in (*held, *_heard(source, held))}
    wanted: dict[str, Choice] = {}
    for label, choice in choices.items():
        name = known.get(_folded(label))
        if name is not None and choice.role != NONE:
            wanted[name] = choice
        elif _folded(label) in before or choice.role == NONE or label == MARK:
            continue
        elif label.startswith(MARK):
            beginning = label.removeprefix(MARK)
            raise WorkbenchError("speakers.no_line", beginning=beginning, source=source.name)
        else:
            raise WorkbenchError("speakers.no_label", label=label, source=source.name)
    return wanted


def _new_id(source: Source, label: str, taken: set[str]) -> str:
    """Return an id whom nobody in the study is called by now; a former one of the label's own."""
    base = f"{source.key}-{slug(label or 'x')}"
    key, number = base, 1
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    taken.add(key)
    return key


def _folded(label: str) -> str:
    """Return what two ways of writing a label have in common; a beginning is as it is written."""
    return label if label.startswith(MARK) else fold(label)


def _begun(source: Source, choices: Mapping[str, Choice]) -> list[str]:
    """Return the beginnings of lines that are labels, as they stand and as they are chosen."""
    held = [one for one in said_of(source.study, source.name) if one.startswith(MARK)]
    given = [label for label in choices if label.startswith(MARK)]
    for label in given:
        if len(label) > LONGEST or "\n" in label:
            raise WorkbenchError("speakers.long_beginning", most=LONGEST, source=source.name)
    every = dict.fromkeys([*held, *given])
    kept = [one for one in every if one not in choices or choices[one].role != NONE]
    alike: dict[str, str] = {}
    for label in kept:
        other = alike.setdefault(fold(speaker_of(label)), label)
        if other != label:
            pair = (other.removeprefix(MARK), label.removeprefix(MARK))
            raise WorkbenchError("speakers.alike", one=pair[0], other=pair[1])
    # Lines without a label are somebody's only where others have one.
    return kept if any(one != MARK for one in kept) else []


def _heard(source: Source, begun: Iterable[str]) -> dict[str, str]:
    """Return name of a speaker → label, as heard with these beginnings of lines.

    Raises
    ------
    WorkbenchError
        If the source is no interview.
    """
    if source.kind != "interview":
        raise WorkbenchError("speakers.only_interviews", source=source.name)
    folder = study_folder(source.study)
    company, section = company_of(source.study), read_config(folder).interviews
    held = section.speakers.get(source.name, {})
    said = {label: text for label, text in held.items() if not label.startswith(MARK)}
    labels = [label for label in begun if label.startswith(MARK)]
    seen = inspect_interview(
        folder / source.name,
        folder,
        participant_speakers=company.participants,
        interviewer_speakers=company.interviewers,
        interviewers=section.interviewers.get(source.name),
        said={**said, **dict.fromkeys(labels, PARTICIPANT)},
    )
    called = {fold(speaker_of(label)): label for label in labels}
    names = [guess.name or "" for guess in seen.speakers]
    return {name: called.get(fold(name), name) for name in names}


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
            key = ids.setdefault(str(key), f"{now}-{slug(speaker_of(label) or 'x')}")
        found[label] = text if key is None else participant(now if key == before else key)
    return found
