"""What the API answers: pages of lists, versions, problems in the caller's language."""

import json
from typing import Any

import pytest
from api_calls import send


def get(client: Any, path: str, **headers: str) -> Any:
    return client.get(f"/api/v1/{path}", headers=headers or None)


def test_a_list_comes_in_parts_that_make_the_whole(study: Any, client: Any) -> None:
    whole = get(client, f"studies/{study.slug}/evidence?limit=200").json()
    assert whole["total"] == len(whole["items"]) > 6
    path, found = f"studies/{study.slug}/evidence?limit=4", []
    while path:
        answer = client.get(path if path.startswith("/") else f"/api/v1/{path}")
        part = answer.json()
        found += part["items"]
        path = part["next"]
        assert ('rel="next"' in answer.headers.get("Link", "")) is bool(path)
    assert found == whole["items"]


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "offset=-1", "facet=none"])
def test_what_a_list_cannot_do_is_said(study: Any, client: Any, query: str) -> None:
    answer = get(client, f"studies/{study.slug}/evidence?{query}")
    assert answer.status_code == 422
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["status"] == 422
    assert problem["errors"][0]["in"] == "query"
    assert problem["errors"][0]["pointer"] == "/" + query.partition("=")[0]


def test_filters_choose_what_they_say(study: Any, client: Any) -> None:
    row = study.evidence.filter(current=True).select_related("participant").first()
    for query in (
        f"facet={row.facet}",
        f"participant={row.participant.key}",
        f"source={row.source_id}",
        f"status={row.status}&language={row.language}",
        f"words={row.quote[3:12]}",
    ):
        found = get(client, f"studies/{study.slug}/evidence?{query}&limit=200").json()["items"]
        assert row.key in {item["key"] for item in found}, query
    others = get(client, f"studies/{study.slug}/evidence?participant=nobody").json()
    assert others["total"] == 0


def test_every_quote_stands_in_its_source(study: Any, client: Any) -> None:
    texts = {}
    for item in get(client, f"studies/{study.slug}/evidence?limit=200").json()["items"]:
        number = item["source"]
        if number not in texts:
            texts[number] = get(client, f"studies/{study.slug}/sources/{number}").json()["text"]
        assert texts[number][item["start"] : item["end"]] == item["quote"]


def test_a_stale_change_is_refused_with_the_row_as_it_stands(
    study: Any, client: Any, proposal: Any
) -> None:
    path = f"/api/v1/studies/{study.slug}/evidence/{proposal.pk}/review"
    first = send(client, "post", path, {"decision": "accepted", "version": proposal.version})
    assert first.status_code == 200
    assert first.headers["ETag"] == f'"{proposal.version + 1}"'
    second = send(client, "post", path, {"decision": "rejected", "version": proposal.version})
    assert second.status_code == 409
    problem = second.json()
    assert (problem["code"], problem["current"]["status"]) == ("workbench.stale", "accepted")
    proposal.refresh_from_db()
    assert proposal.status == "accepted"


def test_a_change_names_its_version_in_the_body_or_in_if_match(
    study: Any, client: Any, proposal: Any
) -> None:
    path = f"/api/v1/studies/{study.slug}/evidence/{proposal.pk}/review"
    blind = send(client, "post", path, {"decision": "accepted"})
    assert (blind.status_code, blind.json()["code"]) == (428, "api.version_needed")
    match = {"If-Match": f'"{proposal.version}"'}
    assert send(client, "post", path, {"decision": "accepted"}, **match).status_code == 200
    undone = send(
        client, "post", path.replace("review", "undo"), {"version": proposal.version + 1}
    ).json()
    assert undone["status"] == "proposed"


@pytest.mark.parametrize(
    ("language", "title"), [("fr-CH,fr;q=0.9,en;q=0.8", "Introuvable"), ("en", "Not found")]
)
def test_problems_speak_the_callers_language(client: Any, language: str, title: str) -> None:
    answer = get(client, "studies/none", **{"Accept-Language": language})
    assert answer.json()["title"] == title
    assert answer.headers["Content-Language"] == language[:2]
    assert answer.json()["hint"]


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": ' + b"9" * 5000 + b"}", b""]
)
def test_what_is_no_json_is_the_callers_mistake(
    study: Any, client: Any, proposal: Any, body: bytes
) -> None:
    path = f"/api/v1/studies/{study.slug}/evidence/{proposal.pk}/review"
    answer = client.post(path, data=body, content_type="application/json")
    assert answer.status_code in {400, 422}, answer.content
    assert answer.json()["code"] in {"api.bad_json", "api.invalid"}


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", 3, None, "x" * 30_000])
def test_no_text_breaks_a_statement(study: Any, client: Any, value: Any) -> None:
    job = study.jobs.filter(current=True).first()
    path = f"/api/v1/studies/{study.slug}/jobs/{job.pk}/statement"
    body = {"statement": value, "language": "en", "version": job.version}
    answer = send(client, "put", path, body)
    assert answer.status_code == 422, answer.content


