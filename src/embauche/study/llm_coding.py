"""llm-coding.jsonl: what a language model answered, kept so that nothing is paid for twice.

One JSON object a line, one line a request::

    {"coder": "machine:llm:…", "prompt": "1a2b3c4d", "rung": "json_schema",
     "usage": {"requests": 1, "input_tokens": 2100, "output_tokens": 340, "counted": true},
     "rejected": {"quote_not_in_sentence": 1},
     "answers": {"<hash of a sentence and its context>": [[0, 41, "frustration", 0.8]]}}

The file holds positions and hashes: neither people's words nor a key. An answer counts wherever the
same words stand in the same context, and no longer once they are changed. Deleting the file
takes the model's proposals out of the study.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from embauche.collect.source import Corpus
from embauche.errors import LLMError
from embauche.identify.agreement_coefficients import MISSING
from embauche.identify.coded_units import CodedUnits
from embauche.identify.evidence import Evidence
from embauche.identify.llm_answer import Code
from embauche.identify.llm_batch import Outcome
from embauche.identify.llm_evidence import asks_of, evidence_of, rated
from embauche.identify.llm_ladder import Rung
from embauche.identify.llm_prompt import prompt_version
from embauche.identify.llm_union import union_of_proposals
from embauche.identify.llm_usage import Usage
from embauche.identify.vectors import SentenceVectors
from embauche.notices import Notice
from embauche.vocabulary import Facet

FILE_NAME = "llm-coding.jsonl"

Answers = Mapping[str, tuple[Code, ...]]


@dataclass(frozen=True, slots=True)
class LLMCoding:
    """What language models answered about a study, in the order in which it came."""

    lines: tuple[Mapping[str, Any], ...] = ()

    @property
    def coders(self) -> tuple[str, ...]:
        """The models, in the order of their first answer."""
        return tuple(dict.fromkeys(str(line["coder"]) for line in self.lines))

    def answers(self, coder: str, *, prompt: str | None = None) -> dict[str, tuple[Code, ...]]:
        """Return a model's answers by sentence; later ones win.

        Parameters
        ----------
        coder
            The model.
        prompt
            Only answers to this version of the codebook; all of them by default.
        """
        found: dict[str, tuple[Code, ...]] = {}
        for line in self.lines:
            if line["coder"] == coder and prompt in {None, line["prompt"]}:
                for key, codes in line["answers"].items():
                    found[key] = tuple(_code(code) for code in codes)
        return found

    def rung(self, coder: str) -> Rung:
        """Return the rung of the ladder that worked the last time."""
        worked = [line["rung"] for line in self.lines if line["coder"] == coder and line["answers"]]
        return Rung(worked[-1]) if worked else Rung.JSON_SCHEMA

    def usage(self, coder: str) -> Usage:
        """Return what a model has used, all runs together."""
        mine = (line["usage"] for line in self.lines if line["coder"] == coder)
        return sum((Usage(**used) for used in mine), Usage())

    def rejected(self, coder: str) -> Counter[str]:
        """Return why codes of a model were rejected, all runs together."""
        return sum(
            (Counter(line["rejected"]) for line in self.lines if line["coder"] == coder),
            Counter[str](),
        )


def _code(entry: Sequence[Any]) -> Code:
    start, end, facet, confidence = entry
    return Code(int(start), int(end), Facet(facet), float(confidence))


def read_llm_coding(folder: Path) -> LLMCoding:
    """Read what models answered; a last line that was cut while being written is left out.

    Raises
    ------
    LLMError
        If another line is not of the kind; the error names file and line.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return LLMCoding()
    read: list[Mapping[str, Any]] = []
    whole, _, _cut = path.read_bytes().rpartition(b"\n")
    for number, line in enumerate(whole.splitlines(), 1):
        try:
            entry = json.loads(line)
            _check(entry)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LLMError("llm.bad_line", file=FILE_NAME, line=number) from error
        read.append(entry)
    return LLMCoding(tuple(read))


def _check(entry: Mapping[str, Any]) -> None:
    """Raise `ValueError`, `KeyError` or `TypeError` unless the line has a meaning."""
    _ = (str(entry["coder"]), str(entry["prompt"]), Rung(entry["rung"]), Counter(entry["rejected"]))
    Usage(**entry["usage"])
    for codes in entry["answers"].values():
        for code in map(_code, codes):
            if not 0 <= code.start < code.end or not 0 <= code.confidence <= 1:
                raise ValueError(code)


