"""Who somebody said the speakers of one file to be: it wins over all that the reader would tell.

Each label of a file is said to be one of::

    "interviewer"            asks; the words are nobody's evidence
    "other"                  neither asks nor answers, or no person at all: the words are left out
    "participant"            a participant of their own
    "participant:<id>"       that participant, whom other labels and other files may name as well

A label that the reader does not recognise is named by how its lines begin: `line_beginnings`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from embauche.collect.line_beginnings import speaker_of
from embauche.collect.role_words import LabelRole, fold, role_of_label
from embauche.collect.speakers import Role, Speaker

INTERVIEWER: Final = "interviewer"
OTHER: Final = "other"
PARTICIPANT: Final = "participant"

NOBODY: Final[Mapping[str, str]] = MappingProxyType({})
"""What is said where nothing is said: the reader tells by itself."""


def participant(key: str) -> str:
    """Return what says that a label is the participant of an id."""
    return f"{PARTICIPANT}:{key}"


def participant_in(text: str) -> str | None:
    """Return the id of the participant whom a text names; ``None`` where it names nobody."""
    role, colon, key = text.partition(":")
    return key if role == PARTICIPANT and colon and key else None


def says_who(text: str) -> bool:
    """Tell whether a text is one of those that say who a label is."""
    return text in {INTERVIEWER, OTHER, PARTICIPANT} or participant_in(text) is not None


def roles_said(
    speakers: Sequence[Speaker], roles: Mapping[str, Role], said: Mapping[str, str]
) -> dict[str, Role]:
    """Return the roles of all speakers, with what was said in the place of what was told.

    Parameters
    ----------
    speakers, roles
        The speakers of a file, and key → role as the reader tells it.
    said
        Label → who it is.
    """
    given = {fold(speaker_of(label)): text for label, text in said.items()}
    found = dict(roles)
    for speaker in speakers:
        if (text := given.get(speaker.key)) is not None:
            found[speaker.key] = Role(_role(text), "named")
    return found


def people_said(said: Mapping[str, str]) -> dict[str, str]:
    """Return key of a speaker → id of the participant whom they were said to be."""
    named = {fold(speaker_of(label)): participant_in(text) for label, text in said.items()}
    return {key: person for key, person in named.items() if person is not None}


def carried_over(said: Mapping[str, str], interviewers: Sequence[str] | None) -> dict[str, str]:
    """Return what was said of a file's labels, for another file in its place.

    Parameters
    ----------
    said
        Label → who it is.
    interviewers
        Who asks in the other file, if somebody said so: they do, and nobody else.
    """
    if interviewers is None:
        return dict(said)
    asked = {fold(label) for label in interviewers}
    kept = {label: INTERVIEWER for label in said if fold(label) in asked}
    return kept | {k: v for k, v in said.items() if k not in kept and v != INTERVIEWER}


def roles_where_some_ask(
    speakers: Sequence[Speaker], interviewers: Sequence[str]
) -> dict[str, Role]:
    """Return the roles where somebody said who asks in this file; an interruption stays one."""
    asked = {fold(label) for label in interviewers}
    roles = {}
    for speaker in speakers:
        if speaker.key in asked:
            roles[speaker.key] = Role("interviewer", "named")
        else:
            neither = role_of_label(speaker.key) == "neither"
            roles[speaker.key] = Role("neither" if neither else "participant", "named")
    return roles


def _role(text: str) -> LabelRole:
    if text == INTERVIEWER:
        return "interviewer"
    return "neither" if text == OTHER else "participant"
