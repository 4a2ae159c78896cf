"""`embauche token`: made once, listed by its first letters, ended at once."""

import json
import os
import subprocess
import sys
from pathlib import Path

_PROGRAM = "from embauche.cli.main import main; main()"


def run(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _PROGRAM, "token", *words, "--lang", "en"],
        env={**os.environ, "EMBAUCHE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_token_is_made_listed_and_ended(tmp_path: Path) -> None:
    made = run(tmp_path, "add", "weekly export", "--scope", "study:read", "--days", "30")
    assert made.returncode == 0, made.stderr
    secret = made.stdout.strip()
    assert secret.startswith("emb_")
    assert "weekly export" in made.stderr
    rows = json.loads(run(tmp_path, "list", "--json").stdout)
    assert [(row["name"], row["scopes"]) for row in rows] == [("weekly export", ["study:read"])]
    assert secret.startswith(rows[0]["prefix"])
    assert secret not in json.dumps(rows)
    wrong = run(tmp_path, "add", "x", "--scope", "all")
    assert wrong.returncode == 1
    assert "study:read" in wrong.stderr
    ended = run(tmp_path, "revoke", str(rows[0]["id"]))
    assert ended.returncode == 0, ended.stderr
    assert json.loads(run(tmp_path, "list", "--json").stdout) == []
