"""Two codings of a source side by side, and what an adjudicator makes of their differences."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction

from embauche.collect.source import Corpus
from embauche.identify.disagreements import Disagreement
from embauche.study.coded_study import StudyCoding, coded_study, disputed
from embauche.study.several_coders import is_settled
from embauche.vocabulary import Facet
from embauche.workbench.models import Coding, Evidence, Source, Study, User
from embauche.workbench.services.coded_words import row_of
from embauche.workbench.services.conflicts import StaleVersionError
from embauche.workbench.services.deciding import Decision, hold, write
from embauche.workbench.services.decision_lines import coding_lines, reviewed_lines
from embauche.workbench.services.evidence_history import ACCEPTED, REJECTED
from embauche.workbench.services.inputs import decisions_in, study_folder
from embauche.workbench.services.restoring import source as restored_source
from embauche.workbench.services.roles import require


@dataclass(frozen=True, slots=True)
class Difference:
    """A sentence that two people coded differently.

    Attributes
    ----------
    start, end, quote, before, question
        The sentence, and what was said before it.
    both
        Facets that both gave.
    first, second
        Facets that only the one, or only the other, gave.
    open
        The disputed facets, in the codebook's order: what a decision is about.
    """

    start: int
    end: int
    quote: str
    before: str
    question: str
    both: tuple[Facet, ...]
    first: tuple[Facet, ...]
    second: tuple[Facet, ...]
    open: tuple[Facet, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two people's coding of a source.

    Attributes
    ----------
    people
        Everybody who coded in the source, or read it to its end.
    pair
        The two that are compared; empty where fewer than two coded.
    differences
        Where they differ and nobody has settled it, in the order of the text.
    alike
        Sentences that both gave the same facets, of those that either gave any.
    settled
        How many codes of the source an adjudicator has settled.
    """

    people: tuple[str, ...]
    pair: tuple[str, ...]
    differences: tuple[Difference, ...]
    alike: int
    settled: int


def side_by_side(source: Source, actor: User, pair: Collection[str] = ()) -> SideBySide:
    """Lay two people's coding of a source beside each other; at least an editor may see it.

    Parameters
    ----------
    pair
        Names of two coders; by default the two who said most.
    """
    require(actor, source.study, "reader")
    coding = _coding(source)
    people = coding.people
    chosen = tuple(name for name in pair if name in people)[:2]
    if len(chosen) < 2:
        counts = dict.fromkeys(people, 0)
        for line in coding.lines:
            counts[str(line["coder"])] = counts.get(str(line["coder"]), 0) + 1
        ranked = sorted(people, key=lambda name: (-counts[name], name))
        chosen = tuple(ranked[:2])
    if len(chosen) < 2:
        return SideBySide(people, (), (), 0, 0)
    found = [item for item in disputed(coding) if set(chosen) <= item.said.keys()]
    differences = [shown for item in found if (shown := _difference(item, chosen)) is not None]
    first, second = (coding.table.coders.index(name) for name in chosen)
    alike = sum(
        bool(given) and given == coding.table.given(row, second)
        for row in range(len(coding.table.units))
        if (given := coding.table.given(row, first)) is not None
    )
    return SideBySide(
        people=people,
        pair=chosen,
        differences=tuple(sorted(differences, key=lambda item: item.start)),
        alike=alike,
        settled=sum(is_settled(line) for line in coding.lines),
    )


def settle(
    source_id: int,
    span: tuple[int, int],
    open_: Iterable[Facet | str],
    kept: Iterable[Facet | str],
    actor: User,
) -> None:
    """Settle what people disagree on about a sentence: these facets hold, the other ones do not.

    Parameters
    ----------
    span
        The sentence.
    open_
        The disputed facets that the page showed.
    kept
        Those of them that hold.

    Raises
    ------
    StaleVersionError
        If what is disputed there is no longer what the page showed.
    """
    shown, holds = {Facet(facet) for facet in open_}, {Facet(facet) for facet in kept}
    with transaction.atomic():
        source = Source.objects.select_related("study").get(pk=source_id)
        study = hold(source.study_id, actor, "editor")
        source.study = study
        coding = _coding(source)
        row = next(
            (
                number
                for number, unit in enumerate(coding.table.units)
                if (unit.start, unit.end) == span
            ),
            None,
        )
        now = next(
            (item for item in disputed(coding) if (item.unit.start, item.unit.end) == span), None
        )
        if row is None or now is None or not shown <= set(now.disputed):
            raise StaleVersionError(source)
        write(study, actor, _decisions(source, coding, row, shown, holds, actor))


def _decisions(
    source: Source,
    coding: StudyCoding,
    row: int,
    shown: set[Facet],
    holds: set[Facet],
    actor: User,
) -> list[Decision]:
    """Return what is decided about the evidence that anybody gave to a sentence."""
    keys = [key for key, places in coding.places.items() if row in places]
    facets = {facet.value for facet in shown}
    rows = list(
        Evidence.objects.filter(study=source.study, key__in=keys, facet__in=facets)
        .select_related("coder", "reviewer", "participant", "source")
        .order_by("pk")
    )
    given = set(
        Coding.objects.filter(
            evidence__in=[item.pk for item in rows], adjudicated=False, status=ACCEPTED
        ).values_list("evidence_id", flat=True)
    )
    rows = [item for item in rows if item.pk in given]
    said = [
        Decision(item, ACCEPTED if Facet(item.facet) in holds else REJECTED, adjudicated=True)
        for item in rows
    ]
    unit = coding.table.units[row]
    for facet in shown - {Facet(item.facet) for item in rows}:
        made, added = row_of(source, (unit.start, unit.end), facet, actor)
        status = ACCEPTED if facet in holds else REJECTED
        said.append(Decision(made, status, added=added, adjudicated=True))
    return said


def _coding(source: Source) -> StudyCoding:
    """Return everybody's coding of one source, what came with the folder included."""
    study: Study = source.study
    came_with = decisions_in(study_folder(study))
    reviewed = [
        line
        for line in (*came_with.reviewed, *reviewed_lines(study))
        if line["source"] == source.key
    ]
    corpus = Corpus((restored_source(source),), ())
    return coded_study(corpus, (), coding_lines(study, source), reviewed)


def _difference(item: Disagreement, pair: tuple[str, ...]) -> Difference | None:
    first, second = (set(item.said[name]) for name in pair)
    apart = [facet for facet in item.disputed if (facet in first) != (facet in second)]
    if not apart:
        return None
    return Difference(
        start=item.unit.start,
        end=item.unit.end,
        quote=item.unit.quote,
        before=item.unit.before,
        question=item.unit.question,
        both=tuple(facet for facet in Facet if facet in first and facet in second),
        first=tuple(facet for facet in apart if facet in first),
        second=tuple(facet for facet in apart if facet in second),
        open=tuple(apart),
    )
