"""Where the objects of the history are: what a page calls them, and where it leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.urls import NoReverseMatch, reverse

from embauche.workbench.models import (
    Comment,
    Event,
    Evidence,
    Job,
    Participant,
    Source,
    Study,
    User,
)

_LONGEST: Final = 90
_COMMENTS: Final = "comments"


@dataclass(frozen=True, slots=True)
class Place:
    """An object as a page names it; without an address it is gone.

    Attributes
    ----------
    words
        A quote, a statement, a name.
    language
        Language of the words, where it is the study's.
    """

    words: str
    url: str = ""
    language: str = ""
    quoted: bool = False


def event_places(study: Study, events: Iterable[Event], language: str) -> dict[int, Place]:
    """Name the objects of events, each kind in one query: event's pk → place."""
    rows = list(events)
    keys: dict[str, set[str]] = {}
    for event in rows:
        kind, key = _thing(event)
        keys.setdefault(kind, set()).add(key)
    found = {kind: _named(study, kind, keys.get(kind, set()), language) for kind in _NAMED}
    made: dict[int, Place] = {}
    for event in rows:
        if event.verb in {"member.joined", "member.left"}:
            place = None
        elif event.kind == "need":
            place = Place(event.key, _address("jobs", study.slug) + "#needs")
        else:
            kind, key = _thing(event)
            place = found.get(kind, {}).get(key)
        if place is not None:
            made[event.pk] = place
    return made


def _thing(event: Event) -> tuple[str, str]:
    """Return what an event is about: of a sentence its source, of a memo what it is written on."""
    if event.kind == "sentence":
        return "source", str((event.payload or {}).get("source", ""))
    if event.kind == "memo":
        kind, _, key = event.key.partition(":")
        return kind, key
    if event.verb == "proposal.made":
        return "evidence", event.key
    return ("job", event.key) if event.verb == "proposal.worded" else (event.kind, event.key)


def places_of(comments: Sequence[Comment], language: str) -> dict[int, Place]:
    """Name what comments are about, in whatever study: comment's pk → place."""
    wanted: dict[tuple[Study, str], list[Comment]] = {}
    for row in comments:
        wanted.setdefault((row.study, row.kind), []).append(row)
    made: dict[int, Place] = {}
    for (study, kind), rows in wanted.items():
        keys = {row.key for row in rows}
        if kind == "study":
            found = {study.slug: Place(study.title, _comments(study, kind, study.pk))}
        else:
            found = _named(study, kind, keys, language, leads=_COMMENTS)
        made |= {row.pk: found[row.key] for row in rows if row.key in found}
    return made


def job_words(study: Study, language: str) -> dict[str, str]:
    """Return every job's statement, in the page's language where it has one."""
    rows = Job.objects.filter(study=study).values_list("key", "statement")
    return {key: _statement(statement, language) for key, statement in rows}


def _named(
    study: Study, kind: str, keys: set[str], language: str, leads: str = "place"
) -> dict[str, Place]:
    return _NAMED[kind](study, keys, language, leads) if keys else {}


def _evidence(study: Study, keys: set[str], _language: str, leads: str) -> dict[str, Place]:
    rows = Evidence.objects.filter(study=study, key__in=keys)
    found = {}
    for row in rows.only("pk", "key", "quote", "language", "source_id"):
        url = _address("source", study.slug, row.source_id) + f"#e{row.pk}"
        url = _comments(study, "evidence", row.pk) if leads == _COMMENTS else url
        found[row.key] = Place(_short(row.quote), url, row.language, quoted=True)
    return found


def _jobs(study: Study, keys: set[str], language: str, leads: str) -> dict[str, Place]:
    found = {}
    for job in Job.objects.filter(study=study, key__in=keys):
        url = f"{_address('jobs', study.slug)}#j{job.pk}" if job.current else ""
        url = _comments(study, "job", job.pk) if leads == _COMMENTS else url
        found[job.key] = Place(_short(_statement(job.statement, language)), url, quoted=True)
    return found


def _sources(study: Study, keys: set[str], _language: str, _leads: str) -> dict[str, Place]:
    rows = Source.objects.filter(study=study, key__in=keys).values_list("key", "pk", "name")
    return {key: Place(name, _address("source", study.slug, pk)) for key, pk, name in rows}


def _participants(study: Study, keys: set[str], _language: str, _leads: str) -> dict[str, Place]:
    rows = Participant.objects.filter(study=study, key__in=keys).values_list("key", "pseudonym")
    return {key: Place(name, _address("participants", study.slug)) for key, name in rows}


def _members(_study: Study, keys: set[str], _language: str, _leads: str) -> dict[str, Place]:
    rows = User.objects.filter(pk__in=[key for key in keys if key.isdigit()])
    return {
        str(user.pk): Place(user.first_name or user.pseudonym or user.username) for user in rows
    }


def _commented(study: Study, keys: set[str], language: str, _leads: str) -> dict[str, Place]:
    rows = Comment.objects.filter(study=study, pk__in=[key for key in keys if key.isdigit()])
    places = places_of(list(rows.select_related("study")), language)
    return {str(pk): place for pk, place in places.items()}


_NAMED: Final[dict[str, Callable[[Study, set[str], str, str], dict[str, Place]]]] = {
    "evidence": _evidence,
    "job": _jobs,
    "source": _sources,
    "participant": _participants,
    "member": _members,
    "comment": _commented,
}


def _comments(study: Study, kind: str, pk: int) -> str:
    return _address("comments", study.slug, kind, pk)


def _address(name: str, *given: Any) -> str:
    try:
        return reverse(name, args=given)
    except NoReverseMatch:
        return ""


def _statement(statement: dict[str, str], language: str) -> str:
    return statement.get(language) or next(iter(statement.values()), "")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"
