"""Controls say in the page's language what they are: file pickers, facets of the learning queue."""

import html
import re
from pathlib import Path
from typing import Any

import pytest

import embauche.workbench
from embauche.messages import messages
from embauche.vocabulary import Facet

TEMPLATES = Path(embauche.workbench.__file__).parent / "templates"


def _in(client: Any, language: str, address: str) -> str:
    client.post("/preferences/", {"language": language})
    page = client.get(address).content.decode()
    assert f'<html lang="{language}"' in page
    return html.unescape(page)


def test_every_file_picker_is_the_one_with_words() -> None:
    own = [
        str(path.relative_to(TEMPLATES))
        for path in sorted(TEMPLATES.rglob("*.html"))
        if re.search(r'type="file"', path.read_text(encoding="utf-8"))
    ]
    assert own == ["workbench/parts/picker.html"]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_file_picker_speaks_the_language_of_the_page(
    study: Any, client: Any, language: str
) -> None:
    words = messages(language)
    base = f"/studies/{study.slug}/"
    for address in (f"{base}sources/", f"{base}participants/", f"{base}survey/"):
        page = _in(client, language, address)
        pickers = re.findall(r'<span class="picker">.*?</span></span>', page, re.DOTALL)
        assert pickers, address
        for picker in pickers:
            assert words.text("forms.file.none") in picker
            several = "_several" if " multiple" in picker else ""
            assert f">{words.text(f'forms.file.choose{several}')}</span>" in picker
            field = re.search(r'<input type="file" id="([^"]+)"', picker)
            assert field is not None
            assert f'<label for="{field[1]}"' in page or f'for="{field[1]}"' in page
            described = re.search(r'aria-describedby="([^" ]+)', picker)
            assert described is not None
            assert f'id="{described[1]}"' in picker


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_facet_of_the_learning_queue_says_what_it_means(
    study: Any, client: Any, language: str
) -> None:
    words = messages(language)
    page = _in(client, language, f"/studies/{study.slug}/evidence/teach/")
    choices = re.findall(r'<li class="choice .*?</li>', page, re.DOTALL)
    assert len(choices) == len(Facet)
    for choice in choices:
        facet = re.search(r'name="facet" value="([\w.]+)"', choice)
        assert facet is not None
        means = re.search(r'<p class="means" id="([^"]+)">([^<]+)</p>', choice)
        assert means is not None
        assert means[2] == words.text(f"codebook.{facet[1]}")
        assert choice.count(f'aria-describedby="{means[1]}"') == 2, "its box and its button"
