"""Learning between two analyses: open proposals are re-ranked, what people decided never changes."""

from typing import Any

import pytest


def frozen(rows: Any) -> dict[str, tuple[Any, ...]]:
    """Return what must not change of rows that somebody decided about."""
    return {
        row.key: (row.status, row.confidence, row.reviewer_id, row.reviewed_at, row.version)
        for row in rows
    }


def confidences(study: Any) -> dict[str, float]:
    rows = study.evidence.filter(current=True, withdrawn=False, status="proposed")
    return dict(rows.values_list("key", "confidence"))


def alike(study: Any) -> list[Any]:
    """Return the proposals of the facet that has most of them."""
    facets = list(study.evidence.values_list("facet", flat=True))
    most = max(sorted(set(facets)), key=facets.count)
    return list(study.evidence.filter(facet=most, status="proposed").order_by("-confidence"))


def test_nothing_decided_is_nothing_changed(study: Any) -> None:
    from embauche.workbench.services.relearning import relearn

    before = confidences(study)
    learned = relearn(study)
    assert (learned.taught, learned.moved, learned.gone, learned.new) == (0, 0, 0, 0)
    assert confidences(study) == before


def test_a_decision_re_ranks_what_is_open_and_nothing_else(study: Any, owner: Any) -> None:
    from embauche.workbench.services.relearning import relearn
    from embauche.workbench.services.review import review_evidence

    rows = alike(study)
    before = confidences(study)
    no = rows[0]
    review_evidence(no.pk, "rejected", owner, no.version)
    decided = frozen(study.evidence.filter(reviewer__isnull=False))
    learned = relearn(study)
    after = confidences(study)
    assert learned.taught == 1
    assert learned.moved > 0
    assert frozen(study.evidence.filter(reviewer__isnull=False)) == decided
    others = [row.key for row in rows[1:] if row.key in after]
    assert others
    assert all(after[key] <= before[key] for key in others), "like what was rejected, less likely"
    assert any(after[key] < before[key] for key in others)


@pytest.mark.parametrize(("by", "written"), [(0.004, False), (0.006, True)])
def test_a_confidence_is_written_where_a_page_would_show_another(
    study: Any, by: float, *, written: bool
) -> None:
    from embauche.workbench.services.relearning import relearn

    row = alike(study)[0]
    moved = row.confidence - by
    study.evidence.filter(pk=row.pk).update(confidence=moved)
    assert relearn(study).moved == int(written)
    row.refresh_from_db()
    assert row.confidence == pytest.approx(moved + by if written else moved, abs=1e-9)


def test_decisions_change_the_order(study: Any, owner: Any) -> None:
    """What is like the rejected falls, what is like the accepted rises: the order is another."""
    from embauche.workbench.services.relearning import relearn
    from embauche.workbench.services.review import review_evidence

    rows = list(study.evidence.filter(status="proposed").order_by("-confidence", "key"))
    first = confidences(study)
    for place, row in enumerate(rows[:6]):
        review_evidence(row.pk, "rejected" if place % 2 else "accepted", owner, row.version)
        relearn(study)
    after = confidences(study)
    both = [key for key in first if key in after]
    assert sorted(both, key=first.__getitem__) != sorted(both, key=after.__getitem__)


def test_live_ranks_are_those_of_a_new_analysis(study: Any, owner: Any) -> None:
    from embauche.identify import propose
    from embauche.study.corrections import corrections_of
    from embauche.workbench.services.inputs import decisions
    from embauche.workbench.services.relearning import relearn
    from embauche.workbench.services.restoring import findings
    from embauche.workbench.services.review import review_evidence

    for row, status in zip(alike(study), ("rejected", "accepted", "rejected"), strict=False):
        review_evidence(row.pk, status, owner, row.version)
        relearn(study)
    corpus = findings(study).corpus
    again = propose(corpus, corrections=corrections_of(decisions(study))).evidence
    wanted = {item.id: item.confidence for item in again}
    live = confidences(study)
    assert live
    assert {key: wanted[key] for key in live} == live
    decided = set(study.evidence.filter(reviewer__isnull=False).values_list("key", flat=True))
    assert wanted.keys() - decided == live.keys() - decided


def everything_below(study: Any) -> Any:
    """Return what was heard, as if the coder were almost sure of nothing."""
    from dataclasses import replace

    from embauche.workbench.services.relearning import talk_of

    talk = talk_of(study)
    return replace(talk, thresholds=talk.thresholds * 0 + 0.999999)


