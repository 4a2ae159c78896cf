"""What was heard, kept: learning from it is the same as reading everything again."""

import numpy as np
import pytest

from embauche.collect.source import Corpus, Participant, Sentence, Source, Turn
from embauche.identify import Correction, hear_corpus, proposals_of, shared_vectors
from embauche.identify.corrections import SentencePlaces
from embauche.identify.learning import SMOOTH, learn, place
from embauche.identify.remembered_talk import (
    proposed_by,
    remember_talk,
    talk_from_bytes,
    talk_to_bytes,
)
from embauche.vocabulary import Facet, Language, SourceKind, SpeakerRole

TALK = (
    "I need to find my notes again before a meeting.",
    "The app crashes every morning and I lose everything I typed, it drives me mad.",
    "Before that I kept it all in a paper notebook.",
    "My sister lives in Lyon with two cats.",
    "I want to find my drawings before I go on site.",
    "It has to take me under a minute.",
    "On site there is no network and I wear gloves, so I wrote it all on my hand for a year, and "
    "then the foreman told me that he used a small recorder which he kept in his left pocket, "
    "but I need to find what I said in front of the client and that is what I never managed.",
    "I am afraid that it will make us lazy.",
)


@pytest.fixture(scope="module")
def corpus():
    text, sentences = "What goes wrong?\n", [Sentence(0, 0, 0, 16)]
    for number, part in enumerate(TALK, 1):
        sentences.append(Sentence(number, 1, len(text), len(text) + len(part)))
        text += part + " "
    turns = (
        Turn(0, "I", SpeakerRole.INTERVIEWER, None, 0, 17),
        Turn(1, "P", SpeakerRole.PARTICIPANT, "p1", 17, len(text)),
    )
    source = Source(
        "s1", "talk.txt", SourceKind.INTERVIEW, text, Language.EN, turns, tuple(sentences)
    )
    return Corpus((source,), (Participant("p1", "P1"),))


@pytest.fixture(scope="module")
def heard(corpus):
    return hear_corpus(corpus)


@pytest.fixture(scope="module")
def talk(heard):
    return talk_from_bytes(talk_to_bytes(remember_talk(heard, shared_vectors())))


def decided(heard, *pairs):
    return [
        Correction("s1", heard.units[row].start, heard.units[row].end, facet, carried)
        for row, facet, carried in pairs
    ]


@pytest.mark.parametrize(
    "pairs",
    [
        (),
        ((0, Facet.JOB_FUNCTIONAL, False), (1, Facet.FRUSTRATION, True)),
        tuple((3, facet, False) for facet in Facet),
        ((0, Facet.HABIT, True), (5, Facet.HABIT, True), (7, Facet.ANXIETY, False)),
    ],
)
def test_it_proposes_what_reading_again_proposes(corpus, heard, talk, pairs):
    corrections = decided(heard, *pairs)
    found = talk.relearned(corrections)
    made = [found.evidence(row, column, corpus.sources[0]) for row, column in proposed_by(found)]
    again = proposals_of(heard, corrections=corrections).evidence
    assert made
    assert tuple(made) == again


def test_what_is_kept_holds_no_words(talk):
    packed = talk_to_bytes(talk)
    for word in (b"crashes", b"notebook", b"gloves"):
        assert word not in packed
        assert word.decode().encode("utf-16-le") not in packed


def test_every_quoted_span_leads_to_its_sentence(talk):
    for row, spans in enumerate(talk.quoted.tolist()):
        for span in spans:
            start, end = talk.spans[span].tolist()
            assert talk.by_span["s1", start, end] == row


def test_the_queue_leaves_out_what_was_decided_or_put_off(heard, talk):
    first = talk.relearned([]).queue(3)
    assert len(first) == 3
    taught = talk.relearned(decided(heard, (first[0], Facet.HABIT, False)))
    assert taught.taught == 1
    left = taught.queue(len(TALK), without=[first[1]])
    assert set(left) == set(range(len(TALK))) - {first[0], first[1]}


def test_a_correction_counts_for_what_it_covers_by_half():
    places = SentencePlaces([("a", 0, 10), ("a", 10, 30), ("b", 0, 10)])
    assert places.rows("a", 0, 30) == [0, 1]
    assert places.rows("a", 0, 13) == [0]
    assert places.rows("a", 12, 14) == [1]
    assert places.rows("c", 0, 10) == []
    codes = places.codes(
        [
            Correction("a", 0, 10, Facet.HABIT, carried=True),
            Correction("a", 0, 10, Facet.HABIT, carried=False),
            Correction("b", 0, 10, Facet.HABIT, carried=False),
        ]
    )
    column = list(Facet).index(Facet.HABIT)
    assert codes[0, column] == 1, "a yes wins"
    assert codes[2, column] == 0
    assert np.isnan(codes).sum() == codes.size - 2


def test_what_is_learned_is_the_mode_of_the_posterior():
    """Against a plain Newton's method on f = X w, one facet at a time, solved exactly."""
    rng = np.random.default_rng(3)
    placed = place(rng.normal(size=(60, 20)).astype(np.float32))
    odds, codes = rng.normal(0, 2, size=(60, 12)), rng.choice([0.0, 1.0, np.nan], size=(60, 12))
    found = learn(placed, odds, codes).added(placed)
    for column in range(12):
        rows = ~np.isnan(codes[:, column])
        x, base, y = placed[rows].astype(float), odds[rows, column], codes[rows, column]
        w = np.zeros(20)
        for _ in range(50):
            p = 1 / (1 + np.exp(-(base + x @ w)))
            bent = x.T @ ((p * (1 - p))[:, None] * x) + np.eye(20) / SMOOTH
            w += np.linalg.solve(bent, x.T @ (y - p) - w / SMOOTH)
        assert found[:, column] == pytest.approx(placed @ w, abs=1e-5)