def test_unknown_fields_methods_and_addresses_are_problems(study: Any, client: Any) -> None:
    path = f"/api/v1/studies/{study.slug}/runs"
    refused = client.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (405, "api.method")
    assert "GET" in refused.headers["Allow"]
    answer = send(client, "post", f"/api/v1/studies/{study.slug}/evidence", {"odd": 1})
    assert {item["code"] for item in answer.json()["errors"]} >= {"extra_forbidden", "missing"}
    for odd in ("", "studies/", "studies/a b", "studies/%00", f"studies/{'9' * 90}"):
        assert get(client, odd).status_code in {404, 422}, odd
    many = get(client, f"studies/{study.slug}/evidence/{'9' * 40}")
    assert many.status_code == 422


def test_a_head_request_has_the_headers_alone(study: Any, client: Any) -> None:
    answer = client.head(f"/api/v1/studies/{study.slug}")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["ETag"] == f'"{study.version}"'


def test_what_nobody_foresaw_is_told_without_its_words(
    study: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench.api import studies

    def fail(_: Any) -> None:
        raise ZeroDivisionError(study.title)

    monkeypatch.setattr(studies, "study_state", fail)
    answer = get(client, f"studies/{study.slug}")
    assert (answer.status_code, answer.json()["code"]) == (500, "api.unexpected")
    assert study.title not in answer.content.decode()


def test_jobs_are_worded_operated_on_and_set_back(study: Any, client: Any) -> None:
    root = f"/api/v1/studies/{study.slug}/jobs"
    first, second = get(client, f"studies/{study.slug}/jobs").json()["items"][:2]
    body = {"statement": "Find a note at once", "language": "en", "version": first["version"]}
    worded = send(client, "put", f"{root}/{first['id']}/statement", body).json()
    assert worded["statement"]["en"] == "Find a note at once"
    assert not worded["statement_is_proposal"]
    merge = {"op": "merge", "job": first["key"], "other": second["key"]}
    done = send(client, "post", f"{root}/operations", merge)
    assert (done.status_code, done.json()["op"], done.json()["stands"]) == (201, "merge", True)
    gone = send(client, "post", f"{root}/operations/undo", {}).json()
    assert (gone["op"], gone["stands"]) == ("merge", False)
    listed = client.get(f"{root}/operations").json()["items"]
    assert [item["stands"] for item in listed if item["op"] == "merge"] == [False]
    wrong = send(client, "post", f"{root}/operations", {"op": "merge", "job": "J-0", "other": "x"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "jobs.no_such_job")


def test_figures_are_those_of_results_json(study: Any, client: Any, tmp_path: Any) -> None:
    from embauche.present.results_json import results
    from embauche.workbench.services.restoring import findings

    made = json.loads(json.dumps(results(findings(study, "en"))))
    assert get(client, f"studies/{study.slug}/results").json() == made
    parts = ("segments", "comparison", "opportunities", "customers")
    for part in parts:
        answer = get(client, f"studies/{study.slug}/{part}").json()
        assert answer == {name: made[name] for name in answer}
    rows = get(client, f"studies/{study.slug}/matrix").json()
    assert len(rows) == len(made["jobs"])
    names = get(client, f"studies/{study.slug}/files").json()
    assert {"jobs.csv", "evidence.csv", "results.json", "report.html"} <= set(names)
    table = get(client, f"studies/{study.slug}/files/evidence.csv")
    assert b"".join(table.streaming_content).count(b"\n") > 3
    assert get(client, f"studies/{study.slug}/files/study.toml").status_code == 404


def test_an_analysis_is_asked_for_followed_and_stopped(study: Any, client: Any) -> None:
    path = f"/api/v1/studies/{study.slug}/runs"
    asked = send(client, "post", path)
    assert asked.status_code == 202
    run = client.get(asked.headers["Location"]).json()
    assert (run["active"], run["error"]) == (True, None)
    assert send(client, "post", path).json()["id"] == run["id"]
    stopped = send(client, "post", f"{path}/{run['id']}/cancel").json()
    assert (stopped["state"], stopped["active"]) == ("cancelled", False)


def test_a_session_makes_and_ends_tokens(study: Any, client: Any) -> None:
    body = {"name": "export", "scopes": ["study:read"], "study": study.slug}
    made = send(client, "post", "/api/v1/tokens", body)
    assert made.status_code == 201
    listed = client.get("/api/v1/tokens").json()
    assert [row["name"] for row in listed] == ["export"]
    assert "secret" not in listed[0]
    bearer = {"Authorization": f"Bearer {made.json()['secret']}"}
    assert get(client, "me", **bearer).json()["study"] == study.slug
    assert client.delete(f"/api/v1/tokens/{made.json()['id']}").status_code == 204
    assert get(client, "me", **bearer).status_code == 401


def test_the_description_is_openapi_and_names_scopes_and_problems(client: Any) -> None:
    made = client.get("/api/v1/openapi.json").json()
    assert made["openapi"].startswith("3.")
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            assert operation["x-scope"], (method, path)
            assert operation["summary"], (method, path)
            assert "application/problem+json" in operation["responses"]["422"]["content"]