def test_what_falls_below_goes_and_a_late_decision_brings_it_back(
    study: Any, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench.services import relearning
    from embauche.workbench.services.restoring import findings
    from embauche.workbench.services.review import review_evidence
    from embauche.workbench.services.state import study_state

    row, late = study.evidence.filter(status="proposed")[:2]
    review_evidence(row.pk, "accepted", owner, row.version)
    held = len(findings(study).evidence)
    low = everything_below(study)
    monkeypatch.setattr(relearning, "talk_of", lambda _study: low)
    learned = relearning.relearn(study)
    assert learned.gone > 0
    assert confidences(study) == {}
    assert study_state(study, owner).counts["waiting"] == 0
    row.refresh_from_db()
    assert (row.status, row.withdrawn) == ("accepted", False)
    study.refresh_from_db()
    assert len(findings(study).evidence) == held, "figures hold it until they are computed again"
    review_evidence(late.pk, "rejected", owner, late.version)
    late.refresh_from_db()
    assert (late.status, late.withdrawn) == ("rejected", False)


def test_new_proposals_appear_and_wait_for_the_next_figures(
    study: Any, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from embauche.workbench.services import relearning
    from embauche.workbench.services.restoring import findings
    from embauche.workbench.services.review import review_evidence
    from embauche.workbench.services.state import study_state

    talk = relearning.talk_of(study)
    eager = replace(talk, thresholds=talk.thresholds * 0.2)
    monkeypatch.setattr(relearning, "talk_of", lambda _study: eager)
    keys, held = set(confidences(study)), len(findings(study).evidence)
    learned = relearning.relearn(study)
    new = study.evidence.exclude(key__in=keys)
    assert learned.new == new.count() > 0
    for row in new.select_related("source"):
        assert row.source.text[row.start : row.end] == row.quote
    study.refresh_from_db()
    assert len(findings(study).evidence) == held
    assert study_state(study, owner).moved == 0, "what the machine proposes is no decision"
    row = new.first()
    review_evidence(row.pk, "accepted", owner, row.version)
    study.refresh_from_db()
    assert study_state(study, owner).moved == 1
    assert relearning.relearn(study).new == 0


def test_a_decision_taken_meanwhile_is_learned_from_and_not_overwritten(
    study: Any, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench.services import relearning
    from embauche.workbench.services.review import review_evidence

    rows = alike(study)
    review_evidence(rows[0].pk, "rejected", owner, rows[0].version)
    compute, meanwhile = relearning._changes, []

    def slow(study_row: Any, found: Any) -> Any:
        changes = compute(study_row, found)
        if not meanwhile:
            meanwhile.append(review_evidence(rows[1].pk, "accepted", owner, rows[1].version))
        return changes

    monkeypatch.setattr(relearning, "_changes", slow)
    learned = relearning.relearn(study)
    assert learned.taught == 2, "computed anew with the other decision"
    rows[1].refresh_from_db()
    assert (rows[1].status, rows[1].confidence) == ("accepted", meanwhile[0].confidence)


def test_without_what_was_heard_decisions_are_taken_all_the_same(
    study: Any, proposal: Any, client: Any
) -> None:
    study.results.filter(part="talk").delete()
    address = f"/studies/{study.slug}/evidence/{proposal.pk}/review/"
    given = {"decision": "accepted", "version": proposal.version, "view": "list"}
    html = client.post(address, given, headers={"hx-request": "true"}).content.decode()
    assert "compute again" in html
    proposal.refresh_from_db()
    assert proposal.status == "accepted"
    assert (
        "read the interviews once more"
        in client.get(f"/studies/{study.slug}/evidence/teach/").content.decode()
    )


def test_the_list_comes_back_re_ranked_with_what_was_decided(study: Any, client: Any) -> None:
    page = client.get(f"/studies/{study.slug}/evidence/?status=proposed&order=sure")
    rows = list(page.context_data["rows"])
    assert [row.confidence for row in rows] == sorted(
        (row.confidence for row in rows), reverse=True
    )
    given = {
        "decision": "rejected",
        "version": rows[0].version,
        "view": "list",
        "query": "status=proposed&order=sure",
        "on_page": [row.pk for row in rows],
    }
    address = f"/studies/{study.slug}/evidence/{rows[0].pk}/review/"
    answer = client.post(address, given, headers={"hx-request": "true"})
    html = answer.content.decode()
    assert 'id="evidence-list"' in html
    assert 'id="learned" class="learned" hx-swap-oob="true"' in html
    assert "learned from decisions on 1 sentence." in html
    now = list(answer.context_data["rows"])
    assert now[0].pk == rows[0].pk
    assert now[0].status == "rejected"
    assert f'<span id="c{now[1].pk}">{now[1].confidence:.2f}</span>' in html
    assert [row.confidence for row in now] == sorted((row.confidence for row in now), reverse=True)
