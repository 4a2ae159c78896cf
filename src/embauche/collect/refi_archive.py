"""The archive of a REFI-QDA project: a zip of strangers, read within bounds and never unpacked."""

from __future__ import annotations

import io
import lzma
import unicodedata
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self
from urllib.parse import unquote

from embauche.collect.refi_model import RefiFile
from embauche.errors import ReadError

_MOST_MEMBERS = 50_000
_MOST_ALIKE = 20
_LONGEST_XML = 150_000_000
_LONGEST_TEXT = 20_000_000
_LONGEST_TEXTS = 200_000_000
DAMAGED = (
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
_UTF8_FLAG = 0x800
_OTHER_NAMES = ("utf-8", "cp1252", "cp850", "mac-roman")
"""How programs write names in an archive without saying so; zip itself takes them for cp437."""


def locate_name(reference: str) -> str:
    """Return the plain file name of a path of the XML; empty where it means a file outside."""
    plain = reference.strip().replace("\\", "/")
    if plain.casefold().startswith(_OUTSIDE):
        return ""
    return unquote(plain.rpartition("/")[2])


def _key(name: str) -> str:
    """Return a name as names compare: case, and the two ways of writing an accent, aside."""
    return unicodedata.normalize("NFC", name).casefold()


def _plain_names(name: str, _: zipfile.ZipInfo) -> Iterator[str]:
    yield _key(name)


def _other_names(name: str, info: zipfile.ZipInfo) -> Iterator[str]:
    """Return what a name is in the encodings that it may have been written in."""
    if info.flag_bits & _UTF8_FLAG or name.isascii():
        return
    try:
        written = name.encode("cp437")
    except UnicodeEncodeError:
        return
    for encoding in _OTHER_NAMES:
        with suppress(UnicodeDecodeError):
            yield _key(written.decode(encoding))


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
        except DAMAGED as error:
            raise ReadError("refi.broken_archive", file=self.name) from error
        if len(infos) > _MOST_MEMBERS:
            raise ReadError("refi.too_many_files", file=self.name, n=len(infos))
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info in infos:
            self._check(info)
            if not info.is_dir():
                self._members[info.filename.replace("\\", "/")] = info
        self._index()

    def _index(self) -> None:
        """Note every name by which the XML may mean a member."""
        self._folded: dict[str, str] = {}
        self._last: dict[str, list[tuple[str, str]]] = {}
        for names in (_plain_names, _other_names):
            for name, info in self._members.items():
                for key in names(name, info):
                    if self._folded.setdefault(key, name) == name:
                        alike = self._last.setdefault(key.rpartition("/")[2], [])
                        if len(alike) < _MOST_ALIKE:
                            alike.append((key, name))

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

    def carried(self, read: Collection[str]) -> Iterator[RefiFile]:
        """Return the files that were not read, under the names that the standard gives them.

        NVivo writes ``Sources``, which other programs do not find, and people zip a project with
        the folder that it lies in.
        """
        above = self.project().rpartition("/")[0]
        above = f"{above}/" if above else ""
        taken: set[str] = set()
        for name, info in self._members.items():
            if name in read:
                continue
            plain = name.removeprefix(above)
            head, _, rest = plain.partition("/")
            if rest and head.casefold() == "sources":
                plain = f"sources/{rest}"
            if plain in taken or (plain != name and plain in self._members):
                plain = name
            taken.add(plain)
            yield RefiFile(plain, info.file_size, info.CRC, self.path, member=name)

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
        out, or write the folder. Files outside of the archive are never opened: of a path that
        leads there (``relative:``, ``absolute:``) only the name is looked for, among the sources.

        Raises
        ------
        ReadError
            If the path tries to lead out of the archive.
        """
        plain = reference.strip().replace("\\", "/")
        if plain.casefold().startswith(_OUTSIDE):
            plain = plain.rpartition("/")[2]
            return self._within(plain) or self._within(unquote(plain))
        if plain.casefold().startswith("internal:"):
            plain = plain.partition(":")[2]
        plain = plain.lstrip("/")
        if ".." in plain.split("/") or "\x00" in plain:
            raise ReadError("refi.path_outside", file=self.name, path=reference)
        for candidate in (plain, unquote(plain)):
            found = self._within(candidate) or self._folded.get(_key(candidate))
            if found is None:
                found = self._ending(_key(candidate))
            if found is not None:
                return found
        return None

    def _within(self, name: str) -> str | None:
        """Return the member of this name among the sources, in a folder before them or not."""
        if not name:
            return None
        key = _key(f"sources/{name}")
        return self._folded.get(key) or self._ending(key)

    def _ending(self, tail: str) -> str | None:
        alike = self._last.get(tail.rpartition("/")[2], ())
        return next((name for key, name in alike if key.endswith(f"/{tail}")), None)

    def xml(self, member: str) -> bytes:
        """Return the bytes of the project's XML."""
        return self._bytes(member, _LONGEST_XML)

    def text(self, member: str) -> bytes:
        """Return the bytes of a text."""
        return self._bytes(member, _LONGEST_TEXT)

    def use(self, member: str, length: int) -> None:
        """Count a text that is used; all together are bounded, one used again and again too."""
        self._read += length
        if self._read > _LONGEST_TEXTS:
            raise ReadError("refi.too_large", file=self.name, member=member)

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
        except DAMAGED as error:
            raise ReadError("refi.damaged_member", file=self.name, member=member) from error
        return kept.getvalue()
