"""Signs that neither a picture nor a document may hold: what was pasted may carry them unseen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def printable(value: Any) -> Any:
    """Return texts, and lists and mappings of them, with a space in the place of each such sign.

    The drawing library takes the whole process down on one of them; Word's files refuse them.
    """
    if isinstance(value, str):
        return _NO_XML.sub(" ", value)
    if isinstance(value, Mapping):
        return {printable(key): printable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [printable(item) for item in value]
    return value
