from collections import defaultdict

import numpy as np
import pytest

from embauche.identify.coder import OfflineCoder, shipped_calibration, shipped_coder
from embauche.identify.features import Utterance, Wording
from embauche.identify.training_sentences import (
    topic_folds,
    training_fingerprint,
    training_sentences,
)
from embauche.vocabulary import Facet, Language


def test_both_languages_and_every_facet_are_there():
    sentences = training_sentences()
    for language in Language:
        own = [item for item in sentences if item.language is language]
        for facet in Facet:
            assert sum(facet in item.facets for item in own) >= 20, (language, facet)
        silent = sum(not item.facets for item in own) / len(own)
        assert 0.3 <= silent <= 0.6


def test_a_topic_stays_on_one_side():
    sentences = training_sentences()
    side = defaultdict(set)
    for item, fold in zip(sentences, topic_folds(sentences, 5, seed=0), strict=True):
        side[item.topic].add(fold)
    assert all(len(folds) == 1 for folds in side.values())
    assert topic_folds(sentences, 5, seed=0) == topic_folds(sentences, 5, seed=0)


def test_no_near_duplicate_crosses_sides():
    sentences = training_sentences()
    folds = topic_folds(sentences, 5, seed=0)
    bags = [frozenset(item.text.lower().split()) for item in sentences]
    holding = defaultdict(list)
    for place, bag in enumerate(bags):
        for word in bag:
            holding[word].append(place)
    for place, bag in enumerate(bags):
        shared = defaultdict(int)
        for word in bag:
            for other in holding[word]:
                if other > place and folds[other] != folds[place]:
                    shared[other] += 1
        for other, common in shared.items():
            union = len(bag | bags[other])
            assert common / union < 0.8, (sentences[place].text, sentences[other].text)


def test_shipped_weights_are_of_these_sentences():
    assert shipped_coder().fingerprint == training_fingerprint(), (
        "run python -m embauche.identify.train, then the calibration"
    )
    assert set(shipped_calibration()) == set(Facet)


class Letters:
    """A tiny encoder for tests: counts of letters."""

    def encode(self, texts):
        counts = np.zeros((len(texts), 512), dtype=np.float32)
        for row, text in enumerate(texts):
            for letter in text.lower():
                counts[row, ord(letter) % 512] += 1
        return counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1)


def test_a_coder_can_be_fitted_and_restored():
    utterances = [Utterance("I hate zzz zzz")] * 6 + [Utterance("fine by me")] * 6
    codes = [frozenset({Facet.FRUSTRATION})] * 6 + [frozenset[Facet]()] * 6
    coder = OfflineCoder.fit(utterances, codes, vectors=Letters())
    again = OfflineCoder.from_bytes(coder.to_bytes(), coder.calibration)
    assert coder.to_bytes() == coder.to_bytes()
    for fitted in (coder, again):
        coding = fitted.code([Utterance("they hate zzz"), Utterance("fine")], vectors=Letters())
        place = list(Facet).index(Facet.FRUSTRATION)
        assert coding.probabilities[0, place] > coding.probabilities[1, place]
        assert not coding.chosen[:, list(Facet).index(Facet.HABIT)].any()


def test_wording_knows_only_what_it_learned():
    wording = Wording.learn(["a b c", "a b d", "e"])
    assert set(wording.index) == {"a", "b", "a b"}
    assert wording.matrix(["e f", "a b"]).getnnz(axis=1).tolist() == [0, 3]


@pytest.mark.parametrize("facet", list(Facet))
def test_thresholds_are_probabilities(facet):
    assert 0 < shipped_calibration()[facet].threshold < 1
