"""Writing an output folder so that an interruption leaves nothing half written.

Everything is made in a temporary folder beside the target and moved in place when it is complete.
A folder that holds nothing but our own files is replaced as a whole; in any other folder only our
own named files are replaced, one by one, and nothing of anybody else's is touched.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from embauche.errors import FolderError
from embauche.present.findings import Findings
from embauche.present.report import render_report
from embauche.present.results_json import results
from embauche.present.tables import write_tables

OUTPUT_FILES: Final = frozenset(
    {
        "report.html",
        "results.json",
        "jobs.csv",
        "evidence.csv",
        "segments.csv",
        "opportunities.csv",
        "assignments.csv",
    }
)
"""Every file that an output folder may hold; no other file is ever replaced or deleted."""


def write_outputs(
    findings: Findings,
    folder: Path,
    *,
    french_csv: bool = False,
    progress: Callable[[float], None] | None = None,
) -> list[Path]:
    """Write report, tables and results of a study into a folder.

    Parameters
    ----------
    findings
        Everything that the study found.
    folder
        Made where it does not exist. Files of ours from an earlier run are replaced, and those
        that this run has no data for are removed; other files stay.
    french_csv
        Write the tables for French spreadsheets (``;``, decimal comma, byte order mark).
    progress
        Told the share done, 0 to 1; may raise to cancel, and then the folder is as it was.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    FolderError
        If `folder` is a file.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise FolderError("present.not_a_folder", path=str(folder))
    tell = progress or (lambda _share: None)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        made.chmod(0o755)
        names = write_tables(findings, made, french_csv=french_csv)
        tell(0.2)
        data = json.dumps(results(findings), ensure_ascii=False, indent=2, allow_nan=False)
        (made / "results.json").write_text(data + "\n", encoding="utf-8")
        tell(0.3)
        (made / "report.html").write_text(render_report(findings), encoding="utf-8")
        tell(0.95)
        _move(made, folder)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    tell(1.0)
    return [folder / name for name in ("report.html", "results.json", *names)]


def _move(made: Path, folder: Path) -> None:
    present = {item.name for item in folder.iterdir()} if folder.is_dir() else set()
    if present <= OUTPUT_FILES and not folder.is_symlink():
        _replace_folder(made, folder)
        return
    for item in sorted(made.iterdir()):
        os.replace(item, folder / item.name)  # noqa: PTH105 - replaces on Windows as well
        present.discard(item.name)
    for name in present & OUTPUT_FILES:
        (folder / name).unlink()


def _replace_folder(made: Path, folder: Path) -> None:
    if not folder.exists():
        made.rename(folder)
        return
    old = Path(mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    old.rmdir()
    folder.rename(old)
    try:
        made.rename(folder)
    except BaseException:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)
