"""What `embauche export` calls."""

from __future__ import annotations

from pathlib import Path

from embauche.errors import WorkbenchError


def export_study(study_slug: str, target: Path, workspace: Path | None = None) -> Path:
    """Write a workbench study out as a study folder, people's decisions included.

    Raises
    ------
    WorkbenchError
        If the workspace has no study of that name; the hint lists those it has.
    """
    from embauche.workbench.configure import use_workspace

    use_workspace(workspace)
    from embauche.workbench.models import Study
    from embauche.workbench.services.exporting import export_folder

    study = Study.objects.filter(slug=study_slug).first()
    if study is None:
        known = list(Study.objects.order_by("slug").values_list("slug", flat=True))
        raise WorkbenchError("workbench.no_study", study=study_slug, known=known or ["—"])
    return export_folder(study.pk, target)
