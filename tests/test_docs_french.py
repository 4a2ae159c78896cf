"""The French pages: each has its English counterpart, and quotes the product as it speaks.

What stands in bold on a French page is on the screen, letter for letter: the name of a page, of a
button, of a field, with "…" where the product puts a name or a figure.
"""

import re
import shlex
from pathlib import Path

import click
import pytest

from embauche import vocabulary
from embauche.cli.main import main
from embauche.messages import messages
from embauche.vocabulary import label

_DOCS = Path(__file__).resolve().parents[1] / "docs"
_INDEX = _DOCS / "fr" / "README.md"
_PAGES = sorted(page for page in (_DOCS / "fr").glob("*.md") if page != _INDEX)
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SPACES = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "\n": " "})


def _read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def _prose(page: Path) -> str:
    """Return a page without what is not prose: blocks, code, and where links lead."""
    text = re.sub(r"`[^`]*`", "x", _FENCE.sub("", _read(page)))
    text = re.sub(r"\*In English: .*|\[[^]]*\]\(\.\./[^)]*\)", "x", text)  # English titles
    return re.sub(r"\]\([^)]*\)", "]", text)


def _counterparts() -> dict[str, str]:
    rows = re.findall(
        r"^\| \[[^]]+\]\(([\w-]+\.md)\) \| \[[^]]+\]\((\S+)\) \|$", _read(_INDEX), re.MULTILINE
    )
    assert len(rows) == len({french for french, _ in rows}), "a page stands twice in the table"
    return dict(rows)


def _anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", _read(document)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _invocations(page: Path) -> list[tuple[str, ...]]:
    """Return each `embauche …` of the blocks of a page: its commands, then its options."""
    found = []
    for kind, block in _FENCE.findall(_read(page)):
        if kind not in {"sh", "console", ""}:
            continue
        for line in block.splitlines():
            words = shlex.split(line, comments=True)
            while words and ("=" in words[0] or words[0] in {"$", "sudo", "-u", "env"}):
                words = words[2 if words[0] == "-u" else 1 :]
            if words and words[0].rpartition("/")[2] in {"embauche", "embauche-admin"}:
                found.append(_known(words[1:], line))
    return found


def _known(words: list[str], line: str) -> tuple[str, ...]:
    command: click.Command = main
    path = []
    options: set[str] = {"--help"}
    while True:
        options |= {name for given in command.params for name in given.opts}
        if not (isinstance(command, click.Group) and words and words[0] in command.commands):
            break
        path.append(words[0])
        command, words = command.commands[words[0]], words[1:]
    if isinstance(command, click.Group):  # a group whose first command goes without its name
        for inner in command.commands.values():
            options |= {name for given in inner.params for name in given.opts}
    given = [word.partition("=")[0] for word in words if word.startswith("--")]
    assert set(given) <= options, f"unknown option: {line}"
    return (*path, *sorted(given))


def test_every_page_has_its_english_counterpart_in_the_table() -> None:
    assert sorted(_counterparts()) == [page.name for page in _PAGES]
    assert "(../README.md)" in _read(_INDEX).split("\n")[2]
    assert "(fr/README.md)" in _read(_DOCS / "README.md").split("\n")[2]
    for french in _counterparts():
        assert re.search(rf"^- \[[^]]+\]\({french}\)", _read(_INDEX), re.MULTILINE), french


def test_every_guide_has_a_french_page_but_those_named_here() -> None:
    english = {page.name for page in (_DOCS / "how-to").glob("*.md")}
    french = {Path(target).name for target in _counterparts().values()}
    assert english - french == {"use-from-a-notebook.md"}


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_a_page_and_its_counterpart_name_each_other_under_their_titles(page: Path) -> None:
    english = _DOCS / "fr" / _counterparts()[page.name]
    head, english_head = _read(page).split("\n")[:3], _read(english).split("\n")[:3]
    french_title, english_title = head[0].removeprefix("# "), english_head[0].removeprefix("# ")
    assert head[2] == f"*In English: [{english_title}]({_counterparts()[page.name]}).*"
    back = f"../fr/{page.name}" if english.parent.name == "how-to" else f"fr/{page.name}"
    assert english_head[2] == f"*En français : [{french_title}]({back}).*"


@pytest.mark.parametrize("page", [_INDEX, *_PAGES], ids=lambda page: page.stem)
def test_links_lead_to_pages_and_headings_that_exist(page: Path) -> None:
    broken = []
    for target, anchor in re.findall(r"\]\(([^)#\s]*)(?:#([^)\s]*))?\)", _read(page)):
        if "://" in target:
            continue
        document = (page.parent / target).resolve() if target else page
        if not document.exists() or (anchor and anchor not in _anchors(document)):
            broken.append(f"{target}#{anchor}")
    assert broken == []


def _names_on_the_screen() -> set[str]:
    french = messages("fr")
    names = {form for key in french.keys() for form in french.forms(key)}  # noqa: SIM118
    for enum in vars(vocabulary).values():
        if isinstance(enum, type) and issubclass(enum, vocabulary.StrEnum):
            names |= {label(term, "fr") for term in enum}
    return {re.sub(r"\{[^}]*\}", "…", name).translate(_SPACES) for name in names}


_NAMES = _names_on_the_screen()


@pytest.mark.parametrize("page", [_INDEX, *_PAGES], ids=lambda page: page.stem)
def test_what_stands_in_bold_is_on_the_screen(page: Path) -> None:
    bold = re.findall(r"\*\*(.+?)\*\*", _prose(page), re.DOTALL)
    quoted = {re.sub(r" +", " ", name.translate(_SPACES)) for name in bold}
    unknown = {part for name in quoted for part in name.split(" › ") if part not in _NAMES}
    assert sorted(unknown) == []


@pytest.mark.parametrize("page", [_INDEX, *_PAGES], ids=lambda page: page.stem)
def test_french_typography(page: Path) -> None:
    text = re.sub(r"\*\*|^\|[-|]+\|$", "", _prose(page), flags=re.MULTILINE)
    faults = [
        text[max(0, fault.start() - 20) : fault.end() + 5]
        for fault in re.finditer(
            r"""[^\s\u00a0\u202f…!?][;!?](?=\s|$)|[^\u202f…!?(][;!?](?=\s|$)|[^\u00a0]:(?=\s|$)"""
            r"""|«[^\u00a0]|[^\u00a0]»|\d %|\d%|["']""",
            text,
        )
    ]
    assert faults == []


@pytest.mark.parametrize("page", sorted(_DOCS.rglob("*.md")), ids=lambda page: page.stem)
def test_commands_of_the_pages_exist(page: Path) -> None:
    for path in _invocations(page):
        first = [word for word in path if not word.startswith("-")][:1]
        assert set(first) <= set(main.commands)


@pytest.mark.parametrize("page", _PAGES, ids=lambda page: page.stem)
def test_a_guide_gives_the_commands_of_its_counterpart(page: Path) -> None:
    english = _DOCS / "fr" / _counterparts()[page.name]
    if english.parent.name == "how-to":  # premiers-pas goes its own way
        assert _invocations(page) == _invocations(english)
