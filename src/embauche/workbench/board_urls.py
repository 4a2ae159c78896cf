"""Addresses of the board, the matrix, how fine jobs are cut, agreement and saturation."""

from django.urls import URLPattern, path

from embauche.workbench.pages import agreement, board, matrix, saturation, threshold


def board_urls(study: str) -> list[URLPattern]:
    """Return the addresses.

    Parameters
    ----------
    study
        Beginning of a study's addresses.
    """
    here = study + "board/"
    return [
        path(here, board.show, name="board"),
        path(here + "do/<str:kind>/", board.operation, name="board-operation"),
        path(here + "move/", board.move_form, name="board-move"),
        path(here + "merge/", board.merge_form, name="board-merge"),
        path(here + "job/", board.job, name="board-job"),
        path(here + "rename/", board.rename_form, name="board-rename"),
        path(here + "cards/", board.cards, name="board-cards"),
        path(here + "more/", board.pieces, name="board-pieces"),
        path(here + "threshold/", threshold.threshold, name="board-threshold"),
        path(study + "matrix/", matrix.results, name="matrix"),
        path(study + "matrix.csv", matrix.download, name="matrix-csv"),
        path(study + "matrix/<int:job_id>/<str:facet>/", matrix.cell, name="cell"),
        path(study + "lint/", board.lint, name="lint"),
        path(study + "agreement/", agreement.results, name="agreement"),
        path(study + "saturation/", saturation.results, name="saturation"),
    ]
