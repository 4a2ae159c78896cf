import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.collect.source import Corpus
from embauche.identify import propose
from embauche.identify.calibrate import calibrate
from embauche.identify.coder import (
    FACETS,
    Readings,
    Utterance,
    coder_from_bytes,
    heard_question,
    shipped_calibration,
    shipped_coder,
)
from embauche.identify.corrections import Correction
from embauche.identify.heard_corpus import hear_corpus
from embauche.identify.learning import codes_of, learn, place, teaching
from embauche.identify.proposals import proposals_of
from embauche.identify.vectors import shared_vectors
from embauche.identify.wording import Wording
from embauche.vocabulary import Facet

AIM = FACETS.index(Facet.JOB_FUNCTIONAL)


def test_a_reading_is_the_same_alone_and_in_company():
    network = shipped_coder().network
    texts = ["Je perds mes notes.", "", "I use it to plan my week, mostly.", "Oui."]
    together = network.read(texts)
    for text, row in zip(texts, together, strict=True):
        assert network.read([text])[0] == pytest.approx(row, abs=2e-4)
    assert not together[1].any()


def test_untrained_layers_read_as_the_encoder_does():
    """With the encoder's own layers the pooled vector is the encoder's sentence vector."""
    from embauche.identify.network import LAYERS, POOLED_SCALE, TalkNetwork
    from embauche.identify.token_table import encoder_layers

    none = np.zeros((12, 1280), dtype=np.float32)
    plain = TalkNetwork(
        encoder_layers(LAYERS), none, none, np.zeros((1280, 4), np.float32), np.zeros(4, np.float32)
    )
    texts = ["Je m'en sers pour préparer mes devis.", "It crashed twice, then nothing."]
    vectors = plain.read(texts)[:, -512:] / POOLED_SCALE
    assert vectors == pytest.approx(shared_vectors().encode(texts), abs=1e-4)


def test_the_question_and_the_sentence_before_are_heard():
    coder = shipped_coder()
    alone = coder.hear([Utterance("Un carnet.")]).scores[0]
    asked = coder.hear([Utterance("Un carnet.", "", "Qu'utilisiez-vous avant ?")])
    assert np.abs(asked.scores[0] - alone).max() > 0.1
    assert asked.unasked[0] == pytest.approx(alone)
    alternative = FACETS.index(Facet.ALTERNATIVE)
    assert asked.scores[0, alternative] > alone[alternative]


def test_readings_are_remembered():
    coder = shipped_coder()
    readings = Readings(coder.network)
    first = readings.of(["a thing", "another"])
    assert (readings.of(["another", "a thing"]) == first[::-1]).all()


def test_of_an_interviewer_s_turn_the_end_is_heard():
    assert heard_question(["Thanks.", "You said a lot.", "What then?"]) == (
        "You said a lot. What then?"
    )
    assert heard_question([]) == ""


def test_the_shipped_file_restores_to_the_same_coder():
    from importlib.resources import files

    data = (files("embauche.identify") / "coder.npz").read_bytes()
    again = coder_from_bytes(data, shipped_calibration())
    one = [Utterance("It keeps losing my notes.")]
    assert (again.hear(one).scores == shipped_coder().hear(one).scores).all()
    assert again.version == shipped_coder().version


def test_wording_knows_only_what_it_learned():
    wording = Wording.learn(["a b c", "a b d", "e"], 2)
    assert set(wording.index) == {"a", "b", "a b"}
    assert wording.matrix(["e f", "a b"]).getnnz(axis=1).tolist() == [0, 3]


def study_of(*texts):
    from test_proposals import PARTICIPANT, corpus

    return corpus((PARTICIPANT, list(texts)))


TALK = (
    "I put the receipts into the blue folder on Sunday.",
    "My sister lives in Lyon with two cats.",
    "We put the invoices into the red folder on Monday.",
    "The weather was fine all week.",
    "They put the contracts into the green folder on Friday.",
)


