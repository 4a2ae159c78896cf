"""The fictional note-taking study: interviews, a review of them, a survey and customers.

The interviews are written by hand, and so are the decisions of the fictional researcher who
reviewed the machine's proposals and put the goals together into jobs (``coding.jsonl``); the last
two interviews still wait for a review in part.

Nothing here is about real people. The survey comes from a small, stated model: four kinds of
situation, each hiring notes for other jobs, a little age, and noise. The model is written down so
that anyone can compare what Embauche finds with what was put in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

import numpy as np
import polars as pl
from numpy.typing import NDArray

from embauche.collect import GuideBrief, build_guide
from embauche.errors import FolderError
from embauche.study import decisions
from embauche.study.demo_words import WORDS, DemoWords
from embauche.study.guide_file import write_guide
from embauche.vocabulary import Language

ANSWERS, CUSTOMERS = 400, 5000

# Shares of the four kinds: in front of clients, on site, in teams, writing.
_SHARES = np.array([0.30, 0.27, 0.24, 0.19])

# Probability that someone of a kind hires notes for each job (columns in the order of the words:
# find, capture, meeting, write, proof, worry, prepared, file).
_NEEDS = np.array(
    [
        [0.93, 0.34, 0.22, 0.12, 0.30, 0.42, 0.88, 0.30],
        [0.38, 0.94, 0.16, 0.10, 0.86, 0.55, 0.20, 0.18],
        [0.34, 0.22, 0.93, 0.30, 0.52, 0.38, 0.48, 0.40],
        [0.30, 0.40, 0.12, 0.95, 0.10, 0.72, 0.14, 0.52],
    ]
)

# Mean importance and satisfaction (latent, 1 to 5) of the eight outcomes for each kind.
_IMPORTANCE = np.array(
    [
        [4.8, 3.6, 3.6, 2.6, 4.3, 4.1, 4.6, 2.6],
        [3.7, 4.9, 3.2, 2.4, 4.9, 4.3, 3.2, 2.3],
        [3.6, 3.4, 4.9, 3.2, 4.6, 3.9, 4.0, 2.9],
        [3.7, 3.9, 2.9, 4.9, 3.4, 4.4, 2.9, 3.2],
    ]
)
_SATISFACTION = np.array(
    [
        [3.7, 3.6, 2.7, 2.9, 2.3, 3.0, 3.2, 4.1],
        [3.5, 2.0, 2.6, 3.0, 1.8, 2.7, 3.3, 4.0],
        [3.7, 3.5, 1.7, 2.6, 2.0, 2.9, 3.2, 3.9],
        [3.5, 3.4, 2.6, 1.7, 2.6, 2.6, 3.3, 3.8],
    ]
)
_RENEWS = np.array([0.90, 0.40, 0.68, 0.22])

# Situation answers: probability of each answer of each question by kind.
_PLACE = np.array(
    [
        [0.30, 0.52, 0.10, 0.08],
        [0.06, 0.80, 0.08, 0.06],
        [0.76, 0.10, 0.08, 0.06],
        [0.22, 0.08, 0.50, 0.20],
    ]
)
_COMPANY = np.array(
    [[0.74, 0.10, 0.16], [0.42, 0.24, 0.34], [0.10, 0.84, 0.06], [0.04, 0.10, 0.86]]
)
_NETWORK = np.array([[0.88, 0.12], [0.34, 0.66], [0.96, 0.04], [0.80, 0.20]])
_PER_WEEK = np.array([9.0, 16.0, 6.0, 4.0])
_VALUE = np.array([96.0, 58.0, 74.0, 42.0])


@dataclass(frozen=True, slots=True)
class _People:
    kind: NDArray[np.int64]
    age: NDArray[np.int64]
    needs: NDArray[np.int64]


def examples_folder() -> Path:
    """Return the folder of the fictional interviews, in the wheel or in a checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "examples" / "notes", package.parents[1] / "examples" / "notes"):
        if folder.is_dir():
            return folder
    raise FolderError("folder.no_examples")


