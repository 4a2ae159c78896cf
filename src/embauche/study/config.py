"""study.toml: what a study is about and which file and column plays which part.

Every key is optional where it can be inferred. A misspelt key is an error that names the line and
the nearest right name, so that a setting is never silently ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import tomlkit
from tomlkit.exceptions import ParseError

from embauche.collect.guide import Guide
from embauche.collect.said_speakers import says_who
from embauche.errors import ConfigError
from embauche.study.guide_file import read_guide
from embauche.vocabulary import Language

FILE_NAME = "study.toml"

Names = tuple[str, ...]
_Section = TypeVar("_Section")
_EMPTY: Mapping[str, str] = MappingProxyType({})
_NO_LISTS: Mapping[str, Names] = MappingProxyType({})
_NO_TABLES: Mapping[str, Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class StudySection:
    """``[study]``: what the study is about."""

    title: str | None = None
    product: str | None = None
    language: str | None = None
    question: str | None = None
    fictional: bool = False


@dataclass(frozen=True, slots=True)
class InterviewsSection:
    """``[interviews]``: files are names or glob patterns; speakers as written in the files.

    `interviewers` says of one file who asks in it ("Speaker 1" asks here and answers there); all
    others of that file answer. `speakers` says of one file who each label is
    (`embauche.collect.said_speakers`), and wins over all others.
    """

    files: Names | None = None
    participant_speakers: Names = ()
    interviewer_speakers: Names = ()
    interviewers: Mapping[str, Names] = field(default_factory=lambda: _NO_LISTS)
    speakers: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: _NO_TABLES)


@dataclass(frozen=True, slots=True)
class ParticipantsSection:
    """``[participants]``: which columns of ``participants.csv`` say who people are."""

    demographics: Names | None = None


@dataclass(frozen=True, slots=True)
class ReviewsSection:
    """``[reviews]``: the file, its column of text and the column that names the writer."""

    file: str | None = None
    text: str | None = None
    participant: str | None = None


@dataclass(frozen=True, slots=True)
class SurveySection:
    """``[survey]``: which column plays which part; lists take names or glob patterns."""

    file: str | None = None
    id: str | None = None
    needs: Names | None = None
    importance: Names | None = None
    satisfaction: Names | None = None
    frequency: str | None = None
    situation: Names | None = None
    demographics: Names | None = None
    weight: str | None = None
    outcome: str | None = None
    top: float | None = None
    jobs: Mapping[str, str] = field(default_factory=lambda: _EMPTY)


@dataclass(frozen=True, slots=True)
class CustomersSection:
    """``[customers]``: the table, its id and the column that says what a customer is worth."""

    file: str | None = None
    id: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class CodingSection:
    """``[coding]``: the coder whose decisions settle what others disagree on."""

    adjudicator: str | None = None


@dataclass(frozen=True, slots=True)
class LLMSection:
    """``[llm]``: a language model to ask, never its key; ``coder`` says whose proposals count."""

    coder: str | None = None
    url: str | None = None
    model: str | None = None
    input_price: float | None = None
    output_price: float | None = None
    currency: str | None = None
    timeout: float | None = None
    batch: float | None = None
    concurrency: float | None = None


@dataclass(frozen=True, slots=True)
class JobsSection:
    """``[jobs]``: the cosine distance at which two groups of goals are two jobs."""

    threshold: float | None = None


@dataclass(frozen=True, slots=True)
class StudyConfig:
    """The whole of a study's configuration.

    Attributes
    ----------
    folder
        The study folder.
    written
        True where a ``study.toml`` was read; False where all is inferred.
    offer
        ``[offer]``: what the product answers with, in the team's words.
    guide
        The interview guide (``guide.json``), if the folder has one.
    """

    folder: Path
    written: bool = False
    study: StudySection = field(default_factory=StudySection)
    interviews: InterviewsSection = field(default_factory=InterviewsSection)
    participants: ParticipantsSection = field(default_factory=ParticipantsSection)
    reviews: ReviewsSection = field(default_factory=ReviewsSection)
    survey: SurveySection = field(default_factory=SurveySection)
    customers: CustomersSection = field(default_factory=CustomersSection)
    coding: CodingSection = field(default_factory=CodingSection)
    llm: LLMSection = field(default_factory=LLMSection)
    jobs: JobsSection = field(default_factory=JobsSection)
    offer: Mapping[str, str] = field(default_factory=lambda: _EMPTY)
    guide: Guide | None = None


_SECTIONS: Mapping[str, type] = {
    "study": StudySection,
    "interviews": InterviewsSection,
    "participants": ParticipantsSection,
    "reviews": ReviewsSection,
    "survey": SurveySection,
    "customers": CustomersSection,
    "coding": CodingSection,
    "llm": LLMSection,
    "jobs": JobsSection,
}
LEAST_THRESHOLD, GREATEST_THRESHOLD = 0.1, 1.5
"""Cosine distances between which a threshold parts anything."""
MACHINE_CODERS = ("both", "offline", "llm")
"""Values of ``[llm] coder``: whose proposals a run takes up."""
_SECRETS = frozenset({"key", "api_key", "apikey", "token", "secret", "password"})
_OPEN_TABLES = ("offer",)


def read_config(folder: Path) -> StudyConfig:
    """Read ``study.toml`` of a folder; without one, return a configuration that infers all.

    Raises
    ------
    GuideError
        If ``guide.json`` is no guide.
    ConfigError
        On bad TOML, a misspelt section or key (with the nearest right name and the line), or a
        value of the wrong kind.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return StudyConfig(folder=folder, guide=read_guide(folder))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError("config.not_utf8", file=FILE_NAME, position=error.start) from error
    return replace(parse_config(text, folder), guide=read_guide(folder))


