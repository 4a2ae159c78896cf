"""Which language model to ask, where it runs, and what it costs; nothing is asked here."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from embauche.errors import LLMError

URL, MODEL, KEY = "EMBAUCHE_LLM_URL", "EMBAUCHE_LLM_MODEL", "EMBAUCHE_LLM_KEY"
_VARIABLE: Final = "EMBAUCHE_LLM_{}"
_PORTS: Final = {"http": 80, "https": 443}
_MOST: Final = {"batch": 200, "concurrency": 32, "timeout": 3600.0}


@dataclass(frozen=True, slots=True)
class LLMSettings:
    """A language model behind an OpenAI-compatible address.

    Attributes
    ----------
    url
        Base address, to which ``/chat/completions`` is added (``http://localhost:11434/v1``).
    model
        Name of the model, as the server knows it.
    key
        Sent as a bearer token; never written anywhere, never shown.
    input_price, output_price
        Price of a million tokens read and written; ``None`` where unknown.
    currency
        What the prices are in, for display.
    timeout
        Seconds that one answer may take.
    batch
        Sentences a request.
    concurrency
        Requests under way at once.
    url_from
        Where the address came from: ``"environment"`` or ``"study.toml"``.
    """

    url: str
    model: str
    key: str | None = field(default=None, repr=False)
    input_price: float | None = None
    output_price: float | None = None
    currency: str = ""
    timeout: float = 120.0
    batch: int = 20
    concurrency: int = 2
    url_from: str = "environment"

    def __post_init__(self) -> None:
        parts = _address(self.url)
        if parts.scheme not in _PORTS or not parts.hostname:
            raise LLMError("llm.bad_url", url=_without_secrets(self.url))
        if parts.username or parts.password or parts.query or parts.fragment:
            raise LLMError("llm.secret_in_url", url=_without_secrets(self.url))
        if not self.model.strip():
            raise LLMError("llm.no_model", variable=MODEL)
        for name, most in _MOST.items():
            if not 0 < getattr(self, name) <= most:
                raise LLMError("llm.bad_number", name=name, value=str(getattr(self, name)))

    @property
    def host(self) -> str:
        """Host name, with its port where that is not the usual one."""
        parts = _address(self.url)
        name = parts.hostname or ""
        shown = f"[{name}]" if ":" in name else name
        usual = parts.port is None or parts.port == _PORTS[parts.scheme]
        return shown if usual else f"{shown}:{parts.port}"

    @property
    def on_this_machine(self) -> bool:
        """Whether the address is this machine's own (told from the address; nothing is looked up).

        A name that merely resolves to this machine counts as another one.
        """
        name = (_address(self.url).hostname or "").rstrip(".")
        if name == "localhost" or name.endswith(".localhost"):
            return True
        try:
            return ip_address(name).is_loopback
        except ValueError:
            return False

    @property
    def in_the_clear(self) -> bool:
        """Whether words would travel unencrypted to another machine."""
        return _address(self.url).scheme == "http" and not self.on_this_machine

    @property
    def coder(self) -> str:
        """Name of this coder for the record: ``machine:llm:<model>@<host>``."""
        return f"machine:llm:{self.model}@{self.host}"

    def cost(self, input_tokens: float, output_tokens: float) -> float | None:
        """Return what tokens cost, in the currency of the prices; ``None`` without prices."""
        if self.input_price is None and self.output_price is None:
            return None
        million = 1_000_000
        read, written = self.input_price or 0.0, self.output_price or 0.0
        return (read * input_tokens + written * output_tokens) / million


def llm_settings(
    environment: Mapping[str, str], section: Mapping[str, Any] | None = None
) -> LLMSettings | None:
    """Put settings together from the environment and, for what it leaves open, a study's own.

    Parameters
    ----------
    environment
        ``EMBAUCHE_LLM_URL``, ``_MODEL``, ``_KEY``, ``_INPUT_PRICE``, ``_OUTPUT_PRICE``,
        ``_CURRENCY``, ``_TIMEOUT``, ``_BATCH``, ``_CONCURRENCY``. The key comes from here only.
    section
        The same names in lower case, from ``[llm]`` of ``study.toml``.

    Returns
    -------
    LLMSettings or None
        ``None`` where no address is configured: nothing may be contacted.

    Raises
    ------
    LLMError
        If an address, a number or the model's name is wrong or missing.
    """
    given = {name: value for name, value in (section or {}).items() if value not in (None, "")}

    def value(name: str) -> Any:
        return environment.get(_VARIABLE.format(name.upper())) or given.get(name)

    url = value("url")
    if not url:
        return None
    numbers = ("input_price", "output_price", "timeout", "batch", "concurrency")
    options = {name: _number(name, found) for name in numbers if (found := value(name)) is not None}
    for name in ("batch", "concurrency"):
        if name in options:
            options[name] = int(options[name])
    return LLMSettings(
        url=str(url).strip().rstrip("/"),
        model=str(value("model") or "").strip(),
        key=(environment.get(KEY) or "").strip() or None,
        currency=str(value("currency") or ""),
        url_from="environment" if environment.get(URL) else "study.toml",
        **options,
    )


def _number(name: str, value: Any) -> Any:
    try:
        number = float(str(value).replace(",", "."))
    except ValueError:
        raise LLMError("llm.bad_number", name=name, value=str(value)) from None
    if not math.isfinite(number) or number < 0:
        raise LLMError("llm.bad_number", name=name, value=str(value))
    return number


def _address(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise LLMError("llm.bad_url", url=_without_secrets(url)) from None
    return parts


def _without_secrets(url: str) -> str:
    """Return the address without what may be a password or a key."""
    return re.split(r"[?#]", url, maxsplit=1)[0].rpartition("@")[2]
