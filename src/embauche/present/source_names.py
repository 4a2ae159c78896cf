"""A source's name as a reader sees it."""

from __future__ import annotations

from typing import Final

INTERVIEWS: Final = "interviews/"
"""The folder in which a study keeps its interviews: it says nothing to who reads a quote."""


def shown_source(name: str) -> str:
    """Return a source's name without the folder that every interview lies in.

    Files, tables and programs keep the whole name: ``evidence.csv`` names what is on the disk.

    Parameters
    ----------
    name
        Path of the source in the study's folder, with the row of a table.
    """
    return name.removeprefix(INTERVIEWS) or name
