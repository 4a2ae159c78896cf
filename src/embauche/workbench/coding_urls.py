"""Addresses of reading, coding, settling and searching."""

from django.urls import URLPattern, path

from embauche.workbench.pages import coding, search, settle


def coding_urls(study: str) -> list[URLPattern]:
    """Return the addresses.

    Parameters
    ----------
    study
        Beginning of a study's addresses.
    """
    source, evidence = study + "sources/<int:source_id>/", study + "evidence/<int:evidence_id>/"
    return [
        path(source, coding.reading, name="source"),
        path(source + "code/", coding.mark, name="code"),
        path(source + "decide/", coding.decide, name="decide"),
        path(source + "read/", coding.read, name="read"),
        path(source + "settle/", settle.disagreements, name="settle"),
        path(evidence + "edit/", coding.edit, name="evidence-edit"),
        path(evidence + "change/", coding.change, name="evidence-change"),
        path(study + "memos/<str:of>/<int:row_id>/", coding.memo, name="memo"),
        path(study + "undo/", coding.undo, name="undo"),
        path(study + "blind/", coding.blind, name="blind"),
        path(study + "search/", search.results, name="search"),
    ]
