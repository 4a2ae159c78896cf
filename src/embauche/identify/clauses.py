"""Which clause of a long sentence carries a facet more surely than the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from embauche.identify.coder import OfflineCoder, Readings
from embauche.identify.heard_corpus import Unit
from embauche.identify.spans import LONG_SENTENCE, clause_windows, word_count

_SURER: Final = 1.0
"""Log-odds by which a clause must beat its whole sentence to be quoted in its stead."""


def narrowed(
    units: Sequence[Unit],
    carried: Sequence[tuple[int, ...]],
    probabilities: NDArray[np.float64],
    coder: OfflineCoder,
    readings: Readings,
) -> dict[tuple[int, int], tuple[int, int]]:
    """Find, in long sentences, the clauses that carry a facet much more surely than the whole.

    Parameters
    ----------
    units
        n sentences.
    carried
        The facets' columns that matter in each.
    probabilities
        (n, 12) of the whole sentences.
    coder, readings
        Who reads the clauses, and what of each text is remembered.

    Returns
    -------
    dict
        Sentence and column → the clause's span, where there is one.
    """
    windows: list[tuple[int, tuple[int, int]]] = []
    for i, unit in enumerate(units):
        if carried[i] and word_count(unit.utterance.text) > LONG_SENTENCE:
            spans = clause_windows(unit.source.text, unit.start, unit.end)
            windows.extend((i, span) for span in spans)
    if not windows:
        return {}
    parts = [
        units[i].utterance._replace(text=units[i].source.text[start:end])
        for i, (start, end) in windows
    ]
    clauses = _log_odds(coder.code(parts, readings).probabilities)
    whole = _log_odds(probabilities)
    best: dict[tuple[int, int], tuple[float, tuple[int, int]]] = {}
    for row, (i, span) in enumerate(windows):
        for j in carried[i]:
            surer = float(clauses[row, j] - whole[i, j])
            if surer >= max(_SURER, best.get((i, j), (_SURER, span))[0]):
                best[i, j] = (surer, span)
    return {key: span for key, (_, span) in best.items()}


def _log_odds(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    inside = np.clip(probabilities, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(inside / (1 - inside)))
