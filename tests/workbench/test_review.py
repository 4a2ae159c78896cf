"""Review: accept, reject, undo, two people at once, and the event log."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied


@pytest.fixture
def events(study: Any) -> Any:
    return study.events


def test_accepting_records_who_and_when(study: Any, proposal: Any, owner: Any, events: Any) -> None:
    from embauche.workbench.services.review import review_evidence

    row = review_evidence(proposal.pk, "accepted", owner, proposal.version)
    assert (row.status, row.version) == ("accepted", proposal.version + 1)
    assert row.reviewer.name == "person:local"
    assert row.coder.name.startswith("machine:"), "who proposed it stays on record"
    assert [event.verb for event in events.all()] == ["evidence.accepted"]


def test_a_stale_version_is_refused_and_the_first_decision_stands(
    proposal: Any, owner: Any, events: Any
) -> None:
    from embauche.workbench.services.conflicts import StaleVersionError
    from embauche.workbench.services.review import review_evidence

    seen = proposal.version
    review_evidence(proposal.pk, "rejected", owner, seen)
    with pytest.raises(StaleVersionError):
        review_evidence(proposal.pk, "accepted", owner, seen)
    proposal.refresh_from_db()
    assert proposal.status == "rejected"
    assert events.count() == 1


def test_undo_goes_back_step_by_step_to_the_beginning(proposal: Any, owner: Any) -> None:
    from embauche.workbench.services.review import review_evidence, undo_review

    row = review_evidence(proposal.pk, "accepted", owner, proposal.version)
    row = review_evidence(row.pk, "rejected", owner, row.version)
    row = undo_review(row.pk, owner, row.version)
    assert row.status == "accepted"
    assert row.reviewer is not None
    row = undo_review(row.pk, owner, row.version)
    assert (row.status, row.reviewer) == ("proposed", None)
    again = undo_review(row.pk, owner, row.version)
    assert again.version == row.version, "nothing is left to undo"


def test_a_reader_cannot_decide(study: Any, proposal: Any, owner: Any) -> None:
    from embauche.workbench.models import Membership
    from embauche.workbench.services.review import review_evidence

    Membership.objects.filter(study=study).update(role="reader")
    with pytest.raises(PermissionDenied):
        review_evidence(proposal.pk, "accepted", owner, proposal.version)


def test_a_page_is_accepted_but_for_what_moved_meanwhile(study: Any, owner: Any) -> None:
    from embauche.workbench.services.review import review_evidence, review_many

    rows = list(study.evidence.filter(status="proposed")[:3])
    shown = [(row.pk, row.version) for row in rows]
    review_evidence(rows[0].pk, "rejected", owner, rows[0].version)
    assert review_many(study, [*shown, (10**9, 1)], "accepted", owner) == (len(rows) - 1, 1)
    rows[0].refresh_from_db()
    assert rows[0].status == "rejected"


def test_events_are_append_only_and_their_words_can_be_erased(
    proposal: Any, owner: Any, events: Any
) -> None:
    from embauche.workbench.services.review import review_evidence

    review_evidence(proposal.pk, "accepted", owner, proposal.version)
    event = events.get()
    with pytest.raises(TypeError):
        event.save()
    with pytest.raises(TypeError):
        event.delete()
    event.erase()
    assert events.get().payload is None
    assert events.get().verb == "evidence.accepted"


def test_the_page_answers_htmx_with_the_note_and_the_rail(
    study: Any, proposal: Any, client: Any
) -> None:
    address = f"/studies/{study.slug}/evidence/{proposal.pk}/review/"
    given = {"decision": "accepted", "version": proposal.version, "view": "margin"}
    answer = client.post(address, given, headers={"hx-request": "true"})
    html = answer.content.decode()
    assert 'data-status="accepted"' in html
    assert 'id="stages" hx-swap-oob="true"' in html
    assert "<html" not in html
    late = client.post(address, given | {"decision": "rejected"}, headers={"hx-request": "true"})
    assert "overwrote nothing" in late.content.decode()
    proposal.refresh_from_db()
    assert proposal.status == "accepted"


def test_figures_say_that_decisions_moved_since(
    study: Any, owner: Any, proposal: Any, client: Any
) -> None:
    from embauche.workbench.services.state import study_state

    assert study_state(study, owner).moved == 0
    address = f"/studies/{study.slug}/evidence/{proposal.pk}/review/"
    client.post(address, {"decision": "rejected", "version": proposal.version})
    study.refresh_from_db()
    assert study_state(study, owner).moved == 1
    page = client.get(f"/studies/{study.slug}/jobs/").content.decode()
    assert "1 decision since" in page


@pytest.mark.parametrize("asked", ["", "facet=context", "status=all", "language=en"])
def test_the_pages_of_evidence_follow_the_text(study: Any, client: Any, asked: str) -> None:
    import re

    from django.urls import reverse

    given = dict(part.split("=") for part in asked.split("&") if part)
    rows = study.evidence.filter(current=True, withdrawn=False)
    rows = rows if "status" in given else rows.exclude(status="rejected")
    rows = rows.filter(**{key: value for key, value in given.items() if key != "status"})
    expected = list(rows.order_by("source__position", "start", "end", "facet").values_list("pk"))
    shown: list[str] = []
    for number in range(1, 2 + len(expected) // 30):
        html = client.get(reverse("evidence", args=[study.slug]) + f"?{asked}&page={number}")
        shown += re.findall(r'data-evidence="(\d+)"', html.content.decode())
    assert len(expected) > 0
    assert [int(pk) for pk in dict.fromkeys(shown)] == [pk for (pk,) in expected]


def test_the_forms_of_a_page_share_one_token(study: Any, client: Any) -> None:
    import re

    from django.urls import reverse

    html = client.get(reverse("evidence", args=[study.slug])).content.decode()
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', html)
    assert len(tokens) > 5
    assert len(set(tokens)) == 1
