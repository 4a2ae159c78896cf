"""Facets as codes, and codes as facets: how the codebook travels to other programs and back.

A code is known as a facet by its GUID (ours), by its name in French or English, by the facet's
key, or because it stands below a code that is one: « prix » below « frustration » is a frustration.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from uuid import NAMESPACE_URL, uuid5

from embauche.collect.refi import RefiCode, RefiProject, guid_key
from embauche.errors import EvidenceError
from embauche.vocabulary import GOAL_FACETS, Facet, Language, label

_SPACE = uuid5(NAMESPACE_URL, "urn:embauche:refi")
COLOURS: Mapping[Facet, str] = {
    Facet.JOB_FUNCTIONAL: "#1F6F8B",
    Facet.JOB_EMOTIONAL: "#B5477B",
    Facet.JOB_SOCIAL: "#7A5BB5",
    Facet.CONTEXT: "#6B7280",
    Facet.OBJECTIVE: "#2E7D4F",
    Facet.FRUSTRATION: "#C0392B",
    Facet.EMOTION: "#D98C1F",
    Facet.ALTERNATIVE: "#8C6D46",
    Facet.TRIGGER: "#A65E2E",
    Facet.PULL: "#2F8F9D",
    Facet.ANXIETY: "#5C5FA8",
    Facet.HABIT: "#7C7F3A",
}
"""Colours of the facets in other programs, where a facet's name stands beside them."""


def guid_of(kind: str, key: str) -> str:
    """Return the GUID that something of ours has in every export."""
    return str(uuid5(_SPACE, f"{kind}:{key}"))


def facet_codes(language: Language, jobs: Mapping[Facet, Iterable[RefiCode]]) -> list[RefiCode]:
    """Return the codebook: the job types below one code, each with its jobs, then the facets.

    Parameters
    ----------
    language
        Language of the codes' names.
    jobs
        Job type's facet → codes of the jobs below it.
    """
    other = Language.EN if language is Language.FR else Language.FR
    types = tuple(
        _facet_code(facet, language, other, tuple(jobs.get(facet, ())))
        for facet in Facet
        if facet in GOAL_FACETS and facet.startswith("job.")
    )
    parent = RefiCode(guid_of("group", "job"), "job", codable=False, codes=types)
    rest = [
        _facet_code(facet, language, other, tuple(jobs.get(facet, ())))
        for facet in Facet
        if not facet.startswith("job.")
    ]
    return [parent, *rest]


def _facet_code(
    facet: Facet, language: Language, other: Language, jobs: tuple[RefiCode, ...]
) -> RefiCode:
    return RefiCode(
        guid=guid_of("facet", facet),
        name=label(facet, language),
        color=COLOURS[facet],
        description=f"{facet} · {label(facet, other)}",
        codes=jobs,
    )


def facets_of(project: RefiProject, given: Mapping[str, Facet] | None = None) -> dict[str, Facet]:
    """Tell which codes are facets.

    Parameters
    ----------
    project
        A project or codebook.
    given
        Name of a code → facet, as the researcher says; it wins over what is told by name.

    Returns
    -------
    dict
        `guid_key` of the code → facet.

    Raises
    ------
    EvidenceError
        If a name in `given` is no code of the project.
    """
    named = {_folded(name): facet for name, facet in (given or {}).items()}
    _check_names(project, given or {})
    ours = {guid_key(guid_of("facet", facet)): facet for facet in Facet}
    by_name = _names()
    found: dict[str, Facet] = {}

    def visit(code: RefiCode, above: Facet | None, parent: str) -> None:
        name = _folded(code.name)
        key = guid_key(code.guid)
        facet = (
            named.get(name)
            or ours.get(key)
            or by_name.get(name)
            or by_name.get(f"{parent}.{name}")
            or above
        )
        if facet is not None:
            found[key] = facet
        for child in code.codes:
            visit(child, facet, name)

    for code in project.codes:
        visit(code, None, "")
    return found


def _check_names(project: RefiProject, given: Mapping[str, Facet]) -> None:
    names = {_folded(code.name): code.name for code in project.walk_codes()}
    for name in given:
        if _folded(name) not in names:
            nearest = get_close_matches(_folded(name), list(names), 1, 0.0)
            raise EvidenceError(
                "refi.no_such_code", wanted=name, nearest=names[nearest[0]] if nearest else "–"
            )


def _names() -> dict[str, Facet]:
    """Return folded name → facet: key, French and English names whole and short, and plurals.

    The short name is the first word (« inquiétude face au nouveau »), save for the types of job,
    whose first word says too little.
    """
    names: dict[str, Facet] = {}
    for facet in Facet:
        for language in Language:
            whole = label(facet, language)
            short = whole if facet.startswith("job.") else whole.split()[0].rstrip(",")
            for name in (whole, short, str(facet)):
                names[_folded(name)] = facet
                names[f"{_folded(name)}s"] = facet
    return names


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(letters.replace("_", " ").replace("-", " ").split())
