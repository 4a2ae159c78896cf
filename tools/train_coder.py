"""Train the offline coder from the package's coded talk, and write ``identify/coder.npz``.

    python -m pip install "torch==2.13.*"     (a tool of the makers; the product needs no torch)
    python tools/train_coder.py

About half an hour on two cores. The encoder's convolution layers are trained further together with
the layers above them; the table of tokens stays the encoder's. Hyperparameters were set by the
loss on talk of held-out topics (``--hold-out``), never on real text.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from embauche.identify.coder import FACETS, coder_to_bytes, heard_question
from embauche.identify.network import LAYERS, LONGEST, ORDERS, POOLED_SCALE
from embauche.identify.token_table import encoder_layers, token_table
from embauche.identify.training_sentences import (
    TrainingSentence,
    topic_folds,
    training_fingerprint,
    training_sentences,
)
from embauche.identify.wording import Wording

HIDDEN, CONTEXT, DROPOUT, WORDS_DROPPED = 256, 64, 0.4, 0.1
RATE, ENCODER_RATE, DECAY, BATCH, SMOOTHED = 1.2e-3, 2.5e-4, 0.02, 64, 0.998
FEWEST, PHRASES = 3, 0.4
"""Sentences that hold an n-gram that is kept, and how much turns of phrase count."""

QUESTION_MUTED, BEFORE_MUTED = 0.25, 0.25
SEED = 0


class Network(nn.Module):
    """The network of ``identify/network.py`` and ``identify/coder.py``, as torch trains it."""

    def __init__(self) -> None:
        super().__init__()
        begun = encoder_layers(LAYERS)
        self.layers = nn.ParameterDict(
            {name: nn.Parameter(torch.tensor(value)) for name, value in begun.items()}
        )
        width = 512 + 256 * len(ORDERS)
        n = len(FACETS)
        self.attention = nn.Parameter(torch.randn(n, width) * 0.02)
        self.value = nn.Parameter(torch.randn(n, width) * 0.02)
        self.peaks = nn.Linear(width, HIDDEN)
        self.before = nn.Linear(512, CONTEXT)
        self.question = nn.Linear(512, CONTEXT)
        self.hidden = nn.Linear(HIDDEN + 512 + 2 * CONTEXT, HIDDEN)
        self.out = nn.Linear(HIDDEN, n)
        self.straight = nn.Linear(512 + 2 * CONTEXT, n, bias=False)
        self.drop = nn.Dropout(DROPOUT)

    def tokens(self, embedded: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Return (n, tokens, 1280) features."""
        mask = there.unsqueeze(-1).float()
        if self.training:
            embedded = embedded * (torch.rand(embedded.shape[:2]) > WORDS_DROPPED).unsqueeze(-1)
        made = [embedded]
        for width, _ in ORDERS:
            x = embedded @ self.layers[f"proj{width}"] + self.layers[f"proj_b{width}"]
            made.append(x)
        x = _normed(
            torch.cat(made[1:], -1),
            torch.cat([self.layers[f"ln_g{w}"] for w, _ in ORDERS]),
            torch.cat([self.layers[f"ln_b{w}"] for w, _ in ORDERS]),
        )
        made = [embedded]
        for place, (width, left) in enumerate(ORDERS):
            hidden = x[..., place * 256 : (place + 1) * 256]
            for step in ("1", "2"):
                padded = functional.pad(hidden * mask, (0, 0, left, width - 1 - left))
                seen = torch.cat([padded[:, k : k + x.shape[1]] for k in range(width)], -1)
                out = seen @ self.layers[f"w{step}_{width}"] + self.layers[f"b{step}_{width}"]
                hidden = functional.relu(out) + hidden
            made.append(hidden)
        return _normed(torch.cat(made, -1), self.layers["ln_g"], self.layers["ln_b"]) * mask

    def pooled(self, features: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Return (n, 512) sentence vectors."""
        one = self.layers
        size = there.sum(1).float().unsqueeze(-1)
        mean = (features.sum(1) @ one["cnn_W"] + size * one["cnn_b"]) / size.sqrt()
        first = functional.relu(mean @ one["d0"])
        second = functional.relu(mean @ one["p1"] + first @ one["d1"])
        third = functional.relu(second @ one["d2"])
        vector = torch.tanh(second @ one["p3"] + third @ one["d3"])
        return functional.normalize(vector, dim=-1) * POOLED_SCALE

    def forward(
        self,
        embedded: torch.Tensor,
        there: torch.Tensor,
        before: torch.Tensor,
        question: torch.Tensor,
    ) -> torch.Tensor:
        """Return (n, 12) scores."""
        features = self.tokens(embedded, there)
        pooled = self.drop(self.pooled(features, there))
        features = self.drop(features)
        absent = ~there.unsqueeze(-1)
        looked = (features @ self.attention.T).masked_fill(absent, -1e4).softmax(1)
        attended = (looked * (features @ self.value.T)).sum(1)
        peaks = functional.relu(self.peaks(features)).masked_fill(absent, 0).amax(1)
        told = self.drop(torch.tanh(self.before(before)))
        asked = self.drop(torch.tanh(self.question(question)))
        context = torch.cat([pooled, told, asked], -1)
        inner = functional.relu(self.hidden(torch.cat([self.drop(peaks), context], -1)))
        return attended + self.out(self.drop(inner)) + self.straight(context)


def _normed(x: torch.Tensor, gain: torch.Tensor, shift: torch.Tensor) -> torch.Tensor:
    return functional.layer_norm(x, (x.shape[-1],), gain, shift, 1e-12)


class Talk:
    """Texts cut into tokens once, and the pooled vectors of what precedes sentences."""

    def __init__(self, sentences: Sequence[TrainingSentence]) -> None:
        self.texts: dict[str, int] = {"": 0}
        places = [
            [self.texts.setdefault(text, len(self.texts)) for text in parts]
            for parts in ((s.text, s.before, _asked(s.question)) for s in sentences)
        ]
        self.own, self.before, self.question = (list(part) for part in zip(*places, strict=True))
        table = token_table()
        self.ids = [table.tokens(text)[:LONGEST] for text in self.texts]
        self.codes = torch.tensor(
            [[float(facet in s.facets) for facet in FACETS] for s in sentences]
        )
        self.vectors = torch.zeros(len(self.ids), 512)

    def batch(self, texts: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return embedded tokens and which are there, padded to the longest text."""
        ids = [self.ids[text] for text in texts]
        longest = max(map(len, ids))
        embedded = torch.zeros(len(ids), longest, 512)
        there = torch.zeros(len(ids), longest, dtype=torch.bool)
        for row, tokens in enumerate(ids):
            embedded[row, : len(tokens)] = torch.from_numpy(token_table().embed(tokens))
            there[row, : len(tokens)] = True
        return embedded, there

    @torch.no_grad()
    def refresh(self, network: Network) -> None:
        """Encode what precedes sentences anew; gradients do not flow through it."""
        network.eval()
        wanted = list((set(self.before) | set(self.question)) - {0})
        wanted.sort(key=lambda text: len(self.ids[text]))
        for begin in range(0, len(wanted), 128):
            some = wanted[begin : begin + 128]
            embedded, there = self.batch(some)
            self.vectors[some] = network.pooled(network.tokens(embedded, there), there)


def _asked(turn: str) -> str:
    """Return what the product hears of an interviewer's turn."""
    return heard_question(re.split(r"(?<=[.!?…])\s+", turn))


def train(
    sentences: Sequence[TrainingSentence],
    epochs: int,
    start: Path | None,
    held: Sequence[TrainingSentence] = (),
) -> Network:
    """Train a network on talk; `start` is the state of one trained before."""
    torch.set_num_threads(1)  # two threads wait for each other more than they share
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    network, talk = Network(), Talk(sentences)
    if start is not None:
        network.load_state_dict(torch.load(start))
    else:
        share = talk.codes.mean(0).clamp(0.01, 0.5)
        network.out.bias.data = torch.log(share / (1 - share))
    if not epochs:
        return network.eval()
    above = [p for name, p in network.named_parameters() if not name.startswith("layers.")]
    optimiser = torch.optim.AdamW(
        [
            {"params": above, "lr": RATE / (2 if start else 1)},
            {"params": list(network.layers.parameters()), "lr": ENCODER_RATE / (2 if start else 1)},
        ],
        weight_decay=DECAY,
    )
    steps = epochs * -(-len(sentences) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda t: min(1.0, t / (0.1 * steps + 1)) * max(0.02, 1 - t / steps)
    )
    smoothed = {name: value.clone() for name, value in network.state_dict().items()}
    begun, step = time.monotonic(), 0
    for epoch in range(epochs):
        talk.refresh(network)
        network.train()
        total = 0.0
        batches = _batches(talk, rng)
        for rows in batches:
            embedded, there = talk.batch([talk.own[r] for r in rows])
            heard = torch.rand(2, len(rows), 1)
            before = talk.vectors[[talk.before[r] for r in rows]] * (heard[0] > BEFORE_MUTED)
            question = talk.vectors[[talk.question[r] for r in rows]] * (heard[1] > QUESTION_MUTED)
            scores = network(embedded, there, before, question)
            loss = functional.binary_cross_entropy_with_logits(
                scores, talk.codes[rows], reduction="sum"
            ) / len(rows)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total, step = total + loss.item(), step + 1
            keep = min(SMOOTHED, (1 + step) / (10 + step))
            with torch.no_grad():
                for name, value in network.state_dict().items():
                    smoothed[name].mul_(keep).add_(value, alpha=1 - keep)
        took = time.monotonic() - begun
        print(f"epoch {epoch + 1}: loss {total / len(batches):.3f}, {took:.0f} s", flush=True)
        if held:
            print(f"  held out: loss {_loss(network, held):.3f}", flush=True)
    network.load_state_dict(smoothed)
    if held:
        print(f"smoothed, held out: loss {_loss(network, held):.3f}", flush=True)
    return network.eval()


def phrases(sentences: Sequence[TrainingSentence]) -> tuple[Wording, np.ndarray]:
    """Return the vocabulary of n-grams and their weights: one logistic regression a facet."""
    from sklearn.linear_model import LogisticRegression

    texts = [sentence.text for sentence in sentences]
    wording = Wording.learn(texts, FEWEST)
    seen = wording.matrix(texts)
    weights = np.zeros((len(wording.index) + 1, len(FACETS)), dtype=np.float32)
    for column, facet in enumerate(FACETS):
        target = [facet in sentence.facets for sentence in sentences]
        model = LogisticRegression(C=10.0, max_iter=1000, solver="liblinear").fit(seen, target)
        weights[:-1, column], weights[-1, column] = model.coef_[0], model.intercept_[0]
    return wording, weights * PHRASES


def _batches(talk: Talk, rng: np.random.Generator) -> list[list[int]]:
    """Sentences of like length share a batch; batches come in any order."""
    order = rng.permutation(len(talk.own))
    batches: list[list[int]] = []
    for begin in range(0, len(order), 20 * BATCH):
        near = sorted(order[begin : begin + 20 * BATCH], key=lambda r: len(talk.ids[talk.own[r]]))
        batches += [near[k : k + BATCH] for k in range(0, len(near), BATCH)]
    return [batches[k] for k in rng.permutation(len(batches))]


@torch.no_grad()
def _loss(network: Network, sentences: Sequence[TrainingSentence]) -> float:
    talk = Talk(sentences)
    talk.refresh(network)
    network.eval()
    total = 0.0
    for begin in range(0, len(sentences), 64):
        rows = list(range(begin, min(begin + 64, len(sentences))))
        embedded, there = talk.batch([talk.own[r] for r in rows])
        scores = network(
            embedded,
            there,
            talk.vectors[[talk.before[r] for r in rows]],
            talk.vectors[[talk.question[r] for r in rows]],
        )
        total += functional.binary_cross_entropy_with_logits(
            scores, talk.codes[rows], reduction="sum"
        ).item()
    return total / len(sentences)


def packed(network: Network, wording: Wording, weights: np.ndarray, fingerprint: str) -> bytes:
    """Return the trained network as the product reads it."""

    def array(tensor: torch.Tensor) -> np.ndarray:
        return tensor.detach().numpy().astype(np.float32)

    layers = {name: array(value) for name, value in network.layers.items()}
    parts = {
        "attention": array(network.attention),
        "value": array(network.value),
        "peaks": array(network.peaks.weight.T),
        "peaks_bias": array(network.peaks.bias),
        "before": array(network.before.weight.T),
        "before_bias": array(network.before.bias),
        "question": array(network.question.weight.T),
        "question_bias": array(network.question.bias),
        "hidden": array(network.hidden.weight.T),
        "hidden_bias": array(network.hidden.bias),
        "out": array(network.out.weight.T),
        "straight": array(network.straight.weight.T),
        "bias": array(network.out.bias),
    }
    return coder_to_bytes(layers, parts, wording, weights, fingerprint)


def main() -> None:
    """Train, and write the coder unless talk was held out."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--start", type=Path, help="go on from a state saved before")
    parser.add_argument("--save", type=Path, help="where to save the state of the network")
    parser.add_argument("--hold-out", action="store_true", help="keep a fold of topics aside")
    arguments = parser.parse_args()
    sentences = training_sentences()
    held: list[TrainingSentence] = []
    if arguments.hold_out:
        folds = topic_folds(sentences, 6, SEED)
        held = [s for s, fold in zip(sentences, folds, strict=True) if fold == 0]
        sentences = tuple(s for s, fold in zip(sentences, folds, strict=True) if fold)
    print(f"{len(sentences)} sentences, {len(held)} held out", flush=True)
    network = train(sentences, arguments.epochs, arguments.start, held)
    if arguments.save:
        torch.save(network.state_dict(), arguments.save)
    if not held:
        data = packed(network, *phrases(sentences), training_fingerprint())
        root = Path(__file__).resolve().parents[1]
        (root / "src/embauche/identify/coder.npz").write_bytes(data)
        print(f"coder.npz: {len(data):,} bytes")


if __name__ == "__main__":
    sys.exit(main())
