"""`embauche identify` as a user meets it: nothing leaves unless asked for, and told beforehand."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import polars as pl
import pytest
from click.testing import CliRunner, Result

from embauche.cli.main import main
from embauche.present.results_json import results_schema

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "identify"))
from llm_stub_server import StubServer, status

_TALK = """Interviewer: What goes wrong today?

Nadia: I lose everything each time it syncs, it drives me mad. The weather was fine that day.
I need to find my notes before a meeting.

Interviewer: What did you do before?

Nadia: Before that I kept it all in a paper notebook.
"""


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Return a folder with one fictional interview."""
    folder = tmp_path / "study"
    folder.mkdir()
    (folder / "nadia.txt").write_text(_TALK, encoding="utf-8")
    return folder


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[StubServer]:
    """Return a running server that the environment names."""
    with StubServer() as stub:
        monkeypatch.setenv("EMBAUCHE_LLM_URL", stub.url)
        monkeypatch.setenv("EMBAUCHE_LLM_MODEL", "stub")
        monkeypatch.setenv("EMBAUCHE_LLM_KEY", "sk-secret")
        yield stub


def _run(*arguments: str | Path, say: str | None = None) -> Result:
    words = [str(item) for item in arguments]
    return CliRunner().invoke(main, [*words, "--lang", "en"], input=say)


def _files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_offline_it_counts_proposals_by_facet(study: Path) -> None:
    done = _run("identify", study)
    assert done.exit_code == 0, done.stderr
    assert re.search(r"machine:offline-\w+", done.stdout)
    assert re.search(r"^frustration +\d+$", done.stdout, re.MULTILINE)
    assert _files(study) == {"nadia.txt"}


def test_as_json_every_quote_stands_in_its_source(study: Path) -> None:
    found = json.loads(_run("identify", study, "--json").stdout)
    assert found["sentences"] == 4
    assert found["agreement"] is None
    assert sum(sum(counts.values()) for counts in found["facets"].values()) == len(
        found["evidence"]
    )
    assert found["evidence"]
    assert all(item["quote"] in _TALK for item in found["evidence"])


def test_a_configured_server_is_not_contacted_unless_asked_for(
    study: Path, server: StubServer
) -> None:
    for arguments in (["identify"], ["identify", "--yes"], ["identify", "--estimate"], ["run"]):
        done = _run(arguments[0], study, *arguments[1:], "--quiet")
        assert done.exit_code == 0, done.stderr
    assert server.requests == []


