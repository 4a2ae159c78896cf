"""Ids of another study inside an address, a form or a body of one's own: nothing is there.

Whether one has nothing to do with the other study, or owns it as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from address_table import address, of_studies, patterns, written
from api_calls import address as api_address
from api_calls import calls, send
from elsewhere import WORD, forget_elsewhere, study_elsewhere
from fictional_team import as_server, browser, person

NAMES_NOTHING = {"slug", "of", "kind", "form", "name", "question", "part", "facet"}
"""Parts of an address by which no row is found: words from a list, or of the study's own guide."""


@pytest.fixture
def other(study: Any) -> Iterator[Any]:
    made = study_elsewhere(study)
    with as_server():
        yield made
    forget_elsewhere(made)


@pytest.fixture(params=["a stranger there", "an owner there too"])
def owner_here(request: Any, study: Any, other: Any) -> Any:
    """Return an owner of the study."""
    from embauche.workbench.models import Membership

    user = person("olga", study, "owner")
    person("zoe", other, "reader")
    if request.param == "an owner there too":
        Membership.objects.create(user=user, study=other, role="owner")
    return user


def with_rows() -> list[str]:
    """Return the addresses that name a row of the study."""
    return [
        name for name in of_studies() if set(patterns()[name].pattern.converters) - NAMES_NOTHING
    ]


def test_an_address_names_rows_of_its_own_study_only(
    study: Any, other: Any, owner_here: Any
) -> None:
    client, before, wrong = browser(owner_here), written(), []
    assert len(with_rows()) > 25
    for name in with_rows():
        for method in ("get", "head", "post"):
            for headers in ({}, {"HX-Request": "true"}):
                answer = getattr(client, method)(address(name, study, other), headers=headers)
                # The matrix is told of the cell only by its own page, to which this one leads.
                leads = name == "cell" and not headers and answer.status_code == 302
                if leads:
                    answer = client.get(answer.headers["Location"])
                if answer.status_code not in {404, 405} or WORD in answer.content.decode():
                    wrong.append((name, method, answer.status_code))
                assert written() == before, (name, method)
    assert wrong == []


