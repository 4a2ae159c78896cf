"""Ids and pseudonyms made from file names: stable, short and readable."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path, PurePosixPath

_PROCESSING = re.compile(
    r"(?:[\s_-]+(?:traitement|trait[ée]|transcription|transcript|transcrit|transcribed|retranscription|"
    r"final[e]?|clean(?:ed)?|corrig[ée]e?|relu|anonymis[ée]e?|anonymi[sz]ed|anon|v\d+|version|copie|"
    r"copy|def|ok|audio|sous-titres|subtitles|auto|fr|en))(?:[\s_-]+[a-z0-9])?$",
    re.IGNORECASE,
)


def relative_name(path: Path, root: Path) -> str:
    """Return a file's path relative to the study folder, with ``/``, or its name outside it."""
    try:
        return path.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return path.name


def slug(text: str) -> str:
    """Return small ASCII letters, digits and single hyphens."""
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    plain = plain.replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")
    result = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return result or f"x{sha256(text.encode()).hexdigest()[:8]}"


def source_ids(names: Sequence[str]) -> dict[str, str]:
    """Return name → id for the files of a study.

    The id is the file's own name without its suffix; files that would share one add their suffix,
    then their folder, then a piece of a hash, all of which depend on nothing but their own path.
    """
    makers: tuple[Callable[[str], str], ...] = (
        lambda name: slug(PurePosixPath(name).stem),
        lambda name: slug(PurePosixPath(name).name),
        slug,
        lambda name: f"{slug(name)}-{sha256(name.encode()).hexdigest()[:6]}",
    )
    ids: dict[str, str] = {}
    left = list(dict.fromkeys(names))
    for maker in makers:
        made = {name: maker(name) for name in left}
        taken = list(made.values()) + list(ids.values())
        single = {name for name in left if taken.count(made[name]) == 1}
        ids |= {name: made[name] for name in single}
        left = [name for name in left if name not in single]
    return ids


def readable_name(name: str, heading: str = "") -> str:
    """Make a short readable name from a file name.

    Where the text's own title says the same as the beginning of the file name, the rest of the
    file name (« traitement A ») is of no use to a reader and left out.
    """
    stem = unicodedata.normalize("NFC", PurePosixPath(name).stem)
    title = next((line.strip("#* \t") for line in heading.split("\n") if line.strip("#*- \t")), "")
    flat = [c for c in stem.casefold() if c.isalnum()]
    wanted = [c for c in title.casefold() if c.isalnum()]
    if len(wanted) >= 5 and flat[: len(wanted)] == wanted and len(wanted) >= 0.4 * len(flat):
        seen, at = 0, 0
        while seen < len(wanted):
            seen += stem[at].isalnum()
            at += 1
        rest = re.match(r"[^\W_]*", stem[at:])
        stem = stem[: at + (rest.end() if rest else 0)]
    while (match := _PROCESSING.search(stem)) and match.start() > 2:
        stem = stem[: match.start()]
    return re.sub(r"[\s_]+", " ", stem).strip() or name
