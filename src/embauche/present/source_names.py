"""A source's name as a reader sees it."""

from __future__ import annotations

from typing import Final

INTERVIEWS: Final = ("interviews/", "entretiens/")
"""Folders in which a study keeps its interviews: they say nothing to who reads a quote."""


def shown_source(name: str) -> str:
    """Return a source's name without the folder that every interview lies in.

    Files, tables and programs keep the whole name: ``evidence.csv`` names what is on the disk.

    Parameters
    ----------
    name
        Path of the source in the study's folder, with the row of a table.
    """
    folder = next((item for item in INTERVIEWS if name.startswith(item)), "")
    return name.removeprefix(folder) or name
