"""Log-in on a server: who gets in, who does not, and what a stranger learns."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from fictional_team import PASSWORD, as_server, browser, person


@pytest.fixture(autouse=True)
def server(study: Any) -> Iterator[None]:
    with as_server():
        yield


def log_in(client: Any, name: str, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/login/", {"name": name, "password": password, **more})


def test_a_stranger_is_sent_to_the_log_in_and_back(study: Any) -> None:
    person("ana", study, "reader")
    client = browser()
    asked = f"/studies/{study.slug}/jobs/?x=1"
    answer = client.get(asked)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login/?next=%2Fstudies%2F")
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert study.title not in page.content.decode()
    answer = log_in(client, "ana", next=asked)
    assert answer.headers["Location"] == asked
    assert client.get(asked).status_code == 200


def test_a_part_asked_for_without_a_session_leads_to_the_log_in(study: Any) -> None:
    answer = browser().get(f"/studies/{study.slug}/jobs/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login/")


def test_the_workspaces_token_opens_nothing_on_a_server(workspace: Any, study: Any) -> None:
    answer = browser().get("/", {"token": workspace.access_token()})
    assert answer.headers["Location"].startswith("/login/")


def test_a_wrong_password_and_a_name_that_does_not_exist_look_the_same() -> None:
    person("ana")
    client = browser()
    wrong = log_in(client, "ana", "wrong horse battery")
    nobody = log_in(client, "nobody", "wrong horse battery")
    assert (wrong.status_code, nobody.status_code) == (200, 200)
    strip = [page.content.decode().replace("nobody", "ana") for page in (wrong, nobody)]
    assert _without_secrets(strip[0]) == _without_secrets(strip[1])


def _without_secrets(html: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", html)


def test_after_five_failures_even_the_right_password_has_to_wait() -> None:
    from embauche.workbench.models import LoginAttempt

    person("ana")
    person("tom")
    client = browser()
    for _ in range(5):
        assert log_in(client, "ana", "wrong").status_code == 200
    answer = log_in(client, "ana")
    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.content.decode()
    assert log_in(client, "tom").status_code == 302, "another account is not held up"
    elsewhere = browser(REMOTE_ADDR="192.0.2.7")
    assert log_in(elsewhere, "ana").status_code == 302, "nor the same person from elsewhere"
    assert log_in(browser(), "ana").status_code == 429
    for row in LoginAttempt.objects.all():
        LoginAttempt.objects.filter(pk=row.pk).update(at=row.at - timedelta(minutes=16))
    assert log_in(browser(), "ana").status_code == 302


def test_names_that_do_not_exist_are_held_up_in_the_same_way() -> None:
    client = browser()
    seen = [log_in(client, "nobody", "wrong").status_code for _ in range(6)]
    assert seen == [200] * 5 + [429]


def test_one_address_cannot_try_name_after_name() -> None:
    client = browser()
    seen = {log_in(client, f"name{number}", "wrong").status_code for number in range(50)}
    assert seen == {200}
    assert log_in(client, "ana", "wrong").status_code == 429


def test_attempts_are_kept_without_names_and_addresses() -> None:
    from embauche.workbench.models import LoginAttempt

    log_in(browser(), "ana", "wrong")
    row = LoginAttempt.objects.get()
    assert "ana" not in row.account
    assert "127.0.0.1" not in row.address
    assert len(row.account) == len(row.address) == 64


def test_logging_in_takes_a_new_session_and_logging_out_ends_it() -> None:
    person("ana")
    client = browser()
    client.get("/login/")
    before = client.session.session_key
    log_in(client, "ana")
    after = client.session.session_key
    assert after not in {None, before}
    assert client.get("/logout/").status_code == 405
    client.post("/logout/")
    assert client.get("/").status_code == 302


def test_a_log_in_never_leads_to_another_site() -> None:
    person("ana")
    answer = log_in(browser(), "ana", next="https://evil.example/")
    assert answer.headers["Location"] == "/"


def test_a_disabled_account_is_out_at_once() -> None:
    from embauche.workbench.services.accounts import set_active

    user = person("ana")
    client = browser(user)
    assert client.get("/").status_code == 200
    set_active(user, active=False)
    assert client.get("/").status_code == 302
    assert log_in(browser(), "ana").status_code == 200, "as a wrong password is answered"


def test_another_password_ends_the_other_sessions_only() -> None:
    user = person("ana")
    here, there = browser(user), browser(user)
    form = {"do": "password", "old": PASSWORD, "new": "quiet harbour lamp"}
    wrong = here.post("/account/", form | {"old": "not it"})
    assert wrong.status_code == 422
    assert there.get("/").status_code == 200
    assert here.post("/account/", form).status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302
    assert log_in(browser(), "ana").status_code == 200
    assert log_in(browser(), "ana", "quiet harbour lamp").status_code == 302


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "team.password_too_short"),
        ("password123", "team.password_too_common"),
        ("anastasia1", "team.password_too_similar"),
        ("x" * 1001, "team.password_too_long"),
    ],
)
def test_a_weak_password_is_refused_in_both_languages(password: str, code: str) -> None:
    from embauche.errors import WorkbenchError
    from embauche.workbench.services.accounts import make_account

    with pytest.raises(WorkbenchError) as problem:
        make_account("anastasia", password)
    assert problem.value.code == code
    assert "error." not in problem.value.message("fr") + problem.value.hint("en")


@pytest.mark.parametrize("name", ["", "a b", "é", "-a", "a@b", "x" * 41, "local"])
def test_names_that_no_account_can_have(name: str, owner: Any) -> None:
    from embauche.errors import WorkbenchError
    from embauche.workbench.services.accounts import make_account

    with pytest.raises(WorkbenchError):
        make_account(name, PASSWORD)


def test_a_profile_renames_the_coder_and_never_into_another_person(study: Any) -> None:
    from embauche.errors import WorkbenchError
    from embauche.workbench.models import Coder
    from embauche.workbench.services.accounts import save_profile
    from embauche.workbench.services.roles import coder_of

    ana, tom = person("ana", study, "coder"), person("tom", study, "coder")
    assert coder_of(ana, study).name == "person:ana"
    ana = save_profile(ana, "Ana Roy", "coder seven", "fr")
    assert coder_of(ana, study).name == "person:coder seven"
    assert Coder.objects.filter(study=study, user=ana).count() == 1
    for taken in ("Coder Seven", "ana", "local"):
        with pytest.raises(WorkbenchError):
            save_profile(tom, "", taken, "")
    Coder.objects.create(study=study, name="person:eve")
    coder_of(tom, study)
    with pytest.raises(WorkbenchError):
        save_profile(tom, "", "eve", "")


def test_the_profiles_language_comes_along_to_another_browser() -> None:
    user = person("ana")
    browser(user).post("/account/", {"shown": "Ana", "language": "fr"})
    client = browser()
    log_in(client, "ana")
    assert 'lang="fr"' in client.get("/").content.decode()


def test_the_first_account_takes_the_laptops_studies_over(study: Any, owner: Any) -> None:
    from embauche.workbench.models import Membership
    from embauche.workbench.services.accounts import take_over

    user = person("ana")
    assert study in take_over(user)
    assert Membership.objects.get(user=user, study=study).role == "owner"
    assert take_over(person("tom")) == [], "it has an owner who logs in"
