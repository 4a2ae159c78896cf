"""What a process remembers of a study is brought up to date, and equals what is read anew."""

from dataclasses import replace
from typing import Any


def findings(study: Any) -> Any:
    from embauche.workbench.services.restoring import findings

    return findings(study)


def touch(study: Any) -> None:
    from embauche.workbench.services.conflicts import touch

    touch(study)


def _anew(study: Any) -> Any:
    from embauche.workbench.services import restoring

    kept = restoring._Kept(study.created_at)
    return replace(restoring._restored(study, kept), evidence=kept.evidence.refreshed(study))


def test_a_decision_is_in_the_findings_and_the_rest_is_not_read_again(
    study: Any, owner: Any, proposal: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from embauche.workbench.services.review import review_evidence

    before = findings(study)
    review_evidence(proposal.pk, "rejected", owner, proposal.version)
    study.refresh_from_db()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        after = findings(study)
    statuses = {item.id: item.status for item in after.evidence}
    assert statuses[proposal.key] == "rejected"
    assert after == _anew(study)
    assert after.corpus is not None
    assert before.corpus is not None
    assert after.corpus.sources is before.corpus.sources
    assert not any('"text"' in query["sql"] for query in asked), "no transcript is read again"


def test_what_the_coder_learned_is_in_the_findings(study: Any) -> None:
    findings(study)
    row = study.evidence.filter(current=True).last()
    study.evidence.filter(pk=row.pk).update(confidence=0.123, reason="both")
    touch(study)
    assert {item.id: item.confidence for item in findings(study).evidence}[row.key] == 0.123
    assert findings(study) == _anew(study)


def test_what_left_and_what_came_changes_the_evidence_in_the_order_of_the_text(study: Any) -> None:
    was = findings(study).evidence
    row = study.evidence.filter(current=True).first()
    study.evidence.filter(pk=row.pk).update(current=False)
    touch(study)
    without = findings(study).evidence
    assert row.key not in {item.id for item in without}
    study.evidence.filter(pk=row.pk).update(current=True)
    touch(study)
    assert findings(study).evidence == was


def test_a_job_reworded_is_in_the_findings(study: Any) -> None:
    findings(study)
    job = study.jobs.filter(current=True).first()
    study.jobs.filter(pk=job.pk).update(statement={"en": "Find a note in front of a client"})
    touch(study)
    found = findings(study)
    assert found.job_map is not None
    assert found.job_map.job(job.key).statement["en"] == "Find a note in front of a client"
    assert found == _anew(study)


def test_a_participant_renamed_is_in_the_findings(study: Any) -> None:
    findings(study)
    study.participants.filter(pk=study.participants.first().pk).update(pseudonym="Zoé")
    touch(study)
    corpus = findings(study).corpus
    assert corpus is not None
    assert "Zoé" in {person.pseudonym for person in corpus.participants}
    assert findings(study) == _anew(study)


def test_figures_are_the_findings_without_the_evidence(
    study: Any, owner: Any, proposal: Any
) -> None:
    from dataclasses import replace

    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from embauche.workbench.services.restoring import figures
    from embauche.workbench.services.review import review_evidence

    assert figures(study) == replace(findings(study), evidence=())
    review_evidence(proposal.pk, "rejected", owner, proposal.version)
    study.refresh_from_db()
    with CaptureQueriesContext(connection) as asked:
        after = figures(study)
    assert after == replace(findings(study), evidence=())
    assert not any('FROM "workbench_evidence"' in query["sql"] for query in asked)


def test_what_was_rejected_leaves_the_report_and_its_matrix(study: Any, owner: Any) -> None:
    from embauche.present.names import Names
    from embauche.present.quotes import Quotes
    from embauche.present.sections import matrix_rows
    from embauche.workbench.services.review import review_evidence

    def told() -> str:
        names = Names(findings(study))
        return str(matrix_rows(names, Quotes(names)))

    row = study.evidence.filter(
        current=True, facet="frustration", attachments__position=0, status="proposed"
    ).first()
    assert row.quote in told()
    same = study.evidence.filter(current=True, quote=row.quote)
    for each in list(same):
        review_evidence(each.pk, "rejected", owner, each.version)
    study.refresh_from_db()
    assert row.quote not in told()
