"""Comments and mentions: who says what, who is told, and what never happens to the words."""

from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from fictional_team import browser, person
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st


@pytest.fixture
def ana(study: Any) -> Any:
    return person("ana", study, "coder")


@pytest.fixture
def tom(study: Any) -> Any:
    return person("tom", study, "reader")


@pytest.fixture
def subject(study: Any, proposal: Any, owner: Any) -> Any:
    from embauche.workbench.services.comments import subject_of

    return subject_of(study, "evidence", proposal.pk, owner)


def say(study: Any, subject: Any, text: str, actor: Any) -> Any:
    from embauche.workbench.services.comments import write_comment

    return write_comment(study, subject, text, actor)


def test_members_who_are_named_are_told_and_nobody_else(
    study: Any, subject: Any, ana: Any, tom: Any
) -> None:
    from embauche.workbench.services.comments import unseen

    eve = person("eve")
    row = say(study, subject, "Is it habit, @Tom? I doubt it (@ana). mail@eve.org @eve", ana)
    assert [item.user for item in row.named.all()] == [tom], "not oneself, no stranger"
    assert (unseen(tom), unseen(ana), unseen(eve)) == (1, 0, 0)


def test_a_mention_is_seen_once_the_comment_is_opened(
    study: Any, subject: Any, ana: Any, tom: Any
) -> None:
    from django.test import override_settings

    from embauche.workbench.services.comments import unseen

    say(study, subject, "@tom see this", ana)
    client = browser(tom)
    with override_settings(SERVER_MODE=True):
        page = client.get("/mentions/").content.decode()
        assert "see this" in page
        assert unseen(tom) == 1, "the list alone does not mark it"
        client.get(f"/studies/{study.slug}/comments/evidence/{subject.pk}/")
        assert unseen(tom) == 0
        say(study, subject, "@tom again", ana)
        client.post("/mentions/seen/")
        assert unseen(tom) == 0


def test_who_leaves_the_study_is_not_shown_what_names_them(
    study: Any, subject: Any, ana: Any, tom: Any
) -> None:
    from embauche.workbench.services.comments import mentions_of

    say(study, subject, "@tom", ana)
    study.memberships.filter(user=tom).delete()
    assert not mentions_of(tom).exists()


def test_one_edits_and_deletes_ones_own_only(
    study: Any, subject: Any, ana: Any, owner: Any
) -> None:
    from embauche.workbench.services.comments import comments_on, delete_comment, edit_comment

    row = say(study, subject, "First", ana)
    for attempt in (
        lambda: edit_comment(row.pk, "Mine now", owner, row.version),
        lambda: delete_comment(row.pk, owner, row.version),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    edited = edit_comment(row.pk, "Second", ana, row.version)
    assert (edited.text, edited.version) == ("Second", row.version + 1)
    delete_comment(row.pk, ana, edited.version)
    assert comments_on(study, subject, owner) == []
    told = list(study.events.filter(kind="comment").values_list("verb", "payload__before"))
    assert told == [
        ("comment.written", None),
        ("comment.edited", "First"),
        ("comment.deleted", "Second"),
    ]


def test_a_comment_edited_in_two_windows_loses_nothing(study: Any, subject: Any, ana: Any) -> None:
    from embauche.workbench.services.comments import edit_comment

    row = say(study, subject, "First", ana)
    seen = row.version
    edit_comment(row.pk, "From one window", ana, seen)
    client = browser(ana)
    from django.test import override_settings

    with override_settings(SERVER_MODE=True):
        answer = client.post(
            f"/studies/{study.slug}/comments/{row.pk}/",
            {"do": "edit", "text": "From the other", "version": seen},
        )
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "From one window" in html
    assert "From the other" in html, "what was typed is not lost"
    row.refresh_from_db()
    assert row.text == "From one window"


def test_editing_tells_who_is_named_anew_and_untells_who_is_not(
    study: Any, subject: Any, ana: Any, tom: Any
) -> None:
    from embauche.workbench.services.comments import edit_comment, unseen

    lea = person("lea", study, "coder")
    row = say(study, subject, "@tom", ana)
    edit_comment(row.pk, "@lea", ana, row.version)
    assert (unseen(tom), unseen(lea)) == (0, 1)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4001])
def test_empty_and_endless_comments_are_refused(
    study: Any, subject: Any, ana: Any, text: str
) -> None:
    from embauche.errors import WorkbenchError

    with pytest.raises(WorkbenchError):
        say(study, subject, text, ana)
    assert not study.comments.exists()


def test_readers_do_not_comment(study: Any, subject: Any, tom: Any) -> None:
    with pytest.raises(PermissionDenied):
        say(study, subject, "Hm", tom)


@given(st.text(alphabet="<>&\"'@/ \nahttp:s.js", max_size=60))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_words_are_shown_as_they_are_and_nothing_in_them_runs(workspace: Any, text: str) -> None:
    import re
    from html import unescape

    from embauche.workbench.templating.team import comment_text

    html = comment_text(text)
    assert not re.findall(r"<(?!/?b\b|br>)", html), "no tag but names and lines"
    assert unescape(re.sub(r"<br>", "\n", re.sub(r"</?b[^r>]*>", "", html))) == text


def test_the_count_stands_beside_the_object(study: Any, client: Any, owner: Any) -> None:
    import re

    from embauche.workbench.services.comments import subject_of

    job = study.jobs.first()
    say(study, subject_of(study, "job", job.pk, owner), "One", owner)
    html = client.get(f"/studies/{study.slug}/jobs/").content.decode()
    assert re.search(rf'id="talk-n-job-{job.pk}">1<', html)
    part = client.get(
        f"/studies/{study.slug}/comments/job/{job.pk}/", headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in part
    assert "One" in part


def test_an_object_of_another_study_is_not_there(study: Any, proposal: Any, owner: Any) -> None:
    from embauche.workbench.models import Study
    from embauche.workbench.services.comments import subject_of

    other = Study.objects.create(slug="other", title="Other", language="en")
    for kind, pk in (("evidence", proposal.pk), ("study", study.pk), ("nonsense", 1)):
        with pytest.raises(ObjectDoesNotExist):
            subject_of(other, kind, pk, owner)


def test_while_coding_is_blind_others_words_about_evidence_wait(
    study: Any, subject: Any, ana: Any
) -> None:
    from embauche.workbench.models import Study
    from embauche.workbench.services.comments import comments_on, mentions_of, subject_of

    lea = person("lea", study, "coder")
    say(study, subject, "@lea this is anxiety", ana)
    Study.objects.filter(pk=study.pk).update(blind=True)
    study.refresh_from_db()
    assert comments_on(study, subject, lea) == []
    assert not mentions_of(lea).exists()
    with pytest.raises(ObjectDoesNotExist):
        subject_of(study, "evidence", subject.pk, lea)
