"""How stages say how far they are, and how they are stopped."""

from __future__ import annotations

from collections.abc import Callable

Report = Callable[[str, float], None]
"""Called with a stage's key and the share done (0 to 1); what it raises stops the run."""


def silent(stage: str, fraction: float) -> None:
    """Report to nobody."""


def part(
    report: Report, stage: str, begin: float = 0.0, end: float = 1.0
) -> Callable[[float], None]:
    """Return the progress function of one part of a stage, mapped onto ``begin``…``end``."""

    def tell(fraction: float) -> None:
        report(stage, begin + (end - begin) * fraction)

    return tell
