"""The fictional survey of `fictional_findings`, its segments and figures: invented for tests."""

import numpy as np
import polars as pl
from fictional_words import NEEDS, OUTCOMES, RATED

from embauche.collect.survey import ColumnReading, Survey
from embauche.customers.assignment import Assignment, SegmentOfCustomers
from embauche.notices import Notice
from embauche.prioritise.priority import Opportunity
from embauche.segment.comparison import HeldOutScore, Validation
from embauche.segment.segmentation import (
    Criterion,
    Description,
    Marker,
    Persona,
    Segment,
    Segmentation,
)
from embauche.vocabulary import (
    Comparison,
    Solidity,
    Zone,
)


def _zone(importance, satisfaction, score):
    if score > 15:
        return Zone.EXTREME
    if score > 12:
        return Zone.STRONG
    if score > 10:
        return Zone.WORTH_A_LOOK
    if satisfaction > importance:
        return Zone.OVER_SERVED
    return Zone.SERVED


def survey_of(lang, n=412):
    """A survey of yes/no needs, ratings and a purchase."""
    rng = np.random.default_rng(7)
    columns = {"id": [f"r{place}" for place in range(n)]}
    columns |= {need: rng.integers(0, 2, n) for need in NEEDS}
    columns["achat"] = rng.integers(0, 2, n)
    questions = list(OUTCOMES[lang])
    readings = {
        need: ColumnReading(need, questions[place], "yes_no", ("0", "1"), 0, "survey.rule.yes_no")
        for place, need in enumerate(NEEDS)
    }
    bought = "a acheté l'application" if lang == "fr" else "bought the application"
    readings["achat"] = ColumnReading("achat", bought, "yes_no", ("0", "1"))
    return Survey(
        name="survey.csv",
        frame=pl.DataFrame(columns),
        id="id",
        needs=NEEDS,
        outcome="achat",
        outcome_names=tuple(OUTCOMES[lang]),
        demographics=("age", "ville"),
        readings=readings,
    )


def segmentation_of(lang, verdict=Solidity.REPRODUCIBLE):
    """Three segments, one of them unsteady."""
    n = 412
    profile = [
        (0.91, 0.35, 0.62, 0.30, 0.55),
        (0.22, 0.88, 0.31, 0.25, 0.20),
        (0.35, 0.20, 0.93, 0.41, 0.28),
    ]
    overall = (0.55, 0.48, 0.60, 0.31, 0.37)
    answers = {
        "fr": (("lieu", "sur chantier"), ("moment", "en réunion"), ("moment", "le soir")),
        "en": (("place", "on site"), ("moment", "in meetings"), ("moment", "in the evening")),
    }[lang]
    segments = []
    for place, (share, count) in enumerate(((0.44, 181), (0.33, 136), (0.23, 95))):
        markers = tuple(
            sorted(
                (
                    Marker(need, value, base, 100 * value / base, "share")
                    for need, value, base in zip(NEEDS, profile[place], overall, strict=True)
                ),
                key=lambda marker: -abs(marker.value - marker.overall),
            )
        )
        column, answer = answers[place]
        segments.append(
            Segment(
                id=f"S{place + 1}",
                n=count,
                share=share,
                stability=(0.86, 0.79, 0.58)[place],
                markers=markers,
                certainty=(0.93, 0.9, 0.81)[place],
                descriptions=(
                    Description("age", "35–49", 0.41, 0.33),
                    Description("ville", "Lyon", 0.12, 0.14),
                ),
                personas=(
                    Persona(
                        f"S{place + 1}.1",
                        f"S{place + 1}",
                        {column: answer},
                        71,
                        0.39,
                        0.32,
                        0.46,
                        1.9,
                    ),
                ),
                job="job1" if place == 0 else None,
            )
        )
    labels = np.repeat([0, 1, 2], [181, 136, 95]).astype(np.int64)
    posterior = np.eye(3)[labels] * 0.85 + 0.05
    criteria = tuple(
        Criterion(
            k,
            -1400 + 60 * k,
            5 * k + k - 1,
            2900 - 90 * k,
            bic,
            bic - 20,
            bic + 30,
            0.9,
            stability,
            40,
            31,
            stability_error=0.02 if k > 1 else None,
            within=tuple(0.9 - 0.1 * place for place in range(k)) if k > 1 else (),
            across=tuple(1.0 - 0.15 * place for place in range(k)) if k > 1 else (),
            ratio=80.0 - 12 * k if k > 1 else None,
            ratio_p=(0.01 if k < 5 else 0.3) if k > 1 else None,
            ratio_draws=99 if k > 1 else None,
            sizes=tuple(2 * (k - place) / (k * (k + 1)) for place in range(k)),
            origins=tuple(
                tuple(0.9 if j == min(i, k - 2) else 0.1 / max(1, k - 2) for j in range(k - 1))
                if k > 2
                else (1.0,)
                for i in range(k)
            )
            if k > 1
            else (),
        )
        for k, bic, stability in (
            (1, 2980.0, None),
            (2, 2871.0, 0.88),
            (3, 2832.0, 0.81),
            (4, 2840.0, 0.55),
            (5, 2866.0, 0.41),
            (6, 2895.0, 0.35),
        )
    )
    return Segmentation(
        needs=NEEDS,
        k=3,
        verdict=verdict,
        reasons=(Notice("fictional.reason", {"stability": 0.81, "threshold": 0.8}, "info"),),
        criteria=criteria,
        segments=tuple(segments),
        labels=labels,
        posterior=posterior,
        model={},
        n=n,
        seed=3,
    )