def parse_config(text: str, folder: Path) -> StudyConfig:
    """Parse the text of a ``study.toml``; see `read_config` for what it refuses."""
    try:
        document = tomlkit.parse(text).unwrap()
    except ParseError as error:
        raise ConfigError(
            "config.not_toml", file=FILE_NAME, line=error.line, column=error.col
        ) from error
    known = [*_SECTIONS, *_OPEN_TABLES]
    for name, value in document.items():
        if name not in known:
            raise _unknown("config.unknown_section", name, known, text)
        if not isinstance(value, dict):
            raise ConfigError(
                "config.not_a_section", file=FILE_NAME, line=_line_of(text, name), key=name
            )
    parsed: dict[str, Any] = {
        name: _section(name, kind, document.get(name, {}), text) for name, kind in _SECTIONS.items()
    }
    offer = _texts("offer", document.get("offer", {}), text)
    config = StudyConfig(folder=folder, written=True, offer=offer, **parsed)
    _check_language(config, text)
    _check_coder(config, text)
    _check_threshold(config, text)
    _check_top(config, text)
    _check_speakers(config, text)
    return config


def _check_language(config: StudyConfig, text: str) -> None:
    language = config.study.language
    if language is not None and language not in tuple(Language):
        raise ConfigError(
            "config.unknown_language",
            file=FILE_NAME,
            line=_line_of(text, "language", "study"),
            value=language,
        )


def _check_coder(config: StudyConfig, text: str) -> None:
    if config.llm.coder is not None and config.llm.coder not in MACHINE_CODERS:
        raise ConfigError(
            "config.unknown_coder",
            file=FILE_NAME,
            line=_line_of(text, "coder", "llm"),
            value=config.llm.coder,
            known=list(MACHINE_CODERS),
        )


def _check_threshold(config: StudyConfig, text: str) -> None:
    value = config.jobs.threshold
    if value is not None and not LEAST_THRESHOLD <= value <= GREATEST_THRESHOLD:
        raise ConfigError(
            "config.threshold_out_of_range",
            file=FILE_NAME,
            line=_line_of(text, "threshold", "jobs"),
            value=value,
            least=LEAST_THRESHOLD,
            most=GREATEST_THRESHOLD,
        )


def _check_top(config: StudyConfig, text: str) -> None:
    top = config.survey.top
    if top is not None and (top < 1 or top != int(top)):
        raise ConfigError(
            "config.top_not_whole", file=FILE_NAME, line=_line_of(text, "top", "survey"), value=top
        )


