"""Home, the guided path, new and archived studies, the grid of participants, as pages."""

from typing import Any

import pytest
from fictional_talk import ANA, drop, folder_of, take


@pytest.fixture
def me(study: Any) -> Any:
    from embauche.workbench.services.roles import local_user

    return local_user()


def _made(client: Any, title: str = "Second look") -> Any:
    from embauche.workbench.models import Study

    answer = client.post(
        "/new/", {"title": title, "product": "Pocket", "language": "en", "question": "Why?"}
    )
    assert answer.status_code == 302
    return Study.objects.get(title=title)


def test_a_new_study_has_a_folder_and_teaches(study: Any, client: Any) -> None:
    from embauche.study.config import read_config

    made = _made(client)
    section = read_config(folder_of(made)).study
    assert (section.title, section.product, section.language) == ("Second look", "Pocket", "en")
    text = client.get(f"/studies/{made.slug}/").content.decode()
    assert "This study is empty" in text
    assert f'href="/studies/{made.slug}/sources/"' in text
    assert "/guide/" in text
    home = client.get("/").content.decode()
    assert "it waits for its first file" in home


@pytest.mark.parametrize(
    "form", [{"title": " ", "language": "en"}, {"title": "x", "language": "de"}]
)
def test_a_study_that_cannot_be_made_says_why(
    study: Any, client: Any, form: dict[str, str]
) -> None:
    answer = client.post("/new/", form)
    assert answer.status_code == 422
    assert b'role="alert"' in answer.content


def test_the_line_and_the_path_say_what_waits(study: Any, client: Any, me: Any) -> None:
    from embauche.workbench.services.intake_path import path, study_line
    from embauche.workbench.services.state import study_state

    state = study_state(study, me)
    line = {part.code: part.n for part in study_line(study, state)}
    assert line["interviews"] == 3
    assert line["waiting"] == state.counts["waiting"] > 0
    found = path(study, state)
    assert [step.number for step in found.steps] == [1, 2, 3, 4, 5, 6]
    assert found.best is not None
    assert (found.best.code, found.best.params["n"]) == ("review", state.counts["waiting"])
    drop(study, me, "more.md", ANA.replace("Ana", "Moa"))
    again = path(study, study_state(study, me)).best
    assert again is not None
    assert again.code == "take"
    text = client.get(f"/studies/{study.slug}/").content.decode()
    assert "1 file was dropped and not taken yet." in text


def test_dropping_and_taking_work_without_a_script(study: Any, client: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    made = _made(client)
    address = f"/studies/{made.slug}/sources/"
    talk = ANA.replace("Interviewer", "Speaker 1").replace("Ana", "Speaker 2")
    files = [SimpleUploadedFile("a.md", talk.encode()), SimpleUploadedFile("b.mp3", b"ID3")]
    answer = client.post(f"{address}upload/", {"files": files})
    assert (answer.status_code, answer["Location"]) == (302, f"{address}#waiting")
    text = client.get(address).content.decode()
    assert "Speaker 1" in text
    assert "cannot be read here" in text
    upload = made.uploads.get(name="a.md")
    mark = f"u{upload.pk}-"
    said = {f"{mark}shown": "1", f"{mark}name": "first talk", f"{mark}role0": "participant",
            f"{mark}role1": "interviewer"}  # fmt: skip
    answer = client.post(f"{address}waiting/", {**said, "take": str(upload.pk)})
    assert answer["Location"].startswith(f"{address}?taken=1")
    row = made.sources.get()
    assert row.name == "interviews/first talk.md"
    assert {turn["speaker"]: turn["role"] for turn in row.turns} == {
        "Speaker 1": "participant",
        "Speaker 2": "interviewer",
    }
    client.post(f"{address}waiting/", {"leave": "all"})
    assert not made.uploads.exists()


def test_a_stale_grid_is_refused_and_shown(study: Any, client: Any, me: Any) -> None:
    from embauche.workbench.services.intake_participants import add_column

    add_column(study.pk, "situation", "place", me)
    row = study.participants.first()
    cells = {f"name-{row.pk}": "Nia", f"version-{row.pk}": str(row.version), f"s0-{row.pk}": "van"}
    address = f"/studies/{study.slug}/participants/"
    assert client.post(address, cells).status_code == 302
    row.refresh_from_db()
    assert (row.pseudonym, row.situation) == ("Nia", {"place": "van"})
    answer = client.post(address, {**cells, f"name-{row.pk}": "Zoe"})
    assert answer.status_code == 409
    assert "Zoe" in answer.content.decode()
    row.refresh_from_db()
    assert row.pseudonym == "Nia"


def test_attributes_come_from_a_table(study: Any, me: Any) -> None:
    names = list(study.participants.values_list("pseudonym", flat=True))
    table = "name,place,age\n" + "\n".join(f"{name},van,4{n}" for n, name in enumerate(names))
    upload = drop(study, me, "people.csv", table + "\nNobody,shed,1\n")
    assert (upload.kind, upload.preview["people"]) == ("participants", len(names))
    assert "Nobody" in str(upload.preview["notices"])
    take(study, me, upload)
    for row in study.participants.all():
        assert row.situation == {"place": "van"}
        assert row.demographics.keys() == {"age"}


def test_an_archived_study_is_set_apart(study: Any, client: Any) -> None:
    made = _made(client, "Put away")
    client.post(f"/studies/{made.slug}/archive/", {"archived": "1"})
    home = client.get("/").content.decode()
    assert home.index("1 archived study") < home.index("Put away")
    client.post(f"/studies/{made.slug}/archive/", {"archived": "0"})
    assert "archived study" not in client.get("/").content.decode()


def test_the_study_folder_comes_as_an_archive(study: Any, client: Any) -> None:
    answer = client.get(f"/studies/{study.slug}/study.zip")
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert f"{study.slug}.zip" in answer["Content-Disposition"]


def test_pages_answer_quickly_and_with_few_queries(study: Any, client: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for page in ("", "sources/", "participants/", "pseudonyms/"):
        client.get(f"/studies/{study.slug}/{page}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/studies/{study.slug}/{page}").status_code == 200
        assert len(asked) < 40, page