def forms(other: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return forms of one's own study that name rows of another."""
    row, job = other.evidence.first(), other.jobs.first()
    source, upload = row.source_id, other.uploads.first()
    shown, span = f"{row.pk}:{row.version}", {"start": row.start, "end": row.end}
    return [
        ("decide", {"do": f"accepted:{shown}"}),
        ("decide", {"do": f"remove:{shown}"}),
        ("evidence-bulk", {"do": "accepted", "chosen": shown}),
        ("evidence-bulk", {"do": "recode", "facet": "habit", "chosen": shown}),
        ("evidence-bulk", {"do": "remove", "chosen": shown}),
        ("review-page", {"shown": shown}),
        ("undo", {"source": source}),
        ("teach-answer", {"answer": "nothing", "source": source, **span}),
        ("source-aside", {"do": "accept", "evidence": row.pk, "version": 1}),
        ("waiting", {"look": upload.pk, f"u{upload.pk}-kind": "survey"}),
        ("waiting", {"leave": upload.pk}),
        ("waiting", {"take": upload.pk, f"u{upload.pk}-shown": "1"}),
        ("participants", {f"name-{other.participants.first().pk}": "Mine", "version-1": "1"}),
        ("offer", {"part": "A", "text": "b", "job": job.pk, "version": 1}),
        ("link", {"need": "need_1", "job": job.pk}),
        ("survey-link", {"need": "need_1", "job": job.pk}),
        ("board-operation", {"job": f"{job.key}-elsewhere", "statement": WORD}),
    ]


def test_a_form_changes_rows_of_its_own_study_only(study: Any, other: Any, owner_here: Any) -> None:
    from django.db import transaction

    from embauche.workbench.models import Evidence, Job, Source, Upload

    def there() -> list[Any]:
        models = (Evidence, Job, Source, Upload)
        return [list(model.objects.filter(study=other).values()) for model in models]

    client, before = browser(owner_here), there()
    study.evidence.filter(pk=study.evidence.first().pk).update(current=False)
    for name, form in forms(other):
        for headers in ({}, {"HX-Request": "true"}):
            with transaction.atomic():
                answer = client.post(address(name, study), form, headers=headers)
                assert there() == before, (name, form)
                transaction.set_rollback(True)
            assert answer.status_code < 500, (name, form)
            typed = form.get("statement") == WORD
            assert typed or WORD not in answer.content.decode(), (name, form)


def test_a_query_shows_rows_of_its_own_study_only(study: Any, other: Any, owner_here: Any) -> None:
    client, row, job = browser(owner_here), other.evidence.first(), other.jobs.first()
    coder = other.coders.first()
    for name, query in (
        ("source", {"coder": coder.pk}),
        ("learned", {"on_page": row.pk}),
        ("evidence", {"participant": row.participant.key, "page": "1"}),
        ("matrix", {"job": job.pk, "facet": "job"}),
        ("activity", {"who": other.memberships.first().user_id}),
        ("board-move", {"evidence": row.key}),
        ("board-job", {"job": job.key}),
        ("teach", {"later": row.pk}),
        ("survey", {"file": f"../../../{other.slug}/files/ana.md"}),
        ("survey", {"file": "../../../../secret.key"}),
        ("guide", {"edit": "first"}),
    ):
        answer = client.get(address(name, study), query)
        assert answer.status_code < 500, name
        assert WORD not in answer.content.decode(), name


@pytest.fixture(params=["its study", "any study"])
def bearer(request: Any, study: Any, owner_here: Any) -> dict[str, str]:
    """Return the header of a token of the owner's, for one study or for all of theirs."""
    from embauche.workbench.services.api_tokens import SCOPES, make_token

    bound = study if request.param == "its study" else None
    _, secret = make_token(owner_here, "test", SCOPES, bound)
    return {"Authorization": f"Bearer {secret}"}


def operations() -> list[tuple[str, str]]:
    from embauche.workbench.api.application import description

    return [
        (method, path)
        for path, methods in description()["paths"].items()
        for method in methods
        if "{slug}" in path
    ]


def test_the_api_finds_rows_of_its_own_study_only(
    study: Any, other: Any, bearer: dict[str, str]
) -> None:
    client, table, wrong = browser(), calls(study), []
    named = [item for item in operations() if "{id}" in item[1]]
    for _, path in named:
        api_address(other, path)  # what is missing there is made
    send(client, "get", "/api/v1/me", **bearer)
    before = written()
    for method, path in named:
        call = table.get((method, path))
        there = api_address(other, path, call.query if call else "")
        mixed = there.replace(f"/studies/{other.slug}/", f"/studies/{study.slug}/")
        assert mixed != there
        answer = send(client, method, mixed, call and call.body, **bearer)
        if answer.status_code != 404 or WORD.encode() in answer.content:
            wrong.append((method, path, answer.status_code))
        assert written() == before, (method, path)
    assert wrong == []
    assert len(named) > 30


def bodies(other: Any) -> list[tuple[str, str, Any, int]]:
    """Return bodies of one's own study that name rows of another, and what each is told."""
    row, job, upload = other.evidence.first(), other.jobs.first(), other.uploads.first()
    shown = [{"id": row.pk, "version": row.version}]
    span = {"source": row.source_id, "start": row.start, "end": row.end}
    quoted = {"source": row.source_id, "quote": row.quote, "facet": "habit"}
    return [
        ("post", "evidence", quoted, 404),
        ("post", "evidence/code", {**span, "facet": "habit"}, 404),
        ("post", "evidence/review", {"decision": "accepted", "evidence": shown}, 200),
        ("post", "evidence/recode", {"facet": "habit", "evidence": shown}, 200),
        ("post", "evidence/remove", {"evidence": shown}, 200),
        ("post", "teaching", {**span, "facets": []}, 404),
        ("post", "uploads/take", {"files": [{"id": upload.pk, "kind": "interview"}]}, 200),
        ("post", "comments", {"on": "job", "id": job.pk, "text": "x"}, 404),
        ("post", "comments", {"on": "evidence", "id": row.pk, "text": "x"}, 404),
        ("get", f"comments?on=job&id={job.pk}", None, 404),
        ("get", f"comments?on=evidence&id={row.pk}", None, 404),
        ("get", f"evidence?source={row.source_id}", None, 200),
        ("get", f"evidence?job={job.pk}", None, 200),
        ("get", f"evidence?words={WORD}", None, 200),
        ("get", f"search?words={WORD}", None, 200),
        ("post", "jobs/operations", {"op": "delete", "job": WORD}, 422),
    ]


def test_a_body_names_rows_of_its_own_study_only(
    study: Any, other: Any, bearer: dict[str, str]
) -> None:
    client = browser()
    send(client, "get", "/api/v1/me", **bearer)
    before = written()
    for method, rest, body, status in bodies(other):
        answer = send(client, method, f"/api/v1/studies/{study.slug}/{rest}", body, **bearer)
        assert answer.status_code == status, (rest, answer.content)
        told = answer.content.decode().replace(f"words={WORD}", "").replace(f"“{WORD}”", "")
        assert WORD not in told, (rest, told)
        assert written() == before, rest


def test_files_shared_links_and_results_of_another_study_stay_there(
    study: Any, other: Any, owner_here: Any
) -> None:
    """A file is named from a list; a link opens the study that it was made for."""
    from embauche.workbench.services.sharing import share

    client = browser(owner_here)
    for name in (f"../{other.slug}/files/ana.md", f"..%2F{other.slug}%2Ffiles%2Fana.md", "ana.md"):
        assert client.get(f"/studies/{study.slug}/files/{name}").status_code == 404
    _, secret = share(study, 7, "", owner_here)
    for part in ("", "jobs/", "report.html"):
        page = browser().get(f"/shared/{secret}/{part}?study={other.slug}&slug={other.slug}")
        assert page.status_code == 200
        assert WORD not in page.content.decode()


def test_another_persons_token_is_not_ended(study: Any, other: Any, owner_here: Any) -> None:
    from embauche.workbench.services.api_tokens import make_token

    row, _ = make_token(other.memberships.first().user, WORD, ["study:read"])
    client, before = browser(owner_here), written()
    assert client.post(f"/tokens/{row.pk}/revoke/").status_code == 404
    assert client.delete(f"/api/v1/tokens/{row.pk}").status_code == 404
    assert written() == before


def test_whoever_left_has_nothing_left(study: Any, other: Any, owner_here: Any) -> None:
    """An open session, an open token and a link to a run end with the membership."""
    from embauche.workbench.models import Membership
    from embauche.workbench.services.api_tokens import SCOPES, make_token

    client = browser(owner_here)
    _, secret = make_token(owner_here, "test", SCOPES, study, None)
    headers = {"Authorization": f"Bearer {secret}"}
    run = study.runs.create(state="running")
    paths = ("", f"analysis/{run.pk}/", f"analysis/{run.pk}/strip/", "files/evidence.csv")
    for path in paths:
        answer = client.get(f"/studies/{study.slug}/{path}")
        assert answer.status_code in {200, 302}
        if answer.streaming:
            b"".join(answer.streaming_content)
    assert client.get(f"/api/v1/studies/{study.slug}", headers=headers).status_code == 200
    Membership.objects.filter(study=study, user=owner_here).delete()
    for path in paths:
        assert client.get(f"/studies/{study.slug}/{path}").status_code == 404
    assert client.get(f"/api/v1/studies/{study.slug}", headers=headers).status_code == 404
