"""One tree of errors; each has a stable code, a message and a hint.

EmbaucheError
├── StudyError          study.toml or the study folder is wrong
│   ├── ConfigError     a key or value of study.toml
│   └── FolderError     the folder itself
├── ReadError           a file cannot be read as what it claims to be
│   └── ColumnError     a table lacks a column, or a column holds what it must not
├── EvidenceError       a quote, span or code that is not right
├── StatisticsError     data that a method cannot be applied to
├── GuideError          an interview guide that is incomplete, or not one
├── LLMError            a language model that is not configured, not reachable or makes no sense
└── WorkbenchError      the local server or its database

A code names the sentence: the catalogue ``errors.po`` holds ``error.<code>`` (what was wrong and
where) and ``error.<code>.hint`` (what to do), in both languages.
"""

from __future__ import annotations

from typing import Any, ClassVar


class EmbaucheError(Exception):
    """An error that a user can understand and mend.

    Parameters
    ----------
    code
        The dotted code of the sentence, such as ``"read.empty_file"``.
    **params
        What the sentence names: ``file``, ``row``, ``column``, ``nearest``…
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def message(self, language: str = "en") -> str:
        """Say what was wrong and where, in the language asked for."""
        from embauche.messages import messages

        return messages(language).text(f"error.{self.code}", **self.params)

    def hint(self, language: str = "en") -> str:
        """Say what to do about it, in the language asked for."""
        from embauche.messages import messages

        return messages(language).text(f"error.{self.code}.hint", **self.params)

    def __str__(self) -> str:
        return f"{self.message()} {self.hint()}".strip()


class StudyError(EmbaucheError):
    """The study's configuration or folder is wrong."""


class ConfigError(StudyError):
    """A key or a value of ``study.toml`` is wrong."""


class FolderError(StudyError):
    """The study folder is missing, empty or not usable."""


class ReadError(EmbaucheError):
    """A file cannot be read as what it claims to be."""


class ColumnError(ReadError):
    """A table lacks a column, or a column holds what it must not."""


class EvidenceError(EmbaucheError):
    """A quote, a span or a code is not right."""


class StatisticsError(EmbaucheError, ValueError):
    """A method cannot be applied to these data."""


class GuideError(EmbaucheError):
    """An interview guide is incomplete, or not one."""


class LLMError(EmbaucheError):
    """A language model is not configured, cannot be reached, or answers nothing of use."""


class WorkbenchError(EmbaucheError):
    """The local server or its database cannot do what was asked."""
