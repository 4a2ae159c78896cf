from collections import defaultdict

import pytest

from embauche.errors import EvidenceError
from embauche.identify.coder import shipped_calibration, shipped_coder
from embauche.identify.training_sentences import (
    near_duplicates,
    parse_talk,
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
    pairs = list(near_duplicates(sentences))
    assert pairs, "the check must be able to find something"
    for one, other in pairs:
        assert folds[one] == folds[other], (sentences[one].text, sentences[other].text)


def test_near_duplicates_are_found():
    lines = (
        "@|a|en|interview|a\n0|I went to the shop again today\n0|I went to the shop today\n0|Yes."
    )
    talk = [*parse_talk("x", lines), *parse_talk("y", "@|b|en|interview|b\n0|Yes.")]
    assert list(near_duplicates(talk)) == [(0, 1)]


def test_the_issue_s_numbers_are_there():
    sentences = training_sentences()
    assert len(sentences) >= 4000
    assert len({item.topic for item in sentences}) >= 60
    for facet in (Facet.JOB_SOCIAL, Facet.JOB_EMOTIONAL, Facet.TRIGGER, Facet.ANXIETY, Facet.HABIT):
        assert sum(facet in item.facets for item in sentences) >= 300


def test_talk_is_parsed_with_what_precedes():
    text = (
        "@|bikes|fr|interview|un vélo\n?|Bonjour.\n?|Et avant ?\nal,cx|Le bus, à la campagne.\n"
        "0|Voilà.\n?|Pourquoi ?\n0|Comme ça.\n@|vans|en|review|a van\n>|It broke.\nfr|Twice!\n"
    )
    first, second, third, fourth = parse_talk("x", text)
    assert first.facets == {Facet.ALTERNATIVE, Facet.CONTEXT}
    assert (first.before, first.question) == ("", "Bonjour. Et avant ?")
    assert (second.before, second.question) == ("Le bus, à la campagne.", "Bonjour. Et avant ?")
    assert (third.before, third.question) == ("", "Pourquoi ?")
    assert (fourth.before, fourth.question, fourth.topic) == ("It broke.", "", "vans")


@pytest.mark.parametrize("line", ["zz|text", "fr|", "nothing", "@|a|de|interview|x"])
def test_a_wrong_line_is_named(line):
    with pytest.raises(EvidenceError) as caught:
        list(parse_talk("talk.txt", f"@|a|en|review|x\n{line}\n"))
    assert caught.value.params == {"file": "talk.txt", "row": 2}


def test_shipped_weights_are_of_these_sentences():
    assert shipped_coder().fingerprint == training_fingerprint(), (
        "run tools/train_coder.py, then the calibration"
    )
    assert set(shipped_calibration()) == set(Facet)


@pytest.mark.parametrize("facet", list(Facet))
def test_thresholds_are_probabilities(facet):
    assert 0 < shipped_calibration()[facet].threshold < 1
