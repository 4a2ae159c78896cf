"""What a study folder and a project hold, to be compared."""

import json
from pathlib import Path
from typing import Any

from embauche.collect import refi


def lines_of(folder: Path) -> list[dict[str, Any]]:
    text = (folder / "coding.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def study(folder: Path) -> dict[str, bytes]:
    """Return the files of a study without what lies beside it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.parent.name != "refi"
    }


def foreign(path: Path) -> tuple[Any, ...]:
    """Return what a project holds that is no concern of ours."""
    project = refi.read_project(path)
    codes = {code.guid: code for code in project.walk_codes()}
    said = {
        (text.words(selection), codes[coding.code].name, coding.user, coding.at, coding.guid)
        for source in project.sources
        for text in source.texts
        for selection in text.selections
        for coding in selection.codings
    }
    notes = [note.xml for note in project.notes if not note.name.startswith("Embauche")]
    files = sorted((file.name, file.crc) for file in project.files)
    return said, project.codes, project.parts, project.sets, notes, files, project.users
