"""Ratings on statements that were written before any result was seen (held_out_ratings.tsv)."""

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from embauche.identify import (
    EmotionKind,
    dissatisfaction,
    emotion_hints,
    intensity,
    shared_vectors,
    valence,
)


def held_out(scale):
    path = Path(__file__).with_name("held_out_ratings.tsv")
    rows = csv.DictReader(path.read_text("utf-8").splitlines(), delimiter="\t")
    found = [(row["text"], int(row["level"])) for row in rows if row["scale"] == scale]
    return [text for text, _ in found], np.array([level for _, level in found])


@pytest.mark.parametrize(
    ("scale", "rate"), [("intensity", intensity), ("dissatisfaction", dissatisfaction)]
)
def test_levels_follow_the_anchors(scale, rate):
    texts, levels = held_out(scale)
    encoder = shared_vectors()
    found = rate(texts, encoder.encode(texts), encoder)
    known = [i for i, level in enumerate(found) if level is not None]
    assert len(known) >= 0.75 * len(texts)
    assert spearmanr([found[i] for i in known], levels[known]).statistic >= 0.6
    assert np.mean([abs(found[i] - levels[i]) for i in known]) <= 1.0


def test_what_says_nothing_of_it_is_unknown():
    texts = ["La réunion est au deuxième étage.", "My cousin lives in Leeds."]
    encoder = shared_vectors()
    assert intensity(texts, encoder.encode(texts), encoder) == [None, None]
    assert dissatisfaction(texts, encoder.encode(texts), encoder) == [None, None]


def test_valence_tells_pleasant_from_unpleasant():
    texts, signs = held_out("valence")
    encoder = shared_vectors()
    found = valence(encoder.encode(texts), encoder)
    assert found[signs > 0].min() > found[signs < 0].max()


def test_kind_of_emotion_is_a_hint():
    texts = [
        "I was so frightened that it would all go wrong.",
        "J'étais vraiment furieux contre le vendeur.",
        "Le bureau ouvre à neuf heures.",
    ]
    encoder = shared_vectors()
    fear, anger, none = emotion_hints(encoder.encode(texts), encoder)
    assert fear is not None
    assert fear.kind is EmotionKind.FEAR
    assert anger is not None
    assert anger.kind is EmotionKind.ANGER
    assert none is None
