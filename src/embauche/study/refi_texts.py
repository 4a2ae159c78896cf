"""The texts of another program's project that become interviews of a study."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

from embauche.collect.names import source_ids
from embauche.collect.refi import RefiProject, RefiSource, RefiText
from embauche.collect.refi_archive import locate_name
from embauche.study.refi_alignment import Alignment, align
from embauche.study.refi_names import file_names

FOLDER = "interviews"


@dataclass(frozen=True, slots=True)
class StudyText:
    """A text that becomes an interview: where it comes from and goes to."""

    source: RefiSource
    text: RefiText
    alignment: Alignment
    file: str
    id: str


def study_texts(project: RefiProject) -> tuple[StudyText, ...]:
    """Return the texts of a project that become interviews: those that hold words."""
    found = [
        (source, text, align(text.text))
        for source in project.sources
        for text in source.texts
        if text.text is not None and text.element != "TextDescription"
    ]
    found = [item for item in found if any(c.isalnum() for c in item[2].ours)]
    found = _once(found)
    files = [
        f"{FOLDER}/{name}" for name in file_names(_name(source, text) for source, text, _ in found)
    ]
    ids = source_ids(sorted(files))
    return tuple(
        StudyText(source, text, alignment, file, ids[file])
        for (source, text, alignment), file in zip(found, files, strict=True)
    )


def _once(
    found: list[tuple[RefiSource, RefiText, Alignment]],
) -> list[tuple[RefiSource, RefiText, Alignment]]:
    """Leave out a transcript that stands as a document too, or the document: what is coded less.

    MAXQDA writes the transcript of a recording twice; heard twice, one person would be two.
    """
    alike: dict[str, list[int]] = {}
    for place, (_, _, alignment) in enumerate(found):
        alike.setdefault(alignment.ours, []).append(place)
    left: set[int] = set()
    for places in alike.values():
        if len({found[place][1].element == "Transcript" for place in places}) == 2:
            most = max(places, key=lambda place: (_codings(found[place][1]), -place))
            left |= set(places) - {most}
    return [item for place, item in enumerate(found) if place not in left]


def _codings(text: RefiText) -> int:
    return sum(len(item.codings) for item in text.selections)


def _name(source: RefiSource, text: RefiText) -> str:
    """Return a source's name, else that of its file, else its GUID."""
    return source.name or PurePosixPath(locate_name(text.path or "")).stem or text.guid
