"""Token, host names, security headers: what a stranger and a foreign site get."""

import os
import stat
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def stranger(workspace: Any) -> Any:
    from django.test import Client

    return Client(HTTP_HOST="127.0.0.1")


def addresses(study: Any) -> list[str]:
    from django.urls import reverse

    job, source = study.jobs.first(), study.sources.first()
    slug = study.slug
    return [
        reverse("home"),
        reverse("overview", args=[slug]),
        reverse("sources", args=[slug]),
        reverse("source", args=[slug, source.pk]),
        reverse("evidence", args=[slug]),
        reverse("jobs", args=[slug]),
        reverse("matrix", args=[slug]),
        reverse("canvas", args=[slug, job.pk]),
        reverse("empathy", args=[slug, job.pk]),
        reverse("segments", args=[slug]),
        reverse("priorities", args=[slug]),
        reverse("steps", args=[slug]),
    ]


def test_a_stranger_gets_403_everywhere_and_is_told_what_to_do(study: Any, stranger: Any) -> None:
    for address in [*addresses(study), "/static/workbench.css", "/nothing/"]:
        answer = stranger.get(address)
        assert answer.status_code == 403, address
        assert b"token" in answer.content
        assert study.title.encode() not in answer.content


def test_a_wrong_token_opens_nothing(workspace: Any, stranger: Any) -> None:
    token = workspace.access_token()
    for wrong in ("", "x", token[:-1], token + "x", "é" * 40):
        assert stranger.get("/", {"token": wrong}).status_code == 403
    assert stranger.get("/").status_code == 403


def test_the_token_opens_a_session_and_leaves_the_address(workspace: Any, stranger: Any) -> None:
    answer = stranger.get("/?lang=fr&page=2&token=" + workspace.access_token())
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/?page=2"
    assert stranger.get("/").status_code == 200
    for cookie in answer.cookies.values():
        assert cookie["samesite"] == "Strict"
        assert cookie["httponly"]


def test_every_page_answers_whoever_brought_the_token(study: Any, client: Any) -> None:
    for address in addresses(study):
        answer = client.get(address)
        assert answer.status_code == 200, address


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "192.168.0.4", ""])
def test_other_host_names_get_nothing(workspace: Any, client: Any, host: str) -> None:
    answer = client.get("/", HTTP_HOST=host)
    assert answer.status_code == 400
    assert b"Studies" not in answer.content


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "localhost:9", "[::1]:80"])
def test_the_machines_own_names_are_served(workspace: Any, client: Any, host: str) -> None:
    assert client.get("/", HTTP_HOST=host).status_code == 200


def test_the_content_policy_allows_no_inline_code_and_no_eval(study: Any, client: Any) -> None:
    for address in addresses(study):
        answer = client.get(address)
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        html = answer.content.decode()
        assert " style=" not in html, address
        assert " onclick=" not in html
        assert "http://" not in html.replace("http://www.w3.org", "")


def test_the_report_is_shut_in_a_sandbox(study: Any, client: Any) -> None:
    answer = client.get(f"/studies/{study.slug}/report.html")
    assert answer.status_code == 200
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_a_form_from_elsewhere_is_refused(study: Any, proposal: Any, workspace: Any) -> None:
    from django.test import Client

    browser = Client(enforce_csrf_checks=True, HTTP_HOST="127.0.0.1")
    browser.get("/", {"token": workspace.access_token()})
    address = f"/studies/{study.slug}/evidence/{proposal.pk}/review/"
    answer = browser.post(address, {"decision": "accepted", "version": proposal.version})
    assert answer.status_code == 403
    proposal.refresh_from_db()
    assert proposal.status == "proposed"


@pytest.mark.skipif(os.name == "nt", reason="POSIX file modes")
def test_secrets_are_readable_by_their_owner_only(workspace: Any) -> None:
    workspace.secret_key()
    for name in ("secret.key", "access.token"):
        assert stat.S_IMODE((workspace.folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(workspace.folder.stat().st_mode) == 0o700


def test_of_two_that_start_at_once_both_have_the_first_ones_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench import workspace as module

    folder, made = module.Workspace(tmp_path / "new"), []
    token_urlsafe = module.secrets.token_urlsafe

    def meanwhile(size: int) -> str:
        monkeypatch.setattr(module.secrets, "token_urlsafe", token_urlsafe)
        made.append(folder.secret_key())
        return token_urlsafe(size)

    monkeypatch.setattr(module.secrets, "token_urlsafe", meanwhile)
    made += [folder.secret_key(), folder.secret_key()]
    assert len(made) == 3
    assert len(set(made)) == 1
    assert [path.name for path in folder.folder.iterdir()] == ["secret.key"]
    (folder.folder / "secret.key").write_bytes(b"")  # a disk was full
    assert len(folder.secret_key()) > 60
    assert folder.secret_key() == folder.secret_key()


def test_preferences_never_lead_to_another_site(client: Any) -> None:
    answer = client.post("/preferences/", {"language": "fr", "back": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize("https", ["http", "https"])
def test_a_choice_of_language_is_sent_over_https_only_where_there_is_https(
    client: Any, monkeypatch: pytest.MonkeyPatch, https: str
) -> None:
    from django.conf import settings

    monkeypatch.setattr(settings, "HTTPS", https == "https")
    answer = client.post("/preferences/", {"language": "fr", "theme": "dark", "back": "/"})
    for name in ("embauche_language", "embauche_theme"):
        cookie = answer.cookies[name]
        assert bool(cookie["secure"]) is (https == "https")
        assert cookie["httponly"]


def test_a_study_of_others_does_not_exist(study: Any, client: Any) -> None:
    from embauche.workbench.models import Membership

    Membership.objects.filter(study=study).delete()
    for address in addresses(study)[1:]:
        assert client.get(address).status_code == 404
    for name in ("report.html", "files/evidence.csv"):
        assert client.get(f"/studies/{study.slug}/{name}").status_code == 404
