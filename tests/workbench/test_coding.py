"""A person codes: words are marked, changed, taken away; every act is undone and redone."""

from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from embauche.errors import EvidenceError

WORDS = "I have to find a\nmeasurement in front of the client."


@pytest.fixture
def ana(study: Any) -> Any:
    return study.sources.get(name="ana.md")


@pytest.fixture
def tom(study: Any) -> Any:
    from embauche.workbench.models import Membership, User

    user = User.objects.create(username="tom")
    Membership.objects.create(user=user, study=study, role="coder")
    return user


def place(source: Any, words: str) -> tuple[int, int]:
    start = source.text.index(words)
    return start, start + len(words)


def seen(study: Any) -> set[tuple[str, str, str]]:
    rows = study.evidence.filter(current=True, withdrawn=False)
    return set(rows.values_list("quote", "facet", "status"))


def test_words_are_coded_letter_for_letter(study: Any, ana: Any, owner: Any) -> None:
    from embauche.workbench.services.coding import code

    start, end = place(ana, "in front of the client")
    row = code(ana.pk, (start - 1, end), "context", owner, quote=ana.text[start - 1 : end])
    row.refresh_from_db()
    assert (row.quote, row.status, row.coder.name) == (
        "in front of the client",
        "accepted",
        "person:local",
    )
    assert ana.text[row.start : row.end] == row.quote
    assert row.codings.get().status == "accepted"
    with pytest.raises(EvidenceError):
        code(ana.pk, (start, end), "context", owner, quote="In front of the client")


def test_the_interviewers_words_and_two_turns_are_refused(study: Any, ana: Any, owner: Any) -> None:
    from embauche.workbench.services.coding import code

    with pytest.raises(EvidenceError):
        code(ana.pk, place(ana, "What had you tried before?"), "context", owner)
    start, end = place(ana, "for ten minutes")[0], place(ana, "Before that I kept")[1]
    with pytest.raises(EvidenceError):
        code(ana.pk, (start, end), "context", owner)
    for span in ((5, 5), (-1, 3), (0, len(ana.text) + 1)):
        with pytest.raises(EvidenceError):
            code(ana.pk, span, "context", owner)
    assert not study.events.exists()


def test_a_reader_cannot_code(study: Any, ana: Any, owner: Any) -> None:
    from embauche.workbench.models import Membership
    from embauche.workbench.services.coding import code

    Membership.objects.filter(study=study).update(role="reader")
    with pytest.raises(PermissionDenied):
        code(ana.pk, place(ana, "in front of the client"), "context", owner)


def test_a_sentence_key_accepts_what_is_proposed_inside(
    study: Any, proposal: Any, owner: Any
) -> None:
    from embauche.workbench.services.coding import code_sentences

    source = proposal.source
    sentence = next(
        item for item in source.sentences if item["start"] <= proposal.start < item["end"]
    )
    row = code_sentences(source.pk, (sentence["start"], sentence["end"]), proposal.facet, owner)
    assert row.pk == proposal.pk
    assert row.status == "accepted"


def test_acts_are_undone_and_redone_in_order(study: Any, ana: Any, owner: Any) -> None:
    from embauche.workbench.services.coding import change_evidence, code, recode, remove
    from embauche.workbench.services.history_undo import redo_latest, undo_latest
    from embauche.workbench.services.memos import write_memo

    states = [seen(study)]
    row = code(ana.pk, place(ana, "in front of the client"), "context", owner)
    states.append(seen(study))
    (row,) = recode(study.pk, [(row.pk, row.version)], "frustration", owner).rows
    states.append(seen(study))
    assert ("in front of the client", "frustration", "accepted") in states[-1]
    assert not any(item[:2] == ("in front of the client", "context") for item in states[-1])
    row = change_evidence(row.pk, owner, rated={"intensity": 3, "moment": "deciding"})
    states.append(seen(study))
    wider = place(ana, "measurement in front of the client")
    row = change_evidence(row.pk, owner, row.version, span=wider)
    states.append(seen(study))
    row.refresh_from_db()
    assert (row.intensity, row.moment) == (3, "deciding"), "ratings go along"
    row.refresh_from_db()
    write_memo("evidence", row.pk, "Ask again.", owner)
    states.append(seen(study))
    row.refresh_from_db()
    remove(study.pk, [(row.pk, row.version)], owner)
    states.append(seen(study))
    assert states[-1] == states[0]

    back = []
    for number in range(6, 0, -1):
        step = undo_latest(study.pk, owner)
        assert step is not None
        back.append(step.what)
        assert seen(study) == states[number - 1], step
    assert back == ["removed", "memo", "changed", "rated", "changed", "coded"]
    assert undo_latest(study.pk, owner) is None
    for number in range(1, 7):
        assert redo_latest(study.pk, owner) is not None
        assert seen(study) == states[number]
    assert redo_latest(study.pk, owner) is None
    undo_latest(study.pk, owner)
    row.refresh_from_db()
    assert row.memo == "Ask again."
    code(ana.pk, place(ana, "I was\nso ashamed that day."), "emotion", owner)
    assert redo_latest(study.pk, owner) is None, "something else was done since"


