"""What `embauche demo` calls: the fictional study in a workspace of its own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from embauche.study.progress import Report, silent
from embauche.vocabulary import Language
from embauche.workbench.workspace import default_folder

if TYPE_CHECKING:
    from embauche.workbench.server import Server


def demo_workspace() -> Path:
    """Return the demo's workspace, apart from the user's own studies."""
    return default_folder() / "demo"


def run_demo(
    language: Language | str,
    *,
    port: int = 0,
    workspace: Path | None = None,
    report: Report = silent,
) -> Server:
    """Prepare the fictional note-taking study and bind a server to it.

    The first start runs the stages; later ones find the results there, because files, settings,
    seed and program are the same.
    """
    from embauche.study.demo import write_demo
    from embauche.workbench.configure import use_workspace

    language = Language(language)
    found = use_workspace(workspace or demo_workspace())
    from embauche.workbench.pages.drawing_ahead import draw
    from embauche.workbench.server import Server
    from embauche.workbench.services.opening import open_folder

    folder = write_demo(found.folder / f"notes-{language}", language)
    study = open_folder(folder, seed=0, report=report)
    draw(study.pk)
    return Server(found.folder, port=port, path=f"/studies/{study.slug}/?lang={language}")
