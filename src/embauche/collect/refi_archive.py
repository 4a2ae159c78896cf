"""The archive of a REFI-QDA project: a zip of strangers, read within bounds and never unpacked."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from urllib.parse import unquote

from embauche.errors import ReadError

_MOST_MEMBERS = 50_000
_LONGEST_XML = 150_000_000
_LONGEST_TEXT = 60_000_000
_LONGEST_TEXTS = 400_000_000
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    IndexError,
    KeyError,
)
_OUTSIDE = ("relative:", "absolute:", "file:", "http:", "https:")


def locate_name(reference: str) -> str:
    """Return the plain file name of a path of the XML; empty where it means a file outside."""
    plain = reference.strip().replace("\\", "/")
    if plain.casefold().startswith(_OUTSIDE):
        return ""
    return unquote(plain.rpartition("/")[2])


class RefiArchive:
    """The members of a ``.qdpx``, looked up as its XML refers to them.

    Parameters
    ----------
    path
        The file.
    name
        How errors call it.

    Raises
    ------
    ReadError
        If it is no zip, damaged, protected by a password, holds a name that leads out of the
        archive, or more than one or no project.
    """

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self._read = 0
        try:
            self._data = path.open("rb")
        except FileNotFoundError:
            raise ReadError("read.not_found", file=name) from None
        except OSError:
            raise ReadError("read.not_readable", file=name) from None
        try:
            self._open()
        except BaseException:
            self._data.close()
            raise

    def _open(self) -> None:
        if not self._data.read(1):
            raise ReadError("read.empty_file", file=self.name)
        self._data.seek(0)
        try:
            self._zip = zipfile.ZipFile(self._data)
            infos = self._zip.infolist()
        except _DAMAGED as error:
            raise ReadError("refi.broken_archive", file=self.name) from error
        if len(infos) > _MOST_MEMBERS:
            raise ReadError("refi.too_many_files", file=self.name, n=len(infos))
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            self._check(info)
            if not info.is_dir():
                self._members[info.filename.replace("\\", "/")] = info
        self._folded = {name.casefold(): name for name in self._members}

    def _check(self, info: zipfile.ZipInfo) -> None:
        parts = info.filename.replace("\\", "/").split("/")
        if info.flag_bits & 0x1:
            raise ReadError("read.password", file=self.name)
        if ".." in parts or parts[0] == "" or ":" in parts[0] or "\x00" in info.orig_filename:
            raise ReadError("refi.path_outside", file=self.name, path=info.filename)
        if info.filename in getattr(self, "_members", {}):
            raise ReadError("refi.same_name_twice", file=self.name, path=info.filename)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()
        self._data.close()

    def members(self) -> Iterator[zipfile.ZipInfo]:
        """Return every file of the archive with its size and checksum."""
        yield from self._members.values()

    def project(self) -> str:
        """Return the name of the project's XML.

        Raises
        ------
        ReadError
            If there is none, or several none of which is ``project.qde``.
        """
        found = [name for name in self._members if name.casefold().endswith(".qde")]
        if not found:
            raise ReadError("refi.no_project", file=self.name)
        plain = [name for name in found if name.casefold() == "project.qde"]
        if len(found) > 1 and not plain:
            raise ReadError("refi.several_projects", file=self.name, n=len(found))
        return (plain or found)[0]

    def locate(self, reference: str) -> str | None:
        """Return the member that a path of the XML means; ``None`` where it is not inside.

        ``internal://x.txt`` is ``sources/x.txt`` in whatever case; some programs leave the scheme
        out, or write the folder. Files outside of the archive are never opened.

        Raises
        ------
        ReadError
            If the path tries to lead out of the archive.
        """
        plain = reference.strip().replace("\\", "/")
        if plain.casefold().startswith(_OUTSIDE):
            return None
        if plain.casefold().startswith("internal:"):
            plain = plain.partition(":")[2]
        plain = plain.lstrip("/")
        if ".." in plain.split("/") or "\x00" in plain:
            raise ReadError("refi.path_outside", file=self.name, path=reference)
        for candidate in (plain, unquote(plain)):
            for name in (f"sources/{candidate}", candidate):
                found = self._folded.get(name.casefold())
                if found is not None:
                    return found
            tail = f"/{candidate.casefold()}"
            for folded, name in self._folded.items():
                if folded.endswith(tail):
                    return name
        return None

    def xml(self, member: str) -> bytes:
        """Return the bytes of the project's XML."""
        return self._bytes(member, _LONGEST_XML)

    def text(self, member: str) -> bytes:
        """Return the bytes of a text; all texts together are bounded as well."""
        data = self._bytes(member, _LONGEST_TEXT)
        self._read += len(data)
        if self._read > _LONGEST_TEXTS:
            raise ReadError("refi.too_large", file=self.name, member=member)
        return data

    def _bytes(self, member: str, most: int) -> bytes:
        info = self._members[member]
        if info.file_size > most:
            raise ReadError("refi.too_large", file=self.name, member=member)
        kept = io.BytesIO()
        try:
            with self._zip.open(info) as stream:
                while chunk := stream.read(1 << 20):
                    kept.write(chunk)
                    if kept.tell() > most:
                        raise ReadError("refi.too_large", file=self.name, member=member)
        except _DAMAGED as error:
            raise ReadError("refi.damaged_member", file=self.name, member=member) from error
        return kept.getvalue()
