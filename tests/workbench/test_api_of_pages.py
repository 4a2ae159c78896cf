"""What a person can do on a page, a program can do by the API: page by page, or why not."""

from __future__ import annotations

from typing import Any

import pytest
from address_table import TABLE
from api_calls import send
from fictional_team import as_server, browser, person

OF_A_BROWSER = "It is of a browser: a session, a language, a theme."
OF_A_LINK = "Whoever has the link has what it gives; it needs no account."
OF_A_PERSON = "A password is typed by a person, on a page."
SEEN = "It shows again what another operation told, or before a form is sent."

# Page → the operations that do and tell the same, or the reason why there is none.
OPERATIONS: dict[str, tuple[str, ...] | str] = {
    "home": ("list_studies",),
    "study-new": ("new_study",),
    "study-open": ("open_zip",),
    "study-demo": ("create_demo",),
    "study-archive": ("archive_study",),
    "study-delete": ("drop_study",),
    "study-export": ("read_archive",),
    "overview": ("read_study", "read_results"),
    "sources": ("list_sources", "list_uploads"),
    "source": ("read_source", "list_evidence"),
    "upload": ("create_upload", "create_source"),
    "waiting": ("take_uploads", "change_upload", "delete_upload"),
    "source-remove": ("delete_source",),
    "source-speakers": (
        "read_speakers", "change_who_speaks", "try_speakers", "undo_who_speaks",
    ),
    "source-aside": ("list_aside", "decide_aside"),
    "table-remove": ("delete_table",),
    "participants": ("list_participants", "change_participant"),
    "participant-columns": ("list_columns", "create_column", "delete_column"),
    "pseudonyms": ("list_looked",),
    "pseudonym-key": ("read_key", "delete_key"),
    "pseudonym-review": ("read_identifiers", "hide_identifiers"),
    "guide": ("read_guide",),
    "guide-brief": ("put_guide",),
    "guide-fitting": SEEN,
    "guide-asked": ("read_asked",),
    "guide-in-source": ("read_asked",),
    "guide-undo": ("undo_guide",),
    "guide-add": ("create_question",),
    "guide-question": ("put_question",),
    "guide-move": ("place_question",),
    "guide-remove": ("delete_question",),
    "guide-part": ("put_part",),
    "guide-text": ("put_text",),
    "guide-file": ("read_guide_file",),
    "survey": ("read_mapping", "read_customers_table", "list_links"),
    "survey-check": ("check_mapping",),
    "survey-save": ("put_mapping", "create_run"),
    "survey-customers": ("put_customers_table",),
    "survey-link": ("put_link",),
    "survey-undo": ("undo_mapped",),
    "survey-upload": ("create_upload", "take_uploads"),
    "evidence": ("list_evidence",),
    "evidence-edit": ("read_evidence",),
    "evidence-change": ("change_evidence", "remove_many"),
    "evidence-bulk": ("decide_many", "recode_many", "remove_many"),
    "learned": ("read_queue",),
    "code": ("code_words",),
    "decide": ("decide_evidence", "undo_evidence", "remove_many"),
    "read": ("put_read",),
    "settle": ("read_differences", "settle_difference"),
    "memo": ("put_source_memo", "put_job_memo", "change_evidence"),
    "undo": ("undo_step", "redo_step"),
    "blind": ("change_study",),
    "search": ("search_words",),
    "review-page": ("decide_many",),
    "review": ("decide_evidence", "undo_evidence"),
    "teach": ("read_queue",),
    "teach-answer": ("create_answer", "undo_answer"),
    "agreement": ("read_agreement",),
    "saturation": ("read_saturation",),
    "jobs": ("list_jobs", "list_operations"),
    "statement": ("put_statement",),
    "canvas": ("read_canvas",),
    "empathy": ("read_empathy",),
    "operation": ("create_operation", "undo_operation", "redo_operation"),
    "link": ("put_link",),
    "offer": ("put_offer",),
    "board": ("list_jobs", "list_operations"),
    "board-operation": ("create_operation", "undo_operation", "redo_operation"),
    "board-move": SEEN,
    "board-merge": SEEN,
    "board-job": ("read_job",),
    "board-rename": SEEN,
    "board-pieces": ("read_job",),
    "board-cards": ("read_job",),
    "board-threshold": ("read_threshold", "put_threshold"),
    "lint": ("check_statement",),
    "matrix": ("read_matrix",),
    "matrix-csv": ("read_matrix",),
    "cell": ("list_evidence",),
    "segments": ("read_segments",),
    "typing": ("read_typing",),
    "compare": ("read_comparison", "list_comparisons"),
    "compare-test": ("create_comparison",),
    "priorities": ("read_opportunities",),
    "targets": ("read_targets",),
    "steps": ("read_steps",),
    "analyse": ("create_run",),
    "progress": ("read_run", "list_runs"),
    "strip": ("read_run",),
    "cancel": ("cancel_run",),
    "report": ("read_file",),
    "download": ("list_files", "read_file"),
    "activity": ("list_activity",),
    "history": ("list_activity",),
    "comments": ("list_comments", "create_comment"),
    "comment": ("edit_comment", "delete_comment"),
    "people": ("list_members", "list_invitations", "list_shares"),
    "invite": ("create_invitation",),
    "revoke-invitation": ("delete_invitation",),
    "member": ("change_member", "remove_member"),
    "leave": ("leave_study",),
    "share": ("create_share",),
    "revoke-share": ("delete_share",),
    "settings": ("read_study", "change_study"),
    "archive": ("archive_study",),
    "account": ("me", "change_me"),
    "mentions": ("list_mentions",),
    "mentions-seen": ("see_mentions",),
    "preferences": OF_A_BROWSER,
    "login": OF_A_PERSON,
    "logout": OF_A_BROWSER,
    "tokens": ("list_tokens", "create_token"),
    "revoke-token": ("delete_token",),
    "reference": OF_A_BROWSER,
    "invitation": OF_A_LINK,
    "shared": OF_A_LINK,
    "shared-report": OF_A_LINK,
    "shared-part": OF_A_LINK,
}  # fmt: skip


