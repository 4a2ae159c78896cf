"""How well the offline coder finds evidence, beside TF-IDF and the majority guess, in one run.

    python benchmarks/evidence.py --gold ../shared/data/gold/dev.jsonl
    python benchmarks/evidence.py --gold FILE.jsonl --learn 0,10,20,40,80
    python benchmarks/evidence.py --speed

Every coder learns its weights from the project's training talk alone. The shipped coder's priors
and thresholds were set on `dev.jsonl`: on that file they are cross-fitted by source (a sentence is
judged with constants from other sources), on any other file the shipped ones are used as they are
("cold"). The peers have no constants of their own and are cross-fitted on every file, which favours
them. Decisions on which the two people disagree are left out. The macro average runs over facets
with at least 20 agreed positives in the file; its interval resamples sources.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embauche.identify.agreement_coefficients import cohen_kappa
from embauche.identify.calibrate import (
    FEWEST,
    SILENCE,
    agreed_codes,
    calibrate,
    gold_utterances,
    read_gold,
)
from embauche.identify.coder import FACETS, Readings, Utterance, of_reviews, shipped_coder
from embauche.identify.learning import learn, place
from embauche.identify.training_sentences import TrainingSentence, training_sentences
from embauche.identify.vectors import shared_vectors
from embauche.vocabulary import Facet

FOLDS, SEED, RESAMPLES, DRAWS = 5, 20261122, 2000, 20
Floats = NDArray[np.float64]
Choice = NDArray[np.bool_]


def source_folds(sources: Sequence[str]) -> NDArray[np.int64]:
    """Deal sources into folds of about as many sentences, largest first."""
    names, counts = np.unique(sources, return_counts=True)
    order = np.random.default_rng(SEED).permutation(len(names))
    order = order[np.argsort(-counts[order], kind="stable")]
    filled, fold = np.zeros(FOLDS), {}
    for at in order:
        emptiest = int(filled.argmin())
        fold[str(names[at])] = emptiest
        filled[emptiest] += counts[at]
    return np.array([fold[source] for source in sources])


def cross_fitted(
    scores: Floats,
    codes: Floats,
    folds: NDArray[np.int64],
    silence: float,
    reviews: Choice,
) -> tuple[Floats, Floats]:
    """Return log-odds and thresholds of every sentence with constants from the other folds."""
    odds, thresholds = np.zeros(scores.shape), np.zeros(scores.shape)
    for fold in range(FOLDS):
        here = folds == fold
        fitted = calibrate(scores[~here], codes[~here], silence=silence, reviews=reviews[~here])
        for j, facet in enumerate(FACETS):
            slope, offset, threshold, review = fitted[facet]
            odds[here, j] = slope * scores[here, j] + offset + review * reviews[here]
            thresholds[here, j] = threshold
    return odds, thresholds


def as_shipped(scores: Floats, reviews: Choice) -> tuple[Floats, Floats]:
    """Return log-odds and thresholds with the constants that come with the product."""
    coder = shipped_coder()
    thresholds = np.array([coder.calibration[facet].threshold for facet in FACETS])
    return coder.log_odds(scores, reviews), np.broadcast_to(thresholds, scores.shape)


def chosen(odds: Floats, thresholds: Floats) -> Choice:
    return np.asarray(1 / (1 + np.exp(-np.clip(odds, -30, 30))) >= thresholds)


def majority(codes: Floats, folds: NDArray[np.int64]) -> Choice:
    """Give each facet its commonest decision in the other folds."""
    made = np.zeros(codes.shape, dtype=bool)
    for fold in range(FOLDS):
        rest = codes[folds != fold]
        seen = np.maximum((~np.isnan(rest)).sum(axis=0), 1)
        made[folds == fold] = np.nansum(rest, axis=0) / seen > 0.5
    return made


def tfidf_scores(sentences: Sequence[TrainingSentence], texts: Sequence[str]) -> Floats:
    """Score with TF-IDF (words and pairs) and logistic regression on the same sentences."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    maker = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    known = maker.fit_transform([sentence.text for sentence in sentences])
    unknown = maker.transform(texts)
    scores = np.zeros((len(texts), len(FACETS)))
    for j, facet in enumerate(FACETS):
        target = [facet in sentence.facets for sentence in sentences]
        model = LogisticRegression(C=10.0, max_iter=1000, solver="liblinear").fit(known, target)
        scores[:, j] = model.decision_function(unknown)
    return scores


