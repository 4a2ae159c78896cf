"""The interview guide: built, fitted, edited, kept."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embauche.collect import (
    GuideBrief,
    build_guide,
    guide_english,
    guide_french,
    guide_from_dict,
    guide_to_dict,
    refit_guide,
)
from embauche.collect.guide_editing import (
    add_question,
    edit_part,
    edit_question,
    edit_text,
    move_question,
    remove_question,
    shift_question,
)
from embauche.collect.guide_script import SCRIPT, minutes_of
from embauche.errors import GuideError
from embauche.vocabulary import Facet, Language, Moment

BRIEF = GuideBrief("Évernote", Language.FR, "préparer un devis", "artisans")


@pytest.mark.parametrize(
    ("product", "of", "that"),
    [
        ("Évernote", "d’Évernote", "qu’Évernote"),
        ("Notion", "de Notion", "que Notion"),
        ("iCloud", "d’iCloud", "qu’iCloud"),
        ("Yahoo", "de Yahoo", "que Yahoo"),
        ("Yves Rocher", "d’Yves Rocher", "qu’Yves Rocher"),
        ("Hermès", "d’Hermès", "qu’Hermès"),
        ("HubSpot", "de HubSpot", "que HubSpot"),
        ("le logiciel de caisse", "du logiciel de caisse", "que le logiciel de caisse"),
        ("les carnets", "des carnets", "que les carnets"),
        ("l'application de notes", "de l’application de notes", "que l’application de notes"),
        ("Une appli", "d’une appli", "qu’une appli"),
        ("application de notes", "de votre application de notes", "que votre application de notes"),
        ("outils de suivi", "de vos outils de suivi", "que vos outils de suivi"),
        ("Le Monde", "du Monde", "que Le Monde"),
        ("1Password", "de 1Password", "que 1Password"),
        ("Onze", "de Onze", "que Onze"),
    ],
)
def test_french_product(product: str, of: str, that: str) -> None:
    name = guide_french.named_product(product)
    assert (guide_french.of(name), guide_french.that(name)) == (of, that)


@pytest.mark.parametrize(
    ("situation", "when"),
    [
        ("préparer un devis", "au moment de préparer un devis"),
        ("Écrire un rapport", "au moment d’écrire un rapport"),
        ("se déplacer chez un client", "au moment de vous déplacer chez un client"),
        ("faire ses comptes", "au moment de faire vos comptes"),
        ("un déménagement", "lors d’un déménagement"),
        ("déménagement", "lors de votre déménagement"),
        ("les réunions", "lors des réunions"),
        ("sur un chantier", "sur un chantier"),
        ("Quand un client appelle", "quand un client appelle"),
        ("atelier de cadrage", "lors de votre atelier de cadrage"),
        ("l’hiver", "lors de l’hiver"),
        ("la veille d’une réunion", "la veille d’une réunion"),
    ],
)
def test_french_situation(situation: str, when: str) -> None:
    assert guide_french.when(situation) == when


@pytest.mark.parametrize(
    ("situation", "when"),
    [
        ("preparing a quote", "when you are preparing a quote"),
        ("prepare a quote", "when you have to prepare a quote"),
        ("to book a hotel", "when you have to book a hotel"),
        ("a house move", "during a house move"),
        ("house move", "during your house move"),
        ("on site", "on site"),
        ("When a client calls", "when a client calls"),
        ("I travel", "when you travel"),
        ("call a client", "when you have to call a client"),
        ("order processing", "during your order processing"),
        ("the night before an exam", "the night before an exam"),
    ],
)
def test_english_situation(situation: str, when: str) -> None:
    assert guide_english.when(situation) == when


@pytest.mark.parametrize("language", list(Language))
def test_a_guide_asks_all_that_the_method_asks(language: Language) -> None:
    guide = build_guide(replace(BRIEF, language=language))
    assert sum(question.essential for question in guide.questions) == 5
    assert {question.facet for question in guide.questions} >= set(Facet)
    assert {question.moment for question in guide.questions} >= set(Moment)
    assert guide.minutes == 45
    assert len(guide.consent) == 8
    every = json.dumps(guide_to_dict(guide), ensure_ascii=False)
    assert "{" not in "".join(question.text for question in guide.questions)
    assert "guide." not in every, "a sentence is missing"
    assert "  " not in every


def test_french_sentences_elide_before_the_product() -> None:
    guide = build_guide(BRIEF)
    assert "utilisation d’Évernote" in guide.question("first_use").text
    assert "au moment de préparer un devis" in guide.question("scene").text


@given(st.text(min_size=1, max_size=120), st.text(max_size=120), st.sampled_from(Language))
def test_any_words_make_a_guide_or_a_clear_error(
    product: str, situation: str, language: Language
) -> None:
    try:
        guide = build_guide(GuideBrief(product, language, situation))
    except GuideError as error:
        assert error.code == "guide.no_product"
        return
    assert guide_from_dict(json.loads(json.dumps(guide_to_dict(guide)))) == guide


@given(st.integers(15, 120))
def test_minutes_are_shared_out_whole(total: int) -> None:
    shared = minutes_of(total)
    assert sum(shared.values()) == total
    assert min(shared.values()) >= 1
    assert list(shared) == [part.id for part in SCRIPT]


def test_refitting_keeps_what_people_wrote() -> None:
    guide = build_guide(BRIEF)
    own = replace(guide.question("tried"), text="Comment notiez-vous ?")
    guide = edit_question(guide, own)
    guide = move_question(guide, "you", "close", 0)
    guide, added = add_question(guide, "use", "Qui vous l’a montré ?", Facet.TRIGGER)
    guide = edit_part(guide, "before", title="Avant", intent="", minutes=9)
    fitted = refit_guide(guide, replace(BRIEF, product="Notion", minutes=60))
    assert fitted.question("tried").text == "Comment notiez-vous ?"
    assert fitted.parts[-1].questions[0].id == "you"
    assert fitted.question(added.id).facet is Facet.TRIGGER
    assert "de Notion" in fitted.question("first_use").text
    assert fitted.parts[2].title == "Avant"
    assert fitted.parts[2].minutes == 9
    assert fitted.parts[0].minutes > guide.parts[0].minutes
    assert refit_guide(guide, BRIEF) == guide


def test_questions_are_moved_one_place_at_a_time_across_parts() -> None:
    guide = build_guide(BRIEF)
    order = [question.id for question in guide.questions]
    for _ in range(len(order) + len(guide.parts)):
        guide = shift_question(guide, "you", 1)
    assert guide.parts[-1].questions[-1].id == "you"
    for _ in range(len(order) + len(guide.parts)):
        guide = shift_question(guide, "you", -1)
    assert [question.id for question in guide.questions] == order
    assert shift_question(guide, "you", -1) == guide


def test_what_an_edit_cannot_do_is_said() -> None:
    guide = build_guide(BRIEF)
    for wrong, code in (
        (lambda: remove_question(guide, "none"), "guide.unknown_question"),
        (lambda: move_question(guide, "you", "none", 0), "guide.unknown_part"),
        (lambda: add_question(guide, "use", "  "), "guide.empty_question"),
        (lambda: add_question(guide, "use", "x" * 3000), "guide.too_long"),
        (lambda: edit_part(guide, "use", title="", intent="", minutes=3), "guide.empty_title"),
        (lambda: edit_text(guide, "brief", "x"), "guide.value"),
        (lambda: build_guide(replace(BRIEF, minutes=5)), "guide.minutes"),
        (lambda: build_guide(replace(BRIEF, product=" . ")), "guide.no_product"),
    ):
        with pytest.raises(GuideError) as caught:
            wrong()
        assert caught.value.code == code


def test_a_broken_file_says_where() -> None:
    data = json.loads(json.dumps(guide_to_dict(build_guide(BRIEF))))
    data["parts"][1]["questions"][0]["facet"] = "colour"
    with pytest.raises(GuideError, match=r"parts\[1\].questions\[0\].facet"):
        guide_from_dict(data)
    data["format"] = 9
    with pytest.raises(GuideError) as caught:
        guide_from_dict(data)
    assert caught.value.code == "guide.format"


def test_texts_and_notes_are_edited_a_line_a_point() -> None:
    guide = edit_text(build_guide(BRIEF), "before", "Un\n\n Deux \n")
    assert guide.before == ("Un", "Deux")
    assert edit_text(guide, "thanks", " Merci. ").thanks == "Merci."
