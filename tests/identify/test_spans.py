from hypothesis import given
from hypothesis import strategies as st

from embauche.identify.spans import clause_windows, trimmed, word_count


def cut(text):
    start, end = trimmed(text, 0, len(text))
    return text[start:end]


def test_leading_hesitations_fall_away():
    assert cut("  Euh, ben, je cherche une salle. ") == "je cherche une salle."
    assert cut("Well, um, I need a room.") == "I need a room."
    assert cut("euh je sais pas") == "je sais pas"


def test_words_that_only_look_like_hesitations_stay():
    assert cut("Bon marché, mais fragile.") == "Bon marché, mais fragile."
    assert cut("Like my father, I repair it.") == "Like my father, I repair it."
    assert cut("Non merci beaucoup.") == "Non merci beaucoup."


def test_clauses_are_exact_and_smaller_than_the_sentence():
    text = (
        "I usually open the laptop in the kitchen, but the battery never lasts until lunch, "
        "because they sold me the small one."
    )
    quotes = [text[start:end] for start, end in clause_windows(text, 0, len(text))]
    assert "but the battery never lasts until lunch" in quotes
    assert text not in quotes


@given(st.text(alphabet="abé ,.;:-?!\n’'euhbonmais", max_size=200))
def test_spans_stay_inside(text):
    start, end = trimmed(text, 0, len(text))
    assert 0 <= start <= end <= len(text)
    for left, right in clause_windows(text, start, end):
        assert start <= left < right <= end
        assert word_count(text[left:right]) >= 5
