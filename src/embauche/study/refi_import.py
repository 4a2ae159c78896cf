"""Another program's project becomes a study folder.

The texts become ``interviews/*.txt``; codings of codes that are facets become people's decisions in
``coding.jsonl``; the whole original stays beside, in ``refi/``, so that an export gives back every
code, coding, picture and memo that is no concern of ours.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import ParseError

from embauche.collect.cues import looks_like_cues
from embauche.collect.refi import RefiProject, guid_key, read_codebook, read_project
from embauche.errors import EmbaucheError, FolderError, ReadError
from embauche.notices import Notice
from embauche.study.config import FILE_NAME as TOML
from embauche.study.config import parse_config, read_config
from embauche.study.decisions import decisions_of, write_decisions
from embauche.study.people import write_people
from embauche.study.progress import Report, part, silent
from embauche.study.refi_beside import kept_beside
from embauche.study.refi_codes import facets_of
from embauche.study.refi_decisions import decisions_of_project
from embauche.study.refi_memo import Memo, read_memo
from embauche.study.refi_people import people_of_project
from embauche.study.refi_texts import FOLDER, StudyText, study_texts
from embauche.vocabulary import Facet, Language

BESIDE = "refi"
ORIGINAL = f"{BESIDE}/project.qdpx"
CODEBOOK = f"{BESIDE}/codebook.qdc"
ORIGINS = f"{BESIDE}/origins.json"


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought.

    Attributes
    ----------
    folder
        The study folder; for a codebook, the folder that it was put into.
    sources, codes, selections, codings, coders
        How many the project holds.
    evidence
        How many codings became evidence of a facet.
    facets
        Name of a code → the facet that it was taken for.
    kept
        How many codings are of other codes; they stay in the original and are exported with it.
    notices
        How the file was read, and what is doubtful about it.
    """

    folder: Path
    sources: int = 0
    codes: int = 0
    selections: int = 0
    codings: int = 0
    coders: tuple[str, ...] = ()
    evidence: int = 0
    facets: Mapping[str, str] = field(default_factory=dict)
    kept: int = 0
    notices: tuple[Notice, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON-ready data."""
        return {
            "folder": str(self.folder),
            "sources": self.sources,
            "codes": self.codes,
            "selections": self.selections,
            "codings": self.codings,
            "coders": list(self.coders),
            "evidence": self.evidence,
            "facets": dict(self.facets),
            "kept": self.kept,
            "warnings": [notice.to_dict() for notice in self.notices],
        }


def import_study(
    path: Path,
    folder: Path,
    *,
    facets: Mapping[str, Facet] | None = None,
    language: Language | None = None,
    strict: bool = False,
    report: Report = silent,
) -> Imported:
    """Make a study folder of a ``.qdpx``, or put a ``.qdc`` into a folder.

    Parameters
    ----------
    path
        The file.
    folder
        A folder that does not exist yet, or is empty; for a codebook, any folder.
    facets
        Name of a code → the facet to take it for.
    language
        Language of the study; told from the texts where it is not given.
    strict
        Refuse a file that departs from the standard or lacks something.
    report
        Told of progress.

    Raises
    ------
    ReadError
        If the file cannot be read.
    FolderError
        If the folder is not empty.
    EvidenceError
        If `facets` names a code that the project does not have.
    """
    suffix = path.suffix.casefold()
    if suffix == ".qdc":
        return _import_codebook(path, folder, facets, strict=strict)
    if suffix != ".qdpx":
        raise ReadError("refi.unknown_format", file=path.name)
    folder = folder.expanduser()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderError("refi.target_not_empty", folder=str(folder))
    project = read_project(path, strict=strict, progress=part(report, "import", 0.0, 0.7))
    taken = facets_of(project, facets)
    memo = read_memo(project)
    texts = study_texts(project)
    decided = decisions_of_project(project, texts, taken, memo or Memo())
    draft = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        (draft / FOLDER).mkdir(parents=True)
        (draft / BESIDE).mkdir()
        for item in texts:
            (draft / item.file).write_bytes(item.alignment.ours.encode())
        (draft / TOML).write_text(_toml(project, texts, memo, language), encoding="utf-8")
        write_decisions(draft, decisions_of(decided.lines))
        people, told = people_of_project(project, texts, read_config(draft))
        write_people(draft, people)
        shutil.copyfile(path, draft / ORIGINAL)
        _write_origins(draft, texts, decided.codings, taken)
        report("import", 0.95)
        if folder.is_dir():
            folder.rmdir()
        draft.replace(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    report("import", 1.0)
    told = (*told, *kept_beside(project, texts))
    return _outcome(project, folder, texts, taken, len(decided.codings), told)


def _import_codebook(
    path: Path, folder: Path, facets: Mapping[str, Facet] | None, *, strict: bool
) -> Imported:
    book = read_codebook(path, strict=strict)
    taken = facets_of(book, facets)
    target = folder.expanduser() / CODEBOOK
    if target.exists():
        raise FolderError("refi.codebook_there", folder=str(folder), file=CODEBOOK)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(path, target)
    return _outcome(book, folder, (), taken, 0)


def _toml(
    project: RefiProject,
    texts: tuple[StudyText, ...],
    memo: Memo | None,
    language: Language | None,
) -> str:
    """Return ``study.toml``: the study's own where the project is ours, else a new one."""
    document = tomlkit.document()
    if memo is not None and memo.toml:
        try:
            parse_config(memo.toml, Path())
            document = tomlkit.parse(memo.toml)
        except (EmbaucheError, ParseError):
            document = tomlkit.document()
    for section in ("reviews", "survey", "customers"):
        document.pop(section, None)
    study = document.setdefault("study", tomlkit.table())
    study.setdefault("title", project.name or "REFI-QDA")
    if language is not None:
        study["language"] = str(language)
    if texts:
        interviews = document.setdefault("interviews", tomlkit.table())
        interviews["files"] = [f"{FOLDER}/*.txt"]
    return tomlkit.dumps(document)


def _write_origins(
    folder: Path,
    texts: tuple[StudyText, ...],
    made: Mapping[str, str],
    taken: Mapping[str, Facet],
) -> None:
    origins = {
        "texts": {item.file: guid_key(item.text.guid) for item in texts},
        "codings": dict(made),
        "facets": {code: str(facet) for code, facet in taken.items()},
    }
    (folder / ORIGINS).write_text(json.dumps(origins, indent=1, sort_keys=True) + "\n", "utf-8")


def _outcome(
    project: RefiProject,
    folder: Path,
    texts: tuple[StudyText, ...],
    taken: Mapping[str, Facet],
    evidence: int,
    told: tuple[Notice, ...] = (),
) -> Imported:
    selections = [
        selection
        for source in project.sources
        for text in source.texts
        for selection in text.selections
    ]
    codings = sum(len(item.codings) for item in selections)
    codings += sum(len(source.codings) for source in project.sources)
    notices = [*project.notices, *told]
    joined = [item.file for item in texts if looks_like_cues(item.alignment.ours)]
    if joined:
        notices.append(Notice("refi.timed_lines", {"sources": joined, "n": len(joined)}))
    codes = list(project.walk_codes())
    if codes and not taken:
        notices.append(Notice("refi.no_facets", {"n": len(codes)}))
    return Imported(
        folder=folder,
        sources=len(project.sources),
        codes=len(codes),
        selections=len(selections),
        codings=codings,
        coders=tuple(dict.fromkeys(user.name or user.guid for user in project.users)),
        evidence=evidence,
        facets={
            code.name: str(taken[guid_key(code.guid)])
            for code in codes
            if guid_key(code.guid) in taken
        },
        kept=codings - evidence,
        notices=tuple(notices),
    )
