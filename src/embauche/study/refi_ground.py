"""The project that a study was imported from, without what an earlier export put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from embauche.collect.refi import (
    RefiCode,
    RefiCoding,
    RefiProject,
    RefiSelection,
    RefiSource,
    guid_key,
)
from embauche.study.refi_codes import guid_of
from embauche.study.refi_memo import is_memo, read_memo
from embauche.vocabulary import Facet


@dataclass(frozen=True, slots=True)
class Ground:
    """The project that a study was imported from, and what became of it.

    Attributes
    ----------
    project
        As read.
    texts
        Name of a source's file → `guid_key` of its text.
    codings
        `guid_key` of a coding → id of the evidence that it became.
    facets
        `guid_key` of a code → the facet that it was taken for.
    """

    project: RefiProject
    texts: Mapping[str, str] = field(default_factory=dict)
    codings: Mapping[str, str] = field(default_factory=dict)
    facets: Mapping[str, Facet] = field(default_factory=dict)


def bare(ground: Ground | None) -> Ground | None:
    """Take out of the ground what an earlier export of ours put into it."""
    memo = None if ground is None else read_memo(ground.project)
    if ground is None or memo is None:
        return ground
    worded = [str(line["id"]) for line in memo.lines if line["kind"] == "job"]
    jobs = {guid_key(guid_of("job", job)) for job in (*worded, *memo.machine_jobs)}
    proposals = {guid_key(guid_of("coding", item)) for item in memo.proposals}
    groups = guid_key(guid_of("set", "jobs"))

    def codes(tree: Iterable[RefiCode]) -> tuple[RefiCode, ...]:
        kept = (code for code in tree if guid_key(code.guid) not in jobs)
        return tuple(replace(code, codes=codes(code.codes)) for code in kept)

    def keeps(coding: RefiCoding) -> bool:
        return guid_key(coding.code) not in jobs and guid_key(coding.guid) not in proposals

    project = ground.project
    cleaned = replace(
        project,
        codes=codes(project.codes),
        sets=tuple(item for item in project.sets if guid_key(item.guid) != groups),
        notes=tuple(note for note in project.notes if not is_memo(note)),
        sources=tuple(
            replace(
                source,
                texts=tuple(
                    replace(text, selections=tuple(filtered(text.selections, keeps)))
                    for text in source.texts
                ),
            )
            for source in project.sources
        ),
    )
    return replace(ground, project=cleaned)


def filtered(
    selections: Iterable[RefiSelection], keeps: Callable[[RefiCoding], bool]
) -> Iterator[RefiSelection]:
    """Drop codings; a selection that loses its last one goes too, unless something else is said."""
    for selection in selections:
        codings = tuple(coding for coding in selection.codings if keeps(coding))
        says = selection.description or selection.kept.elements
        if codings or not selection.codings or says:
            yield replace(selection, codings=codings)


def paths_of(source: RefiSource) -> Iterator[str]:
    """Return every path by which a source names a file."""
    held = [source.kept, *(text.kept for text in source.texts)]
    for kept in held:
        yield from (value for name, value in kept.attributes if name.endswith(("Path", "path")))
    yield from (text.path for text in source.texts if text.path)
