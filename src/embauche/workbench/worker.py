"""The background worker: a child of the server that ends when the server does.

The server holds the other end of this process's standard input. However the server ends, even
killed, the pipe closes and the worker leaves with it; no orphan keeps the database. While it lives
it touches a file in the workspace every few seconds, by which ``/health/`` knows.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from embauche.workbench.workspace import HOME_VARIABLE, Workspace

BEAT: Final = 5.0
"""Seconds between two signs of life."""

LOOK: Final = 0.25
"""Seconds between two looks at the queue, where nothing waits."""

_BEHIND_PAGES: Final = 10
"""How far its priority is lowered: people who wait for a page come first."""


def start_worker(workspace: Path) -> subprocess.Popen[bytes]:
    """Start the worker of a workspace as a child process."""
    return subprocess.Popen(
        [sys.executable, "-m", "embauche.workbench.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, HOME_VARIABLE: str(workspace)},
    )


def stop_worker(worker: subprocess.Popen[bytes]) -> None:
    """Let the worker go: close its pipe, and wait a little."""
    if worker.stdin is not None:
        worker.stdin.close()
    try:
        worker.wait(timeout=5)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def _leave_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


def _show_life(workspace: Workspace) -> None:
    while True:
        workspace.heartbeat.touch()
        time.sleep(BEAT)


def main() -> None:
    """Carry out tasks until the server is gone."""
    # Ctrl-C reaches the whole terminal group; the server decides when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_BEHIND_PAGES)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    from embauche.workbench.configure import use_workspace

    workspace = use_workspace()
    threading.Thread(target=_show_life, args=(workspace,), daemon=True).start()
    from django_tasks_db.compat import task_finished
    from django_tasks_db.management.commands.db_worker import Worker

    from embauche.workbench.tasks import draw_latest, forget_finished

    task_finished.connect(forget_finished)
    draw_latest()
    Worker(
        queue_names=["*"],
        interval=LOOK,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"embauche-{os.getpid()}",
        excluded_queue_names=[],
    ).run()


if __name__ == "__main__":
    main()
