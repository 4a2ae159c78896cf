"""How well statements and reviews are grouped, beside plain peers in the same run.

python benchmarks/grouping.py FILE.csv …   columns ``data``, ``ground_truth``; ``--json``
python benchmarks/grouping.py FILE.tsv …   columns ``group``, language, statement; no header
python benchmarks/grouping.py --links      where a need and a job are the same thing
python benchmarks/grouping.py --statements statements of sentences never tuned on, to be read
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score, v_measure_score

from embauche.identify.evidence import Evidence
from embauche.identify.vectors import shared_vectors
from embauche.jobs import DEFAULT_THRESHOLD, LEAST_SIMILARITY, group_texts, word_job
from embauche.jobs.clustering import linked
from embauche.jobs.space import fit_space, unit
from embauche.vocabulary import Facet, JobType, Language

SENTENCES = Path(__file__).parent / "sentences"

Rows = tuple[list[str], list[str], list[Language]]


def read(path: Path) -> Rows:
    if path.suffix == ".tsv":
        lines = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line]
        return [r[2] for r in lines], [r[0] for r in lines], [Language(r[1]) for r in lines]
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    languages = [Language(row.get("ori_lang") or "en") for row in rows]
    return [row["data"] for row in rows], [row["ground_truth"] for row in rows], languages


def measure(path: Path) -> dict[str, object]:
    texts, truth, languages = read(path)
    vectors = shared_vectors().encode(texts)
    k = len(set(truth))
    placed = fit_space(vectors, languages).place(vectors, languages)
    centred = fit_space(vectors, languages, mapped=False).place(vectors, languages)
    words = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    plain = unit(np.asarray(vectors, dtype=np.float64))
    runs = {
        f"ours: group_texts at {DEFAULT_THRESHOLD}": group_texts(texts, languages).labels,
        f"vectors of the space of aims at {DEFAULT_THRESHOLD}": linked(placed, DEFAULT_THRESHOLD),
        "plain average linkage at 0.88": linked(centred, 0.88),
        "plain average linkage, k given": _linkage(plain, k),
        "TF-IDF, average linkage, k given": _linkage(unit(words.toarray()), k),
        "sentence vectors, k-means, k given": KMeans(k, n_init=10, random_state=0).fit_predict(
            vectors
        ),
        "TF-IDF, k-means, k given": KMeans(k, n_init=10, random_state=0).fit_predict(words),
    }
    rows = {
        name: {
            "groups": len(set(labels.tolist())),
            "ari": round(float(adjusted_rand_score(truth, labels)), 3),
            "nmi": round(float(normalized_mutual_info_score(truth, labels)), 3),
            "v": round(float(v_measure_score(truth, labels)), 3),
        }
        for name, labels in runs.items()
    }
    return {"file": path.name, "statements": len(texts), "true_groups": k, "runs": rows}


def show(found: dict[str, object]) -> None:
    print(f"{found['file']}: {found['statements']} statements, {found['true_groups']} true groups")
    print(f"  {'':42}  groups    ARI    NMI      V")
    for name, row in found["runs"].items():  # type: ignore[attr-defined]
        print(f"  {name:42}  {row['groups']:6} {row['ari']:6.3f} {row['nmi']:6.3f} {row['v']:6.3f}")


def summary(files: list[dict[str, object]]) -> dict[str, object]:
    """Return the means over files of our own figures, and every file."""
    own = [next(iter(found["runs"].values())) for found in files]  # type: ignore[attr-defined]
    means = {key: round(float(np.mean([row[key] for row in own])), 3) for key in ("ari", "nmi")}
    return {**means, "files": files}


def _linkage(vectors: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    from scipy.cluster.hierarchy import fcluster, linkage

    return np.asarray(fcluster(linkage(vectors, "average", "cosine"), k, "maxclust"))


def links() -> None:
    """Print how a threshold of similarity tells right links from wrong ones."""
    with (SENTENCES / "links.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    statements = sorted({row["statement"] for row in rows if row["statement"]})
    encode = shared_vectors().encode
    cosine = encode([row["need"] for row in rows]) @ encode(statements).T
    for least in np.arange(0.2, 0.71, 0.05):
        right = wrong = missed = 0
        for row, near in zip(rows, cosine, strict=True):
            best = statements[int(near.argmax())] if near.max() >= least else ""
            right += bool(best) and best == row["statement"]
            wrong += bool(best) and best != row["statement"]
            missed += not best and bool(row["statement"])
        print(f"  {least:.2f}: right {right}, wrong {wrong}, missed {missed}")
    print(f"  in use: {LEAST_SIMILARITY}")


def statements() -> None:
    facets = {
        JobType.FUNCTIONAL: Facet.JOB_FUNCTIONAL,
        JobType.EMOTIONAL: Facet.JOB_EMOTIONAL,
        JobType.SOCIAL: Facet.JOB_SOCIAL,
    }
    for language in Language:
        lines = (SENTENCES / f"statements-held-out-{language}.tsv").read_text("utf-8").splitlines()
        for line in lines:
            kind, quote = line.split("\t")
            facet = facets[JobType(kind)]
            goal = Evidence("e", "s", "p", 0, len(quote), quote, facet, language, "person:x")
            wording = word_job([goal], [1.0], JobType(kind), language)
            print(f"{quote}\n    → {wording.text if wording else ''}")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if "--links" in arguments:
        links()
    elif "--statements" in arguments:
        statements()
    else:
        found = [measure(Path(argument)) for argument in arguments if argument != "--json"]
        if "--json" in arguments:
            print(json.dumps(summary(found), indent=2))
        else:
            for one in found:
                show(one)
