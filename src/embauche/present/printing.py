"""Typst files → PDF pages: our templates, our typeface, no file of the machine and no network."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.resources import as_file, files
from typing import Any, Literal, cast

from embauche.present.chart_theme import LIGHT

UI, READ = "Atkinson Hyperlegible Next", "Literata"
FALLBACK = "Libertinus Serif"
"""The compiler's own typeface, where the front end was not built."""


def print_pages(
    template: str, data: dict[str, Any], *, form: Literal["pdf", "png"] = "pdf", ppi: float = 110
) -> list[bytes]:
    """Compile a template of ``present/templates/typst`` with data.

    Parameters
    ----------
    template
        Name of the template, without its ending.
    data
        JSON-ready; the template reads it from ``sys.inputs.data``. Texts are never markup.
    form
        ``"pdf"`` gives one file, ``"png"`` one image a page.
    ppi
        Pixels an inch of images.
    """
    import typst

    package = files("embauche.present")
    source = (package / "templates" / "typst" / f"{template}.typ").read_bytes()
    given = {
        "data": json.dumps(data, ensure_ascii=False),
        "look": json.dumps(
            {
                "ui": [UI, FALLBACK],
                "read": [READ, FALLBACK],
                "paper": LIGHT.paper,
                "sheet": LIGHT.sheet,
                "ink": LIGHT.ink,
                "soft": LIGHT.ink_soft,
                "rule": LIGHT.rule,
                "hire": LIGHT.hire,
                "ember": LIGHT.ember,
            }
        ),
    }
    fonts = package / "assets" / "fonts" / "print"
    with as_file(fonts) as folder:
        # Its own hints know nothing of bytes.
        compile_ = cast("Callable[..., Any]", typst.compile)
        made = compile_(
            source,
            format=form,
            ppi=ppi,
            sys_inputs=given,
            font_paths=[str(folder)] if folder.is_dir() else [],
            ignore_system_fonts=True,
        )
    return made if isinstance(made, list) else [made]
