"""What a page says of a change that could not be made, beside what stands now."""

from __future__ import annotations

from embauche.errors import EmbaucheError
from embauche.messages import messages
from embauche.vocabulary import Language
from embauche.workbench.services.conflicts import StaleVersionError


def said_of(
    problem: EmbaucheError | None, language: Language | str, conflict: str
) -> tuple[str, str] | None:
    """Return message and hint of an error, if there is one.

    Parameters
    ----------
    conflict
        Key of the hint where somebody else was quicker: what stands now is on the page, so that
        nobody need go back and reload it.
    """
    if problem is None:
        return None
    if isinstance(problem, StaleVersionError):
        return problem.message(language), messages(language).text(conflict)
    return problem.message(language), problem.hint(language)
