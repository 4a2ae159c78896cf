"""One question to an OpenAI-compatible server, and what its refusals mean.

The only module of the rooms that opens a connection, and only to the host of the settings:
redirects are not followed. An answer is read up to a size and a time, whatever the server does.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import httpx

from embauche.identify.llm_reply import Reply, RequestFailedError, Trouble
from embauche.identify.llm_settings import LLMSettings

_MOST_BYTES: Final = 4_000_000
_CONNECT_SECONDS: Final = 15.0
_SHOWN: Final = 300

_OF_FORMAT: Final = re.compile(
    r"response[_ ]?format|json[_ ]?schema|json[_ ]?object|json mode|grammar|structured output"
    r"|failed to (parse|convert).{0,20}schema",
    re.IGNORECASE,
)
_OF_LENGTH: Final = re.compile(
    r"context.{0,20}(length|size|window)|too (long|many tokens)|maximum context|exceeds? .{0,20}"
    r"(context|token)|prompt is too",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(r"(?is)<(script|style)\b.*?</\1>|<[^<>]{0,2000}>")
_OF_MONEY: Final = re.compile(r"insufficient_quota|billing|credit balance|payment", re.IGNORECASE)


_BY_STATUS: Final = {
    401: Trouble.KEY,
    402: Trouble.MONEY,
    403: Trouble.KEY,
    404: Trouble.ADDRESS,
    405: Trouble.ADDRESS,
    408: Trouble.SLOW,
    409: Trouble.BUSY,
    413: Trouble.LENGTH,
    425: Trouble.BUSY,
    429: Trouble.BUSY,
}


class ChatClient:
    """A connection to one server.

    Parameters
    ----------
    settings
        Whom to ask.
    now
        A clock in seconds.
    today
        The date, for servers that say until when to wait.
    """

    def __init__(
        self,
        settings: LLMSettings,
        *,
        now: Callable[[], float] = time.monotonic,
        today: Callable[[], datetime] = lambda: datetime.now(tz=UTC),
    ) -> None:
        self._settings = settings
        self._now, self._today = now, today
        headers = {"Authorization": f"Bearer {settings.key}"} if settings.key else {}
        self._http = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(
                settings.timeout, connect=min(settings.timeout, _CONNECT_SECONDS)
            ),
            # Reading the machine's certificates takes half a second, and http needs none.
            verify=settings.url.startswith("https:"),
            follow_redirects=False,
            # A proxy of the environment must not see what is meant for this machine.
            trust_env=not settings.on_this_machine,
            limits=httpx.Limits(max_connections=settings.concurrency),
        )

    def close(self) -> None:
        """End the connections."""
        self._http.close()

    def ask(
        self,
        messages: Sequence[Mapping[str, str]],
        response_format: Mapping[str, Any] | None,
        *,
        temperature: float | None = 0.0,
    ) -> Reply:
        """Ask once.

        Raises
        ------
        RequestFailedError
            If no answer came; its ``trouble`` says what can be done.
        """
        body: dict[str, Any] = {"model": self._settings.model, "messages": list(messages)}
        if temperature is not None:
            body["temperature"] = temperature
        if response_format is not None:
            body["response_format"] = dict(response_format)
        try:
            status, headers, content = self._exchange(body)
        except httpx.TimeoutException as error:
            kind = Trouble.UNREACHABLE if isinstance(error, httpx.ConnectTimeout) else Trouble.SLOW
            raise RequestFailedError(kind) from error
        except (httpx.ConnectError, httpx.UnsupportedProtocol, httpx.ProxyError) as error:
            raise RequestFailedError(Trouble.UNREACHABLE, said=str(error)[:_SHOWN]) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # A stream that was cut, a reset, garbage where HTTP should be.
            raise RequestFailedError(Trouble.BUSY, said=str(error)[:_SHOWN]) from error
        if not 200 <= status < 300:
            raise self._refusal(status, headers, content, formatted=response_format is not None)
        return _reply(content)

    def _exchange(self, body: Mapping[str, Any]) -> tuple[int, httpx.Headers, bytes]:
        ends = self._now() + self._settings.timeout
        read = bytearray()
        address = f"{self._settings.url}/chat/completions"
        with self._http.stream("POST", address, json=body) as response:
            for piece in response.iter_bytes():
                read += piece
                if self._now() > ends:
                    raise RequestFailedError(Trouble.SLOW)
                if len(read) > _MOST_BYTES:
                    raise RequestFailedError(Trouble.BUSY, said="answer too large")
            return response.status_code, response.headers, bytes(read)

    def _refusal(
        self, status: int, headers: httpx.Headers, content: bytes, *, formatted: bool
    ) -> RequestFailedError:
        said = _said(content)
        trouble = _trouble(status, said, formatted=formatted)
        wait = self._wait(headers.get("retry-after")) if trouble is Trouble.BUSY else None
        shown = said.replace(self._settings.key, "…") if self._settings.key else said
        return RequestFailedError(trouble, status=status, said=shown[:_SHOWN], wait=wait)

    def _wait(self, retry_after: str | None) -> float | None:
        """Read ``Retry-After``: seconds, or a date."""
        if retry_after is None:
            return None
        try:
            return max(0.0, float(retry_after))
        except ValueError:
            pass
        try:
            until = parsedate_to_datetime(retry_after)
        except ValueError:
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0.0, (until - self._today()).total_seconds())


def _trouble(status: int, said: str, *, formatted: bool) -> Trouble:
    """Tell what a refusal means, from its status and its words."""
    if 300 <= status < 400:
        return Trouble.REDIRECT
    if status == 429 and _OF_MONEY.search(said):
        return Trouble.MONEY
    trouble = _BY_STATUS.get(status) or _by_words(said, formatted=formatted)
    if trouble is not None:
        return trouble
    if formatted and status in {400, 422, 501}:
        # Some servers refuse what they do not know without naming it.
        return Trouble.FORMAT
    return Trouble.BUSY if status >= 500 else Trouble.REFUSED


def _by_words(said: str, *, formatted: bool) -> Trouble | None:
    if formatted and _OF_FORMAT.search(said):
        return Trouble.FORMAT
    if "temperature" in said.lower():
        return Trouble.TEMPERATURE
    return Trouble.LENGTH if _OF_LENGTH.search(said) else None


def _said(content: bytes) -> str:
    """Return a refusal's words, whatever shape they have."""
    text = content[:20_000].decode("utf-8", "replace")
    try:
        error = json.loads(text)
    except (ValueError, RecursionError):
        # A proxy's page: what a browser would show of it.
        return " ".join(_MARKUP.sub(" ", text).split())
    inner = error.get("error", error) if isinstance(error, dict) else error
    if isinstance(inner, dict) and isinstance(inner.get("message"), str):
        return " ".join(str(inner.get(key) or "") for key in ("message", "code", "param")).strip()
    return inner if isinstance(inner, str) else " ".join(text.split())


