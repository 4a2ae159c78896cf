from embauche.vocabulary import Facet, Force, label


def test_a_facet_and_a_force_of_the_same_word_have_names_of_their_own():
    assert label(Facet.PULL, "en") == "pull"
    assert label(Force.PULL, "en") == "pull of the new"
    assert label(Facet.HABIT, "fr") == "habitude"
    assert label(Force.HABIT, "fr") == "habitude du présent"