class Journal:
    """Writes answers down as they come, each safe on the disk before the next is waited for.

    Parameters
    ----------
    folder
        The study folder.
    coder
        Who answers.

    Raises
    ------
    LLMError
        If the file cannot be written: an answer that cannot be kept must not be paid for.
    """

    def __init__(self, folder: Path, coder: str) -> None:
        self._path = folder / FILE_NAME
        self._coder = coder
        self._cut = True
        try:
            self._path.open("ab").close()
        except OSError as error:
            raise LLMError(
                "llm.cannot_write", file=FILE_NAME, reason=str(error.strerror)
            ) from error

    def __call__(self, outcome: Outcome) -> None:
        """Write one outcome down; pass this object as ``record``."""
        answers: dict[str, list[list[Any]]] = {}
        rejected: Mapping[str, int] = {}
        if outcome.answer is not None:
            rejected = outcome.answer.rejected
            for ask, codes in zip(outcome.asks, outcome.answer.codes, strict=True):
                answers[ask.key] = [
                    [code.start, code.end, code.facet.value, code.confidence] for code in codes
                ]
        line = {
            "coder": self._coder,
            "prompt": prompt_version(),
            "rung": outcome.rung.value,
            "usage": outcome.usage.to_dict(),
            "rejected": dict(rejected),
            "answers": answers,
        }
        self._append(f"{json.dumps(line, ensure_ascii=False)}\n".encode())

    def _append(self, line: bytes) -> None:
        with self._path.open("a+b") as file:
            # What an interrupted run left of a line is taken away first.
            if self._cut:
                file.seek(0)
                file.truncate(file.read().rfind(b"\n") + 1)
                self._cut = False
            file.write(line)
            file.flush()
            os.fsync(file.fileno())


def forget_llm_coding(folder: Path) -> bool:
    """Delete all that models answered; tell whether there was anything."""
    path = folder / FILE_NAME
    there = path.is_file()
    path.unlink(missing_ok=True)
    return there


def llm_evidence(corpus: Corpus, coding: LLMCoding) -> dict[str, tuple[Evidence, ...]]:
    """Return each model's proposals for the sources as they stand now."""
    return {coder: evidence_of(corpus, coding.answers(coder), coder) for coder in coding.coders}


def only_answered(table: CodedUnits, corpus: Corpus, coding: LLMCoding) -> CodedUnits:
    """Return who gave what, without the sentences that a model has not answered: it said no "no".

    Parameters
    ----------
    table
        Of all sentences of the corpus, with any coders.
    corpus, coding
        What was said, and what models answered.
    """
    values = table.values.copy()
    asks = asks_of(corpus)
    for column, coder in enumerate(table.coders):
        if coder in coding.coders:
            answered = coding.answers(coder)
            unseen = [row for row, ask in enumerate(asks) if ask.key not in answered]
            values[unseen, column] = MISSING
    return replace(table, values=values)


def machine_proposals(
    offline: Sequence[Evidence],
    corpus: Corpus,
    folder: Path,
    vectors: SentenceVectors,
    coder: str | None = None,
) -> tuple[tuple[Evidence, ...], tuple[Notice, ...]]:
    """Put the offline coder's proposals and those that models made earlier together.

    Nobody is asked here: only ``llm-coding.jsonl`` is read.

    Parameters
    ----------
    offline
        The offline coder's proposals.
    corpus, folder
        The sources, and the study folder.
    vectors
        What reads moments and ratings from words.
    coder
        ``"both"`` (by default: the union, see `union_of_proposals`), ``"offline"`` or ``"llm"``.

    Raises
    ------
    LLMError
        If only a model's proposals are wanted and there are none, or the file is broken.
    """
    if coder == "offline":
        return tuple(offline), ()
    coding = read_llm_coding(folder)
    by_model = llm_evidence(corpus, coding)
    if coder == "llm" and not any(by_model.values()):
        raise LLMError("llm.no_proposals", file=FILE_NAME)
    models = [rated(found, corpus, vectors) for found in by_model.values()]
    first = () if coder == "llm" else (offline,)
    proposals = union_of_proposals(*first, *models)
    asks = asks_of(corpus)
    notices = []
    for name, found in by_model.items():
        answered = coding.answers(name)
        left = sum(ask.key not in answered for ask in asks)
        params = {"n": len(found), "coder": name, "file": FILE_NAME}
        notices.append(Notice("llm.taken_up", params, "info"))
        if left:
            notices.append(Notice("llm.not_all_answered", {"n": left, "coder": name}))
    return proposals, tuple(notices)
