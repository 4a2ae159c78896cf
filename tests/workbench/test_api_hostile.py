"""What long runs of schemathesis found: each answer that broke, or was not what is described."""

from pathlib import Path
from typing import Any

import pytest
from api_calls import send


@pytest.fixture
def tables(study: Any) -> Path:
    """Return the study's own folder, with a survey and other files in it."""
    from embauche.workbench.services.inputs import study_folder
    from embauche.workbench.services.intake_origin import remember_origin

    remember_origin(study)
    folder = study_folder(study)
    (folder / "answers.csv").write_text(
        "id,need_0,need_1\n" + "".join(f"r{at},{at % 2},{at % 3 % 2}\n" for at in range(40)),
        encoding="utf-8",
    )
    with (folder / "study.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[survey]\nfile = "answers.csv"\n')
    return folder


def _path(study: Any, rest: str) -> str:
    return f"/api/v1/studies/{study.slug}/{rest}"


@pytest.mark.parametrize(
    "name", ["0" * 390, "../answers.csv", "a/../answers.csv", "study.toml", "ana.md", "."]
)
def test_only_the_table_that_is_named_is_removed(
    study: Any, client: Any, tables: Path, name: str
) -> None:
    before = sorted(path.name for path in tables.rglob("*"))
    answer = send(client, "delete", _path(study, f"tables/survey?file={name}"))
    assert (answer.status_code, answer.json()["code"]) == (422, "intake.nothing_to_replace")
    wrong = send(client, "delete", _path(study, "tables/customers?file=answers.csv"))
    assert wrong.status_code == 422
    assert sorted(path.name for path in tables.rglob("*")) == before
    right = send(client, "delete", _path(study, "tables/survey?file=answers.csv"))
    assert right.status_code == 204
    assert not (tables / "answers.csv").exists()
    assert "answers.csv" not in (tables / "study.toml").read_text(encoding="utf-8")


def test_what_one_did_last_is_taken_back_and_brought_back(
    study: Any, client: Any, proposal: Any
) -> None:
    decided = {"decision": "accepted", "version": proposal.version}
    path = _path(study, f"evidence/{proposal.pk}/review")
    assert send(client, "post", path, decided).status_code == 200
    for way, status in (("undo", "proposed"), ("redo", "accepted")):
        answer = send(client, "post", _path(study, way))
        assert answer.status_code == 200, answer.content
        told = answer.json()
        assert (told["what"], told["n"], told["kept"]) == ("accepted", 1, [])
        proposal.refresh_from_db()
        assert proposal.status == status


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("post", "archive", {"archived": False, "version": False}),
        ("post", "evidence/remove", {"evidence": [{"id": 1, "version": False}]}),
        ("post", "evidence/remove", {"evidence": [{"id": True, "version": 1}]}),
        ("put", "guide/parts/opening", {"title": "Begin", "minutes": True, "seen": "x"}),
        ("put", "threshold", {"threshold": True}),
    ],
)
def test_true_and_false_are_no_numbers(
    study: Any, client: Any, method: str, rest: str, body: Any
) -> None:
    answer = send(client, method, _path(study, rest), body)
    assert answer.status_code == 422, answer.content
    assert [item["code"] for item in answer.json()["errors"]] == ["int_type"]


@pytest.mark.parametrize(
    ("method", "rest", "body"),
    [
        ("patch", "", {"blind": 0, "version": 1}),
        ("put", "sources/{source}/read", {"read": 1}),
        ("post", "sources/{source}/speakers/effect", {"speakers": [{"new": "yes"}]}),
        ("post", "archive", {"archived": "true", "version": 1}),
    ],
)
def test_numbers_and_words_are_not_true_or_false(
    study: Any, client: Any, method: str, rest: str, body: Any
) -> None:
    path = _path(study, rest.format(source=study.sources.first().pk)).rstrip("/")
    answer = send(client, method, path, body)
    assert answer.status_code == 422, answer.content
    assert "bool_type" in {item["code"] for item in answer.json()["errors"]}


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1", "/api/v1/", "/api/v2/studies", "/api/v1/studies/a%0Ab", "/api/%0A"]
)
def test_an_address_that_is_none_of_the_apis_is_told_as_a_problem(client: Any, path: str) -> None:
    for method in ("get", "post", "put", "patch", "delete"):
        answer = send(client, method, path, **{"Accept-Language": "fr"})
        assert answer.status_code == 404
        assert answer.headers["Content-Type"].startswith("application/problem+json")
        assert answer.json()["title"] == "Introuvable"


def test_the_description_is_read_and_nothing_else(client: Any) -> None:
    for method in ("post", "put", "patch", "delete"):
        answer = send(client, method, "/api/v1/openapi.json")
        assert (answer.status_code, answer.json()["code"]) == (405, "api.method")
        assert answer.headers["Allow"] == "GET, HEAD"


def test_conflicts_and_sizes_are_described_and_files_have_no_schema(workspace: Any) -> None:
    from embauche.workbench.api.application import description

    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            told = operation["responses"]
            assert ("409" in told) is (method != "get"), (method, path)
            assert ("413" in told) is ("requestBody" in operation), (method, path)
    file = description()["paths"]["/api/v1/studies/{slug}/files/{name}"]["get"]
    assert file["responses"]["200"]["content"] == {"*/*": {}}


def test_only_an_attribute_that_there_is_is_taken_away(study: Any, client: Any) -> None:
    from embauche.workbench.models import Event

    path = _path(study, "participants/columns")
    assert send(client, "post", path, {"name": "Trade"}).status_code == 201
    before = Event.objects.count()
    for name in ("Trad", "x" * 390):
        answer = send(client, "delete", f"{path}?name={name}")
        assert (answer.status_code, answer.json()["code"]) == (422, "intake.column_gone")
    assert Event.objects.count() == before
    assert send(client, "delete", f"{path}?name=Trade").status_code == 204
    assert client.get(path).json()["situation"] == []
