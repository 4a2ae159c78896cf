"""What the pages change in ``study.toml``: checked before it is written, comments kept."""

from __future__ import annotations

import fnmatch
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import tomlkit
from tomlkit import TOMLDocument

from embauche.collect.said_speakers import participant, participant_in
from embauche.study.config import FILE_NAME, StudyConfig, parse_config, read_config
from embauche.workbench.models import Study
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.intake_files import write_whole

_COLUMNS = (
    "id", "needs", "importance", "satisfaction", "frequency", "situation", "demographics",
    "weight", "outcome",
)  # fmt: skip


def edit_settings(study: Study, change: Callable[[TOMLDocument], None]) -> StudyConfig:
    """Change a study's ``study.toml`` and return what it says now.

    Raises
    ------
    ConfigError
        If the result would be wrong; nothing is written then.
    """
    folder = study_folder(study)
    path = folder / FILE_NAME
    text = path.read_text(encoding="utf-8-sig") if path.is_file() else ""
    document = tomlkit.parse(text)
    change(document)
    changed = tomlkit.dumps(document)
    config = parse_config(changed, folder)
    if changed != text:
        write_whole(path, changed.encode())
    return config


def section(document: TOMLDocument, name: str) -> Any:
    """Return a section, made where there is none."""
    if name not in document:
        document[name] = tomlkit.table()
    return document[name]


def set_interviewers(document: TOMLDocument, file: str, names: Sequence[str] | None) -> None:
    """Say who asks in a file; ``None`` leaves it to the reader again."""
    part = section(document, "interviews")
    held = part.get("interviewers")
    if names is None:
        if held is not None:
            held.pop(file, None)
            if not held:
                part.pop("interviewers")
        return
    if held is None:
        part["interviewers"] = tomlkit.table()
        held = part["interviewers"]
    held[file] = list(names)


def set_speakers(document: TOMLDocument, file: str, said: Mapping[str, str]) -> None:
    """Say who each label of a file is (`said_speakers`); an empty mapping leaves it to the reader.

    Notes
    -----
    What is said of other files stays as it is written.
    """
    part = section(document, "interviews")
    held = part.get("speakers")
    if not said:
        if held is not None:
            held.pop(file, None)
            if not held:
                part.pop("speakers")
        return
    if held is None:
        part["speakers"] = tomlkit.table(is_super_table=True)
        held = part["speakers"]
    table = tomlkit.table()
    table.update(said)
    held[file] = table


def rename_speakers(document: TOMLDocument, people: Mapping[str, str]) -> None:
    """Let what is said of speakers, in whatever file, name participants as they are now."""
    part = document.get("interviews", {})
    for said in part.get("speakers", {}).values():
        for label, text in said.items():
            key = participant_in(str(text))
            if key is not None and people.get(key, key) != key:
                said[label] = participant(people[key])


def said_of(study: Study, file: str) -> dict[str, str]:
    """Return who somebody said each label of a file to be; empty where nobody did."""
    return dict(read_config(study_folder(study)).interviews.speakers.get(file, {}))


def take_interview(document: TOMLDocument, study: Study, file: str, *, inferred: bool) -> None:
    """See to it that a file is read as an interview.

    Parameters
    ----------
    inferred
        True where the folder's own reading takes it for one; then nothing need be written.
    """
    config = read_config(study_folder(study))
    listed = config.interviews.files
    if listed is None:
        if inferred:
            return
        rows = study.sources.filter(current=True, kind="interview")
        names = list(rows.values_list("name", flat=True))
        section(document, "interviews")["files"] = [*names, file]
    elif not any(file == name or fnmatch.fnmatchcase(file, name) for name in listed):
        section(document, "interviews")["files"] = [*listed, file]


def drop_interview(document: TOMLDocument, file: str) -> None:
    """Take a file out of the list of interviews, and what was said of its speakers."""
    set_interviewers(document, file, None)
    set_speakers(document, file, {})
    listed = section(document, "interviews").get("files")
    if isinstance(listed, list) and file in listed:
        listed.remove(file)


def set_table(document: TOMLDocument, part: str, **values: str | None) -> None:
    """Name the file of the reviews, the survey or the customers, and its columns.

    Roles of columns that another file had are taken out with it.
    """
    held = section(document, part)
    if held.get("file") != values.get("file"):
        for key in _COLUMNS:
            held.pop(key, None)
    for key, value in values.items():
        if value:
            held[key] = value
        else:
            held.pop(key, None)
