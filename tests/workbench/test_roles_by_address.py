"""Every address by every method, as each who may come: who reads, who writes, who sees nothing.

An address that is not in the table fails the test: whoever adds one says there whom it is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from address_table import FORMS, OPEN, ROLES, TABLE, address, ask, of_studies, written
from fictional_team import as_server, browser, person

OTHER_METHODS = ("put", "patch", "delete", "options", "trace")
"""A page is read, and a form is sent: nothing else."""


@pytest.fixture
def team(study: Any) -> Iterator[dict[str, Any]]:
    """People of every role, and one object of each kind that an address can name."""
    from embauche.workbench.models import Comment, Run
    from embauche.workbench.services.invitations import invite
    from embauche.workbench.services.sharing import share

    people = {role: person(role, study, role) for role in ROLES}
    people["stranger"] = person("stranger")
    person("zoe", study, "reader")
    with as_server():
        invite(study, "coder", 7, "", people["owner"])
        share(study, 7, "", people["owner"])
        job = study.jobs.first()
        Comment.objects.create(
            study=study, author=people["owner"], kind="job", key=job.key, text="Hm."
        )
        Run.objects.create(study=study, state="done")
        yield people


def test_every_address_is_in_the_table_by_a_name_of_its_own(workspace: Any) -> None:
    from django.urls import get_resolver

    every = get_resolver().url_patterns
    assert sorted(item.name for item in every) == sorted(TABLE)
    assert len({str(item.pattern) for item in every}) == len(TABLE)


@pytest.mark.parametrize("role", ["nobody", "stranger", *ROLES])
def test_no_page_takes_another_method(study: Any, team: dict[str, Any], role: str) -> None:
    client, before = browser(team.get(role)), written()
    for name in TABLE.keys() - {"api", "openapi"}:
        for method in OTHER_METHODS:
            answer = getattr(client, method)(address(name, study))
            assert answer.status_code == 405, (name, method)
            assert answer.content == b""
    assert written() == before


@pytest.mark.parametrize("role", ["nobody", "stranger", "reader", "owner"])
def test_a_head_alone_is_answered_as_the_page(study: Any, team: dict[str, Any], role: str) -> None:
    client, before = browser(team.get(role)), written()
    for name in TABLE:
        page, head = (getattr(client, method)(address(name, study)) for method in ("get", "head"))
        for answer in (page, head):
            if answer.streaming:
                b"".join(answer.streaming_content)
        assert head.status_code == page.status_code, name
        assert head.streaming or head.content == b"", name
    assert written() == before


def test_whoever_is_not_logged_in_gets_nothing_of_a_study(study: Any, team: dict[str, Any]) -> None:
    client, before = browser(), written()
    for name, roles in TABLE.items():
        for answer in (client.get(address(name, study)), client.post(address(name, study))):
            assert study.title not in answer.content.decode(), name
            assert "client" not in answer.content.decode(), f"{name}: an interview's words"
            if OPEN not in roles:
                assert answer.status_code == 302, name
                assert answer.headers["Location"].startswith("/login/"), name
    assert written() == before


def test_who_is_not_in_the_study_is_told_that_it_does_not_exist(
    study: Any, team: dict[str, Any]
) -> None:
    client, before = browser(team["stranger"]), written()
    for name in of_studies():
        for method in ("get", "post"):
            for headers in ({}, {"HX-Request": "true"}):
                answer = ask(client, method, name, study, headers=headers)
                assert answer.status_code in {404, 405}, (name, method, answer.status_code)
                assert study.title not in answer.content.decode(), name
    assert study.slug not in client.get("/").content.decode()
    assert written() == before


@pytest.mark.parametrize("role", ROLES)
def test_each_role_reads_what_it_may(study: Any, team: dict[str, Any], role: str) -> None:
    client, wrong = browser(team[role]), []
    for name in of_studies():
        needed = TABLE[name][0]
        if needed is None:
            continue
        status = ask(client, "get", name, study).status_code
        may = ROLES.index(role) >= ROLES.index(needed)
        if status not in ({200, 302, 404} if may else {403}):
            wrong.append((name, status))
    assert wrong == []


@pytest.mark.parametrize("role", ROLES[:-1])
def test_nobody_writes_above_their_role(study: Any, team: dict[str, Any], role: str) -> None:
    client, before, wrong = browser(team[role]), written(), []
    for name in of_studies():
        needed = TABLE[name][1]
        if needed is not None and ROLES.index(role) >= ROLES.index(needed):
            continue
        for headers in ({}, {"HX-Request": "true"}):
            answer = ask(client, "post", name, study, headers=headers)
            strict = role == "reader" or name in FORMS
            refused = {403} if strict else {400, 403, 404, 422}
            if answer.status_code not in (range(500) if needed is None else refused):
                wrong.append((name, answer.status_code))
        assert written() == before, f"a {role} wrote at {name}"
    assert wrong == []


def test_owners_are_let_through_everywhere(study: Any, team: dict[str, Any]) -> None:
    from django.db import transaction

    client, wrong = browser(team["owner"]), []
    for name in of_studies():
        if TABLE[name][1] is None:
            continue
        with transaction.atomic():
            answer = ask(client, "post", name, study)
            transaction.set_rollback(True)
        if answer.status_code == 403 or answer.status_code >= 500:
            wrong.append((name, answer.status_code))
    assert wrong == []
