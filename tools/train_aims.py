"""Learn the map that brings statements of one aim together, and write ``jobs/aim.npz``.

    python -m pip install "torch==2.13.*"     (a tool of the makers; the product needs no torch)
    python tools/train_aims.py                writes the map
    python tools/train_aims.py --check        how well products never seen are grouped

A linear map of sentence vectors, drawn to the identity, trained by supervised contrast (Khosla et
al. 2020) on the package's groups of statements (``jobs/training``): the same aim in other words and
another language comes near, another aim in the same words goes away.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from embauche.identify.vectors import shared_vectors
from embauche.jobs.clustering import linked
from embauche.jobs.space import fit_space
from embauche.jobs.training_statements import Statement, training_statements
from embauche.vocabulary import Language

EPOCHS, RATE, TEMPERATURE, DROPPED, NEAR_IDENTITY, SEED = 100, 2e-3, 0.1, 0.2, 0.03, 0
Floats = NDArray[np.float64]


def centred(statements: Sequence[Statement], vectors: NDArray[np.float32]) -> Floats:
    """Place every product's statements as the product does, without a map."""
    placed = np.zeros(vectors.shape)
    products = np.array([s.product for s in statements])
    for product in sorted(set(products)):
        rows = np.flatnonzero(products == product)
        languages = [statements[r].language for r in rows]
        placed[rows] = fit_space(vectors[rows], languages, mapped=False).place(
            vectors[rows], languages
        )
    return placed


def learned(statements: Sequence[Statement], placed: Floats) -> Floats:
    """Return the (d, d) map."""
    torch.manual_seed(SEED)
    x = torch.tensor(placed, dtype=torch.float32)
    names = {name: i for i, name in enumerate(sorted({s.group for s in statements}))}
    groups = torch.tensor([names[s.group] for s in statements])
    itself = torch.eye(len(x), dtype=torch.bool)
    same = (groups[:, None] == groups[None]) & ~itself
    has = same.any(1)
    identity = torch.eye(x.shape[1])
    made = torch.nn.Parameter(identity.clone())
    optimiser = torch.optim.Adam([made], lr=RATE)
    for _ in range(EPOCHS):
        keep = (torch.rand(x.shape[1]) > DROPPED).float() / (1 - DROPPED)
        z = functional.normalize((x * keep) @ made, dim=1)
        near = (z @ z.T / TEMPERATURE).masked_fill(itself, -1e9)
        odds = near - torch.logsumexp(near, 1, keepdim=True)
        loss = -((odds * same).sum(1)[has] / same.sum(1)[has]).mean()
        loss = loss + NEAR_IDENTITY * ((made - identity) ** 2).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return made.detach().numpy().astype(np.float64)


def check(statements: Sequence[Statement], vectors: NDArray[np.float32]) -> None:
    """Print the mean adjusted Rand index over products left out, by cut, with and without a map."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

    products = np.array([s.product for s in statements])
    names = np.random.default_rng(SEED).permutation(sorted(set(products)))
    cuts = np.arange(0.8, 1.0, 0.02)
    for title, mapped in (("without", False), ("with", True)):
        found: dict[str, list[list[tuple[float, float]]]] = {}
        for fold in range(2):
            out = set(names[fold::3])
            rest = [i for i, s in enumerate(statements) if s.product not in out]
            chosen = [statements[i] for i in rest]
            made = learned(chosen, centred(chosen, vectors[rest])) if mapped else None
            for product in sorted(out):
                rows = np.flatnonzero(products == product)
                languages: list[Language] = [statements[r].language for r in rows]
                space = fit_space(vectors[rows], languages, mapped=made if mapped else False)
                placed = space.place(vectors[rows], languages)
                truth = [statements[r].group for r in rows]
                row = []
                for cut in cuts:
                    labels = linked(placed, float(cut))
                    row.append(
                        (
                            adjusted_rand_score(truth, labels),
                            normalized_mutual_info_score(truth, labels),
                        )
                    )
                found.setdefault(statements[rows[0]].kind, []).append(row)
        for kind, rows_found in sorted(found.items()):
            mean = np.mean(rows_found, axis=0)
            row_found = zip(cuts, mean, strict=True)
            print(f"{title:8} {kind:9}", *(f"{c:.2f}:{a:.2f}/{n:.2f}" for c, (a, n) in row_found))


def main() -> None:
    """Write the map, or check how one is learned."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="judge on products left out")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    statements = training_statements()
    vectors = shared_vectors().encode([s.text for s in statements])
    if arguments.check:
        check(statements, vectors)
        return
    made = learned(statements, centred(statements, vectors))
    path = Path(__file__).resolve().parents[1] / "src/embauche/jobs/aim.npz"
    np.savez_compressed(path, moved=(made - np.eye(len(made))).astype(np.float16))
    print(f"{len(statements)} statements; {path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