def test_without_a_server_nothing_opens_a_connection(study: Path) -> None:
    script = (
        "import socket, sys\n"
        "def refuse(*_): raise AssertionError('a connection was opened')\n"
        "socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse\n"
        "from embauche.cli.main import main\n"
        f"main(['identify', {str(study)!r}, '--quiet', '--lang', 'en'], standalone_mode=False)\n"
        "assert 'httpx' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "frustration" in done.stdout


def test_asking_without_a_configuration_says_what_to_set(study: Path) -> None:
    done = _run("identify", study, "--llm", "--yes")
    assert done.exit_code == 1
    assert "EMBAUCHE_LLM_URL" in done.stderr


def test_what_leaves_is_said_before_and_a_no_sends_nothing(study: Path, server: StubServer) -> None:
    for say in ("n\n", "\n", ""):
        done = _run("identify", study, "--llm", say=say)
        assert done.exit_code == 1
        assert "4 sentences" in done.stderr
        assert server.url[7:-3] in done.stderr
        assert "on this machine" in done.stderr
        assert "Nothing was sent." in done.stderr
        assert "sk-secret" not in done.output
    assert server.requests == []
    assert _files(study) == {"nadia.txt"}


def test_another_machine_is_named_and_http_is_warned_of(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMBAUCHE_LLM_URL", "http://models.example.org/v1")
    monkeypatch.setenv("EMBAUCHE_LLM_MODEL", "big")
    monkeypatch.setenv("EMBAUCHE_LLM_INPUT_PRICE", "2,5")
    monkeypatch.setenv("EMBAUCHE_LLM_CURRENCY", "EUR")
    said = _run("identify", study, "--estimate").stdout
    assert "will leave this machine for models.example.org" in said
    assert "unencrypted" in said
    assert "EUR" in said
    found = json.loads(_run("identify", study, "--estimate", "--json").stdout)["estimate"]
    assert (found["sentences"], found["on_this_machine"]) == (4, False)
    assert found["characters"] > 150
    assert found["cost"] == pytest.approx(2.5e-6 * found["input_tokens"])


def test_a_yes_sends_and_run_takes_the_answers_up(study: Path, server: StubServer) -> None:
    done = _run("identify", study, "--llm", say="y\n")
    assert done.exit_code == 0, done.stderr
    assert len(server.requests) == 1
    assert "100 tokens read" in done.stderr
    assert "machine:llm:stub@" in done.stdout
    assert "α" in done.stdout
    assert _files(study) == {"nadia.txt", "llm-coding.jsonl"}
    assert "sk-secret" not in (study / "llm-coding.jsonl").read_text("utf-8")
    again = _run("identify", study, "--llm", "--yes", "--json")
    assert len(server.requests) == 1, "answered already"
    found = json.loads(again.stdout)
    model = next(name for name in found["coders"] if name.startswith("machine:llm:"))
    assert found["facets"]["job.functional"][model] == 1
    assert found["agreement"]["units"] == 4
    ran = _run("run", study, "--quiet", "--json")
    assert ran.exit_code == 0, ran.stderr
    results = json.loads(ran.stdout)
    jsonschema.validate(results, results_schema())
    assert "llm.taken_up" in {warning["code"] for warning in results["warnings"]}
    evidence = pl.read_csv(study / "out" / "evidence.csv")
    quoted = set(zip(evidence["facet"], evidence["quote"], strict=True))
    assert ("job.functional", "I need to find my notes before a meeting.") in quoted
    assert len(server.requests) == 1


def test_the_model_alone_or_not_at_all(study: Path, server: StubServer) -> None:
    assert _run("identify", study, "--coder", "llm").exit_code == 1
    _run("identify", study, "--llm", "--yes")
    alone = json.loads(_run("identify", study, "--coder", "llm", "--json").stdout)
    assert [name.split(":")[1] for name in alone["coders"]] == ["llm"]
    assert {item["facet"] for item in alone["evidence"]} == {"frustration", "job.functional"}
    without = json.loads(_run("identify", study, "--coder", "offline", "--json").stdout)
    assert not any("llm" in name for name in without["coders"])
    assert _run("identify", study, "--forget").exit_code == 0
    assert _files(study) == {"nadia.txt"}


def test_an_interrupted_run_goes_on_where_it_stopped(
    study: Path, server: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMBAUCHE_LLM_BATCH", "2")
    monkeypatch.setenv("EMBAUCHE_LLM_CONCURRENCY", "1")
    server.usual = status(401, "no")
    server.script = [StubServer().usual]
    first = _run("identify", study, "--llm", "--yes")
    assert first.exit_code == 1
    assert "EMBAUCHE_LLM_KEY" in first.stderr
    assert "Traceback" not in first.stderr
    server.usual = StubServer().usual
    server.requests.clear()
    second = _run("identify", study, "--llm", "--yes")
    assert second.exit_code == 0, second.stderr
    assert "2 sentences have an answer already" in second.stderr
    assert len(server.requests) == 1


def test_an_address_that_came_with_the_folder_gets_no_key_unseen(
    study: Path, server: StubServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EMBAUCHE_LLM_URL")
    (study / "study.toml").write_text('[llm]\nurl = "https://example.org/v1"\n', encoding="utf-8")
    done = _run("identify", study, "--llm", "--yes")
    assert done.exit_code == 1
    assert "example.org" in done.stderr
    done = _run("identify", study, "--llm", say="n\n")
    assert "study.toml" in done.stderr
    assert "Your key goes with each request" in done.stderr
    assert server.requests == []


def test_the_queue_asks_what_teaches_most_and_learns_from_the_file(study: Path) -> None:
    first = json.loads(_run("identify", study, "--queue", "3", "--json").stdout)
    assert (first["learned_from"], first["undecided"], len(first["queue"])) == (0, 4, 3)
    asked = first["queue"][0]
    assert asked["quote"] == _TALK[asked["start"] : asked["end"]]
    assert {item["facet"] for item in asked["proposals"]}
    line = {
        "kind": "reviewed",
        "source": asked["source"],
        "spans": [[asked["start"], asked["end"]]],
        "coder": "person:camille",
    }
    proposed = next(item for item in asked["proposals"])
    yes = {
        "kind": "evidence",
        "id": proposed["id"],
        "status": "accepted",
        "coder": "person:camille",
        "facet": proposed["facet"],
        **{key: asked[key] for key in ("source", "start", "end", "quote")},
    }
    lines = "".join(f"{json.dumps(item)}\n" for item in (yes, line))
    (study / "coding.jsonl").write_text(lines, encoding="utf-8")
    again = json.loads(_run("identify", study, "--queue", "10", "--json").stdout)
    assert (again["learned_from"], again["undecided"]) == (1, 3)
    assert asked["start"] not in {item["start"] for item in again["queue"]}
    before = {item["start"]: item["proposals"] for item in first["queue"][1:]}
    after = {item["start"]: item["proposals"] for item in again["queue"]}
    assert any(after[start] != before[start] for start in before), "it learned"
    notices = json.loads(_run("identify", study, "--json").stdout)["warnings"]
    assert {"n": 1} in [item["params"] for item in notices if item["code"] == "identify.learned"]


def test_the_queue_in_words_names_who_where_and_what_the_machine_thinks(study: Path) -> None:
    done = _run("identify", study, "--queue", "2")
    assert done.exit_code == 0, done.stderr
    assert re.search(r"^1\. Nadia · nadia\.txt · \d+-\d+$", done.stdout, re.MULTILINE)
    assert done.stdout.count("   → ") == 2
    assert "Learned from decisions on 0 sentences; 4 are left undecided." in done.stdout
    assert _run("identify", study, "--queue", "0").exit_code == 2