def _check_speakers(config: StudyConfig, text: str) -> None:
    for file, said in config.interviews.speakers.items():
        for label, value in said.items():
            if not says_who(value):
                raise ConfigError(
                    "config.unknown_speaker",
                    file=FILE_NAME,
                    line=_line_of(text, label, f"interviews.speakers.{file}".replace(" ", "")),
                    label=label,
                    value=value,
                )


def _section(name: str, kind: type[_Section], values: Mapping[str, Any], text: str) -> _Section:
    declared = {item.name: item for item in fields(kind)}  # type: ignore[arg-type]
    given: dict[str, Any] = {}
    for key, value in values.items():
        if name == "llm" and key.lower() in _SECRETS:
            # A study folder is passed on; a key must not travel with it.
            line = _line_of(text, key, name)
            raise ConfigError("config.secret", file=FILE_NAME, line=line, key=f"{name}.{key}")
        if key not in declared:
            raise _unknown("config.unknown_key", key, list(declared), text, section=name)
        given[key] = _value(name, key, str(declared[key].type), value, text)
    for item in declared.values():
        if item.name not in given and item.default is MISSING:
            given[item.name] = item.default_factory()  # type: ignore[operator]
    return kind(**given)


def _value(  # noqa: C901 (one kind a line)
    section: str, key: str, kind: str, value: Any, text: str
) -> Any:
    where = {"file": FILE_NAME, "line": _line_of(text, key, section), "key": f"{section}.{key}"}
    if kind == "bool":
        if isinstance(value, bool):
            return value
        raise ConfigError("config.not_a_boolean", **where)
    if kind.startswith("float"):
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
            return value
        raise ConfigError("config.not_a_number", **where)
    if kind.startswith("Names"):
        items = [value] if isinstance(value, str) else value
        if isinstance(items, list) and all(isinstance(item, str) for item in items):
            return tuple(items)
        raise ConfigError("config.not_a_list", **where)
    inner = kind.removeprefix("Mapping[str, ").removesuffix("]")
    if kind.startswith("Mapping") and inner != "str" and isinstance(value, dict):
        place = f"{section}.{key}"
        held = {name: _value(place, name, inner, said, text) for name, said in value.items()}
        return MappingProxyType(held)
    if kind.startswith("Mapping"):
        if isinstance(value, dict):
            return _texts(f"{section}.{key}", value, text)
        raise ConfigError("config.not_a_section", **where)
    if isinstance(value, str):
        return value
    raise ConfigError("config.not_a_text", **where)


def _texts(section: str, values: Mapping[str, Any], text: str) -> Mapping[str, str]:
    for key, value in values.items():
        if not isinstance(value, str):
            raise ConfigError(
                "config.not_a_text",
                file=FILE_NAME,
                line=_line_of(text, key, section),
                key=f"{section}.{key}",
            )
    return MappingProxyType(dict(values))


def _unknown(
    code: str, name: str, known: list[str], text: str, section: str | None = None
) -> ConfigError:
    nearest = get_close_matches(name.lower(), known, n=1, cutoff=0.0)
    return ConfigError(
        code,
        file=FILE_NAME,
        line=_line_of(text, name, section),
        key=name if section is None else f"{section}.{name}",
        nearest=nearest[0],
        known=known,
    )


def _line_of(text: str, key: str, section: str | None = None) -> int:
    """Find the line (from 1) of a key or a section's header; 1 where it cannot be told."""
    inside = section is None
    pattern = re.compile(rf"""^\s*["']?{re.escape(key)}["']?\s*=""")
    header = re.compile(r"^\s*\[+\s*([^\]]+?)\s*\]+")
    for number, line in enumerate(text.splitlines(), 1):
        found = header.match(line)
        if found:
            title = found.group(1).replace('"', "").replace(" ", "")
            if section is None and title.split(".")[0] == key:
                return number
            inside = section is None or title == section
            if section is not None and title == f"{section}.{key}":
                return number
        elif inside and pattern.match(line):
            return number
    return 1
