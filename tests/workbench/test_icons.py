"""Icons: of one set, each in the sprite, none in place of words."""

import re
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_TEMPLATES = _ROOT / "src/embauche/workbench/templates"
_KNOWN = set(
    re.findall(
        r'"([a-z0-9-]+)"', (_ROOT / "frontend/icons.ts").read_text().split("[", 1)[1].split("]")[0]
    )
)


def test_every_icon_that_a_page_shows_is_in_the_sprite() -> None:
    used = {
        name
        for page in _TEMPLATES.rglob("*.html")
        for name in re.findall(r'{{ icon\("([^"]+)"\) }}', page.read_text("utf-8"))
    }
    assert len(used) > 10
    assert used <= _KNOWN


def test_an_icon_alone_has_words_for_who_cannot_see_it() -> None:
    alone = []
    for page in _TEMPLATES.rglob("*.html"):
        text = page.read_text("utf-8")
        for tag, attributes, inside in re.findall(
            r"<(button|a)\b((?:[^>{]|{[%{].*?[%}]})*)>(.*?)</\1>", text, re.DOTALL
        ):
            words = re.sub(r'{{ icon\("[^"]+"\) }}', "", inside).strip()
            if "{{ icon" in inside and not words and "aria-label" not in attributes:
                alone.append((page.name, tag, inside))
    assert alone == []
