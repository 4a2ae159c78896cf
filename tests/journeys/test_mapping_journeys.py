"""A survey of one's own becomes segments: brought, mapped, analysed behind, shown without a reload."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_SERVE = """
import sys
from pathlib import Path
from embauche.workbench.server import Server
server = Server(Path(sys.argv[1]))
from embauche.workbench.models import Membership, Study
from embauche.workbench.services.inputs import study_folder
from embauche.workbench.services.roles import local_user
study = Study.objects.create(slug="mine", title="À moi", language="fr")
Membership.objects.create(user=local_user(), study=study, role="owner")
study_folder(study).mkdir(parents=True)
print("ready", server.url, flush=True)
server.serve(open_browser=False)
"""


def survey(folder: Path) -> Path:
    """Write 90 fictional answers of two kinds of people: needs, two pairs of ratings, who."""
    rng = np.random.default_rng(5)
    kind = rng.integers(0, 2, 90)
    columns: dict[str, Any] = {}
    for j in range(3):
        share = np.where(kind == 0, (0.95, 0.9, 0.05)[j], (0.05, 0.1, 0.95)[j])
        columns[f"need_{j}"] = (rng.random(90) < share).astype(int)
    for name in ("trouver", "partager"):
        columns[f"imp_{name}"] = rng.integers(1, 6, 90)
        columns[f"sat_{name}"] = rng.integers(1, 6, 90)
    columns["age"] = rng.integers(18, 70, 90)
    columns["achat"] = (rng.random(90) < np.where(kind == 0, 0.8, 0.2)).astype(int)
    path = folder / "réponses.csv"
    pl.DataFrame(columns).write_csv(path, separator=";")
    return path


@pytest.fixture
def own(chromium: Any, tmp_path: Path) -> Iterator[str]:
    """Serve a workspace with one empty study; return its address with the token."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(tmp_path / "workspace")],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ready "), line
        yield line.split()[1]
        process.terminate()


def test_a_survey_is_mapped_and_its_segments_come_in_by_themselves(
    own: str, chromium: Any, tmp_path: Path
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    axe = Axe()
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(own)
    base = re.match(r"http://[^/]+", own)[0] + "/studies/mine/"  # type: ignore[index]

    def clean() -> None:
        found = axe.run(page, options={"resultTypes": ["violations"]}).response["violations"]
        told = [f"{item['id']}: {item['nodes'][0]['html'][:160]}" for item in found]
        assert not told, page.url + "\n" + "\n".join(told)

    page.goto(base + "survey/")
    page.locator("input[type=file]").first.set_input_files(survey(tmp_path))
    page.locator(".upload button").first.click()
    page.wait_for_selector("#mapping")
    roles = page.locator("[name=role]")
    assert [roles.nth(at).input_value() for at in (0, 3, 4, 7, 8)] == [
        "need",
        "importance",
        "satisfaction",
        "demographics",
        "outcome",
    ]
    clean()

    # What a change leads to is said at once, and a contradiction cannot be saved.
    roles.nth(4).select_option("ignored")
    page.wait_for_selector("#forecast .alarm")
    assert page.locator("[name=then][value=analyse]").is_disabled()
    roles.nth(4).select_option("satisfaction")
    page.wait_for_selector("#forecast .outlooks")
    for at in (3, 4, 5, 6):
        page.locator("[name=tick]").nth(at).check()
    page.locator("[name=bulk]").select_option("ignored")
    page.locator("[name=then][value=bulk]").click()
    page.wait_for_selector("#pairs:not(:has(table))", state="attached")
    page.locator("[name=then][value=analyse]").click()
    page.wait_for_url("**/analysis/**")

    # On another page, the strip follows the run and offers the new figures without a reload.
    page.goto(base + "segments/")
    page.wait_for_selector("#run-strip")
    page.evaluate("window.stayed = true")
    page.wait_for_selector("#run-strip a.button", timeout=90_000)
    page.locator("#run-strip a.button").click()
    page.wait_for_selector("#segment-sizes [data-chart] svg")
    assert page.evaluate("window.stayed")
    assert page.locator(".stages [aria-current] small").inner_text() != "rien encore"

    # A segment chosen by keyboard is marked in every chart; Escape lets go.
    page.wait_for_selector("#segment-stability [data-chart] [data-key=S2]", state="attached")
    page.locator(".picks [data-pick=S2]").focus()
    page.keyboard.press("Enter")
    for chart in ("segment-sizes", "segment-stability"):
        assert page.locator(f"#{chart} [data-chart] [data-key=S1].is-faint").count()
        assert not page.locator(f"#{chart} [data-chart] [data-key=S2].is-faint").count()
    page.keyboard.press("Escape")
    assert not page.locator(".is-faint").count()
    clean()
    page.goto(base + "compare/")
    page.wait_for_selector("[data-chart] svg")
    clean()
    assert not complaints, complaints
