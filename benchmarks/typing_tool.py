"""A typing tool against peers that may ask as many questions, on the same held-out respondents.

    python -P benchmarks/typing_tool.py SURVEY.csv [--needs 20] [--k-max 5] [--json]

Yes/no needs are the first columns of the table. Peers, from scikit-learn: logistic regression on
the m columns with the greatest mutual information with the segment, and a tree (CART) that may look
at m columns chosen by a first tree's importances. Everything is chosen on nine folds and scored on
the tenth.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import Any

import numpy as np
import polars as pl
from sklearn.feature_selection import mutual_info_classif
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from embauche.collect.survey import ColumnReading, Survey
from embauche.segment import segment_survey
from embauche.segment.typing_answers import asked
from embauche.segment.typing_scorers import fit_points, search, shares_of


def held_out(data: Any, most: int, folds: int = 10) -> dict[str, list[float]]:
    """Return agreement by number of questions, for the tool and its peers."""
    rng = np.random.default_rng(0)
    fold = rng.permutation(len(data.labels)) % folds
    X, y = data.codes.astype(float), data.labels
    right: dict[str, Any] = {name: np.zeros(most) for name in ("ours", "logistic", "cart")}
    for held in range(folds):
        train, test = np.flatnonzero(fold != held), np.flatnonzero(fold == held)
        sets = search(data, train, most, 2.0, rng, swap=True)
        told = mutual_info_classif(X[train], y[train], discrete_features=True)
        tree = DecisionTreeClassifier(random_state=0, min_samples_leaf=5).fit(X[train], y[train])
        for m in range(most):
            ours = shares_of(data, sets[m], test, *fit_points(data, sets[m], train))
            right["ours"][m] += (ours.argmax(axis=1) == y[test]).sum()
            used = np.argsort(-told, kind="stable")[: m + 1]
            peer = LogisticRegression(max_iter=500).fit(X[train][:, used], y[train])
            right["logistic"][m] += (peer.predict(X[test][:, used]) == y[test]).sum()
            used = np.argsort(-tree.feature_importances_, kind="stable")[: m + 1]
            cart = DecisionTreeClassifier(random_state=0, min_samples_leaf=5)
            cart.fit(X[train][:, used], y[train])
            right["cart"][m] += (cart.predict(X[test][:, used]) == y[test]).sum()
    return {name: (values / len(y)).tolist() for name, values in right.items()}


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("survey")
    parser.add_argument("--needs", type=int, default=20)
    parser.add_argument("--k-max", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    frame = pl.read_csv(options.survey, null_values="NA", infer_schema_length=None)
    needs = tuple(frame.columns[: options.needs])
    readings = {name: ColumnReading(name, name, "yes_no") for name in needs}
    survey = Survey("survey", frame, needs=needs, readings=readings)
    found = segment_survey(survey, k_max=options.k_max, bootstrap=2)
    begun = time.process_time()
    made = held_out(asked(found, survey), min(12, options.needs))
    data = {"k": found.k, "n": found.n, "agreement": made, "cpu_s": time.process_time() - begun}
    if options.json:
        print(json.dumps(data, indent=2))
        return
    print(f"{found.k} segments, n = {found.n}")
    for m in range(len(made["ours"])):
        print(m + 1, *(f"{name} {values[m]:.3f}" for name, values in made.items()))


if __name__ == "__main__":
    main()
