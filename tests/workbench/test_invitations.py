"""Invitation links and members: who gets in, once, and who stays."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from fictional_team import PASSWORD, as_server, browser, person


@pytest.fixture(autouse=True)
def server(study: Any) -> Iterator[None]:
    with as_server():
        yield


@pytest.fixture
def ana(study: Any) -> Any:
    """An owner who logs in."""
    return person("ana", study, "owner")


def made_link(study: Any, owner: Any, role: str = "coder", days: int = 7) -> str:
    from embauche.workbench.services.invitations import invite

    return invite(study, role, days, "for Tom", owner)[1]


def role_of(study: Any, name: str) -> str | None:
    return study.memberships.filter(user__username=name).values_list("role", flat=True).first()


def test_the_link_is_shown_once_and_kept_as_a_hash(study: Any, ana: Any) -> None:
    import re

    from embauche.workbench.models import Invitation

    client = browser(ana)
    page = client.post(f"/studies/{study.slug}/people/invite/", {"role": "coder", "days": "7"})
    link = re.search(r'value="(http://127\.0\.0\.1/invitations/([^/]+)/)"', page.content.decode())
    assert link
    assert link[2] not in client.get(f"/studies/{study.slug}/people/").content.decode()
    row = Invitation.objects.get(study=study)
    assert link[2] not in row.token_hash
    assert browser().get(link[1]).status_code == 200


def test_opening_a_link_takes_nothing_and_accepting_it_makes_an_account(
    study: Any, ana: Any
) -> None:
    address = f"/invitations/{made_link(study, ana)}/"
    client = browser()
    for _ in range(2):
        assert study.title in client.get(address).content.decode()
    weak = client.post(address, {"name": "tom", "password": "short"})
    assert weak.status_code == 422
    assert role_of(study, "tom") is None
    answer = client.post(address, {"name": "Tom", "password": PASSWORD, "shown": "Tom B."})
    assert answer.headers["Location"] == f"/studies/{study.slug}/"
    assert client.get(answer.headers["Location"]).status_code == 200
    assert role_of(study, "tom") == "coder"


def test_a_link_is_used_once(study: Any, ana: Any) -> None:
    secret = made_link(study, ana)
    for name, expected in (("tom", 302), ("eve", 404)):
        answer = browser(person(name)).post(f"/invitations/{secret}/")
        assert answer.status_code == expected
    assert role_of(study, "eve") is None


def test_of_two_at_once_only_one_gets_the_role(study: Any, ana: Any) -> None:
    from embauche.workbench.models import Invitation
    from embauche.workbench.services import invitations

    secret = made_link(study, ana)
    row = invitations.invitation_of(secret)
    real, eve = invitations.invitation_of, person("eve")

    def late(given: str) -> Invitation:
        """Read it as open, and lose the race."""
        found = real(given)
        Invitation.objects.filter(pk=row.pk).update(accepted_by=ana, accepted_at=row.created_at)
        return found

    invitations.invitation_of = late
    try:
        with pytest.raises(invitations.NoInvitationError):
            invitations.accept(secret, eve)
    finally:
        invitations.invitation_of = real
    assert role_of(study, "eve") is None


def test_unknown_used_expired_and_revoked_links_answer_the_same(study: Any, ana: Any) -> None:
    from embauche.workbench.models import Invitation
    from embauche.workbench.services.invitations import accept, revoke_invitation

    used, revoked, late = (made_link(study, ana) for _ in range(3))
    accept(used, person("tom"))
    rows = list(Invitation.objects.filter(study=study).order_by("pk"))
    revoke_invitation(study, rows[1].pk, ana)
    Invitation.objects.filter(pk=rows[2].pk).update(
        expires_at=rows[2].created_at - timedelta(seconds=1)
    )
    pages = set()
    for secret in (used, revoked, late, "never-made"):
        answer = browser().get(f"/invitations/{secret}/")
        assert answer.status_code == 404
        pages.add(answer.content.decode().replace(secret, "…"))
    assert len(pages) == 1
    assert study.title not in pages.pop()


def test_an_invitation_never_takes_a_role_away(study: Any, ana: Any) -> None:
    from embauche.workbench.services.invitations import accept

    accept(made_link(study, ana, "reader"), ana)
    assert role_of(study, "ana") == "owner"
    tom = person("tom", study, "reader")
    accept(made_link(study, ana, "editor"), tom)
    assert role_of(study, "tom") == "editor"


def test_only_owners_invite_and_only_within_limits(study: Any, ana: Any) -> None:
    from embauche.errors import WorkbenchError
    from embauche.workbench.services.invitations import invite

    with pytest.raises(PermissionDenied):
        invite(study, "reader", 7, "", person("ed", study, "editor"))
    for days, note in ((0, ""), (366, ""), (7, "x" * 201)):
        with pytest.raises(WorkbenchError):
            invite(study, "reader", days, note, ana)


def test_the_last_owner_stays(study: Any, owner: Any) -> None:
    from embauche.errors import WorkbenchError
    from embauche.workbench.services.members import change_role, leave, remove

    row = study.memberships.get(user=owner)
    for attempt in (
        lambda: change_role(row.pk, "reader", owner, "owner"),
        lambda: remove(row.pk, owner, "owner"),
        lambda: leave(study.pk, owner),
    ):
        with pytest.raises(WorkbenchError, match=r"owner"):
            attempt()
    person("ana", study, "owner")
    leave(study.pk, owner)
    assert role_of(study, "local") is None


def test_a_role_changed_meanwhile_is_not_written_over(study: Any, ana: Any) -> None:
    from embauche.workbench.services.conflicts import StaleVersionError
    from embauche.workbench.services.members import change_role

    tom = study.memberships.get(user=person("tom", study, "reader"))
    change_role(tom.pk, "coder", ana, "reader")
    with pytest.raises(StaleVersionError):
        change_role(tom.pk, "editor", ana, "reader")
    assert role_of(study, "tom") == "coder"
    answer = browser(ana).post(
        f"/studies/{study.slug}/people/{tom.pk}/", {"role": "editor", "held": "reader"}
    )
    assert answer.status_code == 409


def test_who_is_removed_sees_nothing_any_more_and_their_invitations_end(
    study: Any, ana: Any
) -> None:
    from embauche.workbench.services.members import remove

    tom = person("tom", study, "owner")
    secret = made_link(study, tom)
    client = browser(tom)
    assert client.get(f"/studies/{study.slug}/").status_code == 200
    remove(study.memberships.get(user=tom).pk, ana, "owner")
    assert client.get(f"/studies/{study.slug}/").status_code == 404
    assert browser().get(f"/invitations/{secret}/").status_code == 404


def test_a_member_of_another_study_cannot_be_reached_from_here(study: Any, ana: Any) -> None:
    from embauche.workbench.models import Membership, Study

    other = Study.objects.create(slug="other", title="Other", language="en")
    eve = Membership.objects.create(user=person("eve"), study=other, role="reader")
    answer = browser(ana).post(
        f"/studies/{study.slug}/people/{eve.pk}/", {"role": "owner", "held": "reader"}
    )
    assert answer.status_code == 404
    eve.refresh_from_db()
    assert eve.role == "reader"


def test_on_a_laptop_inviting_is_explained_and_refused(study: Any, workspace: Any) -> None:
    from django.test import override_settings

    with override_settings(SERVER_MODE=False):
        client = browser()
        client.get("/", {"token": workspace.access_token()})
        page = client.get(f"/studies/{study.slug}/people/").content.decode()
        assert "embauche serve" in page
        answer = client.post(f"/studies/{study.slug}/people/invite/", {"role": "coder"})
        assert answer.status_code == 422
    assert not study.invitations.exists()
