"""Cards of jobs are kept between pages, and nobody is shown the card of another."""

import re
from dataclasses import replace
from typing import Any

import pytest


def _cards(client: Any, study: Any, language: str = "en") -> str:
    client.cookies["embauche_language"] = language
    html = client.get(f"/studies/{study.slug}/jobs/").content.decode()
    return str(html[html.index('<ol class="jobs') : html.index('<h2 id="history"')])


def _plain(html: str) -> str:
    return re.sub(r'csrfmiddlewaretoken" value="\w+"', "", html)


def test_cards_are_drawn_once_and_each_page_has_its_own_token(study: Any, client: Any) -> None:
    from embauche.workbench.pages import job_cards

    job_cards._drawn.cache_clear()
    first, second = _cards(client, study), _cards(client, study)
    assert job_cards._drawn.cache_info().misses == study.jobs.filter(current=True).count()
    assert _plain(first) == _plain(second)
    assert first != second, "a token is masked anew for each page"
    assert f'name="back" value="/studies/{study.slug}/jobs/"' in first
    assert "put-" not in first


def test_cards_are_those_of_the_language_and_the_role(study: Any, owner: Any, client: Any) -> None:
    from embauche.workbench.models import Membership

    english, french = _cards(client, study), _cards(client, study, "fr")
    assert "Save" in english
    assert "Save" not in french
    assert 'name="memo"' in english
    Membership.objects.filter(study=study, user=owner).update(role="reader")
    assert 'name="memo"' not in _cards(client, study)
    Membership.objects.filter(study=study, user=owner).update(role="owner")
    assert _plain(_cards(client, study)) == _plain(english)


@pytest.mark.parametrize("changed", ["wording", "memo", "comment", "decision"])
def test_a_card_says_what_is_so_now(study: Any, owner: Any, client: Any, changed: str) -> None:
    from embauche.workbench.services.comments import subject_of, write_comment
    from embauche.workbench.services.memos import write_memo
    from embauche.workbench.services.review import review_evidence
    from embauche.workbench.services.wording import rename_job

    before = _plain(_cards(client, study))
    job = study.jobs.filter(current=True).first()
    if changed == "wording":
        rename_job(job.pk, "Find a note at once", "en", owner, job.version)
    elif changed == "memo":
        write_memo("job", job.pk, "To be asked again.", owner)
    elif changed == "comment":
        write_comment(study, subject_of(study, "job", job.pk, owner), "So they say.", owner)
    else:
        row = study.evidence.filter(attachments__job=job, status="proposed").first()
        review_evidence(row.pk, "accepted", owner, row.version)
    after = _plain(_cards(client, study))
    assert after != before
    if changed in {"wording", "memo"}:
        assert {"wording": "Find a note at once", "memo": "To be asked again."}[changed] in after


def test_what_programs_propose_is_part_of_the_card(study: Any, owner: Any) -> None:
    from types import SimpleNamespace

    from embauche.vocabulary import Language
    from embauche.workbench.pages.job_cards import cards, choice
    from embauche.workbench.services.jobs_view import job_rows
    from embauche.workbench.services.proposal_lines import Suggestion

    request: Any = SimpleNamespace(
        user=owner, role="owner", language="en", META={}, get_full_path=lambda: "/jobs/"
    )
    [row, *_] = job_rows(study, "en")
    said = Suggestion(row.key, Language.EN, "Find <it>", "machine:m", "", "")
    assert "Find &lt;it&gt;" in cards(request, study, [row], {row.key: [said]})
    assert "Find &lt;it&gt;" not in cards(request, study, [row], {})
    other = replace(said, statement="Find that")
    assert "Find that" in cards(request, study, [row], {row.key: [other]})
    names = ((1, "J1 · <b>"), (2, "J2"))
    assert choice(names, 2) == (
        '<option value="1">J1 · &lt;b&gt;</option><option value="2" selected>J2</option>'
    )
    assert " selected" not in choice(names, None)
