"""What is in an archive: a manifest, a file of lines a table, and the studies' files.

``manifest.json`` names every other file with its SHA-256, so that a damaged or mended archive is
found out before anything is restored.
"""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any, Final

from embauche.errors import WorkbenchError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
TABLES: Final = "tables/"
STUDIES: Final = "studies/"
SECRETS: Final = ("keys/", "secret.key", "access.token")
BLOCK: Final = 1 << 20
UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)
"""What `zipfile` raises where bytes of an archive are not those that were written."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds.

    Attributes
    ----------
    made_at, program
        When, and by which version of Embauche.
    migration
        The newest migration of the tables.
    rows
        Table → number of rows.
    files
        Name in the archive → SHA-256.
    secrets
        Whether keys of pseudonyms and of the workspace are among them.
    format
        Version of the archive's form.
    """

    made_at: str
    program: str
    migration: str
    rows: Mapping[str, int]
    files: Mapping[str, str]
    secrets: bool = False
    format: int = FORMAT

    def to_json(self) -> str:
        """Return the manifest's text."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)


def read_manifest(archive: zipfile.ZipFile, file: Path) -> Manifest:
    """Return the manifest of an archive.

    Raises
    ------
    WorkbenchError
        If there is none, it is damaged, or it comes from a newer program.
    """
    try:
        text = archive.read(MANIFEST)
    except KeyError as error:
        raise WorkbenchError("server.not_a_backup", file=file.name) from error
    except UNREADABLE as error:
        raise WorkbenchError("server.backup_damaged", file=file.name, part=MANIFEST) from error
    try:
        data: dict[str, Any] = json.loads(text)
        if data["format"] > FORMAT:
            raise WorkbenchError("server.backup_newer", file=file.name, program=data["program"])
        manifest = Manifest(**data)
    except (KeyError, ValueError, TypeError) as error:
        raise WorkbenchError("server.not_a_backup", file=file.name) from error
    for name in manifest.files:
        _inside(name, file)
    return manifest


def verify(archive: zipfile.ZipFile, manifest: Manifest, file: Path) -> None:
    """Read every file of the archive and compare its hash.

    Raises
    ------
    WorkbenchError
        If one is missing, is not what the manifest says, or is not named by it.
    """
    held = set(archive.namelist()) - {MANIFEST}
    for name in sorted(held ^ manifest.files.keys()):
        raise WorkbenchError("server.backup_damaged", file=file.name, part=name)
    for name, expected in manifest.files.items():
        found = sha256()
        try:
            with archive.open(name) as part:
                while block := part.read(BLOCK):
                    found.update(block)
        except UNREADABLE as error:
            raise WorkbenchError("server.backup_damaged", file=file.name, part=name) from error
        if found.hexdigest() != expected:
            raise WorkbenchError("server.backup_damaged", file=file.name, part=name)


def _inside(name: str, file: Path) -> None:
    """Refuse a name that would leave the workspace."""
    path = PurePosixPath(name)
    known = name.startswith((TABLES, STUDIES, *SECRETS))
    if not known or path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name:
        raise WorkbenchError("server.backup_damaged", file=file.name, part=name)
