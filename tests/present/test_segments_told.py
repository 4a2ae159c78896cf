"""What is told of a segment: who is in it, and what it is called."""

import re
from dataclasses import replace

import pytest
from fictional_findings import survey_only

from embauche.messages import messages
from embauche.present.names import Names, proposed_names
from embauche.present.report import render_report
from embauche.present.results_json import results
from embauche.segment.segmentation import Description, Marker, Segment


def _plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).replace("\u00a0", " ").split())


def _described(language: str):
    findings = survey_only(language)
    segmentation = findings.segmentation
    first, second, *others = segmentation.segments
    age = Description("age", "54", 0.65, 0.49, 54.0, 42.0)
    changed = (replace(first, descriptions=(age,)), replace(second, descriptions=()), *others)
    return replace(findings, segmentation=replace(segmentation, segments=changed))


@pytest.mark.parametrize(
    ("language", "said", "none"),
    [
        ("fr", "médiane 54, tout le monde 42", "Aucune situation, aucune réponse démographique"),
        ("en", "median 54, everyone 42; 65% above 42, against 49%", "no demographic answer is"),
    ],
)
def test_of_a_number_the_report_tells_the_medians(language: str, said: str, none: str) -> None:
    text = _plain(render_report(_described(language)))
    assert said in text
    assert none in text


def test_medians_stand_in_the_results() -> None:
    found = results(_described("en"))["segments"]["segments"][0]["descriptions"][0]
    assert (found["median"], found["overall_median"]) == (54.0, 42.0)


def _segment(number: int, *markers: Marker) -> Segment:
    return Segment(f"S{number}", 50, 0.5, None, markers, 0.9)


def test_a_name_is_what_sets_the_segment_apart_most_and_says_the_answer() -> None:
    calm = Marker("calm", 0.10, 0.02, 500, "share")
    fast = Marker("fast", 0.90, 0.78, 115, "share")
    place = Marker("place", 0.6, 0.2, 300, "share", "home")
    low = Marker("cheap", 0.1, 0.5, 20, "share")
    words = messages("en")
    segments = [_segment(1, low, calm, fast), _segment(2, calm, fast), _segment(3, low)]
    named = proposed_names(segments, lambda marker: marker.need, words)
    assert named == {"S1": "calm", "S2": "fast", "S3": "ask for little"}
    names = Names(survey_only("en"))
    assert names.marker(place).endswith("= home")
    both = [_segment(1, place), _segment(2, low)]
    assert proposed_names(both, names.marker, words)["S1"].endswith("= home")
    assert proposed_names(both[:1], names.marker, words) == {"S1": "Everyone"}
