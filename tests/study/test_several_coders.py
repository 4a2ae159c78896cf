"""Several coders on one study: kept side by side, settled, and never dropped."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.collect.source import Corpus, Participant, Sentence, Source, Turn
from embauche.errors import StudyError
from embauche.identify.evidence import Evidence
from embauche.study.coded_study import coded_study, disputed
from embauche.study.decisions import (
    Decisions,
    decide_evidence,
    decisions_of,
    parse_decisions,
    read_decisions,
    write_decisions,
)
from embauche.vocabulary import EvidenceStatus, Facet, Language, SourceKind, SpeakerRole

# Fictional words.
_WORDS = "Je cherche mes notes. J'ai tout perdu hier. Il faut que ça prenne dix secondes."
_SOURCE = Source(
    id="a",
    name="a.txt",
    kind=SourceKind.INTERVIEW,
    text=_WORDS,
    language=Language.FR,
    turns=(Turn(0, "Nadia", SpeakerRole.PARTICIPANT, "nadia", 0, len(_WORDS)),),
    sentences=(Sentence(0, 0, 0, 21), Sentence(1, 0, 22, 43), Sentence(2, 0, 44, len(_WORDS))),
)
_CORPUS = Corpus((_SOURCE,), (Participant("nadia", "Nadia"),))


def _proposal(key: str, start: int, end: int, facet: Facet, **more: Any) -> Evidence:
    quote = _WORDS[start:end]
    return Evidence(
        key, "a", "nadia", start, end, quote, facet, Language.FR, "machine:test", **more
    )


_GOAL = _proposal("e1", 0, 21, Facet.JOB_FUNCTIONAL)
_LOSS = _proposal("e2", 22, 43, Facet.FRUSTRATION)
_PART = _proposal("e3", 44, 60, Facet.OBJECTIVE, intensity=3)
_PROPOSED = (_GOAL, _LOSS, _PART)


def _line(key: str, coder: str, status: str = "accepted", **more: Any) -> dict[str, Any]:
    return {
        "kind": "evidence",
        "id": key,
        "coder": f"person:{coder}",
        "status": status,
        **more,
    }


def _reviewed(coder: str, **more: Any) -> dict[str, Any]:
    return {"kind": "reviewed", "source": "a", "coder": f"person:{coder}", **more}


def _added(key: str, coder: str, start: int, end: int, facet: str) -> dict[str, Any]:
    quote = _WORDS[start:end]
    return _line(key, coder, source="a", start=start, end=end, quote=quote, facet=facet)


def _status(decisions: Decisions) -> dict[str, str]:
    evidence, _ = decide_evidence(_PROPOSED, _CORPUS, decisions)
    return {item.id: item.status.value for item in evidence}


def _disputes(decisions: Decisions) -> int:
    _, notices = decide_evidence(_PROPOSED, _CORPUS, decisions)
    found = [item.params["n"] for item in notices if item.code == "study.coders_disagree"]
    return found[0] if found else 0


def test_each_coders_line_is_kept(tmp_path: Path) -> None:
    lines = [
        _line("e1", "lea"),
        _line("e1", "tom", "rejected"),
        _line("e1", "lea", intensity=3),
        {"kind": "job", "id": "J-1", "coder": "person:lea", "statement": {"fr": "Trouver"}},
        {"kind": "job", "id": "J-1", "coder": "person:tom", "statement": {"fr": "Chercher"}},
        _reviewed("lea"),
    ]
    decisions = decisions_of(lines)
    assert decisions.coders == ("person:lea", "person:tom")
    write_decisions(tmp_path, decisions)
    again = read_decisions(tmp_path)
    assert again == decisions
    written = (tmp_path / "coding.jsonl").read_text("utf-8").splitlines()
    assert len(written) == 5, "lea's two lines about e1 are one"
    assert {json.loads(line).get("coder") for line in written} == {"person:lea", "person:tom"}
    assert decisions.jobs["J-1"]["statement"] == {"fr": "Chercher"}


def test_what_all_say_counts_and_the_latest_where_they_differ() -> None:
    agreed = decisions_of([_line("e1", "lea"), _line("e1", "tom")])
    assert _status(agreed)["e1"] == "accepted"
    assert _disputes(agreed) == 0
    differ = decisions_of([_line("e1", "lea"), _line("e1", "tom", "rejected")])
    assert _status(differ)["e1"] == "rejected"
    assert _disputes(differ) == 1
    dated = decisions_of(
        [
            _line("e1", "lea", at="2026-03-02T10:00:00+00:00"),
            _line("e1", "tom", "rejected", at="2026-03-01T10:00:00+00:00"),
        ]
    )
    assert _status(dated)["e1"] == "accepted", "the latest by its date, not by its line"


def test_an_adjudicator_settles() -> None:
    lines = [
        _line("e1", "ana", adjudicated=True),
        _line("e1", "lea"),
        _line("e1", "tom", "rejected"),
    ]
    marked = decisions_of(lines)
    assert _status(marked)["e1"] == "accepted"
    assert _disputes(marked) == 0
    named = decisions_of([_line("e1", "lea"), _line("e1", "tom", "rejected")], "lea")
    assert _status(named)["e1"] == "accepted"
    assert _disputes(named) == 0


def test_an_adjudicators_own_coding_stays_apart() -> None:
    decisions = decisions_of(
        [_line("e1", "lea", "rejected"), _line("e1", "lea", adjudicated=True), _line("e1", "tom")]
    )
    assert len(decisions.lines) == 3
    coding = coded_study(_CORPUS, _PROPOSED, decisions.lines)
    column = coding.table.coders.index("person:lea")
    assert coding.table.values[0, column, 0] == 0
    assert _status(decisions)["e1"] == "accepted"


def test_silence_of_those_who_looked_is_a_no() -> None:
    both = decisions_of([_line("e1", "lea"), _reviewed("lea"), _reviewed("tom")])
    assert _status(both) == {"e1": "accepted", "e2": "rejected", "e3": "rejected"}
    assert _disputes(both) == 1, "tom looked and did not give e1"
    partly = decisions_of([_line("e1", "lea"), _reviewed("tom", spans=[[22, 43]])])
    assert _status(partly) == {"e1": "accepted", "e2": "rejected", "e3": "proposed"}
    assert _disputes(partly) == 0


def test_a_persons_whole_sentence_stands_in_the_stead_of_the_machines_clause() -> None:
    line = _added("p1", "lea", 44, len(_WORDS), "objective")
    evidence, _ = decide_evidence(_PROPOSED, _CORPUS, decisions_of([line, _reviewed("lea")]))
    found = {item.id: item for item in evidence}
    assert found["e3"].status is EvidenceStatus.REJECTED
    assert found["p1"].status is EvidenceStatus.ACCEPTED
    assert found["p1"].intensity == 3, "what the machine read there is kept"


def test_the_machine_is_a_coder() -> None:
    decisions = decisions_of([_line("e1", "lea", facet="objective"), _reviewed("lea")])
    coding = coded_study(_CORPUS, _PROPOSED, decisions.lines, decisions.reviewed)
    assert coding.table.coders == ("person:lea", "machine:test")
    assert coding.table.given(0, 0) == {Facet.OBJECTIVE}
    assert coding.table.given(0, 1) == {Facet.JOB_FUNCTIONAL}
    assert coding.table.given(2, 0) == frozenset()
    assert coding.reviewers == {"person:lea"}


def test_disputes_are_listed_until_settled() -> None:
    lines = [_reviewed("lea"), _reviewed("tom"), _line("e2", "lea"), _line("e1", "tom")]
    open_ = decisions_of(lines)
    coding = coded_study(_CORPUS, _PROPOSED, open_.lines, open_.reviewed)
    assert [item.unit.start for item in disputed(coding)] == [0, 22]
    done = decisions_of([*lines, _line("e2", "ana", "rejected", adjudicated=True)])
    coding = coded_study(_CORPUS, _PROPOSED, done.lines, done.reviewed)
    assert [item.unit.start for item in disputed(coding)] == [0]


def test_a_reviewed_source_that_is_gone_is_named_and_kept(tmp_path: Path) -> None:
    decisions = decisions_of([{"kind": "reviewed", "source": "gone", "coder": "person:lea"}])
    _, notices = decide_evidence(_PROPOSED, _CORPUS, decisions)
    assert [item.code for item in notices] == ["study.decisions_without_evidence"]
    write_decisions(tmp_path, decisions)
    assert read_decisions(tmp_path).reviewed[0]["source"] == "gone"


@pytest.mark.parametrize(
    "line", ['{"kind": "reviewed"}', '{"kind": "reviewed", "source": "a", "spans": [[4, 2]]}', "3"]
)
def test_a_bad_reviewed_line_is_named(line: str) -> None:
    with pytest.raises(StudyError):
        parse_decisions([line])


_LINES = st.lists(
    st.builds(
        _line,
        st.sampled_from(["e1", "e2", "e3"]),
        st.sampled_from(["lea", "tom", "ana"]),
        st.sampled_from(["accepted", "rejected"]),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(_LINES)
def test_properties(lines: list[dict[str, Any]]) -> None:
    decisions = decisions_of(lines)
    text = [json.dumps(line) for line in decisions.lines]
    assert parse_decisions(text) == decisions, "reading what was written changes nothing"
    own = {(line["id"], line["coder"]): line["status"] for line in lines}
    assert {(line["id"], line["coder"]): line["status"] for line in decisions.lines} == own
    latest = {line["id"]: line["status"] for line in lines}
    assert {key: entry["status"] for key, entry in decisions.evidence.items()} == latest
