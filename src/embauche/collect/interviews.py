"""Interviews: files become sources with turns, sentences and roles."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from embauche.collect.language import language_is_doubtful, tell_language
from embauche.collect.line_beginnings import beginnings_in, divide, speaker_of
from embauche.collect.names import readable_name, relative_name, slug, source_ids
from embauche.collect.role_words import LabelRole, fold
from embauche.collect.said_speakers import (
    NOBODY,
    people_said,
    roles_said,
    roles_where_some_ask,
)
from embauche.collect.sentences import split_sentences
from embauche.collect.source import Corpus, Participant, Sentence, Source, Turn
from embauche.collect.speakers import (
    Role,
    RoleReason,
    Speaker,
    merge_misspelt,
    personal_name,
    tell_roles,
)
from embauche.collect.transcripts import Transcript, read_transcript
from embauche.errors import ReadError
from embauche.notices import Notice
from embauche.vocabulary import Language, SourceKind, SpeakerRole

_GUESSED = frozenset({"asks_questions", "speaks_less"})
_NOTHING_SAID: Mapping[str, Sequence[str]] = MappingProxyType({})
_NOBODY_SAID: Mapping[str, Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class SpeakerGuess:
    """What one speaker of a file was taken for.

    Attributes
    ----------
    name
        The label as written; ``None`` for the unnamed speaker.
    role
        Participant, interviewer, or ``None`` for someone who is neither (an interruption).
    reason
        Why: ``named``, ``role_word``, ``heading``, ``other_is_known``, ``asks_questions``,
        ``speaks_less`` or ``alone``; the sentence is ``speaker.reason.<reason>``.
    words_share
        Share of the file's spoken words, between 0 and 1.
    questions_share
        Share of the turns that hold a question, between 0 and 1.
    turns
        Number of turns.
    """

    name: str | None
    role: SpeakerRole | None
    reason: RoleReason
    words_share: float
    questions_share: float
    turns: int


@dataclass(frozen=True, slots=True)
class InterviewInspection:
    """How one interview file is read: what `embauche init` writes down for the user to correct."""

    name: str
    speakers: tuple[SpeakerGuess, ...]
    language: Language
    words: int
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class _Reading:
    name: str
    transcript: Transcript
    speakers: tuple[Speaker, ...]
    roles: dict[str, Role]
    language: Language
    notices: tuple[Notice, ...]
    people: Mapping[str, str]


def read_interviews(
    paths: Sequence[Path],
    *,
    root: Path,
    participant_speakers: Sequence[str] = (),
    interviewer_speakers: Sequence[str] = (),
    interviewers_of: Mapping[str, Sequence[str]] = _NOTHING_SAID,
    speakers_of: Mapping[str, Mapping[str, str]] = _NOBODY_SAID,
    language: Language | None = None,
    progress: Callable[[float], None] | None = None,
) -> Corpus:
    """Read interviews; a file that cannot be read becomes a notice and stops nothing.

    Parameters
    ----------
    paths
        Files: .docx, .pdf, .txt, .md, .vtt, .srt, .csv, .tsv, .xlsx.
    root
        The study folder; names are relative to it.
    participant_speakers, interviewer_speakers
        Labels that the researcher knows; they win over what the reader would guess.
    interviewers_of
        Name of a file → who asks in it; all others of that file answer. It wins over the labels.
    speakers_of
        Name of a file → label → who it is (`said_speakers`). It wins over all of these.
    language
        The language of all of them; told from each text where it is not given.
    progress
        Called with the share of the files read, between 0 and 1.

    Returns
    -------
    Corpus
        Sources in the order of their names.
    """
    named = {relative_name(path, root): path for path in paths}
    ids = source_ids(sorted(named))
    readings: list[_Reading] = []
    notices: list[Notice] = []
    for done, (name, path) in enumerate(sorted(named.items())):
        if progress is not None:
            progress(done / len(named))
        try:
            asked, said = interviewers_of.get(name), speakers_of.get(name, NOBODY)
            readings.append(
                _read(path, name, participant_speakers, interviewer_speakers, language, asked, said)
            )
        except ReadError as error:
            notices.append(problem(error))
    notices.extend(_never_heard([*participant_speakers, *interviewer_speakers], readings))
    sources: list[Source] = []
    people: dict[str, Participant] = {}
    for reading in readings:
        source, participants = _build(reading, ids[reading.name])
        sources.append(source)
        for one in participants:
            # Whoever is heard in several files is called as in the file that they came with.
            if one.id not in people or one.id == source.id or one.id.startswith(f"{source.id}-"):
                people[one.id] = one
    if progress is not None:
        progress(1.0)
    return Corpus(tuple(sources), _distinct(list(people.values())), tuple(notices))


def inspect_interview(
    path: Path,
    root: Path,
    *,
    participant_speakers: Sequence[str] = (),
    interviewer_speakers: Sequence[str] = (),
    interviewers: Sequence[str] | None = None,
    said: Mapping[str, str] = NOBODY,
) -> InterviewInspection:
    """Say how a file would be read: who speaks, in which role, why, how much.

    Raises
    ------
    ReadError
        If the file cannot be read.
    """
    name = relative_name(path, root)
    reading = _read(
        path, name, participant_speakers, interviewer_speakers, None, interviewers, said
    )
    total = sum(speaker.words for speaker in reading.speakers)
    guesses = tuple(
        SpeakerGuess(
            name=speaker.name,
            role=_speaker_role(reading.roles[speaker.key].role),
            reason=reading.roles[speaker.key].reason,
            words_share=speaker.words / total if total else 0.0,
            questions_share=speaker.questions,
            turns=speaker.turns,
        )
        for speaker in reading.speakers
    )
    return InterviewInspection(name, guesses, reading.language, total, reading.notices)


def problem(error: ReadError) -> Notice:
    """Turn an error about one file into a notice: the other files go on."""
    return Notice(error.code, dict(error.params), "problem")


def _speaker_role(role: LabelRole) -> SpeakerRole | None:
    return None if role == "neither" else SpeakerRole(role)


def _read(
    path: Path,
    name: str,
    participant_speakers: Sequence[str],
    interviewer_speakers: Sequence[str],
    language: Language | None,
    interviewers: Sequence[str] | None = None,
    said: Mapping[str, str] = NOBODY,
) -> _Reading:
    labels = [*participant_speakers, *interviewer_speakers, *(interviewers or ())]
    given = frozenset(fold(label) for label in labels) - {""}
    transcript = divide(read_transcript(path, name, given), beginnings_in(said))
    notices: list[Notice] = []
    given |= {fold(speaker_of(label)) for label in said}
    transcript = _merge(transcript, name, given, notices)
    speakers = _measure(transcript)
    if interviewers is None:
        roles = tell_roles(
            speakers,
            participants=participant_speakers,
            interviewers=interviewer_speakers,
            heading=transcript.heading,
        )
    else:
        roles = roles_where_some_ask(speakers, interviewers)
    roles = roles_said(speakers, roles, said)
    answers = "\n".join(
        transcript.text[u.start : u.end]
        for u in transcript.utterances
        if roles[fold(u.speaker or "")].role == "participant"
    )
    if not answers:
        raise ReadError("read.no_participant", file=name, speakers=_names(speakers))
    told = language or tell_language(answers)
    notices.extend(_doubts(name, speakers, roles))
    if language_is_doubtful(answers, told):
        notices.append(Notice("collect.language_doubtful", {"file": name, "language": str(told)}))
    people = people_said(said)
    return _Reading(name, transcript, speakers, roles, told, tuple(notices), people)


def _names(speakers: Sequence[Speaker]) -> list[str]:
    return [speaker.name or "" for speaker in speakers]


def _merge(
    transcript: Transcript, name: str, given: frozenset[str], notices: list[Notice]
) -> Transcript:
    labels = [u.speaker for u in transcript.utterances if u.speaker]
    merged = {k: v for k, v in merge_misspelt(labels).items() if k not in given}
    if not merged:
        return transcript
    for key, proper in merged.items():
        hits = [label for label in labels if fold(label) == key]
        notices.append(
            Notice(
                "collect.label_corrected",
                {"file": name, "label": hits[0], "proper": proper, "n": len(hits)},
                "info",
            )
        )
    return replace(
        transcript,
        utterances=tuple(
            replace(u, speaker=merged.get(fold(u.speaker or ""), u.speaker))
            for u in transcript.utterances
        ),
    )


def _measure(transcript: Transcript) -> tuple[Speaker, ...]:
    names: dict[str, str | None] = {}
    texts: dict[str, list[str]] = {}
    for utterance in transcript.utterances:
        key = fold(utterance.speaker or "")
        names.setdefault(key, utterance.speaker)
        texts.setdefault(key, []).append(transcript.text[utterance.start : utterance.end])
    return tuple(
        Speaker(
            key=key,
            name=names[key],
            turns=len(turns),
            words=sum(len(turn.split()) for turn in turns),
            questions=sum("?" in turn for turn in turns) / len(turns),
        )
        for key, turns in texts.items()
    )


def _doubts(name: str, speakers: Sequence[Speaker], roles: dict[str, Role]) -> list[Notice]:
    notices = []
    if len(speakers) == 1 and speakers[0].name is None:
        notices.append(Notice("collect.no_speakers", {"file": name}))
    elif all(roles[s.key].role == "participant" for s in speakers):
        notices.append(
            Notice("collect.no_interviewer", {"file": name, "speakers": _names(speakers)})
        )
    for speaker in speakers:
        role = roles[speaker.key]
        if role.role == "interviewer" and role.reason in _GUESSED:
            others = [s.name or "" for s in speakers if roles[s.key].role == "participant"]
            notices.append(
                Notice(
                    f"collect.interviewer_guessed.{role.reason}",
                    {
                        "file": name,
                        "speaker": speaker.name or "",
                        "participants": others,
                        "questions_share": speaker.questions,
                    },
                )
            )
        elif role.role == "neither":
            notices.append(
                Notice(
                    "collect.neither",
                    {"file": name, "speaker": speaker.name or "", "n": speaker.words},
                    "info",
                )
            )
    return notices


def _never_heard(given: Sequence[str], readings: Sequence[_Reading]) -> list[Notice]:
    from difflib import get_close_matches

    heard = {s.key: s.name for reading in readings for s in reading.speakers if s.name}
    notices = []
    for name in given:
        if readings and fold(name) not in heard:
            nearest = get_close_matches(fold(name), list(heard), 1, 0.5)
            params = {"speaker": name, "nearest": heard[nearest[0]] if nearest else ""}
            code = "collect.speaker_not_found" + ("" if nearest else ".no_nearest")
            notices.append(Notice(code, params, "problem"))
    return notices


def _build(reading: _Reading, source_id: str) -> tuple[Source, list[Participant]]:
    transcript, roles = reading.transcript, reading.roles
    answering = [s for s in reading.speakers if roles[s.key].role == "participant"]
    ids: dict[str, str] = {}
    for speaker in answering:
        own = f"{source_id}-{slug(speaker.name or 'x')}" if len(answering) > 1 else source_id
        ids[speaker.key] = reading.people.get(speaker.key, own)
    several = len(set(ids.values())) > 1
    people: dict[str, Participant] = {}
    for speaker in answering:
        file_name = readable_name(reading.name, transcript.heading)
        if personal_name(speaker.name):
            pseudonym = speaker.name or file_name
        else:
            pseudonym = f"{file_name} · {speaker.name}" if several else file_name
        people.setdefault(ids[speaker.key], Participant(ids[speaker.key], pseudonym))
    turns: list[Turn] = []
    sentences: list[Sentence] = []
    for utterance in transcript.utterances:
        key = fold(utterance.speaker or "")
        role = _speaker_role(roles[key].role)
        if role is None:
            continue
        turn = Turn(
            index=len(turns),
            speaker=utterance.speaker,
            role=role,
            participant=ids.get(key),
            start=utterance.start,
            end=utterance.end,
            begins_at=utterance.begins_at,
            ends_at=utterance.ends_at,
        )
        turns.append(turn)
        spans = split_sentences(transcript.text, turn.start, turn.end, wrapped=transcript.wrapped)
        positions = [at for at, _ in utterance.times]
        for start, end in spans:
            cue = bisect.bisect_right(positions, start) - 1
            begins_at = utterance.times[cue][1] if cue >= 0 else None
            sentences.append(Sentence(len(sentences), turn.index, start, end, begins_at))
    source = Source(
        id=source_id,
        name=reading.name,
        kind=SourceKind.INTERVIEW,
        text=transcript.text,
        language=reading.language,
        turns=tuple(turns),
        sentences=tuple(sentences),
        notices=reading.notices,
    )
    return source, list(people.values())


def _distinct(people: list[Participant]) -> tuple[Participant, ...]:
    """Give people who share a pseudonym a number, in the order of their first appearance."""
    count: dict[str, int] = {}
    result = []
    for person in people:
        count[person.pseudonym] = count.get(person.pseudonym, 0) + 1
        n = count[person.pseudonym]
        result.append(person if n == 1 else replace(person, pseudonym=f"{person.pseudonym} ({n})"))
    return tuple(result)
