"""Word lists as they are easiest to read and correct: plain text between spaces."""

from __future__ import annotations


def word_list(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())