def test_each_page_has_its_operations_or_a_reason(workspace: Any) -> None:
    from embauche.workbench.api.application import description

    assert sorted([*OPERATIONS, "api", "openapi"]) == sorted(TABLE)
    known = {
        item["operationId"] for methods in description()["paths"].values()
        for item in methods.values()
    }  # fmt: skip
    named = {name for found in OPERATIONS.values() if not isinstance(found, str) for name in found}
    assert named - known == set()
    more = {"create_evidence", "create_suggestion", "read_customers"}
    assert known - named == more, "programs propose, and read what the report tells"


def test_no_two_shapes_have_one_name(workspace: Any) -> None:
    """Of two the description would tell one, for both."""
    import json
    from importlib import import_module

    from pydantic import BaseModel

    from embauche.workbench.api.application import ROOMS

    told: dict[str, str] = {}
    for room in (*ROOMS, "shapes"):
        for shape in vars(import_module(f"embauche.workbench.api.{room}")).values():
            if not (isinstance(shape, type) and issubclass(shape, BaseModel)):
                continue
            if shape.__name__ in {"Page", "Schema"}:
                continue
            whole = shape.model_json_schema(ref_template="{model}")
            for name, part in {**whole.pop("$defs", {}), shape.__name__: whole}.items():
                text = json.dumps(part, sort_keys=True)
                assert told.setdefault(name, text) == text, name
    assert len(told) > 100


def test_one_changes_ones_own_name_in_a_session_only(study: Any) -> None:
    from embauche.workbench.services.api_tokens import SCOPES, make_token

    user = person("olga", study, "coder")
    with as_server():
        client = browser(user)
        told = send(client, "patch", "/api/v1/me", {"name": "Olga P.", "pseudonym": "C1"}).json()
        assert (told["name"], told["pseudonym"], told["username"]) == ("Olga P.", "C1", "olga")
        told = send(client, "patch", "/api/v1/me", {"name": "Olga"}).json()
        assert (told["name"], told["pseudonym"]) == ("Olga", "C1"), "what is left out stays"
        person("zoe")
        taken = send(client, "patch", "/api/v1/me", {"pseudonym": "zoe"})
        assert (taken.status_code, taken.json()["code"]) == (422, "team.name_taken")
        _, secret = make_token(user, "test", SCOPES)
        bearer = {"Authorization": f"Bearer {secret}"}
        refused = send(browser(), "patch", "/api/v1/me", {"name": "x"}, **bearer)
        assert refused.json()["code"] == "api.session_only"


@pytest.mark.parametrize("role", ["", "reader", "coder", "editor", "owner"])
def test_the_key_to_the_pseudonyms_is_the_owners(study: Any, role: str) -> None:
    from embauche.workbench.services.intake_keyring import Keyring, key_file, write_keyring

    user, path = person("olga", study, role), f"/api/v1/studies/{study.slug}/pseudonyms/key"
    with as_server():
        client, refused = browser(user), 403 if role else 404
        assert client.get(path).status_code == (404 if role == "owner" else refused)
        write_keyring(study, Keyring({"person a b": {"kind": "person"}}, [], [], {}))
        answer = client.get(path)
        assert answer.status_code == (200 if role == "owner" else refused)
        if role == "owner":
            assert b"person a b" in b"".join(answer.streaming_content)
        assert client.delete(path).status_code == (204 if role == "owner" else refused)
        assert key_file(study).is_file() is (role != "owner")
        key_file(study).unlink(missing_ok=True)
