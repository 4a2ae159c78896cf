import pytest

from embauche.identify import frequency_per_month


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Je le fais tous les jours.", 30),
        ("Je m'en sers deux fois par semaine.", 2 * 4.35),
        ("I check it every morning.", 30),
        ("Maybe 3-4 times a week.", 3.5 * 4.35),
        ("On se voit une fois par mois.", 1),
        ("Jamais.", 0),
        ("Je ne m'en sers jamais.", 0),
        ("I never use it.", 0),
        ("Tous les deux jours, je vérifie.", 15),
        ("We meet every other week.", 4.35 / 2),
        ("Every three months we send it.", 1 / 3),
        ("Un jour sur deux.", 15),
        ("Chaque lundi matin.", 4.35),
        ("It runs weekly.", 4.35),
        ("Twice a day.", 60),
        ("Deux à trois fois par an.", 2.5 / 12),
        ("Une fois par an, pas plus.", 1 / 12),
        ("C'est un truc quotidien.", 30),
        ("Ça coûte dix euros par mois.", None),
        ("It costs 5 euros a month.", None),
        ("Il fait beau.", None),
        ("I had three cups.", None),
        ("Ça n'a jamais marché.", None),
    ],
)
def test_frequency_that_words_state(text, expected):
    found = frequency_per_month(text)
    assert found is None if expected is None else found == pytest.approx(expected)