def opportunities_of(lang, n=412, *, zoned=True):
    """ODI opportunities among everyone and in two segments."""
    made = []
    for segment, size in ((None, n), ("S1", 181), ("S3", 95)):
        scored = []
        for name, (importance, satisfaction) in zip(OUTCOMES[lang], RATED, strict=True):
            shift = {"S1": 0.4, "S3": -0.5}.get(segment, 0.0)
            value = min(10.0, importance + shift)
            scored.append((value + max(value - satisfaction, 0), name, value, satisfaction))
        scored.sort(reverse=True)
        half = 26 / np.sqrt(size)
        for rank, (score, name, importance, satisfaction) in enumerate(scored, 1):
            made.append(
                Opportunity(
                    outcome=name,
                    importance_column=f"imp_{rank}",
                    satisfaction_column=f"sat_{rank}",
                    segment=segment,
                    n=size,
                    importance=importance,
                    satisfaction=satisfaction,
                    score=score,
                    low=score - half,
                    high=min(20.0, score + half),
                    p_over_10=0.99 if score > 12 else 0.4,
                    rank=rank,
                    rank_low=1 if rank == 1 else rank - 1,
                    rank_high=1 if rank == 1 else rank + 1,
                    zone=_zone(importance, satisfaction, score) if zoned else None,
                    gap_only=max(importance - satisfaction, 0),
                    mean_based=score * 0.9,
                    notices=(Notice("fictional.small_n", {"n": size}),) if size < 100 else (),
                )
            )
    return tuple(made)


def validation_of(verdict=Comparison.JOBS_BETTER):
    """Held-out scores of four predictor sets."""
    sign = {Comparison.JOBS_BETTER: 1, Comparison.DEMOGRAPHICS_BETTER: -1}.get(verdict, 0)
    return Validation(
        outcome="achat",
        outcome_kind="binary",
        metric="auc",
        scores=(
            HeldOutScore("job_segments", 0.71, 0.66, 0.76),
            HeldOutScore("demographic_segments", 0.55, 0.49, 0.61),
            HeldOutScore("demographics", 0.60, 0.54, 0.66),
            HeldOutScore("segments_and_demographics", 0.72, 0.67, 0.77),
            HeldOutScore("nothing", 0.5, 0.5, 0.5),
        ),
        difference=0.11 * sign,
        low=0.11 * sign - 0.06,
        high=0.11 * sign + 0.06,
        segments_difference=0.16,
        segments_low=0.08,
        segments_high=0.24,
        verdict=verdict,
        n=412,
        folds=5,
        repeats=10,
        notices=(Notice("fictional.same_survey"),),
    )


def assignment_of(n=600):
    """Customers, some of whom answered no shared need."""
    rng = np.random.default_rng(5)
    names = np.array(["S1", "S2", "S3"])[rng.integers(0, 3, n)]
    frame = pl.DataFrame(
        {
            "client": [f"c{place}" for place in range(n)],
            "segment": [None if place % 50 == 0 else str(name) for place, name in enumerate(names)],
            "probability": np.round(rng.uniform(0.5, 1, n), 3),
            "p_S1": np.round(rng.uniform(0, 1, n), 3),
            "p_S2": np.round(rng.uniform(0, 1, n), 3),
            "p_S3": np.round(rng.uniform(0, 1, n), 3),
            "panier": np.round(rng.uniform(5, 200, n), 2),
        }
    )
    return Assignment(
        name="customers.csv",
        frame=frame,
        id="client",
        value="panier",
        shared=NEEDS[:4],
        missing=NEEDS[4:],
        expected_accuracy=0.91,
        segments=tuple(
            SegmentOfCustomers(f"S{place}", count, count / n, 21000.0 * place, 0.8)
            for place, count in ((1, 260), (2, 190), (3, 138))
        ),
        n=n,
    )