def write_demo(folder: Path, language: Language | str = Language.FR, seed: int = 2026) -> Path:
    """Write the fictional study into a folder and return it.

    Parameters
    ----------
    folder
        Created if need be; files of the same names are replaced, decisions included.
    language
        The study's language: its interviews, survey and customers.
    seed
        Seed of the survey and the customers; the interviews do not depend on it.
    """
    language = Language(language)
    words = WORDS[language]
    interviews = folder / words.interviews
    interviews.mkdir(parents=True, exist_ok=True)
    for file in sorted((examples_folder() / language / "interviews").iterdir()):
        copyfile(file, interviews / file.name)
    copyfile(examples_folder() / language / decisions.FILE_NAME, folder / decisions.FILE_NAME)
    rng = np.random.default_rng(seed)
    survey(words, rng).write_csv(folder / words.survey, include_bom=True)
    customers(words, rng).write_csv(folder / words.customers, include_bom=True)
    (folder / "study.toml").write_text(words.study_toml, encoding="utf-8")
    brief = GuideBrief("Feuillet", language, words.guide_situation, words.guide_audience)
    write_guide(folder, build_guide(brief))
    return folder


def survey(words: DemoWords, rng: np.random.Generator) -> pl.DataFrame:
    """Draw 400 fictional survey answers: needs, ratings, situation, demographics, renewal."""
    people = _draw(rng, ANSWERS)
    columns: dict[str, object] = {words.id: [f"R{number:03}" for number in range(1, ANSWERS + 1)]}
    for index, need in enumerate(words.needs):
        columns[need] = people.needs[:, index]
    style = rng.normal(0.0, 0.35, ANSWERS)
    for prefix, means in ((words.importance, _IMPORTANCE), (words.satisfaction, _SATISFACTION)):
        for index, outcome in enumerate(words.outcomes):
            latent = means[people.kind, index] + style + rng.normal(0.0, 0.85, ANSWERS)
            rating = np.clip(np.rint(latent), 1, 5).astype(int)
            unanswered = rng.random(ANSWERS) < 0.02
            columns[f"{prefix}{outcome}"] = [
                None if gone else int(value) for value, gone in zip(rating, unanswered, strict=True)
            ]
    for title, answers, table in zip(
        words.situations, words.situation_answers, (_PLACE, _COMPANY, _NETWORK), strict=True
    ):
        columns[title] = _choose(rng, table[people.kind], answers)
    columns[words.frequency] = rng.poisson(_PER_WEEK[people.kind])
    columns[words.age] = people.age
    columns[words.gender[0]] = _choose(
        rng, np.tile([0.5, 0.47, 0.03], (ANSWERS, 1)), words.gender[1:]
    )
    columns[words.income[0]] = _choose(
        rng, np.tile([0.28, 0.42, 0.30], (ANSWERS, 1)), words.income[1:]
    )
    columns[words.region[0]] = _choose(
        rng, np.tile([0.3, 0.25, 0.25, 0.2], (ANSWERS, 1)), words.region[1:]
    )
    renews = _RENEWS[people.kind] + 0.003 * (people.age - 42)
    columns[words.renewed] = np.where(
        rng.random(ANSWERS) < np.clip(renews, 0.02, 0.98), words.yes, words.no
    )
    return pl.DataFrame(columns)


def customers(words: DemoWords, rng: np.random.Generator) -> pl.DataFrame:
    """Draw 5,000 fictional customers who answered the same needs at sign-up, some in part."""
    people = _draw(rng, CUSTOMERS)
    columns: dict[str, object] = {
        words.customer_id: [f"C{number:05}" for number in range(1, CUSTOMERS + 1)]
    }
    silent = rng.random(CUSTOMERS) < 0.04
    for index, need in enumerate(words.needs):
        skipped = silent | (rng.random(CUSTOMERS) < 0.06)
        columns[need] = [
            None if gone else int(value)
            for value, gone in zip(people.needs[:, index], skipped, strict=True)
        ]
    columns[words.plan[0]] = _choose(rng, np.tile([0.62, 0.38], (CUSTOMERS, 1)), words.plan[1:])
    columns[words.value] = np.round(rng.gamma(2.0, _VALUE[people.kind] / 2.0), 2)
    return pl.DataFrame(columns)


def _draw(rng: np.random.Generator, n: int) -> _People:
    kind = rng.choice(len(_SHARES), n, p=_SHARES)
    age = np.clip(np.rint(rng.normal(42, 12, n)), 18, 78).astype(np.int64)
    needs = (rng.random((n, _NEEDS.shape[1])) < _NEEDS[kind]).astype(np.int64)
    return _People(kind=kind, age=age, needs=needs)


def _choose(
    rng: np.random.Generator, probability: NDArray[np.float64], answers: tuple[str, ...]
) -> list[str]:
    """Draw one answer a row; `probability` is (n, number of answers)."""
    draw = rng.random((len(probability), 1))
    index = (draw > np.cumsum(probability, axis=1)[:, :-1]).sum(axis=1)
    return [answers[int(chosen)] for chosen in index]
