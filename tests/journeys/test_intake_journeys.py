"""First run: an inviting page, a new study, files dropped, looked into, taken, names hidden."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_SERVE = """
import sys
from pathlib import Path
from embauche.workbench.server import Server
server = Server(Path(sys.argv[1]))
print("ready", server.url, flush=True)
server.serve(open_browser=False)
"""
_TALK = """Speaker 1: Qu'est-ce qui vous a fait changer ?

Speaker 2: Le jour où Claire Morel a perdu mon carnet, j'ai cherché autre chose. Écrivez-moi à
claire@exemple.fr si besoin.

Speaker 1: Et depuis ?

Speaker 2: Il faut que je retrouve une mesure devant le client. Claire Morel en rit encore.
"""
"""Fictional."""


@pytest.fixture
def first_run(chromium: Any, tmp_path: Path) -> Iterator[str]:
    """Serve a workspace in which there is nothing yet."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(tmp_path / "workspace")],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[1]
        process.terminate()


def people_and_pseudonyms(page: Any, clean: Callable[[], None]) -> None:
    """Note a situation, then hide one more word."""
    page.goto(page.url.partition("sources/")[0] + "participants/")
    clean()
    page.get_by_role("textbox", name="Nom de l’attribut").fill("lieu")
    page.get_by_role("button", name="Ajouter", exact=True).click()
    page.locator("#people td input").first.fill("chantier")
    page.get_by_role("button", name="Garder les modifications").click()
    page.get_by_text("1 participant modifié.").wait_for()
    page.get_by_role("link", name="Pseudonymes").click()
    clean()
    page.get_by_role("link", name="marie.txt").click()
    page.get_by_label("Remplacer aussi").fill("carnet")
    clean()
    page.get_by_role("button", name="Remplacer ce qui est coché").click()
    page.get_by_text("1 passage remplacé").wait_for()


def test_a_newcomer_brings_files_and_hides_a_name(
    first_run: str, chromium: Any, tmp_path: Path
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="fr-FR")
    page, axe, complaints = context.new_page(), Axe(), []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)

    def clean() -> None:
        found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        told = [f"{item['id']}: {item['nodes'][0]['html'][:200]}" for item in found]
        assert not told, f"{page.url}\n" + "\n".join(told)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= page.viewport_size["width"], f"{page.url} scrolls sideways"

    page.goto(first_run)
    clean()
    page.get_by_label("Titre").fill("Carnets")
    page.get_by_role("button", name="Créer l’étude").click()
    clean()
    page.get_by_role("link", name="Apporter des fichiers").first.click()
    (tmp_path / "marie.txt").write_text(_TALK, encoding="utf-8")
    (tmp_path / "broken.docx").write_bytes(b"PK\x03\x04 nothing")
    assert not page.locator("[data-send]").is_visible(), "files go up when they are chosen"
    page.locator("#drop-files").set_input_files(
        [str(tmp_path / "broken.docx"), str(tmp_path / "marie.txt")]
    )
    page.locator(".arrival").nth(1).wait_for()
    clean()
    broken, talk = page.locator(".arrival").nth(0), page.locator(".arrival").nth(1)
    assert broken.get_by_role("button", name="Prendre").count() == 0
    rows = talk.locator(".speaker-row")
    rows.nth(0).get_by_label("interroge").check()
    rows.nth(1).get_by_label("répond").check()
    page.get_by_role("button", name="Prendre tout ce qui se lit").click()
    page.get_by_text("1 fichier pris.").wait_for()
    assert page.locator(".arrival").count() == 1
    clean()
    page.get_by_role("link", name="marie.txt", exact=True).click()
    words = page.locator(".turn .said").all_inner_texts()
    assert len(words) == 4
    # What was ticked in the preview never reached the study.
    assert "[Personne 1] a perdu mon carnet" in words[1]
    assert "[E-mail 1]" in words[1].replace("\n", " ")
    people_and_pseudonyms(page, clean)
    assert not complaints, complaints
    context.close()
