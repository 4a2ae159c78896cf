"""The guide in the workbench: made, edited by two at once, undone, downloaded, taken along."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from embauche.collect import GuideBrief, build_guide
from embauche.errors import GuideError
from embauche.study.guide_file import read_guide, write_guide
from embauche.vocabulary import Language

BRIEF = GuideBrief("Pocket", Language.EN, "meeting a client")


@pytest.fixture
def guide(study: Any, owner: Any) -> Any:
    from embauche.workbench.services.guide import make_guide

    return make_guide(study.pk, BRIEF, owner)


def _seen(study: Any, question: str) -> str:
    from embauche.workbench.services.guide import guide_of, seen_mark

    held = guide_of(study)
    assert held is not None
    return seen_mark(held[0].question(question))


def test_two_people_editing_different_questions_do_not_meet(
    study: Any, owner: Any, guide: Any
) -> None:
    from embauche.workbench.services.guide import guide_of, save_question

    mine, theirs = _seen(study, "tried"), _seen(study, "unmet")
    save_question(study.pk, replace(guide.question("tried"), text="Mine?"), owner, mine)
    save_question(study.pk, replace(guide.question("unmet"), text="Theirs?"), owner, theirs)
    now = guide_of(study)
    assert now is not None
    assert (now[0].question("tried").text, now[0].question("unmet").text) == ("Mine?", "Theirs?")
    assert now[1].version == 3


def test_a_second_edit_of_the_same_question_is_refused_and_shown(
    study: Any, owner: Any, guide: Any, client: Any
) -> None:
    from embauche.workbench.services.guide import guide_of, save_question

    seen = _seen(study, "tried")
    save_question(study.pk, replace(guide.question("tried"), text="First?"), owner, seen)
    url = f"/studies/{study.slug}/guide/questions/tried/"
    answer = client.post(url, {"text": "Second?", "seen": seen, "follow_ups": "", "note": ""})
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Second?" in text
    assert "First?" in text
    held = guide_of(study)
    assert held is not None
    assert held[0].question("tried").text == "First?"


def test_every_change_can_be_taken_back(study: Any, owner: Any, guide: Any) -> None:
    from embauche.workbench.services import guide as service

    service.shift(study.pk, "you", 1, owner)
    service.drop_question(study.pk, "aim", owner, _seen(study, "aim"))
    service.put_question(study.pk, "use", "And then?", owner)
    service.save_text(study.pk, "thanks", "Bye.", owner, service.seen_mark(guide.thanks))
    for _ in range(4):
        last = service.undo(study.pk, owner)
    assert last == guide
    with pytest.raises(GuideError):
        service.undo(study.pk, owner)
    verbs = list(study.events.filter(kind="guide").values_list("verb", flat=True))
    assert verbs[:2] == ["guide.made", "guide.question_moved"]
    assert verbs[-4:] == ["guide.undone"] * 4


def test_a_reader_changes_nothing(study: Any, owner: Any, guide: Any) -> None:
    from embauche.workbench.models import Membership, User
    from embauche.workbench.services import guide as service

    reader = User.objects.create(username="reader")
    Membership.objects.create(user=reader, study=study, role="reader")
    for act in (
        lambda: service.undo(study.pk, reader),
        lambda: service.shift(study.pk, "you", 1, reader),
        lambda: service.make_guide(study.pk, BRIEF, reader, 1),
        lambda: service.put_question(study.pk, "use", "And?", reader),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_the_page_makes_edits_moves_and_prints(study: Any, client: Any) -> None:
    base = f"/studies/{study.slug}/guide/"
    assert "guide-form" in client.get(base).content.decode()
    heard = client.get(base + "fitting/", {"product": "Evernote", "situation": "on site"})
    assert "on site" in heard.content.decode()
    empty = client.post(base + "brief/", {"product": " ", "language": "en", "minutes": 45})
    assert empty.status_code == 422
    made = client.post(
        base + "brief/",
        {"product": "Evernote", "language": "en", "minutes": "30", "months": "6"},
    )
    assert made.status_code == 302
    text = client.get(base + "?edit=tried").content.decode()
    assert "Before Evernote, what had you tried?" in text
    assert 'id="edit-tried"' in text
    assert client.post(base + "questions/you/move/", {"step": "down"}).status_code == 302
    assert client.post(base + "questions/you/move/", {"part": "use", "at": "0"}).status_code == 302
    assert client.post(base + "questions/you/move/", {"part": "use"}).status_code == 404
    assert client.post(base + "questions/none/move/", {"step": "up"}).status_code == 422
    part = client.post(base + "undo/", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    for form, start in (("pdf", b"%PDF"), ("docx", b"PK"), ("md", b"# Interview guide")):
        answer = client.get(f"{base}guide.{form}")
        assert answer.content.startswith(start)
    assert client.get(f"{base}guide.exe").status_code == 404


def test_questions_are_found_in_the_interviews(study: Any, guide: Any, client: Any) -> None:
    from embauche.workbench.services.guide_asked import asked_in_interviews, asked_in_source

    table = asked_in_interviews(study, guide)
    asked = {row.id: row.asked for row in table.rows}
    assert asked["first_thought"] == 1
    assert asked["unmet"] == 1
    assert asked["others"] == 0
    assert "others" in {row.id for row in table.never}
    text = client.get(f"/studies/{study.slug}/guide/asked/").content.decode()
    assert "When did you realise you needed something else?" in text
    source = study.sources.get(name="ana.md")
    assert asked_in_source(study, guide, source.key)


def test_the_guide_leaves_and_comes_back(
    study: Any, owner: Any, guide: Any, tmp_path: Path
) -> None:
    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.guide import guide_of, put_question, take_guide
    from embauche.workbench.services.inputs import inputs, study_folder

    before = inputs(study)
    put_question(study.pk, "use", "Who showed it to you?", owner)
    after = inputs(study)
    assert before.files == after.files, "the folder's files have not changed"
    assert before.fingerprint != after.fingerprint
    held = guide_of(study)
    assert held is not None
    assert after.config.guide == held[0]
    folder = export_folder(study.pk, tmp_path / "out")
    assert read_guide(folder) == held[0]
    held[1].delete()
    write_guide(study_folder(study), held[0])
    take_guide(study)
    again = guide_of(study)
    assert again is not None
    assert again[0] == held[0]
    (study_folder(study) / "guide.json").unlink()


def test_the_command_writes_and_keeps_the_guide(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from embauche.cli.main import main

    (tmp_path / "study.toml").write_text('[study]\nproduct = "Pocket"\n', encoding="utf-8")
    run = CliRunner().invoke
    asked = ["guide", str(tmp_path), "--lang", "en", "--situation", "on site"]
    assert run(main, asked).exit_code == 0
    assert "Before Pocket" in (tmp_path / "interview-guide.md").read_text("utf-8")
    assert read_guide(tmp_path) == build_guide(GuideBrief("Pocket", Language.EN, "on site"))
    assert run(main, asked).exit_code == 1, "nothing is replaced unasked"
    again = run(main, ["guide", str(tmp_path), "--lang", "en", "--product", "Jotter", "--force"])
    assert again.exit_code == 0
    guide = read_guide(tmp_path)
    assert guide is not None
    assert "Jotter" in guide.question("tried").text
    assert guide.brief.situation == "on site"
    from embauche.study.files import list_files, tell_parts

    parts = tell_parts(list_files(tmp_path), tmp_path)
    assert {part.part for part in parts} <= {"unused"}
