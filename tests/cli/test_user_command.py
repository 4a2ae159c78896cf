"""`embauche user`, as an administrator types it."""

import json
import os
import subprocess
import sys
from pathlib import Path

_RUN = "from embauche.cli.main import main; main()"
_PASSWORD = "paper lantern orchard\n"


def embauche(home: Path, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _RUN, "user", *words, "--lang", "en"],
        input=given,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "EMBAUCHE_HOME": str(home)},
    )


def test_accounts_are_made_listed_and_disabled(tmp_path: Path) -> None:
    made = embauche(
        tmp_path, "add", "Ana", "--password-stdin", "--shown", "Ana Roy", given=_PASSWORD
    )
    assert made.returncode == 0, made.stderr
    assert "ana" in made.stdout
    again = embauche(tmp_path, "add", "ana", "--password-stdin", given=_PASSWORD)
    assert again.returncode == 1
    assert "taken" in again.stderr
    weak = embauche(tmp_path, "add", "tom", "--password-stdin", given="short\n")
    assert "at least 10 characters" in weak.stderr
    assert embauche(tmp_path, "disable", "ana").returncode == 0
    rows = json.loads(embauche(tmp_path, "list", "--json").stdout)
    assert [(row["name"], row["shown"], row["active"]) for row in rows] == [
        ("ana", "Ana Roy", False)
    ]
    assert (
        embauche(tmp_path, "password", "eve", "--password-stdin", given=_PASSWORD).returncode == 1
    )
