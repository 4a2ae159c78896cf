"""Fifty people at once in the workbench: response times, lost writes, weights of pages.

    python benchmarks/workbench.py --database sqlite --database postgres --json

A real `embauche serve` (two processes by default) on the large fictional study; virtual users log
in, think (exponential, 5 s in the mean), open pages and write: reviews, codes, comments, wordings.
Every write that was answered as done is looked for in the database afterwards; one that is neither
there nor answered with a conflict is lost. Times are from sending to the last byte, over loopback,
client and server on the same machine. PostgreSQL runs as a private cluster in a temporary folder.

Before the users come, each page is opened once by one person: with nothing kept in memory (the
first page after the start), then again; its bytes are counted raw, compressed, and together with
the scripts and styles it loads.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from workbench_users import PAGES, User, address, logged_in, weigh

_HERE = Path(__file__).parent
_WARM = 6
_VERIFY = """
import json, sys
from pathlib import Path
from embauche.workbench.configure import use_workspace
use_workspace(Path(sys.argv[1]))
from embauche.workbench.models import Comment, Event, Evidence, Job
writes = json.load(sys.stdin)
events = {
    (actor, verb, key)
    for actor, verb, key in Event.objects.values_list("actor__username", "verb", "key")
}
keys = dict(Evidence.objects.values_list("pk", "key"))
texts = set(Comment.objects.values_list("text", flat=True))
said = json.dumps(list(Event.objects.filter(kind="job").values_list("payload", flat=True)))
said += json.dumps(list(Job.objects.values_list("statement", flat=True)))
spans = {
    (source, start, end, facet)
    for source, start, end, facet in Evidence.objects.filter(current=True).values_list(
        "source_id", "start", "end", "facet"
    )
}
lost = []
for write in writes:
    kind = write["kind"]
    if kind == "review":
        there = (write["user"], "evidence." + write["status"], keys[write["of"]]) in events
    elif kind == "comment":
        there = write["text"] in texts
    elif kind == "wording":
        there = json.dumps(write["text"])[1:-1] in said
    else:
        there = tuple(write["span"]) in spans
    if not there:
        lost.append(write)
print(json.dumps({"checked": len(writes), "lost": lost}))
"""


@dataclass
class Measured:
    """What the users saw."""

    pages: dict[str, list[float]] = field(default_factory=dict)
    writes: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    done: list[dict[str, Any]] = field(default_factory=list)
    conflicts: int = 0


@contextmanager
def postgres() -> Iterator[str]:
    """Run a PostgreSQL of our own, and give its URL."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        sys.exit("no PostgreSQL server in /usr/lib/postgresql: install one, or leave it out")
    binaries = found[-1].parent
    with tempfile.TemporaryDirectory(prefix="embauche-bench-") as name, socket.socket() as free:
        folder = Path(name)
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        run = ["su", "postgres", "-s", "/bin/sh", "-c"] if os.getuid() == 0 else ["sh", "-c"]
        options = f"-k {folder} -c listen_addresses=127.0.0.1 -p {port}"
        begin = f"'{binaries}/initdb' -D '{folder}/data' -A trust -U embauche -E UTF8 >/dev/null"
        control = f"'{binaries}/pg_ctl' -D '{folder}/data'"
        start = f"{control} -o \"{options}\" -l '{folder}/log' -w start >/dev/null"
        subprocess.run([*run, f"{begin} && {start}"], check=True, cwd="/")
        try:
            yield f"postgres://embauche@127.0.0.1:{port}/postgres"
        finally:
            stop = f"{control} -m immediate stop >/dev/null"
            subprocess.run([*run, stop], check=False, cwd="/")


@contextmanager
def served(
    workspace: Path, workers: int, environment: dict[str, str]
) -> Iterator[tuple[str, Path]]:
    """Serve a workspace as the command does; give the address and the file of its log."""
    log = workspace.parent / "server.log"
    program = "from embauche.cli.main import main; main()"
    command = [sys.executable, "-c", program, "serve", "--port", "0", "--workers", str(workers)]
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
        ) as process,
    ):
        assert process.stdout is not None  # noqa: S101 (it is a pipe)
        said = process.stdout.readline()
        found = re.search(r"http://\S+", said)
        if found is None:
            sys.exit(f"the server did not start: {log.read_text()}")
        base = found[0].rstrip("/")
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                if httpx.get(f"{base}/health/", timeout=5).status_code == 200:
                    break
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        try:
            yield base, log
        finally:
            process.terminate()
            process.wait(timeout=30)


