"""Variables of cases and sources become what is known of participants.

NVivo gives variables to cases (people, who are codes as well), Quirkos and MAXQDA to cases without
a name that stand for a document, MAXQDA to documents themselves. The standard allows all of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from embauche.collect import read_interviews
from embauche.collect.column_words import names_strong_demographic
from embauche.collect.refi import RefiProject, guid_key
from embauche.collect.role_words import fold
from embauche.collect.source import Corpus, Source
from embauche.errors import EmbaucheError
from embauche.notices import Notice
from embauche.study.config import StudyConfig
from embauche.study.people import KEY, NAME, People, Person
from embauche.study.refi_texts import StudyText

_VALUES = (
    "TextValue",
    "BooleanValue",
    "IntegerValue",
    "FloatValue",
    "DateValue",
    "DateTimeValue",
)


@dataclass(frozen=True, slots=True)
class _Case:
    """A case: its name, what is said of it, and the GUIDs of sources and selections of it."""

    name: str
    values: Mapping[str, str]
    of: frozenset[str]


def people_of_project(
    project: RefiProject, texts: Sequence[StudyText], config: StudyConfig
) -> tuple[People, tuple[Notice, ...]]:
    """Return what a project says of the people who speak in its texts.

    Parameters
    ----------
    project, texts
        The project, and its texts as they stand in the study's folder.
    config
        The study's configuration: who asks and who answers.

    Returns
    -------
    people
        One person a participant of whom something is said; names stay as the texts have them.
    notices
        Cases that belong to nobody who speaks.
    """
    names = _variables(project)
    cases = [*_cases(project, names), *_documents(project, names)]
    cases = [case for case in cases if case.values]
    if not cases:
        return People(), ()
    corpus = _heard(texts, config)
    by_file = {source.name: source for source in corpus.sources}
    found: dict[str, dict[str, str]] = {}
    alone: list[str] = []
    for case in cases:
        people = {
            person
            for item in texts
            if (source := by_file.get(item.file)) is not None
            for person in _people_in(case, item, source, corpus)
        }
        for person in people:
            found[person] = {**case.values, **found.get(person, {})}
        if not people:
            alone.append(case.name or "–")
    columns = tuple(dict.fromkeys(name for values in found.values() for name in values))
    apart = tuple(column for column in columns if names_strong_demographic(column))
    persons = tuple(
        Person(
            participant.id,
            situation={k: v for k, v in found[participant.id].items() if k not in apart},
            demographics={k: v for k, v in found[participant.id].items() if k in apart},
        )
        for participant in corpus.participants
        if participant.id in found
    )
    notices = []
    if persons:
        params = {"n": len(persons), "attributes": list(columns)}
        notices.append(Notice("refi.people", params, "info"))
    if alone:
        notices.append(Notice("refi.cases_alone", {"n": len(alone), "cases": alone[:10]}))
    situation = tuple(column for column in columns if column not in apart)
    return People(situation, apart, persons), tuple(notices)


def _heard(texts: Sequence[StudyText], config: StudyConfig) -> Corpus:
    section = config.interviews
    try:
        return read_interviews(
            [config.folder / Path(item.file) for item in texts],
            root=config.folder,
            participant_speakers=section.participant_speakers,
            interviewer_speakers=section.interviewer_speakers,
            interviewers_of=section.interviewers,
            speakers_of=section.speakers,
        )
    except EmbaucheError:
        return Corpus((), ())


def _people_in(case: _Case, item: StudyText, source: Source, corpus: Corpus) -> Iterator[str]:
    """Return the participants of a text whom a case means."""
    speaking = {turn.participant for turn in source.turns if turn.participant}
    shown = {one.id: one.pseudonym for one in corpus.participants if one.id in speaking}
    if {guid_key(item.source.guid), guid_key(item.text.guid)} & case.of:
        named = [one for one, name in shown.items() if case.name and fold(name) == fold(case.name)]
        if named or len(speaking) == 1:
            yield from named or speaking
            return
    for selection in item.text.selections:
        codes = {guid_key(coding.code) for coding in selection.codings}
        if not selection.placed or not ({guid_key(selection.guid)} | codes) & case.of:
            continue
        start, end = (item.alignment.to_ours(at) for at in (selection.start, selection.end))
        heard = {
            turn.participant
            for turn in source.turns
            if turn.participant and turn.start < end and start < turn.end
        }
        if len(heard) == 1:
            yield from heard


def _variables(project: RefiProject) -> dict[str, str]:
    """Return GUID → name of each variable, distinct from our own columns and each other."""
    names: dict[str, str] = {}
    for element in _children(project, "Variables"):
        name = " ".join(element.get("name", "").split())
        if not name or name in {KEY, NAME}:
            name = f"{name} (2)".strip()
        while name in names.values():
            name = f"{name} (2)"
        names[guid_key(element.get("guid", ""))] = name
    return names


def _children(project: RefiProject, tag: str) -> Iterator[Element]:
    for part in project.parts:
        root = fromstring(part)  # noqa: S314 - made by our own reader
        if root.tag == tag:
            yield from root


def _cases(project: RefiProject, names: Mapping[str, str]) -> Iterator[_Case]:
    whole: dict[str, set[str]] = {}
    for source in project.sources:
        for coding in source.codings:
            whole.setdefault(guid_key(coding.code), set()).add(guid_key(source.guid))
    for element in _children(project, "Cases"):
        own = guid_key(element.get("guid", ""))
        of = {own, *whole.get(own, ())}
        for reference in element:
            if reference.tag in {"SourceRef", "SelectionRef", "CodeRef"}:
                target = guid_key(reference.get("targetGUID", ""))
                of |= {target, *whole.get(target, ())}
        yield _Case(element.get("name", ""), _said(element, names), frozenset(of))


def _documents(project: RefiProject, names: Mapping[str, str]) -> Iterator[_Case]:
    for source in project.sources:
        held = Element("Case")
        held.extend(fromstring(xml) for xml in source.kept.elements)  # noqa: S314 - our own
        yield _Case(source.name, _said(held, names), frozenset({guid_key(source.guid)}))


def _said(element: Element, names: Mapping[str, str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for value in element.iterfind("VariableValue"):
        reference = value.find("VariableRef")
        name = names.get(guid_key("" if reference is None else reference.get("targetGUID", "")))
        text = next((one.text or "" for one in value if one.tag in _VALUES), "").strip()
        if name and text:
            said.setdefault(name, " ".join(text.split()))
    return said
