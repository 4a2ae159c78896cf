"""What the machine proposed last time, kept beside the study so that a command on jobs is quick.

Reading interviews takes half a minute for eighty of them, merging two jobs should not. The file
lies in ``.embauche-cache/`` of the study folder, which git ignores, and is found only by a
fingerprint of the sources, the coder's code and people's decisions about evidence. It is safe to
delete, is never read as input, and goes where the folder goes when a person's words are erased.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

import embauche.identify
from embauche import __version__
from embauche.collect.guide import Guide, guide_to_dict
from embauche.collect.source import Corpus
from embauche.identify import (
    Evidence,
    Proposals,
    RememberedTalk,
    SentenceVectors,
    talk_from_bytes,
    talk_to_bytes,
)
from embauche.identify.vectors import DIMENSIONS
from embauche.notices import Notice
from embauche.study.decisions import Decisions
from embauche.vocabulary import EvidenceStatus, Facet, Language, Moment

CACHE_FOLDER: Final = ".embauche-cache"
_KINDS: Final = {"facet": Facet, "language": Language, "status": EvidenceStatus, "moment": Moment}


class KeptVectors:
    """Sentence vectors of which some are known already; others are encoded as they are met."""

    def __init__(self, base: SentenceVectors) -> None:
        self.base = base
        self.known: dict[str, NDArray[np.float32]] = {}

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return (n, 512) vectors, one row a text."""
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        if new:
            encoded = np.asarray(self.base.encode(new), dtype=np.float32)
            self.known.update(zip(new, encoded, strict=True))
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        return np.stack([self.known[text] for text in texts])


def fingerprint(corpus: Corpus, decisions: Decisions, guide: Guide | None = None) -> str:
    """Return what the proposals depend on, as a digest."""
    mark = sha256(_sources(corpus))
    for path in sorted(Path(embauche.identify.__file__).parent.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            state = path.stat()
            mark.update(f"{path.name} {state.st_size} {state.st_mtime_ns}".encode())
    lines = sorted(json.dumps(dict(line), sort_keys=True) for line in decisions.evidence.values())
    mark.update("\n".join(lines).encode())
    if guide is not None:
        mark.update(json.dumps(guide_to_dict(guide), sort_keys=True).encode())
    return mark.hexdigest()[:24]


def talk_fingerprint(corpus: Corpus, coder: str) -> str:
    """Return what a coder hears depends on, as a digest."""
    return sha256(_sources(corpus) + coder.encode()).hexdigest()[:24]


def _sources(corpus: Corpus) -> bytes:
    mark = sha256(__version__.encode())
    for source in corpus.sources:
        turns = [(turn.role, turn.participant, turn.start, turn.end) for turn in source.turns]
        mark.update(repr((source.id, source.sha256, source.language, turns)).encode())
    return mark.digest()


def load_talk(folder: Path, key: str) -> RememberedTalk | None:
    """Return what the coder heard, kept under a fingerprint."""
    try:
        return talk_from_bytes((folder / CACHE_FOLDER / f"heard-{key}.npz").read_bytes())
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None


def keep_talk(folder: Path, key: str, talk: RememberedTalk) -> None:
    """Keep what the coder heard, as `keep` does: it holds places and vectors, no words."""
    place = folder / CACHE_FOLDER
    path, draft = place / f"heard-{key}.npz", place / "heard.part.npz"
    try:
        place.mkdir(exist_ok=True)
        (place / ".gitignore").write_text("*\n", encoding="utf-8")
        draft.write_bytes(talk_to_bytes(talk))
        draft.replace(path)
        for old in place.glob("heard-*.npz"):
            if old != path:
                old.unlink()
    except OSError:
        return


def load(folder: Path, key: str, vectors: KeptVectors) -> Proposals | None:
    """Return the proposals kept under a fingerprint, and let `vectors` know theirs."""
    path = folder / CACHE_FOLDER / f"proposals-{key}.npz"
    try:
        with np.load(path, allow_pickle=False) as kept:
            data = json.loads(kept["data"].tobytes().decode())
            own, known = kept["vectors"], kept["known"]
        found = Proposals(
            tuple(_evidence(item) for item in data["evidence"]),
            own,
            int(data["sentences"]),
            tuple(Notice(**item) for item in data["notices"]),
        )
        vectors.known.update(zip(data["texts"], known, strict=True))
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
    return found


def keep(folder: Path, key: str, proposals: Proposals, vectors: KeptVectors) -> None:
    """Keep proposals and vectors; a folder that cannot be written to keeps none, and that is all.

    What was kept under other fingerprints is removed.
    """
    place = folder / CACHE_FOLDER
    data = {
        "evidence": [{item.name: getattr(one, item.name) for item in fields(Evidence)}
                     for one in proposals.evidence],
        "sentences": proposals.sentences,
        "notices": [notice.to_dict() for notice in proposals.notices],
        "texts": list(vectors.known),
    }  # fmt: skip
    known = list(vectors.known.values())
    path = place / f"proposals-{key}.npz"
    draft = place / "proposals.part.npz"
    try:
        place.mkdir(exist_ok=True)
        (place / ".gitignore").write_text("*\n", encoding="utf-8")
        np.savez(
            draft,
            data=np.frombuffer(json.dumps(data).encode(), dtype=np.uint8),
            vectors=proposals.vectors,
            known=np.stack(known) if known else np.zeros((0, DIMENSIONS), dtype=np.float32),
        )
        draft.replace(path)
        for old in place.glob("proposals-*.npz"):
            if old != path:
                old.unlink()
    except OSError:
        return


def _evidence(data: dict[str, Any]) -> Evidence:
    typed = {name: kind(data[name]) for name, kind in _KINDS.items() if data.get(name) is not None}
    return Evidence(**{**data, **typed})
