"""The real files beside the checkout: every one read, nobody's words lost or given to another."""

import re
import zipfile
from collections import Counter
from itertools import pairwise

import pytest

from embauche.collect import (
    infer_roles,
    inspect_interview,
    make_survey,
    read_interviews,
    read_reviews,
    read_table,
)


@pytest.fixture(scope="module")
def corpus(shared_data):
    paths = sorted((shared_data / "interviews").rglob("*.*"))
    return read_interviews(paths, root=shared_data)


def letters(text):
    return Counter(c for c in text if c.isalnum())


def said(source, role):
    return "\n".join(source.text[t.start : t.end] for t in source.turns if t.role.value == role)


def test_all_84_interviews_are_read(corpus):
    assert (len(corpus.sources), len(corpus.participants), corpus.notices) == (84, 84, ())
    assert Counter(s.language.value for s in corpus.sources) == {"fr": 24, "en": 60}
    notices = [(s.name[-25:], n.code) for s in corpus.sources for n in s.notices]
    assert notices == [("25.01.15_04_traitement_A.docx"[-25:], "collect.label_corrected")]


def test_docx_turns_hold_the_raw_words(corpus, shared_data):
    for source in corpus.sources:
        if not source.name.endswith(".docx"):
            continue
        with zipfile.ZipFile(shared_data / source.name) as archive:
            xml = archive.read("word/document.xml").decode()
        paragraphs = [
            re.sub(r"&amp;", "&", "".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", p)))
            for p in re.findall(r"<w:p[ >].*?</w:p>", xml, re.DOTALL)
        ]
        words = {"interviewer": [], "participant": [], None: []}
        speaker = None
        for paragraph in paragraphs:
            match = re.match(r"\[(\w+)[^\]]*\]", paragraph)
            if match:
                speaker = {"I": "participant", "C": "interviewer"}.get(match[1][0])
                speaker = None if match[1] == "Interruption" else speaker
            else:
                words[speaker].append(paragraph)
        for role in ("interviewer", "participant"):
            assert letters(said(source, role)) == letters("".join(words[role])), source.name


def test_markdown_turns_hold_the_raw_words(corpus, shared_data):
    for source in corpus.sources:
        if not source.name.endswith(".md"):
            continue
        raw = (shared_data / source.name).read_text(encoding="utf-8")
        parts = re.split(r"^(Assistant|AI|User):", raw, flags=re.MULTILINE)[1:]
        expected = {"interviewer": "", "participant": ""}
        for label, words in zip(parts[::2], parts[1::2], strict=True):
            expected["participant" if label == "User" else "interviewer"] += words
        for role, words in expected.items():
            assert letters(said(source, role)) == letters(words), source.name


def test_sentences_hold_every_letter_of_the_turns(corpus):
    for source in corpus.sources:
        spans = [(s.start, s.end) for s in source.sentences]
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
        turns = said(source, "interviewer") + said(source, "participant")
        assert letters("".join(source.text[a:b] for a, b in spans)) == letters(turns)


def test_the_transcripts_of_one_talk_agree(shared_data):
    folder = shared_data / "transcripts"
    read = read_interviews(sorted(folder.glob("rik-nicol.*")), root=folder)
    assert len({source.text for source in read.sources}) == 1
    assert {len(source.turns) for source in read.sources} == {1}
    seen = inspect_interview(folder / "matthew-brelsford.md", folder)
    assert [(s.name, s.role.value, s.reason, s.turns) for s in seen.speakers] == [
        ("Jonas Rosland", "interviewer", "heading", 27),
        ("Matthew Brelsford", "participant", "other_is_known", 27),
    ]


@pytest.mark.parametrize(
    ("name", "rows", "french"),
    [
        ("garmin-classes.en.csv", 1995, 0),
        ("garmin-classes.fr.csv", 1996, 1996),
        ("garmin-clusters-feature_request.csv", 200, 100),
        ("garmin-clusters-problem_report.csv", 200, 100),
    ],
)
def test_reviews(shared_data, name, rows, french):
    read = read_reviews(shared_data / "reviews" / name, root=shared_data)
    assert len(read.sources) == rows
    assert sum(source.language.value == "fr" for source in read.sources) == french


def survey_of(shared_data, name):
    table = read_table(shared_data / "surveys" / name)
    return make_survey(table, infer_roles(table))


def test_vacmot(shared_data):
    survey = survey_of(shared_data, "vacmot.csv")
    assert (survey.n, len(survey.needs), survey.needs[0]) == (1000, 20, "rest and relax")
    assert survey.demographics == (
        "Gender", "Age", "Education", "Income", "Occupation", "State", "Relationship.Status",
    )  # fmt: skip
    assert survey.outcome == "Vacation.Behaviour"
    assert survey.readings["Income"].scale == "ordinal"


def test_airlinesat(shared_data):
    survey = survey_of(shared_data, "airlinesat.csv")
    assert survey.importance == tuple(f"e{i}" for i in range(1, 24))
    assert survey.satisfaction == tuple(f"s{i}" for i in range(1, 24))
    assert {survey.readings[c].scale for c in survey.importance} == {"1-100"}
    assert survey.readings["e3"].missing == 111
    assert survey.frequency == "nflights"
    assert "flight_purpose" in survey.situation


def test_ffseg(shared_data):
    survey = survey_of(shared_data, "ffseg.csv")
    assert survey.needs == (
        "clean", "variety", "quality", "location", "speed", "healthy", "price", "friendly", "hours",
    )  # fmt: skip
    assert {survey.readings[c].scale for c in survey.needs} == {"1-5"}
    assert (survey.id, survey.frequency, survey.outcome) == ("id", "frequency", "spend")
    assert survey.situation == ("type", "live", "mealplan")
    assert survey.readings["spend"].categories == ("Less than $5", "$5 to $9", "$10 or more")


def test_volunteers_and_shoppers(shared_data):
    survey = survey_of(shared_data, "volunteers.csv")
    assert (len(survey.needs), survey.demographics) == (19, ("GENDER", "AGEG"))
    shoppers = survey_of(shared_data, "online_shoppers_intention.csv")
    assert (shoppers.needs, shoppers.outcome) == ((), "Revenue")
    assert shoppers.demographics == ("Region",)
    assert [n.code for n in shoppers.notices] == ["roles.no_needs"]
