r"""Bytes to text: UTF-8, then UTF-16 by its mark, then cp1252, with ``\n`` line breaks.

Statistical detectors took French cp1252 for cp1250, so the order is fixed and can be explained.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from embauche.errors import ReadError

_LINE_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_INVISIBLE = re.compile(r"[\ufeff\u200b\u200e\u200f\u2060]")
_MOST_CONTROLS = 0.002
_SHOWN: dict[str | None, str] = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Windows-1252",
}


def read_bytes(path: Path, name: str) -> bytes:
    """Return a file's bytes.

    Parameters
    ----------
    path
        The file.
    name
        How errors call it: the path relative to the study folder.

    Raises
    ------
    ReadError
        If it is missing, a folder, may not be read, or holds nothing.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise ReadError("read.not_found", file=name) from None
    except OSError:
        raise ReadError("read.not_readable", file=name) from None
    if not data.strip(b" \t\r\n\x00"):
        raise ReadError("read.empty_file", file=name)
    return data


def decode(data: bytes, name: str) -> str:
    """Decode bytes by the fixed order of encodings and normalise the text.

    Raises
    ------
    ReadError
        If no encoding fits, or if what comes out is not text (a picture, a program…).
    """
    encoding = _encoding(data)
    if encoding is None:
        code = "read.not_text" if b"\x00" in data else "read.unknown_encoding"
        raise ReadError(code, file=name)
    text = data.decode(encoding)
    controls = len(_CONTROLS.findall(text))
    if "\x00" in text or controls > max(2, _MOST_CONTROLS * len(text)):
        raise ReadError("read.not_text", file=name)
    text = normalise(text)
    if not text.strip():
        raise ReadError("read.empty_file", file=name)
    return text


def encoding_of(data: bytes) -> str:
    """Return the name of the encoding that `decode` takes the bytes for; empty where none fits."""
    return _SHOWN.get(_encoding(data), "")


def _encoding(data: bytes) -> str | None:
    marked = data[:2] in {b"\xff\xfe", b"\xfe\xff"}
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def normalise(text: str) -> str:
    r"""Give a text ``\n`` line breaks and composed letters (NFC), once, before it is frozen.

    A letter with a combining accent and the composed letter look the same and must compare equal,
    or a quote would not be found in its source. Characters that nobody sees are dropped.
    """
    text = _LINE_BREAKS.sub("\n", text)
    text = _INVISIBLE.sub("", text)
    text = _CONTROLS.sub(" ", text)
    return unicodedata.normalize("NFC", text)
