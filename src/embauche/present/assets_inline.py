"""The style sheet with its fonts inside, so that a report needs no other file."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from functools import cache
from importlib.resources import files

from embauche.errors import FolderError

_ENTRY = "src/report/report.css"
_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_URL = re.compile(r"url\((?P<quote>[\"']?)(?P<path>[^)\"']+\.woff2)(?P=quote)\)")


@cache
def inlined_css() -> str:
    """Return the report's style sheet, fonts as base64.

    Raises
    ------
    FolderError
        If the front end has not been built.
    """
    assets = files("embauche.present") / "assets"
    manifest = assets / "manifest.json"
    if not manifest.is_file():
        raise FolderError("present.assets_missing")
    entries = json.loads(manifest.read_text(encoding="utf-8"))
    if _ENTRY not in entries:
        raise FolderError("present.assets_missing")
    sheet = (assets / entries[_ENTRY]["file"]).read_text(encoding="utf-8")

    def inside(match: re.Match[str]) -> str:
        name = match["path"].rsplit("/", 1)[-1]
        data = b64encode((assets / "fonts" / name).read_bytes()).decode("ascii")
        return f"url(data:font/woff2;base64,{data})"

    # A style element ends at the first « </ », wherever it stands.
    return _URL.sub(inside, sheet).replace("</", "<\\/")


def inlined_faces(family: str) -> str:
    """Return the faces of one typeface, as base64, for a page that needs no other file.

    Raises
    ------
    FolderError
        If the front end has not been built.
    """
    return "".join(face for face in _FACE.findall(inlined_css()) if family in face)
