"""Every operation is in docs/reference/api.md, and said in both languages."""

import importlib.util
import re
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]


def test_the_reference_is_what_the_api_is(workspace: Any) -> None:
    path = _ROOT / "tools" / "api_reference.py"
    spec = importlib.util.spec_from_file_location("api_reference", path)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    text = (_ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    assert tool.with_table(text) == text, "run tools/api_reference.py"


def test_every_operation_is_said_in_both_languages(workspace: Any) -> None:
    from embauche.workbench.api.reference import chapters

    both = [
        [entry for chapter in chapters(name) for entry in chapter.entries] for name in ["fr", "en"]
    ]
    assert len(both[0]) == len(both[1]) > 90
    for french, english in zip(*both, strict=True):
        assert french.name == english.name
        for entry in (french, english):
            assert not entry.summary.startswith("api."), entry.name
            assert not [item for item in entry.values if item.about.startswith("api.")], entry.name
        assert french.summary != english.summary


def test_every_scope_is_documented(workspace: Any) -> None:
    from embauche.workbench.services.api_tokens import SCOPES

    text = (_ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    for scope in SCOPES:
        assert f"| `{scope}` |" in text


def test_the_pages_of_tokens_and_reference(study: Any, client: Any) -> None:
    from embauche.workbench.models import ApiToken

    made = client.post("/tokens/", {"name": "export", "scope": ["study:read"], "days": "30"})
    row = ApiToken.objects.get(name="export")
    assert made.status_code == 200
    secret = re.search(r"emb_[\w-]{40,}", made.content.decode())[0]
    listed = client.get("/tokens/").content
    assert secret.encode() not in listed
    assert row.prefix.encode() in listed
    assert client.post("/tokens/", {"name": "export"}).status_code == 422
    bearer = {"Authorization": f"Bearer {secret}"}
    assert client.get("/api/v1/me", headers=bearer).status_code == 200
    assert client.post(f"/tokens/{row.pk}/revoke/").status_code == 302
    assert client.get("/api/v1/me", headers=bearer).status_code == 401
    page = client.get("/reference/")
    assert page.status_code == 200
    assert b"studies/{slug}/evidence" in page.content
    assert b"//cdn" not in page.content
