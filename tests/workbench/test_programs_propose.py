"""What programs propose waits for people, survives an export, and decides nothing."""

from pathlib import Path
from typing import Any

import pytest

from embauche.errors import EvidenceError

CODER = "machine:mcp:desk"


@pytest.fixture
def words(study: Any) -> tuple[Any, int, str]:
    """Return a source, where a participant's words begin, and the words."""
    source = study.sources.filter(name="ben.md").get()
    start = source.text.index("I lose everything")
    return source, start, "I lose everything each time"


def test_a_proposal_waits_and_teaches_nothing(
    study: Any, owner: Any, words: tuple[Any, int, str]
) -> None:
    from embauche.study.corrections import corrections_of
    from embauche.workbench.services.inputs import decisions
    from embauche.workbench.services.proposing import propose_evidence

    before = decisions(study)
    source, start, quote = words
    row, fresh = propose_evidence(source.pk, quote, "habit", CODER, owner, reason="Why not.")
    assert fresh
    assert (row.status, row.coder.name, row.reviewer, row.start) == ("proposed", CODER, None, start)
    after = decisions(study)
    assert after.count == before.count
    assert after.coders == before.coders
    assert corrections_of(after) == corrections_of(before)
    assert [line["id"] for line in after.proposals] == [row.key]
    again, fresh = propose_evidence(source.pk, quote, "habit", "machine:mcp:other", owner)
    assert (again.pk, fresh, again.coder.name) == (row.pk, False, CODER)


@pytest.mark.parametrize(
    ("quote", "code"),
    [
        ("I lose all each time", "api.quote_not_found"),
        ("What do you use it for?", "api.quote_not_said"),
        ("", "api.empty_quote"),
        ("find my notes", "api.quote_ambiguous"),
    ],
)
def test_only_a_participants_exact_words_are_taken(
    study: Any, owner: Any, words: tuple[Any, int, str], quote: str, code: str
) -> None:
    from embauche.workbench.services.proposing import propose_evidence

    with pytest.raises(EvidenceError) as caught:
        propose_evidence(words[0].pk, quote, "habit", CODER, owner)
    assert caught.value.code == code
    for start in (0, words[1] + 1, 10**6):
        with pytest.raises(EvidenceError):
            propose_evidence(words[0].pk, words[2], "habit", CODER, owner, start=start)


def test_a_person_cannot_pass_for_a_program_nor_a_reader_propose(
    study: Any, owner: Any, words: tuple[Any, int, str]
) -> None:
    from django.core.exceptions import PermissionDenied

    from embauche.workbench.models import Membership, User
    from embauche.workbench.services.proposing import propose_evidence

    with pytest.raises(ValueError, match="machine"):
        propose_evidence(words[0].pk, words[2], "habit", "person:eve", owner)
    reader = User.objects.create(username="reader")
    Membership.objects.create(user=reader, study=study, role="reader")
    with pytest.raises(PermissionDenied):
        propose_evidence(words[0].pk, words[2], "habit", CODER, reader)


def test_proposals_are_there_again_when_the_study_is_exported_and_opened(
    study: Any, owner: Any, words: tuple[Any, int, str], tmp_path: Path
) -> None:
    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.inputs import decisions_in, study_folder
    from embauche.workbench.services.opening import open_folder
    from embauche.workbench.services.proposal_lines import suggestions
    from embauche.workbench.services.proposing import propose_evidence, suggest_statement
    from embauche.workbench.services.review import review_evidence

    source, _, quote = words
    left, _ = propose_evidence(source.pk, quote, "habit", CODER, owner, reason="So often.")
    taken, _ = propose_evidence(source.pk, quote, "trigger", CODER, owner)
    review_evidence(taken.pk, "accepted", owner, taken.version)
    job = study.jobs.first()
    for language, text in (("en", "Find a note at once"), ("fr", "Retrouver une note")):
        suggest_statement(job.pk, text, language, CODER, owner, "Shorter.")

    again = open_folder(export_folder(study.pk, tmp_path / "exported"))
    row = again.evidence.get(key=left.key)
    assert (row.status, row.coder.name, row.reviewer, row.memo) == (
        "proposed", CODER, None, "So often.",
    )  # fmt: skip
    row = again.evidence.get(key=taken.key)
    assert (row.status, row.coder.name, row.reviewer.name) == ("accepted", CODER, "person:local")
    found = suggestions(again, decisions_in(study_folder(again)))[job.key]
    assert {item.language.value: item.statement for item in found} == {
        "en": "Find a note at once",
        "fr": "Retrouver une note",
    }
    assert {item.coder for item in found} == {CODER}


def test_a_suggestion_is_gone_once_a_person_words_the_job(study: Any, owner: Any) -> None:
    from embauche.workbench.services.inputs import decisions_in, study_folder
    from embauche.workbench.services.proposal_lines import suggestions
    from embauche.workbench.services.proposing import suggest_statement
    from embauche.workbench.services.wording import rename_job

    job, came = study.jobs.first(), decisions_in(study_folder(study))
    before = dict(job.statement)
    suggest_statement(job.pk, "Find a note", "en", CODER, owner)
    job.refresh_from_db()
    assert job.statement == before
    assert [item.statement for item in suggestions(study, came)[job.key]] == ["Find a note"]
    rename_job(job.pk, "Find a note", "en", owner, job.version)
    assert job.key not in suggestions(study, came)


def test_a_person_takes_a_suggestion_where_jobs_are_listed(
    study: Any, owner: Any, client: Any
) -> None:
    from embauche.workbench.services.proposing import suggest_statement

    job = study.jobs.first()
    suggest_statement(job.pk, "Find a note at once", "en", CODER, owner, "Shorter.")
    page = client.get(f"/studies/{study.slug}/jobs/").content.decode()
    assert "mcp:desk proposes" in page
    assert "Find a note at once" in page
    taken = {"statement": "Find a note at once", "version": job.version}
    assert client.post(f"/studies/{study.slug}/jobs/{job.pk}/statement/", taken).status_code == 302
    job.refresh_from_db()
    assert (job.statement["en"], job.statement_is_proposal) == ("Find a note at once", False)
    assert "mcp:desk proposes" not in client.get(f"/studies/{study.slug}/jobs/").content.decode()
