"""Notes of a list are kept between pages, and nobody is shown the note of another."""

import re
from types import SimpleNamespace
from typing import Any

import pytest


def _request(user: Any, role: str = "editor", language: str = "en") -> Any:
    request = SimpleNamespace(user=user, role=role, language=language, META={})
    # `csrf_input` reads it as a form's page does.
    request.META["CSRF_COOKIE"] = f"{user.username:x<32}"[:32]
    return request


def _notes(request: Any, study: Any, row: Any, **given: Any) -> str:
    from embauche.workbench.pages.evidence_notes import notes

    row = study.evidence.select_related("reviewer", "participant", "source").get(pk=row.pk)
    return str(notes(request, study, [row], **{"address": "/a/", "query": "page=2", **given}))


@pytest.fixture
def another(study: Any) -> Any:
    from embauche.workbench.models import Membership, User

    user = User.objects.create(username="another")
    Membership.objects.create(user=user, study=study, role="editor")
    return user


def test_a_note_is_drawn_once_for_the_same_words(
    study: Any, owner: Any, another: Any, proposal: Any
) -> None:
    from embauche.workbench.pages.evidence_notes import _drawn

    _drawn.cache_clear()
    first = _notes(_request(owner), study, proposal)
    second = _notes(_request(another), study, proposal, address="/b/")
    assert _drawn.cache_info().misses == 1
    tokens = [re.findall(r'csrfmiddlewaretoken" value="(\w+)"', html) for html in (first, second)]
    assert len(tokens[0]) == len(tokens[1]) == 1
    assert tokens[0] != tokens[1], "each form has its reader's own token"
    assert 'name="back" value="/a/"' in first
    assert 'name="back" value="/b/"' in second
    assert "put-" not in first + second


def test_addresses_are_escaped(study: Any, owner: Any, proposal: Any) -> None:
    html = _notes(_request(owner), study, proposal, address='/a/?x="<', query='q="<')
    assert 'value="/a/?x=&#34;&lt;"' in html or 'value="/a/?x=&quot;&lt;"' in html
    assert 'x="<' not in html
    assert 'q="<' not in html


def test_each_language_role_and_person_has_notes_of_its_own(
    study: Any, owner: Any, another: Any, proposal: Any
) -> None:
    from embauche.workbench.services.review import review_evidence

    english = _notes(_request(owner), study, proposal)
    french = _notes(_request(owner, language="fr"), study, proposal)
    assert "Accept" in english
    assert "Accept<" not in french
    assert "<form" not in _notes(_request(owner, role="reader"), study, proposal)
    assert "<form" in _notes(_request(owner, role="coder"), study, proposal)
    review_evidence(proposal.pk, "accepted", owner, proposal.version)
    assert 'value="undo"' in _notes(_request(owner), study, proposal)
    assert 'value="undo"' not in _notes(_request(another), study, proposal)
    assert 'value="undo"' in _notes(_request(owner), study, proposal)


@pytest.mark.parametrize(
    "changed",
    [
        {"memo": "Said twice."},
        {"confidence": 0.12},
        {"reason": "both"},
        {"status": "accepted"},
        {"status": "rejected"},
        {"moment": "deciding"},
        {"facet": "trigger"},
        {"version": 7},
        {"quote": "Other words."},
        {"language": "fr"},
    ],
    ids=str,
)
def test_a_row_that_changed_is_drawn_anew(
    study: Any, owner: Any, proposal: Any, changed: dict[str, Any]
) -> None:
    request = _request(owner)
    before = _notes(request, study, proposal)
    assert _notes(request, study, proposal) == before
    study.evidence.filter(pk=proposal.pk).update(**changed)
    assert _notes(request, study, proposal) != before


def test_names_comments_and_conflicts_are_those_of_now(
    study: Any, owner: Any, another: Any, proposal: Any
) -> None:
    from embauche.workbench.services.comments import subject_of, write_comment
    from embauche.workbench.services.review import review_evidence

    plain = _notes(_request(owner), study, proposal)
    assert 'role="alert"' in _notes(_request(owner), study, proposal, conflict=proposal.pk)
    assert 'role="alert"' not in plain + _notes(_request(owner), study, proposal)
    study.participants.filter(pk=proposal.participant_id).update(pseudonym="Zoe of the ward")
    assert "Zoe of the ward" in _notes(_request(owner), study, proposal)
    study.sources.filter(pk=proposal.source_id).update(name="another-file.md")
    assert "another-file.md" in _notes(_request(owner), study, proposal)
    write_comment(study, subject_of(study, "evidence", proposal.pk, owner), "So they say.", owner)
    counter = f'id="talk-n-evidence-{proposal.pk}">1<'
    assert counter in _notes(_request(owner), study, proposal)
    review_evidence(proposal.pk, "accepted", another, proposal.version)
    assert "another" in _notes(_request(owner), study, proposal)


def test_the_choice_of_people_is_that_of_now_and_says_which_was_chosen(
    study: Any, client: Any, proposal: Any
) -> None:
    from embauche.workbench.services.conflicts import touch

    address = f"/studies/{study.slug}/evidence/"
    key = proposal.participant.key
    plain = client.get(address).content.decode()
    assert f'<option value="{key}">' in plain
    chosen = client.get(address, {"participant": key}).content.decode()
    assert f'<option value="{key}" selected>' in chosen
    study.participants.filter(key=key).update(pseudonym="Zoe <b>")
    touch(study)
    renamed = client.get(address).content.decode()
    assert f'<option value="{key}">Zoe &lt;b&gt;</option>' in renamed
    study.evidence.filter(participant=proposal.participant).update(current=False)
    touch(study, evidence_only=True)
    assert f'<option value="{key}">' not in client.get(address).content.decode()
