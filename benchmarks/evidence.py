"""How well the offline coder finds evidence, beside TF-IDF and the majority guess, in one run.

    python benchmarks/evidence.py --gold ../shared/data/gold/dev.jsonl

Every coder learns its weights from the project's training sentences alone. What real text sets
(priors and thresholds) is cross-fitted by source: a sentence is judged with constants from other
sources. The peer's thresholds may go as low as suits its F1, the product's stop at its own floor.
Decisions on which the two people disagree are left out. The macro average runs over facets with at
least 20 agreed positives in the file; its interval resamples sources.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embauche.identify.calibrate import (
    FEWEST,
    SILENCE,
    agreed_codes,
    calibrate,
    gold_scores,
    gold_utterances,
    read_gold,
)
from embauche.identify.coder import FACETS
from embauche.identify.train import trained_coder
from embauche.identify.training_sentences import TrainingSentence, training_sentences
from embauche.identify.vectors import shared_vectors
from embauche.vocabulary import Facet

FOLDS, SEED, RESAMPLES = 5, 20261122, 2000
Floats = NDArray[np.float64]


def source_folds(sources: Sequence[str]) -> NDArray[np.int64]:
    """Deal sources into folds of about as many sentences, largest first."""
    names, counts = np.unique(sources, return_counts=True)
    order = np.random.default_rng(SEED).permutation(len(names))
    order = order[np.argsort(-counts[order], kind="stable")]
    filled, fold = np.zeros(FOLDS), {}
    for place in order:
        emptiest = int(filled.argmin())
        fold[str(names[place])] = emptiest
        filled[emptiest] += counts[place]
    return np.array([fold[source] for source in sources])


def cross_fitted(
    scores: Floats, codes: Floats, folds: NDArray[np.int64], silence: float
) -> NDArray[np.bool_]:
    """Decide every sentence with priors and thresholds from the other folds."""
    chosen = np.zeros(scores.shape, dtype=bool)
    for fold in range(FOLDS):
        here = folds == fold
        fitted = calibrate(scores[~here], codes[~here], silence=silence)
        for j, facet in enumerate(FACETS):
            slope, offset, threshold = fitted[facet]
            p = 1 / (1 + np.exp(-np.clip(slope * scores[here, j] + offset, -30, 30)))
            chosen[here, j] = p >= threshold
    return chosen


def majority(codes: Floats, folds: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Give each facet its commonest decision in the other folds."""
    chosen = np.zeros(codes.shape, dtype=bool)
    for fold in range(FOLDS):
        rest = codes[folds != fold]
        seen = np.maximum((~np.isnan(rest)).sum(axis=0), 1)
        chosen[folds == fold] = np.nansum(rest, axis=0) / seen > 0.5
    return chosen


def tfidf_scores(sentences: Sequence[TrainingSentence], texts: Sequence[str]) -> Floats:
    """Score with TF-IDF (words and pairs) and logistic regression on the same sentences."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    maker = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    known = maker.fit_transform([sentence.text for sentence in sentences])
    scores = np.zeros((len(texts), len(FACETS)))
    for j, facet in enumerate(FACETS):
        target = [facet in sentence.facets for sentence in sentences]
        model = LogisticRegression(C=10.0, max_iter=1000).fit(known, target)
        scores[:, j] = model.decision_function(maker.transform(texts))
    return scores


def figures(chosen: NDArray[np.bool_], codes: Floats) -> Floats:
    """Return (facets, 4): precision, recall, F1 and agreed positives."""
    hit = (chosen & (codes == 1)).sum(axis=0)
    wrong = (chosen & (codes == 0)).sum(axis=0)
    positives = (codes == 1).sum(axis=0)
    with np.errstate(invalid="ignore"):
        precision = np.where(hit + wrong, hit / np.maximum(hit + wrong, 1), 0.0)
        recall = np.where(positives, hit / np.maximum(positives, 1), 0.0)
        f1 = np.where(hit, 2 * hit / np.maximum(hit + wrong + positives, 1), 0.0)
    return np.column_stack([precision, recall, f1, positives])


def interval(
    chosen: NDArray[np.bool_], codes: Floats, sources: Sequence[str], kept: NDArray[np.bool_]
) -> tuple[float, float]:
    """Return the 95 % interval of the macro F1 over resampled sources."""
    rng = np.random.default_rng(SEED)
    names = sorted(set(sources))
    rows = {name: [i for i, source in enumerate(sources) if source == name] for name in names}
    values = []
    for _ in range(RESAMPLES):
        drawn = rng.choice(len(names), len(names))
        picked = np.concatenate([rows[names[k]] for k in drawn]).astype(int)
        values.append(figures(chosen[picked], codes[picked])[kept, 2].mean())
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def measure(path: Path) -> dict[str, object]:
    """Run every coder on a file of coded sentences."""
    paired = gold_utterances(read_gold(path))
    utterances = [utterance for utterance, _ in paired]
    sources = [str(row["source"]) for _, row in paired]
    codes = agreed_codes([row for _, row in paired])
    folds = source_folds(sources)
    kept = (codes == 1).sum(axis=0) >= FEWEST
    vectors = shared_vectors()
    ours = gold_scores(trained_coder(vectors), utterances, vectors)
    peer = tfidf_scores(training_sentences(), [utterance.text for utterance in utterances])
    results: dict[str, object] = {}
    for name, chosen in {
        "offline coder": cross_fitted(ours, codes, folds, SILENCE),
        "tf-idf + logistic regression": cross_fitted(peer, codes, folds, 0.1),
        "majority": majority(codes, folds),
    }.items():
        table = figures(chosen, codes)
        low, high = interval(chosen, codes, sources, kept)
        results[name] = {
            "macro_f1": round(float(table[kept, 2].mean()), 3),
            "low": round(low, 3),
            "high": round(high, 3),
            "silent_share": round(float((~chosen.any(axis=1)).mean()), 3),
            "facets": {
                str(facet): {
                    "precision": round(float(table[j, 0]), 3),
                    "recall": round(float(table[j, 1]), 3),
                    "f1": round(float(table[j, 2]), 3),
                    "positives": int(table[j, 3]),
                    "n": int((~np.isnan(codes[:, j])).sum()),
                    "in_macro": bool(kept[j]),
                }
                for j, facet in enumerate(FACETS)
                if facet is not Facet.PULL
            },
        }
    return {
        "sentences": len(paired),
        "sources": len(set(sources)),
        "training_sentences": len(training_sentences()),
        "coders": results,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, required=True, help="coded sentences, .jsonl")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    result = measure(arguments.gold)
    if arguments.json:
        print(json.dumps(result, indent=2))
        return
    print(
        f"{result['sentences']} sentences of {result['sources']} sources; "
        f"{result['training_sentences']} training sentences"
    )
    for name, coder in result["coders"].items():  # type: ignore[attr-defined]
        print(
            f"\n{name}: macro F1 {coder['macro_f1']:.3f} "
            f"[{coder['low']:.3f}, {coder['high']:.3f}], silent {coder['silent_share']:.0%}"
        )
        for facet, row in coder["facets"].items():
            mark = "*" if row["in_macro"] else " "
            print(
                f" {mark} {facet:15s} P {row['precision']:.2f}  R {row['recall']:.2f}  "
                f"F1 {row['f1']:.2f}  ({row['positives']} of {row['n']})"
            )


if __name__ == "__main__":
    main()
