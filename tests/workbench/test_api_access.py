"""Who may do what through the API: strangers, readers, tokens, foreign pages."""

from datetime import timedelta
from typing import Any

import pytest
from api_calls import address, calls, send


@pytest.fixture
def anyone(workspace: Any) -> Any:
    """Return a browser without session or token."""
    from django.test import Client

    return Client(HTTP_HOST="127.0.0.1", headers={"accept-language": "en"})


@pytest.fixture
def as_role(study: Any) -> Any:
    """Make a person with a role in the study and return the header of a token of theirs."""
    from embauche.workbench.models import Membership, User
    from embauche.workbench.services.api_tokens import SCOPES, make_token

    def made(role: str | None, scopes: Any = SCOPES, **more: Any) -> dict[str, str]:
        user, _ = User.objects.get_or_create(username=f"person-{role}")
        Membership.objects.filter(user=user, study=study).delete()
        if role is not None:
            Membership.objects.create(user=user, study=study, role=role)
        _, secret = make_token(user, "test", scopes, **more)
        return {"Authorization": f"Bearer {secret}"}

    return made


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Return every operation as the description has it."""
    from embauche.workbench.api.application import description

    return [
        (method, path, operation)
        for path, methods in description()["paths"].items()
        for method, operation in methods.items()
    ]


def test_every_operation_that_changes_a_study_is_tried_with_every_role(study: Any) -> None:
    changing = {(method, path) for method, path, _ in operations() if method != "get"}
    of_studies = {item for item in changing if "{slug}" in item[1]}
    assert of_studies - calls(study).keys() - WITHOUT_ROW == set()
    assert calls(study).keys() - of_studies == set()


# A study without a survey has no need to link.
WITHOUT_ROW = {("put", "/api/v1/studies/{slug}/links")}


def test_nobody_gets_anything_without_a_token(study: Any, anyone: Any) -> None:
    for method, path, _ in operations():
        answer = send(anyone, method, address(study, path))
        assert answer.status_code == 401, (method, path)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert study.title.encode() not in answer.content


def test_for_a_stranger_the_study_does_not_exist(study: Any, anyone: Any, as_role: Any) -> None:
    headers, table = as_role(None), calls(study)
    for method, path, operation in operations():
        if "{slug}" not in path or (method, path) in WITHOUT_ROW:
            continue
        if operation["x-scope"] == "session":
            continue  # to tokens they are all the same
        call = table.get((method, path))
        answer = send(
            anyone,
            method,
            address(study, path, call.query if call else ""),
            call and call.body,
            **headers,
        )
        assert answer.status_code == 404, (method, path, answer.content)
        assert study.title.encode() not in answer.content
    assert send(anyone, "get", "/api/v1/studies", **headers).json()["total"] == 0


@pytest.mark.parametrize(
    ("role", "below"),
    [
        ("reader", ("coder", "editor", "owner", "author")),
        ("coder", ("editor", "owner", "author")),
        ("editor", ("owner", "author")),
        ("owner", ("author",)),
    ],
)
def test_a_role_writes_only_what_it_may(
    study: Any, anyone: Any, as_role: Any, role: str, below: tuple[str, ...]
) -> None:
    from django.db import transaction

    headers = as_role(role)
    for (method, path), call in calls(study).items():
        with transaction.atomic():
            answer = send(anyone, method, address(study, path, call.query), call.body, **headers)
            transaction.set_rollback(True)
        refused = call.role in (*below, "session")
        assert (answer.status_code == 403) is refused, (method, path, answer.content)


def test_a_reader_changes_nothing(study: Any, anyone: Any, as_role: Any) -> None:
    from embauche.workbench.models import Event

    headers, before = as_role("reader"), Event.objects.filter(study=study).count()
    stamp = study.stamp
    for (method, path), call in calls(study).items():
        if call.role != "reader":  # leaving the study is a reader's right
            send(anyone, method, address(study, path, call.query), call.body, **headers)
    study.refresh_from_db()
    assert (Event.objects.filter(study=study).count(), study.stamp) == (before, stamp)


def test_a_token_does_only_what_its_scopes_say(study: Any, anyone: Any, as_role: Any) -> None:
    from embauche.workbench.services.api_tokens import SCOPES

    for method, path, operation in operations():
        scope = operation["x-scope"]
        if scope == "session":
            headers = as_role("owner")
        else:
            headers = as_role("owner", [item for item in SCOPES if item != scope])
        answer = send(anyone, method, address(study, path), **headers)
        assert answer.status_code == 403, (method, path)
        assert answer.json()["code"] in {"api.scope", "api.session_only"}


def test_a_token_of_one_study_opens_no_other(study: Any, anyone: Any, as_role: Any) -> None:
    from embauche.workbench.models import Membership, Study, User

    headers = as_role("owner", study=study)
    other = Study.objects.create(slug="other", title="Other", language="en")
    Membership.objects.create(
        user=User.objects.get(username="person-owner"), study=other, role="owner"
    )
    assert send(anyone, "get", "/api/v1/studies/other", **headers).status_code == 404
    listed = send(anyone, "get", "/api/v1/studies", **headers).json()
    assert [row["slug"] for row in listed["items"]] == [study.slug]


def test_a_token_ends_when_revoked_expired_or_its_owner_is_gone(
    study: Any, anyone: Any, as_role: Any
) -> None:
    from django.utils import timezone

    from embauche.workbench.models import ApiToken, User
    from embauche.workbench.services.api_tokens import revoke_token

    headers, path = as_role("owner"), f"/api/v1/studies/{study.slug}"
    user = User.objects.get(username="person-owner")
    row = ApiToken.objects.get(user=user)
    assert send(anyone, "get", path, **headers).status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert send(anyone, "get", path, **headers).status_code == 401
    User.objects.filter(pk=user.pk).update(is_active=True)
    ApiToken.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert send(anyone, "get", path, **headers).status_code == 401
    ApiToken.objects.filter(pk=row.pk).update(expires_at=None)
    assert send(anyone, "get", path, **headers).status_code == 200
    revoke_token(row.pk, user)
    assert send(anyone, "get", path, **headers).json()["code"] == "api.bad_token"


def test_only_the_hash_of_a_token_is_kept(study: Any, owner: Any) -> None:
    from hashlib import sha256

    from django.core.exceptions import PermissionDenied

    from embauche.errors import WorkbenchError
    from embauche.workbench.models import ApiToken, User
    from embauche.workbench.services.api_tokens import make_token, revoke_token

    row, secret = make_token(owner, "export", ["study:read"])
    kept = ApiToken.objects.values().get(pk=row.pk)
    assert secret not in str(kept)
    assert kept["token_hash"] == sha256(secret.encode()).hexdigest()
    assert secret.startswith(kept["prefix"])
    for name, scopes in (("", ["study:read"]), ("x", []), ("x", ["all"])):
        with pytest.raises(WorkbenchError):
            make_token(owner, name, scopes)
    with pytest.raises(PermissionDenied):
        revoke_token(row.pk, User.objects.create(username="eve"))


def test_using_a_token_is_written_once_a_minute(study: Any, anyone: Any, as_role: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    headers = as_role("owner")
    send(anyone, "get", "/api/v1/me", **headers)
    with CaptureQueriesContext(
        connection,
    ) as found:
        send(anyone, "get", "/api/v1/me", **headers)
    assert not [query for query in found if query["sql"].startswith("UPDATE")]


def test_a_foreign_page_cannot_write_with_the_session(
    study: Any, proposal: Any, workspace: Any
) -> None:
    from django.test import Client

    browser = Client(enforce_csrf_checks=True, HTTP_HOST="127.0.0.1")
    browser.get("/", {"token": workspace.access_token()})
    path = f"/api/v1/studies/{study.slug}/evidence/{proposal.pk}/review"
    body = {"decision": "accepted", "version": proposal.version}
    answer = send(browser, "post", path, body)
    assert (answer.status_code, answer.json()["code"]) == (403, "api.csrf")
    proposal.refresh_from_db()
    assert proposal.status == "proposed"


def test_the_page_itself_may_write_with_its_token(
    study: Any, proposal: Any, workspace: Any
) -> None:
    import re

    from django.test import Client

    browser = Client(enforce_csrf_checks=True, HTTP_HOST="127.0.0.1")
    browser.get("/", {"token": workspace.access_token()})
    page = browser.get(f"/studies/{study.slug}/steps/").content.decode()
    token = re.search(r'"X-CSRFToken": "([^"]+)"', page)[1]
    path = f"/api/v1/studies/{study.slug}/evidence/{proposal.pk}/review"
    body = {"decision": "accepted", "version": proposal.version}
    answer = send(browser, "post", path, body, **{"X-CSRFToken": token})
    assert answer.status_code == 200, answer.content


def test_a_wrong_token_is_not_saved_by_a_session(client: Any, study: Any) -> None:
    answer = send(client, "get", "/api/v1/me", Authorization="Bearer emb_wrong")
    assert answer.status_code == 401


_S = "/api/v1/studies/{slug}"
READ_BY = {
    f"{_S}/pseudonyms": "editor",
    f"{_S}/pseudonyms/{{id}}": "editor",
    f"{_S}/sources/{{id}}/differences": "editor",
    f"{_S}/sources/{{id}}/aside": "editor",
    f"{_S}/shares": "editor",
    f"{_S}/invitations": "owner",
}
"""What not every reader reads; the key to the pseudonyms has a test of its own."""


@pytest.mark.parametrize("role", ["reader", "coder", "editor", "owner"])
def test_a_role_reads_what_it_may_by_the_methods_that_there_are(
    study: Any, anyone: Any, as_role: Any, role: str
) -> None:
    from embauche.workbench.services.roles import RANK

    headers, declared = as_role(role), {(method, path) for method, path, _ in operations()}
    for path in {path for _, path in declared if "{slug}" in path}:
        for method in ("get", "post", "put", "patch", "delete"):
            if (method, path) not in declared:
                answer = send(anyone, method, address(study, path), **headers)
                assert (answer.status_code, answer.json()["code"]) == (405, "api.method"), path
            elif method == "get" and not path.endswith("/pseudonyms/key"):
                answer = send(anyone, method, address(study, path), **headers)
                refused = RANK[role] < RANK[READ_BY.get(path, "reader")]
                assert (answer.status_code == 403) is refused, (path, answer.status_code)
                assert answer.status_code < 500, path
