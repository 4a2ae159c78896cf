"""Settings of a study: written where the stages read them, never over somebody else's."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from fictional_team import browser, person


def test_texts_go_into_study_toml_with_its_comments(study: Any, owner: Any) -> None:
    from embauche.study.config import read_config
    from embauche.workbench.services.inputs import study_folder
    from embauche.workbench.services.study_settings import save_settings

    path = study_folder(study) / "study.toml"
    before = path.read_text(encoding="utf-8")
    path.write_text("# Kept by hand.\n" + before, encoding="utf-8")
    try:
        given = {"title": "  Pocket   on site ", "question": "Why?", "language": "fr", "seed": 7}
        save_settings(study.pk, given, owner, study.version)
        text = path.read_text(encoding="utf-8")
        section = read_config(study_folder(study)).study
    finally:
        path.write_text(before, encoding="utf-8")
    assert text.startswith("# Kept by hand.\n")
    assert (section.title, section.question, section.language) == ("Pocket on site", "Why?", "fr")
    study.refresh_from_db()
    assert (study.title, study.seed, study.language) == ("Pocket on site", 7, "fr")


def test_two_at_once_are_shown_both_versions(study: Any, owner: Any, client: Any) -> None:
    from embauche.workbench.services.study_settings import save_settings

    seen = study.version
    save_settings(study.pk, {"title": "First title"}, owner, seen)
    answer = client.post(
        f"/studies/{study.slug}/settings/",
        {"title": "Second title", "language": "en", "seed": 0, "version": seen},
    )
    html = answer.content.decode()
    assert answer.status_code == 409
    assert 'value="Second title"' in html
    assert "First title" in html
    study.refresh_from_db()
    assert study.title == "First title"


@pytest.mark.parametrize(
    "given",
    [{"title": " "}, {"title": "x" * 201}, {"seed": -1}, {"seed": 2**31}, {"question": "x" * 2001}],
)
def test_what_makes_no_sense_is_refused(study: Any, owner: Any, given: dict[str, Any]) -> None:
    from embauche.errors import WorkbenchError
    from embauche.workbench.services.study_settings import save_settings

    with pytest.raises(WorkbenchError):
        save_settings(study.pk, given, owner, study.version)


def test_saving_nothing_new_leaves_no_trace(study: Any, owner: Any) -> None:
    from embauche.workbench.services.study_settings import save_settings

    before = study.version, study.events.count()
    save_settings(study.pk, {"title": study.title}, owner, 0)
    study.refresh_from_db()
    assert (study.version, study.events.count()) == before


def test_coders_change_no_settings(study: Any) -> None:
    from embauche.workbench.services.study_settings import archive, save_settings

    with pytest.raises(PermissionDenied):
        save_settings(study.pk, {"title": "T"}, person("cora", study, "coder"), study.version)
    with pytest.raises(PermissionDenied):
        archive(study.pk, person("ed", study, "editor"), study.version, archived=True)


def test_an_archived_study_is_read_and_not_changed_until_it_is_brought_back(
    study: Any, owner: Any, proposal: Any, client: Any
) -> None:
    from embauche.errors import WorkbenchError
    from embauche.workbench.services.review import review_evidence

    address = f"/studies/{study.slug}/settings/archive/"
    client.post(address, {"do": "archive", "version": study.version})
    study.refresh_from_db()
    assert study.archived_at is not None
    assert client.get(f"/studies/{study.slug}/jobs/").status_code == 200
    with pytest.raises(WorkbenchError) as problem:
        review_evidence(proposal.pk, "accepted", owner, proposal.version)
    assert problem.value.code == "team.archived"
    client.post(address, {"do": "restore", "version": study.version})
    study.refresh_from_db()
    assert study.archived_at is None
    assert review_evidence(proposal.pk, "accepted", owner, proposal.version).status == "accepted"


def test_readers_see_the_settings_and_cannot_send_them(study: Any) -> None:
    from django.test import override_settings

    with override_settings(SERVER_MODE=True):
        html = browser(person("rita", study, "reader")).get(f"/studies/{study.slug}/settings/")
    assert "<fieldset disabled>" in html.content.decode()