def _reply(content: bytes) -> Reply:
    """Read a chat completion; whatever is missing or of the wrong kind is left empty."""
    try:
        body = json.loads(content.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise RequestFailedError(Trouble.BUSY, said="no JSON in the answer") from None
    body = body if isinstance(body, dict) else {}
    choices = body.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else {}
    first = first if isinstance(first, dict) else {}
    message = first.get("message")
    message = message if isinstance(message, dict) else {}
    # Some servers put all that a reasoning model says, its answer too, beside an empty content.
    thought = message.get("reasoning_content") or message.get("reasoning")
    usage = body.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    return Reply(
        text=_words(message.get("content")) or _words(thought),
        cut=first.get("finish_reason") == "length",
        input_tokens=_count(usage.get("prompt_tokens", usage.get("input_tokens"))),
        output_tokens=_count(usage.get("completion_tokens", usage.get("output_tokens"))),
    )


def _words(content: Any) -> str:
    """Return the text of a message: a string, or parts of which some are text."""
    if isinstance(content, str):
        return content
    if not isinstance(content, list):
        return ""
    parts = [part for part in content if isinstance(part, dict) and part.get("type") == "text"]
    return "".join(str(part.get("text") or "") for part in parts)


def _count(value: Any) -> int | None:
    counted = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if counted else None
