"""Who is who in one text: which speakers are interviewers, which participants, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from embauche.collect.role_words import (
    LabelRole,
    edits,
    fold,
    is_role_word,
    misspelt_role_word,
    role_of_label,
    roles_of_letters,
)

RoleReason = Literal[
    "named", "role_word", "heading", "other_is_known", "asks_questions", "speaks_less", "alone"
]
"""Why a speaker was given a role, strongest first."""

_MISSPELT_SHARE = 0.2
_MUCH_MORE = 1.5


@dataclass(frozen=True, slots=True)
class Speaker:
    """A speaker of one text, as measured.

    Attributes
    ----------
    key
        Folded label; empty for the unnamed speaker.
    name
        The label as written; ``None`` for the unnamed speaker.
    turns, words
        Counts.
    questions
        Share of the turns that hold a question mark.
    """

    key: str
    name: str | None
    turns: int
    words: int
    questions: float


@dataclass(frozen=True, slots=True)
class Role:
    """The role of a speaker and the reason for it."""

    role: LabelRole
    reason: RoleReason


def merge_misspelt(names: Sequence[str]) -> dict[str, str]:
    """Return the labels to be read as another: label → the label it stands for.

    Parameters
    ----------
    names
        The label of every turn, as written, in order.

    Notes
    -----
    A label is merged when it is rare (at most a fifth of the other's turns), one slip away (two
    where the word has nine letters), and holds the same numbers; two role words of different roles
    ("interviewer", "interviewee") are never merged. A label that is no role word but one slip away
    from exactly one is read as that word.
    """
    counts: dict[str, int] = {}
    written: dict[str, str] = {}
    for name in names:
        counts[fold(name)] = counts.get(fold(name), 0) + 1
        written.setdefault(fold(name), name)
    merged: dict[str, str] = {}
    for key, count in sorted(counts.items(), key=lambda item: item[1]):
        for other in sorted(counts, key=lambda k: -counts[k]):
            most = 2 if len(key) >= 9 else 1
            if (
                other != key
                and len(key) >= 5
                and other not in merged
                and count <= max(1, _MISSPELT_SHARE * counts[other])
                and counts[other] >= 3
                and edits(key, other, most) <= most
                and re.sub(r"\D", "", key) == re.sub(r"\D", "", other)
                and {role_of_label(key), role_of_label(other)} != {"interviewer", "participant"}
            ):
                merged[key] = written[other]
                break
        else:
            word = misspelt_role_word(key)
            if word is not None:
                present = next((written[k] for k in counts if k == fold(word)), None)
                merged[key] = present or (word.capitalize() if written[key][0].isupper() else word)
    return merged


def tell_roles(
    speakers: Sequence[Speaker],
    *,
    participants: Sequence[str] = (),
    interviewers: Sequence[str] = (),
    heading: str = "",
) -> dict[str, Role]:
    """Tell interviewers from participants.

    Parameters
    ----------
    speakers
        Everyone who speaks.
    participants, interviewers
        Names that the researcher gave; they win over everything else.
    heading
        What stands above the first turn ("Interviewer is Jonas Rosland").

    Returns
    -------
    dict
        Key → role, for every speaker.
    """
    roles = _named(speakers, participants, interviewers)
    letters = roles_of_letters({speaker.key for speaker in speakers})
    for speaker in speakers:
        if speaker.key in roles:
            continue
        said = role_of_label(speaker.key) or letters.get(speaker.key)
        if said is not None:
            roles[speaker.key] = Role(said, "role_word")
        elif speaker.name and (from_heading := _from_heading(speaker.name, heading)):
            roles[speaker.key] = Role(from_heading, "heading")
    unknown = [speaker for speaker in speakers if speaker.key not in roles]
    if not unknown:
        return roles
    return roles | _unknown_roles(speakers, unknown, roles)


def _unknown_roles(
    speakers: Sequence[Speaker], unknown: Sequence[Speaker], told: Mapping[str, Role]
) -> dict[str, Role]:
    """Tell the roles of those whom nothing names, from the others and from what they do."""
    roles = dict(told)
    known = {role.role for role in roles.values()} - {"neither"}
    if not known and len(unknown) == 1:
        roles[unknown[0].key] = Role("participant", "alone")
    elif known == {"interviewer"}:
        roles |= {speaker.key: Role("participant", "other_is_known") for speaker in unknown}
    elif known == {"participant"} and len(unknown) == 1:
        roles[unknown[0].key] = Role("interviewer", "other_is_known")
    elif known:
        answering = [s for s in speakers if s.key in roles and roles[s.key].role == "participant"]
        for speaker in unknown:
            asks = speaker.questions >= 0.5 and speaker.words < max(s.words for s in answering)
            roles[speaker.key] = Role("interviewer" if asks else "participant", "asks_questions")
    else:
        roles |= _by_behaviour(unknown)
    return roles


def _named(
    speakers: Sequence[Speaker], participants: Sequence[str], interviewers: Sequence[str]
) -> dict[str, Role]:
    asked = {fold(name) for name in interviewers}
    answered = {fold(name) for name in participants}
    roles = {s.key: Role("interviewer", "named") for s in speakers if s.key in asked}
    roles |= {s.key: Role("participant", "named") for s in speakers if s.key in answered}
    rest = [s for s in speakers if s.key not in roles and role_of_label(s.key) != "neither"]
    # Naming all participants says that the others ask; naming the interviewers, that they answer.
    if any(s.key in answered for s in speakers) and not asked:
        roles |= {s.key: Role("interviewer", "named") for s in rest}
    elif any(s.key in asked for s in speakers) and not answered:
        roles |= {s.key: Role("participant", "named") for s in rest}
    return roles


def _from_heading(name: str, heading: str) -> LabelRole | None:
    if not heading or is_role_word(fold(name)):
        return None
    folded = fold(heading.replace("\n", " ; "))
    first = re.escape(fold(name).split(" ")[0])
    for match in re.finditer(rf"([^\W\d_]{{4,}})\s*(?::|=|is|est|was|-|;)?\s*{first}\b", folded):
        role = role_of_label(match[1])
        if role in {"interviewer", "participant"}:
            return role
    return None


def _by_behaviour(speakers: Sequence[Speaker]) -> dict[str, Role]:
    """Take for the interviewer who asks most often or, where nobody stands out, speaks least."""
    asking = sorted(speakers, key=lambda s: (-s.questions, s.words))
    first, second = asking[0], asking[1]
    if first.questions > 0 and first.questions >= _MUCH_MORE * second.questions:
        chosen, reason = first, "asks_questions"
    else:
        chosen, reason = min(speakers, key=lambda s: (s.words, -s.questions)), "speaks_less"
    return {
        s.key: Role("interviewer" if s is chosen else "participant", reason)  # type: ignore[arg-type]
        for s in speakers
    }


def personal_name(name: str | None) -> bool:
    """Say whether a label is somebody's own name, not a role, a letter or "Speaker 1"."""
    if not name:
        return False
    key = fold(name)
    if role_of_label(key) is not None or len(key) < 2:
        return False
    if re.fullmatch(
        r"[a-z]{1,2}\d+|(?:speaker|locuteur|intervenant|orateur|voix|voice|spk)\W*\w{0,3}", key
    ):
        return False
    return misspelt_role_word(key) is None
