"""An assistant, over standard input and output as the protocol's own client speaks it."""

import json
import os
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp")
_PROGRAM = "from embauche.cli.main import main; main()"
_FORBIDDEN = (
    "accept", "reject", "review", "decide", "delete", "remove", "merge", "split", "rename", "undo",
    "run", "write", "set", "put",
)  # fmt: skip


@pytest.fixture(scope="module")
def home(workspace: Any, opened: tuple[Any, Path], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a copy of the workspace, for the server's own process."""
    from django.db import connection

    connection.close()
    folder = tmp_path_factory.mktemp("assistant") / "workspace"
    shutil.copytree(workspace.folder, folder)
    return folder


def talk(home: Path, said: Callable[[Any], Awaitable[Any]], *words: str, **more: str) -> Any:
    """Start the server as an assistant's program does, and talk with it."""
    import anyio
    from mcp import Client, StdioServerParameters, stdio_client
    from mcp.types import Implementation

    server = StdioServerParameters(
        command=sys.executable,
        args=["-c", _PROGRAM, "mcp", "--lang", "en", *words],
        env={"EMBAUCHE_HOME": str(home), "PATH": os.environ["PATH"], **more},
    )

    async def whole() -> Any:
        with anyio.fail_after(60):
            name = Implementation(name="Test Desk!", version="1")
            async with Client(stdio_client(server), client_info=name) as client:
                return await said(client)

    return anyio.run(whole)


def told(result: Any) -> Any:
    assert not result.is_error, result.content
    return result.structured_content


def evidence_of(home: Path) -> list[tuple[Any, ...]]:
    """Return all evidence of the copied workspace, as the file holds it."""
    import sqlite3

    with sqlite3.connect(home / "embauche.sqlite3") as database:
        rows = database.execute(
            "SELECT e.key, e.quote, e.status, c.name, e.reviewer_id FROM workbench_evidence e"
            " JOIN workbench_coder c ON c.id = e.coder_id ORDER BY e.id"
        ).fetchall()
    database.close()
    return rows


@pytest.fixture(scope="module")
def conversation(home: Path) -> dict[str, Any]:
    """Return what an assistant was told, from reading a study to proposing."""

    async def said(client: Any) -> dict[str, Any]:
        found: dict[str, Any] = {"before": evidence_of(home)}
        found["tools"] = (await client.list_tools()).tools
        found["study"] = told(await client.call_tool("read_study", {}))
        sources = told(await client.call_tool("list_sources", {}))["sources"]
        number = sources[0]["source"]
        source = told(await client.call_tool("read_source", {"source": number}))
        turn = next(item for item in source["turns"] if item["role"] == "participant")
        quote = turn["text"][:30]
        given = {"source": number, "quote": quote, "facet": "habit", "start": turn["start"],
                 "reason": "A habit.", "confidence": 0.6}  # fmt: skip
        found["quote"] = quote
        found["proposed"] = told(await client.call_tool("propose_evidence", given))
        found["again"] = told(await client.call_tool("propose_evidence", given))
        for name, words in (("false", quote + "x"), ("asked", "When did you realise")):
            wrong = {"source": number, "quote": words, "facet": "habit"}
            found[name] = await client.call_tool("propose_evidence", wrong)
        job = told(await client.call_tool("list_jobs", {}))["jobs"][0]["job"]
        worded = {"job": job, "statement": "Find a note at once", "language": "en"}
        found["worded"] = told(await client.call_tool("propose_job_statement", worded))
        found["job"] = told(await client.call_tool("read_job", {"job": job}))
        for name in ("read_matrix", "read_segments", "read_opportunities", "list_evidence"):
            found[name] = told(await client.call_tool(name, {}))
        hits = told(await client.call_tool("search", {"words": "NOTE"}))
        found["hits"] = hits["sentences"]
        book = await client.read_resource("embauche://codebook/fr")
        found["codebook"] = book.contents[0].text
        return found

    talked: dict[str, Any] = talk(home, said)
    return talked


def test_an_assistant_reads_a_study_and_proposes_what_people_decide(
    home: Path, conversation: dict[str, Any]
) -> None:
    found, before = conversation, conversation["before"]
    assert found["study"]["title"] == "Pocket notes"
    proposed = found["proposed"]
    assert (proposed["new"], proposed["status"]) == (True, "proposed")
    assert found["again"] == proposed | {"new": False, "status": "known already"}
    for name in ("false", "asked"):
        assert found[name].is_error, name
    assert "letter for letter" in found["false"].content[0].text
    assert found["worded"]["by"] == "machine:mcp:Test-Desk"
    assert not found["job"]["confirmed"]
    assert found["job"]["proposed_statements"][0]["statement"] == "Find a note at once"
    assert found["read_matrix"]["rows"]
    assert "notes" in found["hits"][0]["sentence"]
    assert "objective" in found["codebook"]
    added = [row for row in evidence_of(home) if row not in before]
    assert [row[1:] for row in added] == [
        (found["quote"], "proposed", "machine:mcp:Test-Desk", None)
    ]
    assert len(evidence_of(home)) == len(before) + 1, "nothing was changed or taken away"


def test_no_tool_decides(conversation: dict[str, Any]) -> None:
    tools = conversation["tools"]
    names = {tool.name for tool in tools}
    assert {name for name in names if name.startswith("propose_")} == {
        "propose_evidence",
        "propose_job_statement",
    }
    for tool in tools:
        assert not set(tool.name.split("_")) & set(_FORBIDDEN), tool.name
        proposes = tool.name.startswith("propose_")
        assert tool.annotations.read_only_hint is not proposes
        # No argument can give a status, a decision or another coder.
        given = json.dumps(list(tool.input_schema["properties"]))
        if proposes:
            assert not {"status", "decision", "coder"} & set(json.loads(given))


def test_a_token_limits_the_assistant(study: Any, owner: Any) -> None:
    import anyio
    from mcp import Client

    from embauche.cli.mcp import _session
    from embauche.errors import WorkbenchError
    from embauche.vocabulary import Language
    from embauche.workbench.mcp_server import mcp_server
    from embauche.workbench.models import Study
    from embauche.workbench.services.api_tokens import make_token

    _, secret = make_token(owner, "desk", ["study:read"], study)
    session = _session(None, secret, Language.EN, demo=False)
    assert [row.slug for row in session.studies()] == [study.slug]
    Study.objects.create(slug="other", title="Other", language="en")
    for slug in ("other", "none"):
        with pytest.raises(WorkbenchError):
            session.opened(slug)
    for wrong in ("emb_none", ""):
        with pytest.raises(WorkbenchError):
            _session(None, wrong, Language.EN, demo=False)

    async def tools() -> list[str]:
        async with Client(mcp_server(session)) as client:
            return [tool.name for tool in (await client.list_tools()).tools]

    names = anyio.run(tools)
    assert "read_source" in names
    assert not [name for name in names if name.startswith("propose")]


def test_without_the_sdk_the_command_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from click.testing import CliRunner

    from embauche.cli import mcp as command

    monkeypatch.setattr(command, "find_spec", lambda _: None)
    answer = CliRunner().invoke(command.mcp, ["--lang", "en"])
    assert answer.exit_code == 1
    assert "pip install 'embauche[mcp]'" in answer.output
