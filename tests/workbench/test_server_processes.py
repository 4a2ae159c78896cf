"""`embauche serve`: several processes on one address, no orphan, one that dies is started again.

Each test serves a workspace of its own in processes of its own.
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_PROGRAM = "from embauche.cli.main import main; main()"


@dataclass
class Served:
    process: subprocess.Popen[str]
    base: str
    log: Path

    def get(self, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
        request = urllib.request.Request(self.base + path, headers=headers)  # noqa: S310
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=90) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode(), dict(error.headers)

    def children(self) -> list[int]:
        """Return the processes of the server's own."""
        pids = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                stat = (folder / "stat").read_text()
            except OSError:
                continue
            if int(stat.rpartition(")")[2].split()[1]) == self.process.pid:
                pids.append(int(folder.name))
        return sorted(pids)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _until(what: Callable[[], bool], seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return not re.search(r"\) Z ", Path(f"/proc/{pid}/stat").read_text())
    except OSError:
        return False


@pytest.fixture
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Served]:
    log = tmp_path / "log"
    environment = {**os.environ, "EMBAUCHE_HOME": str(tmp_path / "workspace")}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-c", _PROGRAM, "serve", "--port", "0", "--lang", "en"]
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [*command, "--workers", request.param, "--allowed-host", "team.example", "--trust-proxy"],
            stdout=subprocess.PIPE, stderr=errors, text=True, env=environment,
        ) as process,
    ):  # fmt: skip
        assert process.stdout is not None
        found = re.search(r"http://[^/\s]+", process.stdout.readline())
        assert found, log.read_text()
        yield Served(process, found[0], log)
        process.kill()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are read from /proc")
@pytest.mark.parametrize("served", ["2"], indirect=True)
def test_a_team_is_served(served: Served) -> None:
    _until(lambda: served.get("/health/")[0] == 200)
    status, body, headers = served.get("/health/")
    assert json.loads(body) == {
        "status": "ok",
        "checks": {"database": "ok", "worker": "ok", "disk": "ok"},
    }

    # A stranger is sent to the log-in; a foreign name gets nothing; https is remembered.
    status, _, headers = served.get("/", Host="team.example", **{"X-Forwarded-Proto": "https"})
    assert (status, headers["Location"].partition("?")[0]) == (302, "/login/")
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    status, _, headers = served.get("/login/", **{"X-Forwarded-Proto": "https"})
    assert status == 200
    refused, said, _ = served.get("/login/", Host="evil.example")
    assert (refused, "--allowed-host" in str(said)) == (400, True)
    cookie = headers["Set-Cookie"]
    assert cookie.startswith("__Host-embauche=")
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}

    # A request that is too large is refused before it is read.
    host, port = served.base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(
            b"POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n"
        )
        assert line.recv(100).startswith(b"HTTP/1.1 413")

    # A server process that dies is started again, and the others answer meanwhile.
    before = served.children()
    assert len(before) == 3, "two that answer, one that computes"
    victim = next(pid for pid in before if "processes" in Path(f"/proc/{pid}/cmdline").read_text())
    os.kill(victim, signal.SIGKILL)
    assert served.get("/health/")[0] == 200
    _until(lambda: len(served.children()) == 3 and victim not in served.children())

    # The log says what kind of page, and neither the address nor the host.
    lines = [json.loads(line) for line in served.log.read_text().splitlines() if line[:1] == "{"]
    assert {"/health/", "/login/"} <= {line.get("route") for line in lines}
    assert "evil" not in served.log.read_text()

    # SIGTERM ends all of it, cleanly.
    children = served.children()
    served.process.send_signal(signal.SIGTERM)
    assert served.process.wait(timeout=60) == 0
    assert not any(_alive(pid) for pid in children)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are read from /proc")
@pytest.mark.parametrize("served", ["1"], indirect=True)
def test_a_killed_parent_leaves_no_orphan(served: Served) -> None:
    _until(lambda: len(served.children()) == 1)
    children = served.children()
    served.process.kill()
    served.process.wait()
    _until(lambda: not any(_alive(pid) for pid in children))
