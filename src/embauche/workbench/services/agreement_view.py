"""How far the coders of a study agree, people and machines, chosen as one likes.

The machine is the one that has seen nobody's decisions: what it proposes with their help would
agree with them by construction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.core.exceptions import PermissionDenied

from embauche.errors import StudyError
from embauche.identify.agreement import Agreement
from embauche.notices import Notice
from embauche.study.config import read_config
from embauche.vocabulary import Facet
from embauche.workbench.models import Source, Study, User
from embauche.workbench.services.frozen import freeze, thaw
from embauche.workbench.services.inputs import decisions, study_folder
from embauche.workbench.services.prepared import Prepared, makes, prepared
from embauche.workbench.services.restoring import figures
from embauche.workbench.services.roles import RANK, role_in
from embauche.workbench.services.transcript import sentence_at

_LISTED: Final = 2000


@dataclass(frozen=True, slots=True)
class Dispute:
    """A sentence that coders coded differently.

    Attributes
    ----------
    source
        Row of its source; `quote` is read from there.
    sentence
        Index of the sentence in it.
    said
        Coder → the facets they gave.
    disputed
        Facets that some gave and others did not.
    open
        True where people disagree and nobody has settled it.
    """

    source: Source
    start: int
    sentence: int | None
    quote: str
    said: Mapping[str, tuple[Facet, ...]]
    disputed: tuple[Facet, ...]
    open: bool


def agreement_figures(study: Study, coders: list[str], actor: User) -> Prepared:
    """Return how far coders agree, or ask for it.

    Parameters
    ----------
    study
        The study.
    coders
        Names of those to compare; all people by default, with the machine where there is one.
    actor
        While the study is blind, at least an editor.

    Raises
    ------
    PermissionDenied
        If the study is blind, and the actor one of those who must not see others' work.
    """
    if not may_see(study, actor):
        raise PermissionDenied
    return prepared(study, "agreement", {"coders": sorted(coders)})


def may_see(study: Study, actor: User) -> bool:
    """Tell whether an actor may see how far coders agree, now."""
    role = role_in(actor, study)
    return role is not None and (not study.blind or RANK[role] >= RANK["editor"])


@makes("agreement")
def _made(study: Study, params: Mapping[str, Any]) -> dict[str, Any]:
    # Imported here: the rooms of statistics are not needed to show what is kept.
    from embauche.identify.agreement import agreement
    from embauche.identify.agreement_coefficients import MISSING
    from embauche.identify.disagreements import disagreements
    from embauche.study.coded_study import disputed

    coding = _coding(study)
    everybody = (*coding.people, *coding.machines)
    if not coding.people:
        raise StudyError("agreement.no_coders", folder=study.title)
    asked = [name for name in params.get("coders", []) if name in everybody]
    if len(asked) < 2:
        asked = list(coding.people)
        if len(asked) < 2:
            asked = [*asked, *coding.machines[:1]]
    table = coding.table.among(asked)
    notices = []
    unseen = [
        name.removeprefix("person:")
        for name in asked
        if name in coding.people and name not in coding.reviewers
    ]
    if unseen:
        notices.append(Notice("agreement.not_blind", {"n": len(unseen), "coders": unseen}))
    left = disputed(coding, read_config(study_folder(study)).coding.adjudicator)
    open_units = {item.unit.key for item in left}
    given = {"everybody": list(everybody), "machines": list(coding.machines), "coders": asked,
             "open_codes": sum(len(item.disputed) for item in left)}  # fmt: skip
    if len(asked) < 2:
        return {**given, "notices": [freeze(item) for item in notices]}
    twice = (table.values != MISSING).all(axis=2).sum(axis=1) >= 2
    uncoded = twice & (table.values != 1).all(axis=(1, 2))
    apart = disagreements(table)
    return {
        **given,
        "figures": freeze(agreement(table, seed=study.seed)),
        "uncoded": int(uncoded.sum()),
        "looked": {
            coder: int((table.values[:, column] != MISSING).any(axis=1).sum())
            for column, coder in enumerate(table.coders)
        },
        "notices": [freeze(item) for item in notices],
        "apart": len(apart),
        "disputes": [
            {
                "source": item.unit.source,
                "start": item.unit.start,
                "end": item.unit.end,
                "said": {coder: freeze(said) for coder, said in item.said.items()},
                "disputed": freeze(item.disputed),
                "open": item.unit.key in open_units,
            }
            for item in apart[:_LISTED]
        ],
    }


def restored(data: Mapping[str, Any]) -> tuple[Agreement | None, list[Notice]]:
    """Return the figures that are kept, and what is weak about the comparison."""
    figures = thaw(Agreement, data["figures"]) if data.get("figures") else None
    return figures, [thaw(Notice, item) for item in data["notices"]]


def disputes(study: Study, data: Mapping[str, Any], start: int, count: int) -> list[Dispute]:
    """Return some of the sentences that coders coded differently, the most contentious first."""
    page = data.get("disputes", [])[start : start + count]
    rows = {
        row.key: row
        for row in study.sources.filter(key__in={item["source"] for item in page})
        .only("pk", "key", "name", "language", "text", "sentences")
        .order_by()
    }
    found = []
    for item in page:
        source = rows.get(item["source"])
        if source is None:
            continue
        found.append(
            Dispute(
                source=source,
                start=item["start"],
                sentence=sentence_at(source, item["start"]),
                quote=source.text[item["start"] : item["end"]],
                said={
                    coder: tuple(Facet(facet) for facet in said)
                    for coder, said in item["said"].items()
                },
                disputed=tuple(Facet(facet) for facet in item["disputed"]),
                open=item["open"],
            )
        )
    return found


def _coding(study: Study) -> Any:
    from embauche.identify import propose, shared_vectors
    from embauche.identify.remembered_talk import proposed_by
    from embauche.study.coded_study import coded_study
    from embauche.study.llm_coding import llm_evidence, only_answered, read_llm_coding
    from embauche.workbench.services.relearning import talk_of

    corpus = figures(study).corpus
    if corpus is None:
        raise StudyError("sheet.nothing_to_code")
    talk = talk_of(study)
    if talk is not None:
        sources = {source.id: source for source in corpus.sources}
        blind = talk.relearned(())
        offline = tuple(
            blind.evidence(row, column, sources[talk.sources[talk.places[row, 0]]])
            for row, column in proposed_by(blind)
        )
    else:
        offline = propose(corpus, vectors=shared_vectors()).evidence
    answers = read_llm_coding(study_folder(study))
    models = llm_evidence(corpus, answers)
    every = (*offline, *(item for found in models.values() for item in found))
    decided = decisions(study)
    coding = coded_study(corpus, every, decided.lines, decided.reviewed)
    return replace(coding, table=only_answered(coding.table, corpus, answers))
