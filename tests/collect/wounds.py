"""Wounds to bytes, and the watch over a reader that is given them."""

import io
import signal
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from embauche.errors import EmbaucheError

_SECONDS = 10
_CHARACTERS = (
    b"\x00",
    b"\xed\xa0\x80",  # a lone surrogate
    b"\xff\xfe",
    b"&#xD800;",
    b"&#0;",
    b"<![CDATA[",
    b"]]>",
    b"\xf4\x90\x80\x80",
    b"&lol;",
    b"\xe2\x80\xa8",
    b"99999999999999999999999999",
    b"-1",
    b"../../etc/passwd",
    b"<" * 50,
    "\u202e".encode(),
)


@contextmanager
def _limit(seconds: int) -> Iterator[None]:
    """Fail where a file keeps its reader busy for too long."""

    def stop(*_: object) -> None:
        raise AssertionError("the reader hangs")

    if not hasattr(signal, "SIGALRM"):  # Windows
        before = time.perf_counter()
        yield
        assert time.perf_counter() - before < seconds
        return
    old = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, old)


def tried(path: Path, read: Callable[[Path], None]) -> str:
    """Read a file; return ``"read"`` or the code of its clear error."""
    with _limit(_SECONDS), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a library says of a broken file
        try:
            read(path)
        except EmbaucheError as error:
            for language in ("fr", "en"):
                assert not error.message(language).startswith("error.")
                assert not error.hint(language).startswith("error.")
            return error.code
    return "read"


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """Return bytes with one to four wounds: cut, flipped, inserted, repeated or taken out."""
    for _ in range(int(rng.integers(1, 5))):
        at = int(rng.integers(0, max(1, len(data))))
        match int(rng.integers(0, 6)):
            case 0:
                data = data[:at]
            case 1:
                flipped = bytes([(data[at] if data else 0) ^ (1 << int(rng.integers(0, 8)))])
                data = data[:at] + flipped + data[at + 1 :]
            case 2:
                data = data[:at] + _CHARACTERS[int(rng.integers(len(_CHARACTERS)))] + data[at:]
            case 3:
                data = data[:at] + data[at : at + 400] * int(rng.integers(2, 6)) + data[at + 400 :]
            case 4:
                data = data[:at] + data[at + int(rng.integers(1, 200)) :]
            case _:
                data = data[:at] + rng.bytes(int(rng.integers(1, 40))) + data[at + 40 :]
    return data


def mutated_inside(data: bytes, rng: np.random.Generator) -> bytes:
    """Return an archive one of whose files is wounded, and whole otherwise."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        xml = [name for name in names if name.endswith((".qde", ".xml"))]
        victim = names[int(rng.integers(len(names)))]
        if rng.random() < 0.7:
            victim = xml[int(rng.integers(len(xml)))]
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as target:
            for name in names:
                content = archive.read(name)
                target.writestr(name, mutated(content, rng) if name == victim else content)
    return kept.getvalue()
