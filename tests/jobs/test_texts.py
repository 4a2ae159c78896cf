"""Texts of several sentences: grouped by what they are about, whatever else they say."""

import numpy as np
import pytest

from embauche.errors import EvidenceError
from embauche.jobs import group_texts
from embauche.jobs.likeness import common_neighbours, shared_words
from embauche.jobs.texts import MOST_TEXTS, text_likeness
from embauche.vocabulary import Language

_REVIEWS = (
    ("en", "Great app, I love it. But the watch loses the Bluetooth connection every hour."),
    ("en", "It keeps asking me for my password. Every morning I have to sign in again."),
    ("fr", "Très belle application, bravo. Mais la connexion Bluetooth se coupe sans cesse."),
    ("fr", "Impossible de me connecter à mon compte, le mot de passe est toujours refusé."),
    ("en", "Nice design! Bluetooth drops as soon as I close the app."),
    ("fr", "Super appli. Il faut retaper le mot de passe tous les matins pour ouvrir le compte."),
    ("en", "Love it. Please let me export my sleep data to a spreadsheet."),
    ("fr", "J'adore. Il manque l'export des données de sommeil vers un tableur."),
)
_TEXTS = [text for _, text in _REVIEWS]
_LANGUAGES = [Language(language) for language, _ in _REVIEWS]
_ABOUT = [0, 1, 0, 1, 0, 1, 2, 2]


def test_reviews_of_one_trouble_meet_across_languages_and_praise() -> None:
    alike = text_likeness(_TEXTS, _LANGUAGES)
    np.fill_diagonal(alike, -np.inf)
    assert [_ABOUT[row] for row in alike.argmax(axis=1)] == _ABOUT


def test_groups_are_numbered_by_size_and_named_by_a_member() -> None:
    found = group_texts(_TEXTS, _LANGUAGES)
    sizes = np.bincount(found.labels)
    assert (np.diff(sizes) <= 0).all()
    assert found.labels[found.typical].tolist() == list(range(len(sizes)))
    alone = group_texts(_TEXTS, _LANGUAGES, threshold=0.1)
    assert len(alone.typical) > len(found.typical)


def test_the_order_of_texts_does_not_matter() -> None:
    order = np.random.default_rng(0).permutation(len(_TEXTS))
    again = text_likeness([_TEXTS[i] for i in order], [_LANGUAGES[i] for i in order])
    assert np.allclose(again, text_likeness(_TEXTS, _LANGUAGES)[np.ix_(order, order)], atol=1e-5)


def test_two_texts_are_one_apart_on_average() -> None:
    alike = text_likeness(_TEXTS, _LANGUAGES)
    assert abs(float(alike[~np.eye(len(alike), dtype=bool)].mean())) < 1e-5
    assert np.allclose(alike, alike.T, atol=1e-6)


def test_shared_words_count_alike_in_both_languages() -> None:
    words = shared_words(_TEXTS, _LANGUAGES)
    apart = ~np.eye(len(words), dtype=bool)
    for one in Language:
        for other in Language:
            pairs = np.outer([x is one for x in _LANGUAGES], [x is other for x in _LANGUAGES])
            assert abs(float(words[pairs & apart].mean())) < 1e-5
    assert words[0, 2] > words[0, 3]
    assert words[0, 4] > words[0, 1]


def test_texts_without_words_share_none() -> None:
    assert not shared_words(["…", "!"], [Language.FR, Language.EN]).any()


def test_common_neighbours_are_shares_less_their_mean() -> None:
    near = np.eye(20, dtype=np.float32)
    near[:10, :10] += 0.5
    near[10:, 10:] += 0.5
    found = common_neighbours(near)
    assert found[0, 1] > 0 > found[0, 11]
    assert not common_neighbours(near[:4, :4]).any()


@pytest.mark.parametrize("n", [0, 1])
def test_few_texts_are_their_own_group(n: int) -> None:
    found = group_texts(_TEXTS[:n], _LANGUAGES[:n])
    assert found.labels.tolist() == found.typical.tolist() == [0] * n


def test_too_many_texts_and_missing_languages_are_refused() -> None:
    with pytest.raises(EvidenceError, match="3,001"):
        group_texts(["Bonjour."] * (MOST_TEXTS + 1), [Language.FR] * (MOST_TEXTS + 1))
    with pytest.raises(ValueError, match="8 texts and 1 languages"):
        group_texts(_TEXTS, _LANGUAGES[:1])
