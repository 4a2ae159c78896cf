"""Share links: results for whoever holds one, and nothing else."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from fictional_team import as_server, browser, person


@pytest.fixture(autouse=True)
def server(study: Any) -> Iterator[None]:
    with as_server():
        yield


@pytest.fixture
def link(study: Any, owner: Any) -> str:
    from embauche.workbench.services.sharing import share

    return f"/shared/{share(study, 7, 'for the board', owner)[1]}/"


PARTS = ("", "jobs/", "segments/", "priorities/", "report.html")


@pytest.mark.parametrize("part", PARTS)
def test_results_are_read_without_logging_in(study: Any, link: str, part: str) -> None:
    client = browser()
    answer = client.get(link + part)
    assert answer.status_code == 200
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert not client.cookies, "nothing is kept in the reader's browser"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_file_name_and_no_address_of_the_study_is_shown(
    study: Any, link: str, language: str
) -> None:
    names = [source.name for source in study.sources.all()]
    assert names
    for part in PARTS:
        html = browser().get(f"{link}{part}?lang={language}").content.decode()
        assert not [name for name in names if name in html], part
        assert f"/studies/{study.slug}" not in html
        assert "person:" not in html
        if part != "report.html":
            assert f'<html lang="{language}"' in html
            assert "<form" not in html


def test_a_share_link_takes_no_form(study: Any, link: str) -> None:
    for part in PARTS:
        assert browser().post(link + part).status_code == 405


def test_unknown_expired_and_revoked_links_answer_the_same(
    study: Any, owner: Any, link: str
) -> None:
    from embauche.workbench.services.sharing import revoke_share, share

    row, late = share(study, 7, "", owner)
    study.share_links.filter(pk=row.pk).update(expires_at=row.created_at - timedelta(seconds=1))
    revoke_share(study, study.share_links.order_by("pk")[0].pk, owner)
    for part in PARTS:
        pages = set()
        for address in (link, f"/shared/{late}/", "/shared/never-made/"):
            answer = browser().get(address + part)
            assert answer.status_code == 404
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            pages.add(answer.content)
        assert len(pages) == 1, part


def test_openings_are_counted_once_each(study: Any, link: str) -> None:
    for part in ("", "jobs/", "report.html", ""):
        browser().get(link + part)
    browser().head(link)
    row = study.share_links.get()
    assert row.opened == 2
    assert row.opened_at is not None


def test_a_link_opens_its_own_study_only(study: Any, link: str) -> None:
    client = browser()
    client.get(link)
    for address in (f"/studies/{study.slug}/", "/", f"/studies/{study.slug}/report.html"):
        assert client.get(address).status_code == 302


def test_a_page_that_does_not_exist_is_missing(link: str) -> None:
    for part in ("evidence/", "cover/", "base/", "people/"):
        assert browser().get(link + part).status_code == 404


def test_editors_share_and_coders_do_not(study: Any) -> None:
    from embauche.workbench.services.sharing import revoke_share, share

    row, _ = share(study, 1, "", person("ed", study, "editor"))
    coder = person("cora", study, "coder")
    with pytest.raises(PermissionDenied):
        share(study, 1, "", coder)
    with pytest.raises(PermissionDenied):
        revoke_share(study, row.pk, coder)


def test_the_report_for_strangers_follows_the_study(study: Any, owner: Any, link: str) -> None:
    from embauche.workbench.services.study_settings import save_settings

    browser().get(link + "report.html")
    save_settings(study.pk, {"title": "Notes on site"}, owner, study.version)
    assert "Notes on site" in browser().get(link + "report.html").content.decode()


def test_a_shared_table_that_goes_on_says_so(study: Any, link: str) -> None:
    html = browser().get(f"{link}?lang=en").content.decode()
    assert 'data-sideways="The table goes on to the right' in html
    assert "sideways" in html.partition("</head>")[0]