def figures(made: Choice, codes: Floats) -> Floats:
    """Return (facets, 4): precision, recall, F1 and agreed positives."""
    hit = (made & (codes == 1)).sum(axis=0)
    wrong = (made & (codes == 0)).sum(axis=0)
    positives = (codes == 1).sum(axis=0)
    precision = np.where(hit + wrong, hit / np.maximum(hit + wrong, 1), 0.0)
    recall = np.where(positives, hit / np.maximum(positives, 1), 0.0)
    f1 = np.where(hit, 2 * hit / np.maximum(hit + wrong + positives, 1), 0.0)
    return np.column_stack([precision, recall, f1, positives])


def interval(
    made: Choice, codes: Floats, sources: Sequence[str], kept: Choice
) -> tuple[float, float]:
    """Return the 95 % interval of the macro F1 over resampled sources."""
    rng = np.random.default_rng(SEED)
    names = sorted(set(sources))
    rows = [np.flatnonzero([source == name for source in sources]) for name in names]
    values = []
    for _ in range(RESAMPLES):
        picked = np.concatenate([rows[k] for k in rng.choice(len(names), len(names))])
        values.append(figures(made[picked], codes[picked])[kept, 2].mean())
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def agreements(made: Choice, rows: Sequence[dict[str, list[str]]]) -> dict[str, dict[str, object]]:
    """Return Cohen's κ per facet: the machine with each person, and the two people."""
    people = [
        np.array([[facet in row[name] for facet in FACETS] for row in rows], dtype=float)
        for name in ("coder_a", "coder_b")
    ]
    pairs = {
        "machine with coder_a": (made.astype(float), people[0]),
        "machine with coder_b": (made.astype(float), people[1]),
        "coder_a with coder_b": (people[0], people[1]),
    }
    found: dict[str, dict[str, object]] = {}
    for name, (one, other) in pairs.items():
        found[name] = {}
        for j, facet in enumerate(FACETS):
            if facet is not Facet.PULL:
                kappa = cohen_kappa(one[:, j], other[:, j])
                found[name][str(facet)] = None if kappa is None else round(float(kappa), 3)
    return found


