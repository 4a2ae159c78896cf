"""What `embauche relate` prints: tables of effects and outcomes, their warnings under them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import floor, isfinite, isnan, log10
from typing import TYPE_CHECKING

from embauche.cli.terminal import aligned
from embauche.messages import Messages
from embauche.notices import Notice
from embauche.present.segment_names import names_of

if TYPE_CHECKING:
    from embauche.segment.distal_result import ClassValue, Distal
    from embauche.segment.membership_result import Effect, Membership
    from embauche.segment.relation import Relation
    from embauche.segment.wald import WaldTest

_LEAST_P = 0.001


def relation_lines(
    found: Relation, labels: Mapping[str, str], words: Messages, *, pairs: bool
) -> Iterator[str]:
    """Give the lines to print.

    Parameters
    ----------
    found
        What `embauche.segment.relate_survey` returned.
    labels
        Column → what it is called.
    words
        Catalogue of the sentences.
    pairs
        Whether every pair of segments is compared.
    """
    n = len(found.segments)
    if found.verdict is None:
        yield words.text("relate.title.asked", n=n)
    else:
        yield words.text(f"report.segments.title.{found.verdict.name.lower()}", n=n)
    named = names_of(found, labels, words)
    names = {item.id: f"{item.id} · {named[item.id]}" for item in found.segments}
    for item in found.segments:
        yield f"{names[item.id]} · {words.text('report.share_n', share=item.share, n=item.n)}"
    # What is weak about the classes is weak about every figure: it stands once, before them all.
    parts = [made.notices for made in (found.membership, *found.outcomes.values()) if made]
    common = [one for one in parts[0] if all(one in other for other in parts[1:])]
    yield from _warnings(common, words)
    if found.membership is not None:
        yield ""
        yield from _effects(found.membership, names, labels, words)
        yield from _warnings([one for one in found.membership.notices if one not in common], words)
    for column, made in found.outcomes.items():
        yield ""
        yield from _outcome(made, labels.get(column) or column, names, words, pairs=pairs)
        yield from _warnings([one for one in made.notices if one not in common], words)


def _warnings(notices: Sequence[Notice], words: Messages) -> Iterator[str]:
    for notice in notices:
        yield f"{words.text(f'cli.severity.{notice.severity}')} {words.notice(notice)}"


def _effects(
    made: Membership, names: Mapping[str, str], labels: Mapping[str, str], words: Messages
) -> Iterator[str]:
    against = names[f"S{made.reference}"]
    method = words.text(f"relate.method.{made.method}")
    yield words.text("relate.effects", reference=against, method=method, n=made.rows)
    rows = [[words.text(f"relate.column.{key}") for key in _EFFECT_COLUMNS]]
    for number, effects in groupby(made.effects, key=lambda one: one.class_number):
        rows.append([names[f"S{number}"], *[""] * (len(_EFFECT_COLUMNS) - 1)])
        rows.extend(_effect_row(effect, labels, words) for effect in effects)
    yield aligned(rows)
    referred = [one for one in made.covariates if one.reference is not None]
    for covariate in referred:
        label = labels.get(covariate.name) or covariate.name
        yield words.text("relate.reference_level", column=label, level=covariate.reference)
    yield ""
    yield words.text("relate.tests")
    rows = [[words.text(f"relate.column.{key}") for key in ("covariate", "chi2", "df", "p")]]
    rows += [[labels.get(name) or name, *_test(test, words)] for name, test in made.tests.items()]
    if len(made.tests) > 1:
        rows.append([words.text("relate.all_covariates"), *_test(made.overall, words)])
    yield aligned(rows)


_EFFECT_COLUMNS = ("effect", "estimate", "error", "interval", "p", "odds_ratio")


def _effect_row(effect: Effect, labels: Mapping[str, str], words: Messages) -> list[str]:
    if effect.covariate is None:
        term = words.text("relate.constant_term")
    else:
        label = labels.get(effect.covariate) or effect.covariate
        term = label if effect.level is None else f"{label} = {effect.level}"
    decimals = _decimals(effect.se, 3)
    return [
        f"  {term}",
        _number(effect.estimate, words, decimals),
        _number(effect.se, words, decimals),
        _interval(effect.low, effect.high, words, decimals),
        _p(effect.p, words),
        _number(effect.odds_ratio, words, decimals),
    ]


def _outcome(
    made: Distal, label: str, names: Mapping[str, str], words: Messages, *, pairs: bool
) -> Iterator[str]:
    shares = made.kind in ("binary", "nominal")
    key = "relate.outcome.shares" if shares else "relate.outcome.means"
    yield words.text(key, column=label, method=made.method.upper(), n=made.rows)
    head = ["segment", *(["answer"] if shares else []), "value", "error", "interval", "members"]
    rows = [[words.text(f"relate.column.{name}") for name in head]]
    for value in made.classes:
        answer = [str(value.category)] if shares else []
        rows.append(
            [names[f"S{value.class_number}"], *answer, *_value(value, words, shares=shares)]
        )
    yield aligned(rows)
    statistic, df, p = _test(made.omnibus, words)
    yield words.text("relate.omnibus", chi2=statistic, df=df, p=p)
    if pairs:
        rows = [
            [
                words.text(f"relate.column.{name}")
                for name in ("pair", "difference", "interval", "p_holm")
            ]
        ]
        for pair in made.pairs:
            difference, interval = "–", "–"
            if pair.difference is not None and pair.low is not None and pair.high is not None:
                decimals = _decimals(pair.se or 0.0, 1)
                difference = _number(pair.difference, words, decimals, share=shares)
                interval = _interval(pair.low, pair.high, words, decimals, share=shares)
            p = _p(pair.p_adjusted, words)
            rows.append([f"S{pair.first} − S{pair.second}", difference, interval, p])
        yield aligned(rows)


def _value(value: ClassValue, words: Messages, *, shares: bool) -> list[str]:
    decimals = _decimals(value.se, 1)
    return [
        _number(value.value, words, decimals, share=shares),
        _number(value.se, words, decimals, share=shares),
        _interval(value.low, value.high, words, decimals, share=shares),
        words.number(value.members, ".0"),
    ]


def _test(test: WaldTest, words: Messages) -> list[str]:
    statistic = "–" if isnan(test.statistic) else words.number(test.statistic, ".2")
    return [statistic, words.number(test.df), _p(test.p, words)]


def _p(p: float, words: Messages) -> str:
    if isnan(p):
        return "–"
    return f"< {words.number(_LEAST_P, '.3')}" if p < _LEAST_P else words.number(p, ".3")


def _decimals(se: float, least: int) -> int:
    """Return how many decimals show two digits of a standard error, at least `least` of them."""
    return max(least, 1 - floor(log10(se))) if isfinite(se) and se > 0 else least


def _number(value: float, words: Messages, decimals: int, *, share: bool = False) -> str:
    if not isfinite(value):
        return "–"
    return words.number(value, ".1%" if share else f".{decimals}")


def _interval(
    low: float, high: float, words: Messages, decimals: int, *, share: bool = False
) -> str:
    if not (isfinite(low) and isfinite(high)):
        return "–"
    least, most = (_number(limit, words, decimals, share=share) for limit in (low, high))
    return words.text("cli.limits", low=least, high=most)
