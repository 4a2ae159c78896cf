"""What comes of one question to a server: the model's words, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto


class Trouble(Enum):
    """Why a request brought no answer, by what can be done about it."""

    FORMAT = auto()
    """The server cannot hold the model to this form of answer: a lower rung may do."""
    TEMPERATURE = auto()
    """The model takes no temperature: ask without."""
    LENGTH = auto()
    """Too many sentences at once."""
    SLOW = auto()
    """No whole answer within the time."""
    BUSY = auto()
    """Later it may work (429, 5xx, a cut answer)."""
    KEY = auto()
    """The key is missing, wrong or not allowed to."""
    MONEY = auto()
    """The account is used up."""
    ADDRESS = auto()
    """There is no such address or model."""
    REDIRECT = auto()
    """The server sends us to another host."""
    UNREACHABLE = auto()
    """Nobody answers at the address."""
    REFUSED = auto()
    """Anything else that asking again cannot mend."""


class RequestFailedError(Exception):
    """A request brought no answer."""

    def __init__(
        self, trouble: Trouble, *, status: int = 0, said: str = "", wait: float | None = None
    ) -> None:
        super().__init__(trouble.name)
        self.trouble = trouble
        self.status = status
        self.said = said
        self.wait = wait


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model said.

    Attributes
    ----------
    text
        Its words; empty where there were none.
    cut
        Whether it stopped because it had no more room.
    input_tokens, output_tokens
        As the server counted them; ``None`` where it does not.
    """

    text: str
    cut: bool = False
    input_tokens: int | None = None
    output_tokens: int | None = None