def report(made: Choice, codes: Floats, sources: Sequence[str], kept: Choice) -> dict[str, object]:
    table = figures(made, codes)
    low, high = interval(made, codes, sources, kept)
    return {
        "macro_f1": round(float(table[kept, 2].mean()), 3),
        "low": round(low, 3),
        "high": round(high, 3),
        "silent_share": round(float((~made.any(axis=1)).mean()), 3),
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


def learning_curve(
    sizes: Sequence[int],
    odds: Floats,
    thresholds: Floats,
    placed: NDArray[np.float32],
    codes: Floats,
    kept: Choice,
) -> list[dict[str, float]]:
    """Return the mean macro F1 over draws, after n sentences were corrected.

    A correction is one sentence that a person has checked: all its agreed decisions. Corrected
    sentences are not judged. The set of facets stays that of the whole file.
    """
    curve = []
    for n in sizes:
        values, times = [], []
        for draw in range(DRAWS):
            order = np.random.default_rng([SEED, draw]).permutation(len(codes))
            taught, judged = order[:n], order[n:]
            begun = time.perf_counter()
            adjustment = learn(placed[taught], odds[taught], codes[taught])
            moved = odds[judged] + adjustment.added(placed[judged])
            times.append(time.perf_counter() - begun)
            made = chosen(moved, thresholds[judged])
            values.append(figures(made, codes[judged])[kept, 2].mean())
        curve.append(
            {
                "corrections": n,
                "macro_f1": round(float(np.mean(values)), 3),
                "lowest": round(float(np.min(values)), 3),
                "highest": round(float(np.max(values)), 3),
                "seconds": round(float(np.median(times)), 4),
            }
        )
    return curve


def measure(path: Path, sizes: Sequence[int]) -> dict[str, object]:
    """Run every coder on a file of coded sentences."""
    paired = gold_utterances(read_gold(path))
    utterances = [utterance for utterance, _ in paired]
    rows = [dict(row) for _, row in paired]
    sources = [str(row["source"]) for row in rows]
    codes = agreed_codes(rows)
    folds = source_folds(sources)
    kept = (codes == 1).sum(axis=0) >= FEWEST
    heard, reviews = shipped_coder().hear(utterances), of_reviews(utterances)
    set_on = json.loads((files("embauche.identify") / "calibration.json").read_text("utf-8"))
    cold = set_on.get("made_from") != sha256(path.read_bytes()).hexdigest()
    if cold:
        ours = as_shipped(heard.scores, reviews)
    else:
        ours = cross_fitted(heard.scores, codes, folds, SILENCE, reviews)
    peer = tfidf_scores(training_sentences(), [utterance.text for utterance in utterances])
    made = {
        "offline coder": chosen(*ours),
        "tf-idf + logistic regression": chosen(*cross_fitted(peer, codes, folds, 0.1, reviews)),
        "majority": majority(codes, folds),
    }
    coders = {name: report(choice, codes, sources, kept) for name, choice in made.items()}
    result: dict[str, object] = {
        "macro_f1": coders["offline coder"]["macro_f1"],
        "constants": "shipped" if cold else "cross-fitted by source",
        "sentences": len(paired),
        "sources": len(set(sources)),
        "training_sentences": len(training_sentences()),
        "coders": coders,
        "kappa": agreements(made["offline coder"], rows),
    }
    if sizes:
        placed = place(shared_vectors().encode([utterance.text for utterance in utterances]))
        result["learning"] = learning_curve(sizes, *ours, placed, codes, kept)
    return result


def speed(n: int = 10_000) -> dict[str, object]:
    """Time the coding of n distinct sentences after loading."""
    talk = [item.text for item in training_sentences()]
    texts = [f"{talk[i % len(talk)]} {i}" for i in range(n)]
    coder = shipped_coder()
    coder.code([Utterance("Pour charger.")])
    begun = time.perf_counter()
    coder.code(
        [Utterance(text, before) for text, before in zip(texts, ["", *texts], strict=False)],
        Readings(coder.network),
    )
    took = time.perf_counter() - begun
    return {"sentences": n, "seconds": round(took, 2), "per_second": round(n / took)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gold", type=Path, help="coded sentences, .jsonl")
    parser.add_argument("--learn", default="", help="corrections: 0,10,20,40,80")
    parser.add_argument("--speed", action="store_true", help="time ten thousand sentences")
    parser.add_argument("--json", action="store_true", help="print JSON")
    arguments = parser.parse_args()
    if arguments.speed:
        print(json.dumps(speed()))
        return
    if arguments.gold is None:
        parser.error("--gold FILE.jsonl is needed")
    sizes = [int(part) for part in arguments.learn.split(",") if part.strip()]
    result = measure(arguments.gold, sizes)
    if arguments.json:
        print(json.dumps(result, indent=2))
        return
    show(result)


def show(result: dict[str, object]) -> None:
    print(
        f"{result['sentences']} sentences of {result['sources']} sources; "
        f"{result['training_sentences']} training sentences; constants: {result['constants']}"
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
    print("\nCohen's κ")
    for name, kappas in result["kappa"].items():  # type: ignore[attr-defined]
        print(f"  {name:22s} " + "  ".join(f"{f} {k}" for f, k in kappas.items()))
    for point in result.get("learning", []):  # type: ignore[attr-defined]
        print(
            f"  after {point['corrections']:3d} corrections: macro F1 {point['macro_f1']:.3f} "
            f"({point['lowest']:.3f} to {point['highest']:.3f}), {point['seconds']} s"
        )


if __name__ == "__main__":
    main()
