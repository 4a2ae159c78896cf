"""What a team's server is made of: health, a log without words, limits of clients, kept charts."""

import json
import logging
import socket
import sys
import threading
import time
from contextlib import suppress
from typing import Any

import pytest


def test_health_tells_what_fails_and_nothing_more(
    workspace: Any, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench import health

    stranger = type(client)(HTTP_HOST="localhost")
    workspace.heartbeat.touch()
    assert stranger.get("/health/").status_code == 200
    monkeypatch.setattr(health, "LEAST_FREE", 10**18)
    answer = stranger.get("/health/")
    assert answer.status_code == 503
    assert json.loads(answer.content) == {
        "status": "failing",
        "checks": {"database": "ok", "worker": "ok", "disk": "failing"},
    }
    assert stranger.post("/health/").status_code == 405
    workspace.heartbeat.unlink()
    assert json.loads(stranger.get("/health/").content)["checks"]["worker"] == "failing"


def test_the_log_holds_no_words_of_people(client: Any, study: Any) -> None:
    from embauche.workbench.structured_log import StructuredLog

    secret = "Ana said: I lost it"

    def broken() -> None:
        raise ValueError(secret)

    try:
        broken()
    except ValueError:
        error = sys.exc_info()
    request = client.get(f"/studies/{study.slug}/jobs/").wsgi_request
    record = logging.LogRecord("django.request", 40, "x.py", 1, "%s: %s", ("a", secret), error)
    record.request = request
    foreign = logging.LogRecord("other", 40, "x.py", 7, secret, (), None)
    form = StructuredLog()
    line, other = json.loads(form.format(record)), json.loads(form.format(foreign))
    assert line["error"] == "builtins.ValueError"
    assert line["where"][-1].endswith("broken")
    assert line["route"] == "/studies/<slug:slug>/jobs/"
    assert other["event"] == "x:7"
    assert "Ana" not in json.dumps([line, other])
    assert study.slug not in json.dumps(line)


@pytest.fixture
def http(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a server with one thread and little patience."""
    from embauche.workbench import http as module

    monkeypatch.setattr(module, "THREADS", 1)
    monkeypatch.setattr(module, "GRACE", 0.5)

    def application(environ: Any, start: Any) -> list[bytes]:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start("200 OK", [("Content-Length", "2")])
        return [b"ok"]

    server = module.HttpServer(("127.0.0.1", 0), application, max_body=1000)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    yield server
    server.stop()
    thread.join(10)


def _asked(http: Any) -> bytes:
    with socket.create_connection(http.bind_addr, timeout=20) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        found = b""
        while block := line.recv(1000):
            found += block
        return found


def test_silent_connections_keep_no_thread(http: Any) -> None:
    silent = [socket.create_connection(http.bind_addr) for _ in range(5)]
    began = time.monotonic()
    assert _asked(http).startswith(b"HTTP/1.1 200")
    assert time.monotonic() - began < 5, "browsers open connections in advance"
    for line in silent:
        line.close()


def test_a_trickling_client_is_let_go(http: Any) -> None:
    with socket.create_connection(http.bind_addr, timeout=20) as slow:
        slow.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n")
        gone = time.monotonic() + 15
        try:
            while time.monotonic() < gone:
                slow.sendall(b"x")
                time.sleep(0.2)
                slow.settimeout(0.01)
                try:
                    if slow.recv(100) is not None:
                        break
                except TimeoutError:
                    slow.settimeout(20)
        except OSError:
            pass  # the server closed the line
        assert time.monotonic() < gone
    assert _asked(http).startswith(b"HTTP/1.1 200")


def test_what_is_too_large_is_refused_unread(http: Any) -> None:
    with socket.create_connection(http.bind_addr, timeout=20) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"Transfer-Encoding: chunked", b"411"),
        (b"Transfer-Encoding: chunked\r\nContent-Length: 5", b"411"),
        (b"Content-Length: -5", b"400"),
        (b"Content-Length: 1_0", b"400"),
        (b"Content-Length: five", b"400"),
        (b"Content-Length: 1001", b"413"),
    ],
)
def test_a_body_without_a_fair_length_is_refused_and_never_a_request(
    http: Any, head: bytes, status: bytes
) -> None:
    hidden = b"GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n"
    body = f"{len(hidden):x}\r\n".encode() + hidden + b"\r\n0\r\n\r\n"
    with socket.create_connection(http.bind_addr, timeout=20) as line:
        french = b"Accept-Language: fr-FR,fr;q=0.9,en;q=0.5\r\n"
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\n" + french + head + b"\r\n\r\n" + body)
        found = b""
        with suppress(ConnectionError):
            while block := line.recv(1000):
                found += block
    assert found.startswith(b"HTTP/1.1 " + status)
    assert found.count(b"HTTP/1.1") == 1, "what came after is no request of its own"
    assert any(word in found.decode() for word in ("requête", "longueur"))
    assert _asked(http).startswith(b"HTTP/1.1 200")


def test_who_still_sends_what_is_refused_reads_why(http: Any) -> None:
    with socket.create_connection(http.bind_addr, timeout=20) as line:
        line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n")
        line.sendall(b"x" * 5_000_000)
        assert line.recv(100).startswith(b"HTTP/1.1 413")
    assert _asked(http).startswith(b"HTTP/1.1 200")


def test_kept_charts_are_those_that_were_drawn(study: Any) -> None:
    from embauche.present.charts_priorities import heatmap_chart
    from embauche.present.names import Names
    from embauche.workbench.services.drawn_charts import keep_charts, kept_charts, name_of
    from embauche.workbench.services.restoring import findings

    found = findings(study)
    drawn = heatmap_chart(Names(found))
    name = name_of(study, found, ["heatmap_chart"], None)
    assert kept_charts(study, name) is None
    keep_charts(study, name, [drawn])
    assert kept_charts(study, name) == [drawn]
    assert name_of(study, found, ["heatmap_chart"], [1]) != name


def test_nobody_waits_for_charts_of_a_new_wording(study: Any, monkeypatch: Any) -> None:
    from dataclasses import replace
    from types import SimpleNamespace

    from embauche.present.charts_priorities import heatmap_chart
    from embauche.workbench.pages import pieces
    from embauche.workbench.services.restoring import findings

    found = findings(study)
    (first,) = pieces.charts(study, found, heatmap_chart).values()
    assert found.job_map is not None
    job, *others = found.job_map.jobs
    worded = replace(job, statement={**job.statement, found.card.language: "Find it at once"})
    new = replace(found, job_map=replace(found.job_map, jobs=(worded, *others)))
    asked: list[str] = []
    monkeypatch.setattr(pieces, "connection", SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr(pieces, "draw_soon", lambda _, language: asked.append(language))
    (shown,) = pieces.charts(study, new, heatmap_chart).values()
    assert (shown["table"], asked) == (first["table"], [found.card.language])
    told = pieces.DRAWING_AHEAD.set(True)
    pieces.charts(study, new, heatmap_chart)
    pieces.DRAWING_AHEAD.reset(told)
    (drawn,) = pieces.charts(study, new, heatmap_chart).values()
    assert "Find it at once" in str(drawn["table"])
    assert len(asked) == 1, "what is there is shown"


def test_a_chart_of_ratings_that_changed_says_that_it_is_redrawn(
    study: Any, monkeypatch: Any
) -> None:
    from types import SimpleNamespace

    from django.template.loader import render_to_string

    from embauche.messages import messages
    from embauche.present.charts_priorities import heatmap_chart
    from embauche.workbench.pages import pieces
    from embauche.workbench.services.restoring import findings

    def page(also: object) -> str:
        (drawn,) = pieces.charts(study, findings(study), heatmap_chart, also=also).values()
        return render_to_string(
            "workbench/parts/chart.html", {"drawn": drawn, "words": messages("en")}
        )

    said = "is being drawn anew"
    assert said not in page(["ratings before"])
    asked: list[str] = []
    monkeypatch.setattr(pieces, "connection", SimpleNamespace(in_atomic_block=False))
    monkeypatch.setattr(pieces, "draw_soon", lambda _, language: asked.append(language))
    assert page(["ratings now"]).count(said) == 1
    assert len(asked) == 1
    told = pieces.DRAWING_AHEAD.set(True)
    page(["ratings now"])
    pieces.DRAWING_AHEAD.reset(told)
    assert said not in page(["ratings now"])


def test_the_address_of_a_client_behind_a_proxy_is_the_one_the_proxy_saw(settings: Any) -> None:
    from django.http import HttpRequest

    from embauche.workbench.address import client_address

    request = HttpRequest()
    request.META.update(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="6.6.6.6, 198.51.100.7")
    settings("TRUST_PROXY", value=False)
    assert client_address(request) == "10.0.0.1"
    settings("TRUST_PROXY", value=True)
    assert client_address(request) == "198.51.100.7"


@pytest.fixture
def settings(workspace: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    from django.conf import settings as found

    def change(name: str, *, value: Any) -> None:
        monkeypatch.setattr(found, name, value)

    return change


def test_the_rail_is_counted_anew_once_the_study_changes(
    study: Any, owner: Any, proposal: Any
) -> None:
    from embauche.workbench.services import state
    from embauche.workbench.services.review import review_evidence

    before = state.study_state(study, owner).counts
    study.evidence.filter(pk=proposal.pk).update(status="accepted")
    assert state.study_state(study, owner).counts == before, "counted once"
    study.evidence.filter(pk=proposal.pk).update(status="proposed")
    review_evidence(proposal.pk, "accepted", owner, proposal.version)
    study.refresh_from_db()
    after = state.study_state(study, owner).counts
    assert after["waiting"] == before["waiting"] - 1


def test_answers_are_computed_one_at_a_time_and_none_waits_for_long(workspace: Any) -> None:
    import threading

    from embauche.workbench.http import OneAtATime

    begun, go, inside, most = threading.Event(), threading.Event(), [], []

    def application(environ: dict[str, Any], _start: Any) -> list[bytes]:
        inside.append(environ["n"])
        most.append(len(inside))
        if environ["n"] == "long":
            begun.set()
            go.wait(10)
        inside.remove(environ["n"])
        return [environ["n"].encode()]

    gated: Any = OneAtATime(application)
    short = [threading.Thread(target=gated, args=({"n": str(n)}, None)) for n in range(8)]
    for thread in short:
        thread.start()
    for thread in short:
        thread.join(10)
    assert max(most) == 1
    long = threading.Thread(target=gated, args=({"n": "long"}, None))
    long.start()
    assert begun.wait(10)
    assert gated({"n": "beside"}, None) == [b"beside"], "a long one shuts nobody out"
    assert long.is_alive()
    go.set()
    long.join(10)
    assert gated({"n": "after"}, None) == [b"after"]


@pytest.mark.parametrize("where", ["a server", "a laptop"])
def test_the_page_of_a_defect_names_the_log_that_there_is(
    workspace: Any, settings: Any, where: str
) -> None:
    from django.test import RequestFactory

    from embauche.workbench.pages.failures import broken

    server = where == "a server"
    settings("SERVER_MODE", value=server)
    said = broken(RequestFactory().get("/")).content.decode()
    assert ("workbench.log" in said) is not server
    assert ("embauche serve" in said) is server
