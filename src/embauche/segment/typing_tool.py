"""What a typing tool is: a few questions whose answers tell which segment someone belongs to.

Every scorer here is a sum of points: each segment begins with `TypingTool.start`, each answer adds
its points to each segment, and ``P(k) = exp(s_k) / Σ exp(s)``. A question without an answer adds
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.errors import StatisticsError
from embauche.notices import Notice

Float = NDArray[np.float64]

TYPE: Final = "embauche.typing_tool"
VERSION: Final = 1

UNSURE: Final = 0.6
"""Whoever's best segment is less probable than this is called unsure."""

Scorer = Literal["latent_class", "multinomial"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One box of a question.

    Attributes
    ----------
    value
        The answer itself; ``None`` where the box holds all numbers of a band.
    low, high
        The band holds what is above `low` and not above `high`; ``None`` where it is open, and for
        single answers.
    points
        (K,) what the answer adds to each segment, in nats.
    """

    points: tuple[float, ...]
    value: bool | int | str | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the form.

    Attributes
    ----------
    need
        Column of the survey.
    label
        What was asked.
    scale
        As `ColumnReading.scale`.
    answers
        Its boxes, in order.
    """

    need: str
    label: str
    scale: str
    answers: tuple[Answer, ...]

    def codes(self, column: pl.Series) -> NDArray[np.int64]:
        """(m,) box of each answer of a column, −1 where there is none or it is not known."""
        if self.answers[0].value is None:
            values = column.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
            tops = [np.inf if one.high is None else one.high for one in self.answers[:-1]]
            found = np.searchsorted(np.array(tops), values, side="left").astype(np.int64)
            return np.where(np.isfinite(values), found, -1)
        known = {_key(one.value): at for at, one in enumerate(self.answers)}
        return np.array([known.get(_key(value), -1) for value in column.to_list()], dtype=np.int64)


def _key(value: Any) -> Any:
    if isinstance(value, bool) or value is None:
        return value if value is None else int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


@dataclass(frozen=True, slots=True)
class Step:
    """How well the first questions do, on respondents that chose neither them nor their points.

    Attributes
    ----------
    questions
        How many questions.
    need
        The one that comes last in the form; ``None`` where the form is shorter.
    agreement, low, high
        Share put in the segment that all answers put them in, with its 95 % (Wilson) interval.
    """

    questions: int
    need: str | None
    agreement: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Recall:
    """Of one segment's respondents, how many the tool finds (held out)."""

    segment: str
    n: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class TypingTool:
    """A few questions that tell the segment.

    Attributes
    ----------
    scorer
        ``"latent_class"``: the segments' own model on fewer answers; ``"multinomial"``: a
        regression of the segments on raw answers, where the model's own cannot be asked alone.
    segments
        (K,) ids.
    start
        (K,) points each segment begins with.
    questions
        The form, the most telling question first.
    unsure
        Least probability of the best segment for an answer; under it, "unsure".
    target
        Agreement asked for.
    reached
        Whether the form reaches it, held out.
    steps
        The curve: agreement by number of questions, held out.
    agreement, low, high
        Of the whole procedure, choosing how many questions included (nested cross-validation).
    recall
        A segment each, held out likewise.
    unsure_share, sure_agreement
        Share called unsure, and agreement among the others.
    claimed
        Mean probability that the tool gives its best segment. Even all answers do not tell the
        segment for sure, so that it lies below `agreement`.
    n, folds, seed
        Respondents, folds of the cross-validation, seed.
    notices
        What is weak about it.
    """

    scorer: Scorer
    segments: tuple[str, ...]
    start: tuple[float, ...]
    questions: tuple[Question, ...]
    unsure: float
    target: float
    reached: bool
    steps: tuple[Step, ...]
    agreement: float
    low: float
    high: float
    recall: tuple[Recall, ...]
    unsure_share: float
    sure_agreement: float | None
    claimed: float
    n: int
    folds: int
    seed: int
    notices: tuple[Notice, ...] = ()

    def predict_proba(self, frame: pl.DataFrame) -> Float:
        """Return the (m, K) probabilities of the segments.

        Parameters
        ----------
        frame
            One row a person; columns named by the questions' needs, answers as in the survey.

        Raises
        ------
        StatisticsError
            If a question has no column.
        """
        scores = np.tile(np.array(self.start), (frame.height, 1))
        for question in self.questions:
            if question.need not in frame.columns:
                raise StatisticsError("typing.missing_column", column=question.need)
            table = np.array([one.points for one in question.answers] + [[0.0] * len(self.start)])
            scores += table[question.codes(frame[question.need])]
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        shares: Float = odds / odds.sum(axis=1, keepdims=True)
        return shares

    def answered(self, frame: pl.DataFrame) -> NDArray[np.int64]:
        """(m,) how many of the questions each row answers."""
        given = [question.codes(frame[question.need]) >= 0 for question in self.questions]
        counts: NDArray[np.int64] = np.sum(given, axis=0).astype(np.int64)
        return counts

    def predict(self, frame: pl.DataFrame) -> list[str | None]:
        """Return a segment id a row, ``"unsure"``, or ``None`` where nothing was answered."""
        shares = self.predict_proba(frame)
        best = shares.argmax(axis=1)
        answered = self.answered(frame)
        return [
            None
            if not answered[row]
            else self.segments[k]
            if shares[row, k] >= self.unsure
            else "unsure"
            for row, k in enumerate(best)
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-ready data, complete enough to score elsewhere (docs/typing.schema.json)."""
        made: dict[str, Any] = {
            "type": TYPE,
            "version": VERSION,
            **asdict(replace(self, notices=())),
        }
        made["notices"] = [notice.to_dict() for notice in self.notices]
        made["rule"] = "score[k] = start[k] + sum of points[k] of the answers given; softmax"
        return made

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> TypingTool:
        """Restore what `to_dict` returned.

        Raises
        ------
        StatisticsError
            If the data are not a typing tool of a known version.
        """
        if data.get("type") != TYPE or data.get("version") != VERSION:
            raise StatisticsError(
                "typing.not_a_tool", type=str(data.get("type")), version=str(data.get("version"))
            )
        questions = tuple(
            Question(
                item["need"],
                item["label"],
                item["scale"],
                tuple(
                    Answer(tuple(one["points"]), one["value"], one["low"], one["high"])
                    for one in item["answers"]
                ),
            )
            for item in data["questions"]
        )
        given = {
            name: data[name]
            for name in (
                "scorer", "unsure", "target", "reached", "agreement", "low", "high",
                "unsure_share", "sure_agreement", "claimed", "n", "folds", "seed",
            )
        }  # fmt: skip
        return cls(
            segments=tuple(data["segments"]),
            start=tuple(data["start"]),
            questions=questions,
            steps=tuple(Step(**item) for item in data["steps"]),
            recall=tuple(Recall(**item) for item in data["recall"]),
            notices=tuple(
                Notice(item["code"], dict(item["params"]), item["severity"])
                for item in data["notices"]
            ),
            **given,
        )
