"""The catalogues: every sentence that a user reads, in French and in English.

A sentence has a key (``report.jobs.title``), and each area of the product a file of its own in
``locale/<language>/LC_MESSAGES/<area>.po``; an area's keys begin with the area's name or with a
prefix that only it uses. French typography is applied here, once, so that translators may type
ordinary spaces before « : ; ? ! » and inside guillemets; so are the no-break spaces that keep a
figure with its sign or unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from string import Formatter
from typing import Any

from babel.dates import format_date
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

from embauche.notices import Notice
from embauche.vocabulary import Language

NARROW, WIDE = "\u202f", "\u00a0"
MINUS = "\u2212"
# A sign and the number it belongs to, « n = 400 », « ≥ 3 », and the unit after a number, « 12 Mo ».
# What stands between backticks is code to be copied, where a no-break space would be an error.
_CODE = re.compile(r"(`[^`]*`)")
_FIGURE = r"(?=[\d{+\u2212-])"
_EQUATION = re.compile(rf"(?<![\w.])([^\W\d_]²?) ([=<>≤≥≈≠]) {_FIGURE}")
_SIGN = re.compile(rf"(?<=[=<>≤≥≈≠±×]) {_FIGURE}")
_UNIT = re.compile(r"(?<=[\d}]) (?=(?:%|‰|€|°|[kM]?[Bo]|ms|s|min|h|px|cm)(?![\w’']))")
_TWICE_QUOTED = (
    (re.compile(r"«\s«\s"), f"«{WIDE}"),
    (re.compile(r"\s»\s»"), f"{WIDE}»"),
    (re.compile("““"), "“"),
    (re.compile("””"), "”"),
    # What a French study says, on an English page, and the other way round.
    (re.compile(r"“«\s?([^»“]*?)\s?»”"), r"“\1”"),
    (re.compile(r"«\s“([^”«]*)”\s»"), f"«{WIDE}\\1{WIDE}»"),
)


def french_typography(text: str) -> str:
    """Put non-breaking spaces where French wants them; nothing else is changed."""
    text = re.sub(r" ([;?!])", rf"{NARROW}\1", text)
    text = re.sub(r" ([:»])", rf"{WIDE}\1", text)
    text = re.sub(r"« ", f"«{WIDE}", text)
    text = re.sub(r"(?<=[\d}]) %", f"{NARROW}%", text)
    return text.replace("'", "’")


def held_together(text: str) -> str:
    """Put no-break spaces between a figure and its sign or unit, so that no line parts them.

    ``n = {n}``, ``≥ 3``, ``{size} MB``, ``95 %``: what an ordinary space parted stays on one line,
    in either language. What stands between backticks is left as it is, and so are words.
    """
    pieces = _CODE.split(text)
    for at in range(0, len(pieces), 2):
        piece = _EQUATION.sub(rf"\1{WIDE}\2{WIDE}", pieces[at])
        pieces[at] = _UNIT.sub(WIDE, _SIGN.sub(WIDE, piece))
    return "".join(pieces)


def _catalogues(language: Language) -> Iterable[Catalog]:
    folder: Traversable = files("embauche") / "locale" / language / "LC_MESSAGES"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".po"):
            yield read_po(BytesIO(entry.read_bytes()), locale=str(language))
        elif entry.name.endswith(".mo") and not (folder / f"{entry.name[:-3]}.po").is_file():
            yield read_mo(BytesIO(entry.read_bytes()))


class _LocalFormatter(Formatter):
    """`str.format` whose numbers, percentages and lists follow the language.

    Besides the usual fields: ``{n}`` groups thousands, ``{x:.1}`` shows one decimal, ``{x:%}`` and
    ``{x:.1%}`` percentages, and a sequence is joined as in a sentence.
    """

    def __init__(self, language: Language) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, bool) or value is None:
            return str(value)
        if isinstance(value, int | float):
            return number(value, self.language, format_spec)
        if isinstance(value, Sequence) and not isinstance(value, str):
            parts = [self.format_field(item, format_spec) for item in value]
            return format_list(parts, locale=str(self.language)) if parts else ""
        return format(value, format_spec)


@lru_cache(maxsize=8192, typed=True)
def number(value: float, language: Language | str, spec: str = "") -> str:
    """Write a number as the language does: ``12,4`` or ``12.4``, ``1 065`` or ``1,065``.

    Parameters
    ----------
    spec
        ``""`` (integers whole, others with at most two decimals), ``".1"`` (that many decimals),
        ``"%"`` or ``".1%"`` (a percentage of a share between 0 and 1), ``"raw"`` (ungrouped).

    Notes
    -----
    Negative numbers have the minus sign U+2212, but for ``"raw"``.
    """
    locale = str(Language(language))
    if spec == "raw":
        return str(value)
    match = re.fullmatch(r"(?:\.(\d+))?([%f]?)", spec)
    if match is None:
        msg = f"unknown number format {spec!r}"
        raise ValueError(msg)
    decimals, kind = match.groups()
    if kind == "%":
        pattern = "#,##0" + ("." + "0" * int(decimals) if decimals and int(decimals) else "")
        text = format_percent(value, f"{pattern}%", locale=locale)
        return _signed(text.replace("%", f"{NARROW}%") if locale == "fr" else text)
    if decimals is not None:
        fraction = "." + "0" * int(decimals) if int(decimals) else ""
        return _signed(format_decimal(value, f"#,##0{fraction}", locale=locale))
    return _signed(format_decimal(value, "#,##0.##", locale=locale))


def _signed(text: str) -> str:
    """Write a minus sign for the hyphen, and none before a zero."""
    if not text.startswith("-"):
        return text
    return f"{MINUS}{text[1:]}" if any(digit in text for digit in "123456789") else text[1:]


def _quoted_once(text: str) -> str:
    """Take away the second marks where what stands in quotation marks brings its own."""
    for twice, once in _TWICE_QUOTED:
        text = twice.sub(once, text)
    return text


class Messages:
    """The sentences of one language.

    Parameters
    ----------
    language
        The language of every sentence.
    catalogues
        Key → forms: one string, or singular and plural.
    """

    def __init__(self, language: Language, catalogues: Mapping[str, tuple[str, ...]]) -> None:
        self.language = language
        self._forms = catalogues
        self._formatter = _LocalFormatter(language)

    def __contains__(self, key: str) -> bool:
        return key in self._forms

    def keys(self) -> frozenset[str]:
        """Return every key that the language has a sentence for."""
        return frozenset(self._forms)

    def forms(self, key: str) -> tuple[str, ...]:
        """Return the sentence's forms, unformatted: one, or singular and plural."""
        return self._forms[key]

    def text(self, key: str, /, **params: Any) -> str:
        """Return the sentence for a key.

        A sentence with a plural chooses its form by the parameter ``n`` (French counts 0 as
        singular). A missing key is a defect that the tests catch; here it shows as its own key.
        """
        forms = self._forms.get(key)
        if forms is None:
            return key
        if not params and "{" not in forms[0] and "}" not in forms[0]:
            return forms[0]
        params = {
            name: self.notice(value) if isinstance(value, Notice) else value
            for name, value in params.items()
        }
        form = forms[0]
        if len(forms) > 1 and "n" in params:
            singular = params["n"] < 2 if self.language is Language.FR else params["n"] == 1
            form = forms[0] if singular else forms[1]
        said = self._formatter.vformat(form, (), params)
        return _quoted_once(said) if params else said

    def notice(self, notice: Notice) -> str:
        """Put a notice in words; one made from an error has the error's message and hint."""
        key = f"notice.{notice.code}"
        if key not in self._forms and f"error.{notice.code}" in self._forms:
            key = f"error.{notice.code}"
            return f"{self.text(key, **notice.params)} {self.text(f'{key}.hint', **notice.params)}"
        return self.text(key, **notice.params)

    def number(self, value: float, spec: str = "") -> str:
        """Write a number as the language does; see `number`."""
        return number(value, self.language, spec)

    def span(self, low: float, high: float, spec: str = "") -> str:
        """Write an interval; a minus sign beside a dash is read for another dash."""
        ends = {"low": self.number(low, spec), "high": self.number(high, spec)}
        return self.text("report.range", **ends) if low < 0 else "{low}–{high}".format(**ends)

    def date(self, value: Any) -> str:
        """Write a date as the language does."""
        return format_date(value, "long", locale=str(self.language))


@cache
def messages(language: Language | str) -> Messages:
    """Return the catalogue of a language (loaded once)."""
    language = Language(language)
    forms: dict[str, tuple[str, ...]] = {}
    for catalogue in _catalogues(language):
        for message in catalogue:
            if not message.id:
                continue
            key = message.id[0] if isinstance(message.id, list | tuple) else message.id
            strings = message.string or ()
            given = (strings,) if isinstance(strings, str) else tuple(strings)
            values = tuple(value for value in given if value)
            if values:
                if language is Language.FR:
                    values = tuple(french_typography(value) for value in values)
                forms[str(key)] = tuple(held_together(value) for value in values)
    return Messages(language, forms)
