"""Which of our languages a browser asks for."""

from __future__ import annotations

from embauche.vocabulary import Language


def accepted_language(header: str) -> Language:
    """Choose French or English by an ``Accept-Language`` header; English where it names neither."""
    wanted: list[tuple[float, int, Language]] = []
    for place, part in enumerate(header.split(",")):
        name, _, quality = part.strip().partition(";q=")
        code = name[:2].lower()
        if code in tuple(Language):
            try:
                weight = float(quality) if quality else 1.0
            except ValueError:
                weight = 0.0
            wanted.append((-weight, place, Language(code)))
    return min(wanted)[2] if wanted else Language.EN