def test_twenty_decisions_move_the_proposals_of_sentences_alike():
    """What a person says of some sentences changes what is proposed of the others like them."""
    texts = [f"I put the {thing} into the {colour} folder on Sunday." for thing, colour in
             zip(["bills", "slips", "forms", "notes", "cards", "maps", "files", "plans"],
                 ["red", "blue", "green", "grey", "white", "black", "pink", "brown"], strict=True)]  # fmt: skip
    others = [
        "My sister lives in Lyon with two cats.", "The weather was fine all week long.",
        "Nobody answers the phone after lunch.", "He teaches maths in a small school.",
        "The bridge was closed until April.", "We had soup and bread for dinner.",
        "Their van broke down near the border.", "She learned the violin at six.",
        "The invoice software is Danish, I think.", "Our dog barks at every cyclist.",
        "Prices went up again this spring.", "I have been a nurse for nine years.",
    ]  # fmt: skip
    heard = hear_corpus(study_of(*texts, *others))
    corrections = [
        Correction("s1", unit.start, unit.end, Facet.JOB_FUNCTIONAL, carried=True)
        for unit in heard.units[:5]
    ]
    codes = heard.codes(corrections)
    assert np.nansum(codes[:, AIM]) == 5
    added = heard.learned(codes, shared_vectors())
    assert (added[5:8, AIM] > 0.05).all()
    assert (added[5:8, AIM] > added[8:, AIM].max()).all()
    untouched = [j for j in range(12) if j != AIM]
    assert not added[:, untouched].any()


def test_what_was_decided_stays_proposed():
    corpus = study_of(*TALK, "The app crashes every morning and I lose everything I typed.")
    first = propose(corpus)
    crash = next(item for item in first.evidence if item.facet is Facet.FRUSTRATION)
    no = Correction(crash.source, crash.start, crash.end, crash.facet, carried=False)
    again = proposals_of(hear_corpus(corpus), corrections=[no] * 3)
    same = next(item for item in again.evidence if item.id == crash.id)
    assert same.confidence < crash.confidence
    assert "identify.learned" in {notice.code for notice in again.notices}


def test_learning_is_quick_and_needs_no_decisions():
    rng = np.random.default_rng(0)
    placed = place(rng.normal(size=(400, 512)).astype(np.float32))
    nothing = learn(placed[:0], np.zeros((0, 12)), np.zeros((0, 12)))
    assert not nothing.added(placed).any()
    codes = codes_of([{Facet.HABIT: True}] * 100 + [{Facet.HABIT: False}] * 100)
    taught = learn(placed[:200], np.full((200, 12), -1.0), codes)
    added = taught.added(placed[:200])[:, FACETS.index(Facet.HABIT)]
    assert added[:100].mean() > 0 > added[100:].mean()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_learning_converges_whatever_the_scores(seed):
    rng = np.random.default_rng(seed)
    placed = place(rng.normal(size=(40, 16)).astype(np.float32))
    codes = rng.choice([0.0, 1.0, np.nan], size=(40, 12))
    found = learn(placed, rng.normal(0, 8, size=(40, 12)), codes)
    assert np.isfinite(found.weights).all()
    moved = found.added(placed)
    yes, no = codes == 1, codes == 0
    assert moved[yes].mean() >= moved[no].mean()


def test_the_queue_asks_about_doubt_and_not_twice_the_same():
    placed = place(np.eye(6, dtype=np.float32)[[0, 0, 1, 2, 3]])
    doubt = np.array([0.5, 0.5, 0.45, 0.99, 0.01])
    probabilities = np.zeros((5, 12))
    probabilities[:, 0] = doubt
    queue = teaching(probabilities, placed, 3)
    assert queue[0] in {0, 1}
    assert queue[1] == 2
    assert len(set(queue)) == 3
    assert teaching(np.zeros((0, 12)), placed[:0], 5) == []


def test_nothing_said_is_nothing_proposed():
    assert propose(Corpus((), ())).evidence == ()


def test_reviews_are_expected_to_complain_more_and_to_tell_fewer_circumstances() -> None:
    texts = ["It loses the route when I ride.", "Je l'utilise au travail avec mes collègues."]
    coder = shipped_coder()
    said = coder.code([Utterance(text) for text in texts]).probabilities
    written = coder.code([Utterance(text, review=True) for text in texts]).probabilities
    frustration, context = FACETS.index(Facet.FRUSTRATION), FACETS.index(Facet.CONTEXT)
    assert (written[:, frustration] > said[:, frustration]).all()
    assert (written[:, context] < said[:, context]).all()


def test_calibration_finds_what_reviews_add_and_is_silent_without_them() -> None:
    rng = np.random.default_rng(3)
    scores = rng.normal(0, 2, (4000, 12))
    reviews = np.arange(4000) % 2 == 0
    more = np.where(np.arange(12) % 2 == 0, 1.5, -1.0)
    odds = scores - 1 + reviews[:, None] * more
    codes = (rng.random(odds.shape) < 1 / (1 + np.exp(-odds))).astype(float)
    found = calibrate(scores, codes, reviews=reviews)
    for facet, true in zip(FACETS, more, strict=True):
        assert found[facet].review == pytest.approx(true, abs=0.35)
        assert found[facet].offset == pytest.approx(-1, abs=0.35)
    assert all(one.review == 0 for one in calibrate(scores, codes).values())
