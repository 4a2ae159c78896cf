"""The guide's questions, recognised in transcripts."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from embauche.collect import Guide, GuideBrief, build_guide, read_interviews
from embauche.collect.guide_editing import add_question, edit_question
from embauche.identify import propose, shared_vectors
from embauche.identify.asked_questions import asked_questions
from embauche.vocabulary import Facet, Language, Moment

TALK = """Interviewer: Hello, thank you for coming.

Ana: Hello.

Interviewer: I see. So what had you been using before Feuillet?

Ana: A paper notebook that I kept in the van.

Interviewer: If Feuillet had not existed, what would you have done?

Ana: I would have gone on losing my measurements.

Interviewer: Which flavour of ice cream reminds you of the school yard?

Ana: Lemon, it was always lemon in our street.
"""
"""Fictional."""


@pytest.fixture(scope="module")
def guide() -> Guide:
    return build_guide(GuideBrief("Feuillet", Language.EN))


def _asked(folder: Path, guide: Guide, talk: str = TALK) -> list[str]:
    (folder / "ana.md").write_text(talk, encoding="utf-8")
    corpus = read_interviews([folder / "ana.md"], root=folder)
    return [item.question for item in asked_questions(corpus, guide)]


def test_other_words_are_recognised_and_other_questions_are_not(
    tmp_path: Path, guide: Guide
) -> None:
    assert _asked(tmp_path, guide) == ["tried", "without"]


def test_a_guide_in_french_is_recognised_in_an_english_interview(tmp_path: Path) -> None:
    french = build_guide(GuideBrief("Feuillet", Language.FR))
    assert _asked(tmp_path, french) == ["tried", "without"]


def test_a_question_of_ones_own_and_a_reworded_one(tmp_path: Path, guide: Guide) -> None:
    own, added = add_question(
        guide, "use", "What ice cream reminds you of school?", Facet.EMOTION, Moment.ONGOING_USE
    )
    assert _asked(tmp_path, own) == ["tried", "without", added.id]
    other = edit_question(
        guide, replace(guide.question("without"), text="Which car did you drive to the market?")
    )
    assert _asked(tmp_path, other) == ["tried"]


def test_all_questions_are_recognised_as_they_are_written(tmp_path: Path, guide: Guide) -> None:
    lines = [f"Interviewer: {item.text}\n\nAna: Well.\n" for item in guide.questions]
    found = _asked(tmp_path, guide, "\n".join(lines))
    assert set(found) == {item.id for item in guide.questions}


def test_of_questions_asked_in_words_never_seen_more_than_half_are_recognised(
    tmp_path: Path,
) -> None:
    with Path(__file__).with_name("guide_questions_asked.tsv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    right = wrong = 0
    for language, who in ((Language.FR, "Enquêteur"), (Language.EN, "Interviewer")):
        own = build_guide(GuideBrief("Feuillet", language))
        known = {item.id for item in own.questions}
        for row in rows:
            if row["language"] != language:
                continue
            assert row["question"] in known
            found = _asked(tmp_path, own, f"{who}: {row['text']}\n\nAna: Well.\n")
            right += row["question"] in found
            wrong += bool(set(found) - {row["question"]})
    assert len(rows) == 42
    assert right >= 22
    assert wrong <= 6


def test_answers_stand_at_the_moment_that_their_question_announces(
    tmp_path: Path, guide: Guide
) -> None:
    talk = "Interviewer: Which flavour reminds you of the school yard?\n\nAna: I was so ashamed.\n"
    (tmp_path / "ana.md").write_text(talk, encoding="utf-8")
    corpus = read_interviews([tmp_path / "ana.md"], root=tmp_path)
    own, _ = add_question(
        guide, "use", "Which flavour reminds you of school?", Facet.EMOTION, Moment.FIRST_USE
    )
    told = {item.moment for item in propose(corpus, vectors=shared_vectors(), guide=own).evidence}
    untold = {item.moment for item in propose(corpus, vectors=shared_vectors()).evidence}
    assert told == {Moment.FIRST_USE}
    assert Moment.FIRST_USE not in untold
