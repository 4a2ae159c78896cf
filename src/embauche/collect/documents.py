"""The text of a Word or PDF file, paragraph by paragraph."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

from embauche.collect.decoding import normalise
from embauche.collect.role_words import fold, role_of_label
from embauche.errors import ReadError

_OLE = b"\xd0\xcf\x11\xe0"
_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_TOO_LARGE = 300_000_000
_SPEAKER_CELL = 40
_SKIPPED = frozenset({_FALLBACK, f"{_WORD}del", f"{_WORD}moveFrom"})


def text_of_docx(data: bytes, name: str) -> str:
    """Return the text of a .docx, one paragraph a line.

    Insertions under tracked changes, content controls and text boxes are part of the text;
    deletions are not. A table of two or more columns whose first column is short is taken for a
    transcript (``Name: words``).

    Raises
    ------
    ReadError
        If the file is not a Word document, is damaged, protected, or holds no text.
    """
    check_archive(data, name)
    import docx

    try:
        body = docx.Document(io.BytesIO(data)).element.body
        text = "\n".join(_blocks(body))
    except Exception as error:  # the file is hostile or damaged: any error says only that
        raise ReadError("read.damaged", file=name, format="Word (.docx)") from error
    text = normalise(text)
    if not text.strip():
        raise ReadError("read.no_text", file=name)
    return text


def check_archive(data: bytes, name: str) -> None:
    """Raise unless the bytes are an unprotected Office archive of a sane size."""
    if data.startswith(_OLE):
        raise ReadError("read.password_or_old", file=name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise ReadError("read.broken_archive", file=name) from error
    if any(info.flag_bits & 0x1 for info in infos):
        raise ReadError("read.password", file=name)
    if sum(info.file_size for info in infos) > _TOO_LARGE:
        raise ReadError("read.too_large", file=name)


def _blocks(parent: Any) -> Iterator[str]:
    for child in parent.iterchildren():
        if child.tag == f"{_WORD}p":
            yield _paragraph(child)
            for box in child.iter(f"{_WORD}txbxContent"):
                if not any(a.tag == _FALLBACK for a in box.iterancestors()):
                    yield from _blocks(box)
        elif child.tag == f"{_WORD}tbl":
            yield from _table(child)
        elif child.tag not in _SKIPPED and isinstance(child.tag, str):
            yield from _blocks(child)


def _paragraph(paragraph: Any) -> str:
    parts: list[str] = []

    def walk(node: Any) -> None:
        for child in node.iterchildren():
            tag = child.tag
            if tag == f"{_WORD}t":
                parts.append(child.text or "")
            elif tag in {f"{_WORD}br", f"{_WORD}cr"}:
                parts.append("\n")
            elif tag == f"{_WORD}tab":
                parts.append("\t")
            elif tag == f"{_WORD}noBreakHyphen":
                parts.append("-")
            elif tag not in _SKIPPED and tag not in {f"{_WORD}txbxContent", f"{_WORD}pPr"}:
                walk(child)

    walk(paragraph)
    return "".join(parts)


def _table(table: Any) -> Iterator[str]:
    for row in table.iterchildren(f"{_WORD}tr"):
        cells = ["\n".join(_blocks(cell)).strip() for cell in row.iterchildren(f"{_WORD}tc")]
        cells = [cell for cell in cells if cell]
        if len(cells) >= 2 and len(cells[0]) <= _SPEAKER_CELL and "\n" not in cells[0]:
            label = cells[0].rstrip(" :")
            yield f"{label}: " + "\n".join(cells[1:])
        else:
            yield from cells
        yield ""


def text_of_pdf(data: bytes, name: str) -> str:
    """Return the text of a .pdf, without what repeats at the edges of its pages.

    Words cut at the end of a line are joined; the line keeps its other breaks, and the sentence
    splitter knows that they do not end sentences.

    Raises
    ------
    ReadError
        If the file is damaged, protected by a password, or holds pictures of text only.
    """
    import pypdf
    from pypdf.errors import FileNotDecryptedError

    logger = logging.getLogger("pypdf")
    level, logger.level = logger.level, logging.CRITICAL
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if locked else [normalise(page.extract_text()) for page in reader.pages]
    except FileNotDecryptedError:
        locked, pages = True, []
    except Exception as error:  # pypdf raises many things on damaged files
        raise ReadError("read.damaged", file=name, format="PDF") from error
    finally:
        logger.level = level
    if locked:
        raise ReadError("read.password", file=name)
    text = _join_cut_words("\n".join(_without_edges(pages)))
    if not re.search(r"\w", text):
        raise ReadError("read.scanned_pdf", file=name, pages=len(pages))
    return text


def _without_edges(pages: list[str]) -> list[str]:
    """Drop running heads, feet and page numbers, which would stand inside somebody's turn."""
    split = [[line.strip() for line in page.strip("\n").split("\n")] for page in pages]

    def shape(line: str) -> str:
        return re.sub(r"\d+", "0", line)

    edges = Counter(
        shape(line)
        for lines in split
        for line in {*lines[:2], *lines[-2:]}
        if len(line) < 100 and role_of_label(fold(line.partition(":")[0])) is None
    )
    least = max(3, round(0.6 * len(pages)))
    kept: list[str] = []
    for lines in split:
        last = len(lines) - 1
        kept.append(
            "\n".join(
                line
                for i, line in enumerate(lines)
                if not (
                    (i < 2 or i > last - 2)
                    and (
                        (edges[shape(line)] >= least and line)
                        or re.fullmatch(
                            r"(?:page\s*)?[-–]?\s*\d{1,4}\s*(?:[/]\s*\d+)?[-–]?",
                            line,
                            re.IGNORECASE,
                        )
                    )
                )
            )
        )
    return kept


def _join_cut_words(text: str) -> str:
    """Undo hyphenation: the hyphen goes where the whole word is known from elsewhere."""
    words = set(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold()))

    def join(match: re.Match[str]) -> str:
        left, right = match.groups()
        with_hyphen, without = f"{left}-{right}", f"{left}{right}"
        known = with_hyphen.casefold() in words
        return with_hyphen if known or without.casefold() not in words else without

    return re.sub(r"([^\W\d_]+)-\n([a-zà-ÿ][^\W\d_]*)", join, text)
