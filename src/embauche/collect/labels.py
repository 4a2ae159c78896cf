"""Speaker labels: which lines of a text begin somebody's turn.

First every line that could begin a turn becomes a candidate; then the whole text decides which
labels are speakers. A label inside speech (« Exemple : … », "Note: …") looks the same on its line
and differs in company: speakers recur, answer one another, and are written in one style.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import pairwise

from embauche.collect.role_words import (
    NOT_SPEAKERS,
    edits,
    fold,
    is_role_word,
    misspelt_role_word,
    role_of_label,
    roles_of_letters,
)
from embauche.collect.times import TIME, TIMES, span_of

_NAME = r"(?P<name>[^\W\d_][\w.'’°#\-/&()· ]{0,48}?)"
_LEAD = rf"(?:[\(\[<]?\s*(?P<lead>{TIME})\s*[\)\]>]?\s*[-–—]?\s*)?"
_BRACKET = re.compile(
    rf"\s*{_LEAD}\[(?P<name>[^\W\d_][^\]\[\n]{{0,60}})\]\s*(?P<times>{TIMES})?\s*:?(?P<rest>.*)"
)
_COLON = re.compile(
    rf"\s*{_LEAD}(?P<bullet>[-–—•*>]\s+)?(?P<mark>\*\*|__|\*|_)?{_NAME}\s*"
    rf"(?P<times>[\(\[]\s*{TIME}(?:\s*[-–—]\s*{TIME})?\s*[\)\]])?\s*(?:\*\*|__|\*|_)?\s*:"
    r"(?!//)(?:\*\*|__|\*|_)?(?P<rest>.*)"
)
_CLOCK = re.compile(
    rf"\s*(?P<mark>\*\*)?{_NAME}(?:\*\*)?[\s,·|–-]+(?P<times>{TIMES})\s*(?P<rest>)$"
)
_CLOCK_FIRST = re.compile(rf"\s*(?P<times>[\(\[]?{TIME}[\)\]]?)\s+{_NAME}\s*(?P<rest>)$")
_BARE = re.compile(rf"\s*(?P<mark>\*\*|__|\#{{3,6}}\s)?{_NAME}(?:\*\*|__)?\s*(?P<rest>)$")
_DASH = re.compile(rf"\s*{_NAME}(?:\s*\t+|\s+[-–—]\s+|\.\s+|\)\s+)(?P<rest>\S.*)$")
_TITLES = re.compile(r"\b(?:M|Mme|Mlle|Dr|Mr|Mrs|Ms|Pr|Prof|[A-Z])\.\s")
_PARTICLES = frozenset(
    "de du des la le van von der den da di el al ben y e d' of the & et and".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Header:
    """A line that begins a turn.

    Attributes
    ----------
    at
        Where the line begins.
    body
        Where the speaker's words may begin.
    name
        The label as written.
    key
        The label folded for comparison.
    style
        How it is written: ``bracket``, ``colon``, ``clock``, ``bare`` or ``dash``.
    mark
        Bullet and emphasis around it.
    begins_at, ends_at
        Seconds, where the line has them.
    alone
        The words begin on the next line.
    after_blank
        A blank line stands before it (or nothing).
    """

    at: int
    body: int
    name: str
    key: str
    style: str
    mark: str
    begins_at: float | None
    ends_at: float | None
    alone: bool
    after_blank: bool

    @property
    def timed(self) -> bool:
        """Whether the line says when the turn begins."""
        return self.begins_at is not None


def find_headers(text: str, named: AbstractSet[str] = frozenset()) -> list[Header]:
    """Return the lines of a text that begin turns, in order.

    Parameters
    ----------
    text
        The whole text.
    named
        Folded names of speakers that the researcher has given; these are always speakers.
    """
    candidates = [_unnumber(header) for header in _candidates(text, named)]
    accepted = _accepted(candidates, text, named)
    return [header for header in candidates if header.key in accepted]


def _lines(text: str) -> Iterator[tuple[int, str]]:
    at = 0
    for line in text.split("\n"):
        yield at, line
        at += len(line) + 1


def _candidates(text: str, named: AbstractSet[str]) -> Iterator[Header]:
    after_blank = True
    for at, line in _lines(text):
        if not line.strip():
            after_blank = True
            continue
        if len(line) < 20_000 or ":" in line[:90]:
            header = _candidate(at, line, named, after_blank=after_blank)
            if header is not None:
                yield header
        after_blank = False


def _candidate(at: int, line: str, named: AbstractSet[str], *, after_blank: bool) -> Header | None:
    for style, pattern in (
        ("bracket", _BRACKET),
        ("clock", _CLOCK),
        ("clock", _CLOCK_FIRST),
        ("colon", _COLON),
        ("dash", _DASH),
        ("bare", _BARE),
    ):
        match = pattern.match(line)
        if match is None:
            continue
        groups = match.groupdict()
        name = match["name"].strip()
        key = fold(name)
        if not key or not _plausible(name, key, style, groups, named):
            continue
        times = span_of(groups.get("times") or groups.get("lead"))
        rest = match["rest"]
        return Header(
            at=at,
            body=at + match.start("rest"),
            name=re.sub(r"\s+", " ", name.strip("*_ ")),
            key=key,
            style=style,
            mark=f"{'-' if groups.get('bullet') else ''}{(groups.get('mark') or '').strip()}",
            begins_at=times[0],
            ends_at=times[1],
            alone=not rest.strip(),
            after_blank=after_blank,
        )
    return None


def _plausible(
    name: str, key: str, style: str, groups: dict[str, str | None], named: AbstractSet[str]
) -> bool:
    if key in named or style == "bracket":
        return True
    if re.search(r"[.]\s", _TITLES.sub("", name)) or len(name.split()) > 6:
        return False
    role = role_of_label(key)
    if style == "clock":
        return _name_like(name)
    if style == "colon":
        # A time of day in speech has digits on both sides of its colon.
        clock = re.search(r"\d$", name) and re.match(r"\d", groups["rest"] or "")
        return role != "neither" and not clock
    letter = re.fullmatch(r"[A-Z]\d{0,2}", name) is not None
    word = role in {"interviewer", "participant"} and is_role_word(key) and name[0].isupper()
    if style == "bare":
        bold = groups.get("mark") == "**" and role is None and _name_like(name)
        return bold or (word and not letter)
    return letter or word


def _name_like(name: str) -> bool:
    words = name.replace("(", " ").replace(")", " ").split()
    return 0 < len(words) <= 5 and all(
        word[0].isupper() or word[0].isdigit() or word.casefold() in _PARTICLES or word == "&"
        for word in words
    )


def _unnumber(header: Header) -> Header:
    """Read ``Q1:``, ``Q2:``… as one speaker: the number counts questions, not people."""
    if re.fullmatch(r"[qa]\d{1,3}", header.key):
        return replace(header, key=header.key[0], name=header.name[0])
    return header


def _accepted(candidates: Sequence[Header], text: str, named: AbstractSet[str]) -> set[str]:
    groups: dict[str, list[Header]] = defaultdict(list)
    for header in candidates:
        groups[header.key].append(header)
    accepted = {key for key in groups if key in named}
    accepted |= _with_times(groups)
    accepted |= _with_roles(groups, accepted)
    unknown = {
        key: headers
        for key, headers in groups.items()
        if key not in accepted and role_of_label(key) is None and _could_name(key, headers)
    }
    if accepted - {key for key in accepted if role_of_label(key) == "neither"}:
        company = [header for header in candidates if header.key in accepted]
        sides = {role_of_label(key) for key in accepted}
        one_side = not {"interviewer", "participant"} <= sides
        accepted |= {
            key
            for key, headers in unknown.items()
            if _near(key, accepted, groups) or _joins(headers, company, one_side=one_side)
        }
    else:
        accepted |= _by_recurrence(unknown, text)
    return accepted


def _could_name(key: str, headers: Sequence[Header]) -> bool:
    first = headers[0]
    if key in NOT_SPEAKERS or key.split(" ", maxsplit=1)[0] in NOT_SPEAKERS:
        return False
    if first.style == "bracket":
        return len(headers) > 1 and not first.name.islower()
    return _name_like(first.name) or (len(headers) >= 4 and len(first.name.split()) == 1)


def _with_times(groups: dict[str, list[Header]]) -> set[str]:
    """Labels with times: two of them, or one that recurs, are no accident."""
    timed = {
        key: [h for h in headers if h.timed and (h.style != "colon" or h.name[0].isupper())]
        for key, headers in groups.items()
        if key not in NOT_SPEAKERS
    }
    timed = {key: headers for key, headers in timed.items() if headers}
    if sum(map(len, timed.values())) < 2:
        return set()
    return set(timed)


def _with_roles(groups: dict[str, list[Header]], accepted: AbstractSet[str]) -> set[str]:
    """Labels that are role words, unless they only introduce people at the head of the file."""
    letters = roles_of_letters({key for key, h in groups.items() if len(h) > 1 or len(key) == 1})
    roles = {
        key: headers
        for key, headers in groups.items()
        if role_of_label(key) in {"interviewer", "participant"}
        or key in letters
        or (
            (proper := misspelt_role_word(key)) is not None
            and (len(headers) > 1 or fold(proper) in groups)
        )
    }
    roles = {key: headers for key, headers in roles.items() if len(key) > 1 or key in letters}
    recurring = {key for key, headers in groups.items() if len(headers) > 1 and key in roles}
    names = {
        key
        for key, headers in groups.items()
        if len(headers) > 1 and key not in roles and _could_name(key, headers)
    }
    if recurring or accepted:
        return {key for key in roles if len(groups[key]) > 1 or (recurring and not names)} | {
            key for key in roles if len(groups[key]) == 1 and not _introduces(groups[key][0])
        }
    if len(names) >= 2:
        return set()  # "Interviewer: Paul" once, then Paul and Marie speak
    return set(roles) if len(roles) >= 2 else {k for k, h in roles.items() if h[0].at == 0}


def _introduces(header: Header) -> bool:
    return header.style in {"colon", "dash"} and not header.alone and header.mark == "**"


def _near(key: str, accepted: AbstractSet[str], groups: dict[str, list[Header]]) -> bool:
    """Say whether a label is a slip of a known speaker's, for `merge_misspelt` to mend."""
    return len(key) >= 6 and any(
        len(groups[other]) >= 3
        and edits(key, other, 1) <= 1
        and re.sub(r"\D", "", key) == re.sub(r"\D", "", other)
        for other in accepted
    )


