"""What `embauche open` calls: a study folder into the workbench, ready to be served."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from embauche.study.progress import Report, silent

if TYPE_CHECKING:
    from embauche.workbench.server import Server


def open_study(
    folder: Path,
    *,
    port: int = 0,
    seed: int = 0,
    language: str | None = None,
    workspace: Path | None = None,
    report: Report = silent,
) -> Server:
    """Open a study folder through the same stages as ``embauche run`` and bind a server to it.

    Returns
    -------
    Server
        Its `url` is the study's page; `serve` serves until Ctrl-C.
    """
    from embauche.workbench.configure import use_workspace

    use_workspace(workspace)
    from embauche.workbench.pages.drawing_ahead import draw
    from embauche.workbench.server import Server
    from embauche.workbench.services.opening import open_folder

    study = open_folder(folder, seed=seed, language=language, report=report)
    draw(study.pk)
    return Server(workspace, port=port, path=f"/studies/{study.slug}/")
