"""Fit the shipped coder from the training sentences: ``python -m embauche.identify.train``.

The same sentences give the same file, up to the last bits of the machine's arithmetic.
"""

from __future__ import annotations

import sys
from pathlib import Path

from embauche.identify.coder import OfflineCoder
from embauche.identify.features import Utterance
from embauche.identify.training_sentences import training_fingerprint, training_sentences
from embauche.identify.vectors import SentenceVectors, shared_vectors


def trained_coder(vectors: SentenceVectors) -> OfflineCoder:
    """Fit a coder, not yet calibrated, on all training sentences of the package."""
    sentences = training_sentences()
    return OfflineCoder.fit(
        [Utterance(item.text, item.before, item.question) for item in sentences],
        [item.facets for item in sentences],
        vectors=vectors,
        fingerprint=training_fingerprint(),
    )


def main() -> None:
    """Write ``coder.npz`` beside this module."""
    path = Path(__file__).with_name("coder.npz")
    data = trained_coder(shared_vectors()).to_bytes()
    path.write_bytes(data)
    sys.stdout.write(f"{path.name}: {len(data):,} bytes\n")


if __name__ == "__main__":
    main()
