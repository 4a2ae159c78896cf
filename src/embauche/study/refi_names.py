"""File names for the sources of another program: readable, and right on every system."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_FORBIDDEN = re.compile(r'[\\/:*?"<>|\[\]#\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.IGNORECASE)
_SUFFIX = re.compile(r"\.(?:txt|docx?|rtf|odt|pdf|md|vtt|srt|m4a|mp3|mp4|wav|mov)\Z", re.IGNORECASE)
_LONGEST = 80


def file_names(names: Iterable[str]) -> list[str]:
    """Return one distinct file name, ending in ``.txt``, for each name of a source."""
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    found = []
    for name in names:
        plain = unicodedata.normalize("NFC", _SUFFIX.sub("", name.strip()))
        plain = re.sub(r"\s+", " ", _FORBIDDEN.sub("-", plain)).strip(" .-~$")[:_LONGEST].rstrip()
        if not plain or _RESERVED.match(plain):
            plain = f"source-{plain}".rstrip("-")
        number, made = numbers.get(plain.casefold(), 1), plain
        while made.casefold() in taken:
            number += 1
            made = f"{plain} ({number})"
        numbers[plain.casefold()] = number
        taken.add(made.casefold())
        found.append(f"{made}.txt")
    return found
