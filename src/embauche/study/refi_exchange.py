"""A study and REFI-QDA files: what ``embauche import`` and ``embauche export`` call.

`import_study` makes a study folder of a ``.qdpx``; `export_study` writes a study folder as
``.qdpx`` or ``.qdc``; `forget_source` takes an erased source out of the original that was kept.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from embauche.collect.refi import (
    NVIVO,
    STANDARD,
    guid_key,
    read_codebook,
    read_project,
    write_codebook,
    write_project,
)
from embauche.collect.source import Corpus
from embauche.errors import FolderError, ReadError
from embauche.identify.evidence import Evidence
from embauche.jobs.job import Job
from embauche.notices import Notice
from embauche.study.config import FILE_NAME as TOML
from embauche.study.config import StudyConfig
from embauche.study.decisions import Decisions, decide_evidence, read_decisions
from embauche.study.plan import make_plan
from embauche.study.progress import Report, silent
from embauche.study.refi_codes import facets_of
from embauche.study.refi_export import Held, study_project
from embauche.study.refi_ground import Ground
from embauche.study.refi_import import (
    BESIDE,
    CODEBOOK,
    ORIGINAL,
    ORIGINS,
    Imported,
    import_study,
)
from embauche.study.refi_items import accepting_lines
from embauche.study.refi_jobs import decided_jobs
from embauche.vocabulary import EvidenceStatus, Facet, Language

Format = Literal["qdpx", "qdc"]
Positions = Literal["standard", "nvivo"]
_UNREADABLE = ("folder.nothing_readable", "folder.nothing_to_read")

__all__ = ["Exported", "Imported", "export_study", "forget_source", "import_study"]


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote."""

    path: Path
    sources: int
    codes: int
    codings: int
    notices: tuple[Notice, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON-ready data."""
        return {
            "path": str(self.path),
            "sources": self.sources,
            "codes": self.codes,
            "codings": self.codings,
            "warnings": [notice.to_dict() for notice in self.notices],
        }


def export_study(
    config: StudyConfig,
    target: Path,
    *,
    kind: Format = "qdpx",
    positions: Positions = "standard",
    proposals: bool = False,
    language: Language | None = None,
    report: Report = silent,
) -> Exported:
    """Write a study folder as a REFI-QDA project or codebook.

    Parameters
    ----------
    config
        The study's configuration, as read from its folder.
    target
        The file; it is replaced if it is there.
    kind
        A project, or its codebook alone.
    positions
        Counted as the standard says, or as NVivo counts.
    proposals
        Export evidence and jobs that no person accepted too, under the machine's name.
    language
        Language of the codes' names; the study's own by default.
    report
        Told of progress.

    Raises
    ------
    EmbaucheError
        If the study cannot be read, or its original is gone or damaged.
    """
    folder = config.folder
    if target.resolve() == (folder / ORIGINAL).resolve():
        raise FolderError("refi.over_original", file=ORIGINAL)
    decisions = read_decisions(folder, config.coding.adjudicator)
    chosen = language or Language(config.study.language or Language.FR)
    held, notices = _held(config, decisions, chosen, proposals=proposals, report=report)
    project = study_project(held, read_ground(folder))
    report("export", 0.5)
    target.parent.mkdir(parents=True, exist_ok=True)
    if kind == "qdc":
        write_codebook(project, target)
    else:
        write_project(project, target, convention=NVIVO if positions == "nvivo" else STANDARD)
    report("export", 1.0)
    codings = sum(
        len(selection.codings)
        for source in project.sources
        for text in source.texts
        for selection in text.selections
    )
    return Exported(
        path=target,
        sources=len(project.sources),
        codes=sum(1 for _ in project.walk_codes()),
        codings=codings,
        notices=notices,
    )


def _held(
    config: StudyConfig,
    decisions: Decisions,
    language: Language,
    *,
    proposals: bool,
    report: Report,
) -> tuple[Held, tuple[Notice, ...]]:
    """Gather what the study holds; the machine listens only where something rests on it."""
    # Imported here: the stages bring the statistics with them.
    from embauche.study.stages import collect, listen

    folder = config.folder
    try:
        collected = collect(make_plan(config), report)
    except FolderError as error:
        # Texts that the study cannot read (nobody speaks, no language of ours) still travel.
        if error.code not in _UNREADABLE or not (folder / BESIDE).is_dir():
            raise
        notices = (Notice(error.code, dict(error.params), "weak"),)
        return _written(config, Corpus((), ()), (), decisions, (), language), notices
    corpus = collected.corpus
    lines = accepting_lines(decisions)
    bare = any("quote" not in line for said in lines.values() for line in said.values())
    evidence: tuple[Evidence, ...]
    jobs: tuple[Job, ...] = ()
    worked_on = decided_jobs(decisions)
    if proposals or bare or worked_on:
        mapped = listen(collected, config, decisions, language, report=report)
        evidence = mapped.evidence if mapped is not None else ()
        jobs = mapped.job_map.jobs if mapped is not None else ()
    else:
        evidence, _ = decide_evidence((), corpus, decisions)
    if not proposals:
        evidence = tuple(
            item for item in evidence if item.status is EvidenceStatus.ACCEPTED or item.id in lines
        )
        jobs = tuple(job for job in jobs if job.id in worked_on)
    return _written(config, corpus, evidence, decisions, jobs, language), corpus.notices


def _written(
    config: StudyConfig,
    corpus: Corpus,
    evidence: tuple[Evidence, ...],
    decisions: Decisions,
    jobs: tuple[Job, ...],
    language: Language,
) -> Held:
    folder = config.folder
    path = folder / TOML
    return Held(
        corpus=corpus,
        evidence=evidence,
        decisions=decisions,
        jobs=jobs,
        files=frozenset(
            file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
        ),
        title=config.study.title or folder.resolve().name,
        toml=path.read_text(encoding="utf-8-sig") if path.is_file() else "",
        language=language,
    )


def read_ground(folder: Path) -> Ground | None:
    """Return the project or codebook that a study folder was imported from, if any.

    Raises
    ------
    ReadError
        If what was kept of the import is damaged.
    """
    original, book, origins = folder / ORIGINAL, folder / CODEBOOK, folder / ORIGINS
    if not original.is_file():
        if not book.is_file():
            return None
        codebook = read_codebook(book, name=CODEBOOK)
        return Ground(codebook, facets=facets_of(codebook))
    project = read_project(original, name=ORIGINAL)
    try:
        kept = json.loads(origins.read_text(encoding="utf-8"))
        facets = {guid_key(key): Facet(value) for key, value in kept["facets"].items()}
        texts, codings = _texts(kept["texts"]), _texts(kept["codings"])
    except (OSError, ValueError, KeyError, AttributeError, RecursionError) as error:
        raise ReadError("refi.bad_sidecar", file=ORIGINS) from error
    if book.is_file():
        extra = read_codebook(book, name=CODEBOOK)
        known = {guid_key(code.guid) for code in project.walk_codes()}
        new = tuple(code for code in extra.codes if guid_key(code.guid) not in known)
        project = replace(project, codes=(*project.codes, *new))
        facets = {**facets_of(extra), **facets}
    return Ground(project, texts, codings, facets)


def _texts(values: Mapping[Any, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in values.items()}


def forget_source(folder: Path, name: str) -> bool:
    """Take an erased source out of the original that an import kept beside the study.

    Parameters
    ----------
    folder
        The study folder.
    name
        Name of the source's file, as ``interviews/….txt``.

    Returns
    -------
    bool
        Whether the original held it.

    Notes
    -----
    The source goes with its selections, its codings, its formatted document or recording, and the
    memos that are attached to it.
    """
    ground = read_ground(folder)
    guid = None if ground is None else ground.texts.get(name)
    if ground is None or guid is None or not (folder / ORIGINAL).is_file():
        return False
    from embauche.study.refi_erasing import without_text

    erased, codings = without_text(ground, guid)
    write_project(erased, folder / ORIGINAL)
    path = folder / ORIGINS
    kept = json.loads(path.read_text(encoding="utf-8"))
    kept["texts"] = {file: key for file, key in kept["texts"].items() if key != guid}
    kept["codings"] = {key: one for key, one in kept["codings"].items() if key not in codings}
    draft = path.with_suffix(".json.part")
    draft.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")
    draft.replace(path)
    return True