async def crowd(base: str, given: argparse.Namespace, known: dict[str, list[int]]) -> Measured:
    """Let the users work for the given time."""
    measured = Measured()
    limits = httpx.Limits(max_connections=6, max_keepalive_connections=6, keepalive_expiry=8)
    clients = [
        httpx.AsyncClient(
            base_url=base, timeout=60, limits=limits, headers={"accept-language": "en"}
        )
        for _ in range(given.users)
    ]
    for number, client in enumerate(clients, 1):  # hashing passwords is slow on purpose
        await logged_in(client, f"user{number:02}")
    seeds = np.random.SeedSequence(given.seed).spawn(given.users)
    users = [
        User(f"user{number:02}", client, measured, np.random.default_rng(seed), given.writes, known)
        for number, (client, seed) in enumerate(zip(clients, seeds, strict=True), 1)
    ]
    # Every process has shown its pages before: a team's server is not met in its first minute.
    rng = np.random.default_rng(given.seed)
    for client in clients[:_WARM]:
        for name in PAGES:
            await client.get(address(name, known, rng))
    until = time.monotonic() + given.seconds
    await asyncio.gather(*(user.work(until, given.think) for user in users))
    for client in clients:
        await client.aclose()
    return measured


def figures(times: list[float]) -> dict[str, float]:
    """Return how many, and percentiles in milliseconds."""
    values = np.array(times) * 1000
    p50, p95, p99 = np.percentile(values, [50, 95, 99])
    return {
        "n": len(values),
        "p50": round(float(p50), 1),
        "p95": round(float(p95), 1),
        "p99": round(float(p99), 1),
        "max": round(float(values.max()), 1),
    }


def run(kind: str, given: argparse.Namespace) -> dict[str, Any]:
    """Measure on one kind of database."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="embauche-bench-")))
        workspace = folder / "workspace"
        environment = {**os.environ, "EMBAUCHE_HOME": str(workspace)}
        environment.pop("DATABASE_URL", None)
        if kind == "postgres":
            environment["DATABASE_URL"] = stack.enter_context(postgres())
        if given.workspace and kind == "sqlite":
            shutil.copytree(given.workspace, workspace)
        else:
            made = [sys.executable, str(_HERE / "large_study.py"), str(workspace)]
            subprocess.run([*made, "--people", str(given.users)], check=True, env=environment)
        base, log = stack.enter_context(served(workspace, given.workers, environment))
        weights, known = weigh(base)
        before = os.getloadavg()[0]
        measured = asyncio.run(crowd(base, given, known)) if given.seconds else Measured()
        load = (before, os.getloadavg()[0])
        checked = subprocess.run(
            [sys.executable, "-c", _VERIFY, str(workspace)],
            input=json.dumps(measured.done),
            capture_output=True,
            text=True,
            env=environment,
            check=True,
        )
        verified = json.loads(checked.stdout)
        pages = [time for times in measured.pages.values() for time in times]
        writes = [time for times in measured.writes.values() for time in times]
        return {
            "database": kind,
            "load": [round(value, 2) for value in load],
            "requests_a_second": round((len(pages) + len(writes)) / max(given.seconds, 1), 2),
            "pages": figures(pages) if pages else None,
            "writes": figures(writes) if writes else None,
            "by_page": {name: figures(each) for name, each in sorted(measured.pages.items())},
            "by_write": {name: figures(each) for name, each in sorted(measured.writes.items())},
            "errors": measured.errors,
            "conflicts_shown": measured.conflicts,
            "writes_checked": verified["checked"],
            "writes_lost": verified["lost"],
            "locked": log.read_text().count("OperationalError"),
            "logged_errors": log.read_text().count('"level": "error"'),
            "weights": weights,
        }


def show(found: dict[str, Any]) -> None:
    """Print the figures as a table."""
    print(f"\n{found['database']}: load {found['load']}, {found['requests_a_second']} requests/s")
    for part in ("pages", "writes"):
        if found[part]:
            print(f"{part:24} {found[part]}")
    for part in ("by_page", "by_write"):
        for name, each in found[part].items():
            print(f"  {name:22} {each}")
    lost = len(found["writes_lost"])
    print(
        f"errors {len(found['errors'])}, locked {found['locked']}, "
        f"logged {found['logged_errors']}, writes "
        f"checked {found['writes_checked']}, lost {lost}, conflicts {found['conflicts_shown']}"
    )
    for error in found["errors"][:10]:
        print("  ", error)
    for lost_one in found["writes_lost"][:5]:
        print("   lost", lost_one)
    print("page: cold ms, again ms, kB raw, kB compressed, kB with scripts and styles")
    for name, each in found["weights"].items():
        print(f"  {name:22} {each}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--database", action="append", choices=["sqlite", "postgres"])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--think", type=float, default=5.0)
    parser.add_argument("--writes", type=float, default=0.2)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workspace", type=Path, help="a large study made before (SQLite); copied")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    results = {
        "machine": {"processors": os.cpu_count(), "python": platform.python_version()},
        "users": given.users,
        "seconds": given.seconds,
        "think": given.think,
        "writes": given.writes,
        "workers": given.workers,
        "runs": [run(kind, given) for kind in given.database or ["sqlite"]],
    }
    if given.json:
        print(json.dumps(results, indent=1))
    else:
        for found in results["runs"]:
            show(found)


if __name__ == "__main__":
    main()