def _joins(headers: Sequence[Header], company: Sequence[Header], *, one_side: bool) -> bool:
    """Say whether an unknown label is one more speaker among known ones.

    Where only one side of the conversation is known, somebody must be the other: one answer in
    the same style is enough then.
    """
    distinct = " " in headers[0].key or re.search(r"\d", headers[0].key) is not None
    least = 1 if one_side else 2 if distinct else 3
    if len(headers) < least:
        return False
    style, mark = Counter((h.style, h.mark) for h in company).most_common(1)[0][0]
    same = [h for h in headers if (h.style, h.mark) == (style, mark)]
    if len(same) < 0.8 * len(headers):
        return False
    blank = sum(h.after_blank for h in company) >= 0.8 * len(company)
    if blank and sum(h.after_blank for h in headers) < 0.8 * len(headers):
        return False
    order = sorted([*company, *headers], key=lambda h: h.at)
    answered = sum(1 for a, b in pairwise(order) if b in headers and a not in headers)
    return answered >= 0.5 * len(headers)


def _by_recurrence(unknown: dict[str, list[Header]], text: str) -> set[str]:
    """Accept names when no label says a role: they recur, and the text begins with one of them."""
    recurring = {key: h for key, h in unknown.items() if len(h) >= 2}
    if len(recurring) >= 2:
        headers = sorted((h for group in recurring.values() for h in group), key=lambda h: h.at)
        if len(headers) >= 4 and headers[0].at <= max(1500, 0.3 * len(text)):
            switches = sum(a.key != b.key for a, b in pairwise(headers))
            if switches >= 0.3 * (len(headers) - 1):
                style = Counter(h.style for h in headers).most_common(1)[0][0]
                # Someone who speaks once, in the same style, is a speaker as well.
                once = {k for k, h in unknown.items() if len(h) == 1 and h[0].style == style}
                extra = {k for k in once if headers[0].at < unknown[k][0].at and " " in k}
                return set(recurring) | extra
    paragraphs = [p for p in re.split(r"\n\s*\n|\n(?=\S)", text) if p.strip()]
    total = sum(map(len, unknown.values()))
    if len(unknown) >= 2 and total >= max(2, len(paragraphs) - 1):
        return set(unknown)
    alone = {key for key, h in unknown.items() if len(h) >= 3 and h[0].at <= 300}
    return alone if len(alone) == 1 and total >= 0.5 * len(paragraphs) else set()