def test_nobodys_undo_touches_anothers_work(
    study: Any, proposal: Any, owner: Any, tom: Any
) -> None:
    from embauche.workbench.services.history_undo import undo_latest
    from embauche.workbench.services.review import review_evidence

    row = review_evidence(proposal.pk, "accepted", tom, proposal.version)
    review_evidence(proposal.pk, "rejected", owner, row.version)
    step = undo_latest(study.pk, tom)
    assert step is not None
    assert step.kept_by == ("local",)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.reviewer.name) == ("rejected", "person:local")
    assert [item.coder.name for item in proposal.codings.all()] == ["person:local"]
    undo_latest(study.pk, owner)
    proposal.refresh_from_db()
    assert (proposal.status, proposal.reviewer) == ("proposed", None)


def test_a_memo_that_someone_changed_since_is_left_alone(
    study: Any, ana: Any, owner: Any, tom: Any
) -> None:
    from embauche.workbench.services.coding import code
    from embauche.workbench.services.history_undo import undo_latest
    from embauche.workbench.services.memos import write_memo

    code(ana.pk, place(ana, "in front of the client"), "context", tom)
    write_memo("source", ana.pk, "Quiet room.", tom)
    write_memo("source", ana.pk, "Noisy room.", owner)
    step = undo_latest(study.pk, tom)
    assert step is not None
    assert (step.what, step.kept_by) == ("memo", ("local",))
    ana.refresh_from_db()
    assert ana.memo == "Noisy room."
    step = undo_latest(study.pk, tom)
    assert step is not None
    assert step.what == "coded", "and one goes on to the act before"


def test_a_page_is_undone_in_one_go(study: Any, owner: Any) -> None:
    from embauche.workbench.services.history_undo import redo_latest, undo_latest
    from embauche.workbench.services.review import review_many

    rows = list(study.evidence.filter(status="proposed"))
    before = seen(study)
    review_many(study, [(row.pk, row.version) for row in rows], "accepted", owner)
    assert {status for _, _, status in seen(study)} == {"accepted"}
    step = undo_latest(study.pk, owner)
    assert step is not None
    assert (step.what, step.n) == ("accepted", len(rows))
    assert seen(study) == before
    assert redo_latest(study.pk, owner) is not None
    assert {status for _, _, status in seen(study)} == {"accepted"}


def test_an_answer_of_the_queue_and_an_operation_are_acts_too(study: Any, owner: Any) -> None:
    from embauche.jobs import merge_jobs
    from embauche.workbench.services.history_undo import redo_latest, undo_latest
    from embauche.workbench.services.job_operations import history, operate
    from embauche.workbench.services.teaching import answer, answers, queue

    asked = queue(study).questions[0]
    answer(asked.source.pk, asked.start, asked.end, ["habit"], owner)
    keys = list(study.jobs.values_list("key", flat=True)[:2])
    operate(study.pk, lambda now: merge_jobs(now, keys), owner)
    step = undo_latest(study.pk, owner)
    assert step is not None
    assert step.what == "operation"
    study.refresh_from_db()
    assert not history(study)[0][0].stands
    step = undo_latest(study.pk, owner)
    assert step is not None
    assert step.what == "sentence"
    assert answers(study, owner) == []
    assert redo_latest(study.pk, owner) is not None
    assert len(answers(study, owner)) == 1
    assert redo_latest(study.pk, owner) is not None
    study.refresh_from_db()
    assert history(study)[0][0].stands


def test_what_was_coded_leaves_with_the_study_and_comes_back(
    study: Any, ana: Any, owner: Any, tom: Any, tmp_path: Path
) -> None:
    from embauche.workbench.services.coding import change_evidence, code
    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.memos import write_memo
    from embauche.workbench.services.opening import open_folder

    row = code(ana.pk, place(ana, "in front of the client"), "context", owner)
    code(ana.pk, place(ana, "in front of the client"), "context", tom)
    rated = {"moment": "deciding", "dissatisfaction": 2, "frequency": 30.0}
    change_evidence(row.pk, owner, rated=rated, memo="Ask again.")
    write_memo("source", ana.pk, "Quiet\nroom.", tom)
    job = study.jobs.first()
    write_memo("job", job.pk, "Too wide?", owner)
    again = open_folder(export_folder(study.pk, tmp_path / "out"))
    other = again.evidence.get(key=row.key)
    assert (other.quote, other.status, other.memo) == (row.quote, "accepted", "Ask again.")
    assert (other.moment, other.dissatisfaction, other.frequency) == ("deciding", 2, 30.0)
    said = {item.coder.name: item.status for item in other.codings.all()}
    assert said == {"person:local": "accepted", "person:tom": "accepted"}
    assert again.sources.get(name="ana.md").memo == "Quiet\nroom."
    assert again.jobs.filter(memo="Too wide?").exists()
    lines = (tmp_path / "out" / "coding.jsonl").read_text()
    write_memo("source", again.sources.get(name="ana.md").pk, "", owner)
    export_folder(again.pk, tmp_path / "twice")
    assert (tmp_path / "twice" / "coding.jsonl").read_text() != lines
