"""Shapes that many operations share: names, texts, versions, and a page of a list."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar, get_args

from ninja import Schema
from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from embauche.vocabulary import EvidenceStatus, Facet, JobType, Language, SourceKind

# No database keeps a NUL, and no id is longer than a machine word.
_NO_NUL = r"^[^\x00]*$"
Slug = Annotated[
    str, Field(max_length=80, pattern=r"^[-a-zA-Z0-9_]+$", description="api.note.slug")
]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
Version = Annotated[
    int | None,
    Field(
        ge=0,
        le=2**31 - 1,
        description="api.note.version",
    ),
]
Line = Annotated[str, Field(max_length=400, pattern=_NO_NUL)]
Words = Annotated[str, Field(max_length=20_000, pattern=_NO_NUL)]
Row = TypeVar("Row")


class Given(Schema):
    """What a caller sends: a field that the operation does not know is refused."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _number_or_truth(cls, value: Any, info: ValidationInfo) -> Any:
        """Refuse true for a number and 1 for true: pydantic takes one for the other."""
        kind = cls.model_fields[str(info.field_name)].annotation
        either = {kind, *get_args(kind)}
        either |= {inner[0] for item in either if (inner := get_args(item))}
        if isinstance(value, bool) and either & {int, float} and bool not in either:
            raise PydanticCustomError("int_type", "no number")
        if bool in either and value is not None and not isinstance(value, bool):
            raise PydanticCustomError("bool_type", "neither true nor false")
        return value


class Paging(Schema):
    """Which part of a list."""

    limit: int = Field(50, ge=1, le=200, description="api.note.limit")
    offset: int = Field(0, ge=0, le=10_000_000, description="api.note.offset")


class Page(Schema, Generic[Row]):
    """A part of a list, in an order that stays the same."""

    items: list[Row]
    total: int
    limit: int
    offset: int
    next: str | None = Field(None, description="api.note.next")


class FieldProblem(Schema):
    """What is wrong with one value."""

    model_config = ConfigDict(populate_by_name=True)

    place: str = Field(alias="in", description="api.note.place")
    pointer: str
    code: str
    detail: str


class Problem(Schema):
    """What went wrong, as RFC 9457 has it."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    hint: str
    errors: list[FieldProblem] = []


class StudyShape(Schema):
    """A study."""

    slug: str
    title: str
    product: str
    language: Language
    question: str
    fictional: bool
    blind: bool
    archived_at: datetime | None
    analysed_at: datetime | None
    created_at: datetime
    offer: dict[str, str]
    version: int


class SourceShape(Schema):
    """A source, without its text."""

    id: int
    key: str
    name: str
    kind: SourceKind
    language: Language
    words: int
    sha256: str
    current: bool
    memo: str
    version: int


class ParticipantShape(Schema):
    """A person, by pseudonym."""

    id: int
    key: str
    pseudonym: str
    situation: dict[str, Any]
    demographics: dict[str, Any]
    version: int


class EvidenceShape(Schema):
    """A span of a participant's words with one facet."""

    id: int
    key: str
    source: int
    source_name: str
    participant: str
    pseudonym: str
    coder: str
    start: int
    end: int
    quote: str
    facet: Facet
    language: Language
    status: EvidenceStatus
    confidence: float | None
    moment: str
    intensity: int | None
    dissatisfaction: int | None
    frequency: float | None
    valence: float | None
    reason: str
    memo: str
    reviewer: str | None
    reviewed_at: datetime | None
    version: int


class JobShape(Schema):
    """A job to be done."""

    id: int
    key: str
    type: JobType
    statement: dict[str, str]
    story: dict[str, str]
    statement_is_proposal: bool
    participants: list[str]
    worded_by: str | None
    memo: str
    version: int
