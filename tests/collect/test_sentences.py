"""Sentences: exact positions, in French and English, whatever the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embauche.collect import split_sentences
from embauche.collect.sentences import MOST_WORDS, is_wrapped


def split(text: str, *, wrapped: bool = False) -> list[str]:
    return [text[a:b] for a, b in split_sentences(text, wrapped=wrapped)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bonjour M. Dupont. Ça va ?", ["Bonjour M. Dupont.", "Ça va ?"]),
        (
            "J'ai vu, p. ex. Lyon, etc. et puis… rien.",
            ["J'ai vu, p. ex. Lyon, etc. et puis… rien."],
        ),
        ("Du bois, du fer, etc. Ensuite on coupe.", ["Du bois, du fer, etc.", "Ensuite on coupe."]),
        ("« Tu viens ? » dit-il. Oui.", ["« Tu viens ? » dit-il.", "Oui."]),
        ("Il dit : « Non ! » Et voilà.", ["Il dit : « Non ! »", "Et voilà."]),
        ("I use tools, e.g. Excel. Dr. Smith too.", ["I use tools, e.g. Excel.", "Dr. Smith too."]),
        ("Oh no. And come with me. Then home.", ["Oh no.", "And come with me.", "Then home."]),
        ("L'art. 5 coûte 12.50 euros. Fin.", ["L'art. 5 coûte 12.50 euros.", "Fin."]),
        ("euh... je pense. Enfin... Oui.", ["euh... je pense.", "Enfin...", "Oui."]),
        ("- une puce\n- deux\n• trois", ["une puce", "deux", "trois"]),
        ("0- Donc vous ?\n1 - Et toi ?", ["0- Donc vous ?", "1 - Et toi ?"]),
        ("i went there. it was nice.", ["i went there.", "it was nice."]),
        ("J. Dupont est là. 😀 Oui.", ["J. Dupont est là.", "😀 Oui."]),
        ("...\n\n♪♪♪\n---", []),
    ],
)
def test_known_sentences(text, expected):
    assert split(text) == expected


def test_a_line_break_of_the_page_does_not_end_a_sentence():
    text = (
        "Je suis venu parce que\nmon ancien outil était\ncassé. J'en voulais\nun autre.\n\nVoilà."
    )
    assert split(text, wrapped=True) == [
        "Je suis venu parce que\nmon ancien outil était\ncassé.",
        "J'en voulais\nun autre.",
        "Voilà.",
    ]
    assert len(split(text)) > 3


def test_wrapped_lines_are_told_from_paragraphs():
    assert is_wrapped("\n".join(["this line goes on and", "on without any stop"] * 6))
    assert not is_wrapped("\n".join(["One sentence.", "Another one."] * 6))


def test_long_unpunctuated_speech_is_cut_at_clauses():
    speech = " ".join(["j'ai pris le train et je suis arrivé en retard parce que"] * 12)
    parts = split(speech)
    assert len(parts) > 1
    assert all(len(part.split()) <= MOST_WORDS for part in parts)
    assert "".join("".join(parts).split()) == "".join(speech.split())


_TEXTS = st.text(alphabet=st.sampled_from("aéA1 .!?…\n\t«»\"'-•,;:()MmeI😀"), max_size=300)


@given(text=_TEXTS | st.text(max_size=200), wrapped=st.booleans())
def test_sentences_lie_inside_never_overlap_and_lose_no_letter(text, wrapped):
    spans = split_sentences(text, wrapped=wrapped)
    last = 0
    for start, end in spans:
        assert last <= start < end <= len(text)
        assert not any(c.isalnum() for c in text[last:start])
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        last = end
    assert not any(c.isalnum() for c in text[last:])


@given(text=_TEXTS, data=st.data())
def test_a_turn_is_split_within_its_own_bounds(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert all(start <= a < b <= end for a, b in split_sentences(text, start, end))
