"""A wide survey's mapping: what has to be decided first, the rest by kind and changed as a whole."""

import html
import re
import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest
from django.urls import reverse

PAIRS = 4
DOT = re.DOTALL


def wide(n: int = 60) -> pl.DataFrame:
    """Return fictional answers: pairs of ratings, who, how often, and two nobody can name."""
    rng = np.random.default_rng(7)
    columns: dict[str, Any] = {"zq1": rng.integers(0, 90, n)}
    for j in range(PAIRS):
        columns[f"imp_{j}"] = rng.integers(1, 6, n)
    columns |= {"gender": rng.choice(["f", "m"], n), "age": rng.integers(18, 70, n)}
    for j in range(PAIRS):
        columns[f"sat_{j}"] = rng.integers(1, 6, n)
    columns |= {"country": rng.choice(["fr", "be"], n), "zq2": rng.integers(0, 90, n)}
    columns["bought"] = rng.integers(0, 2, n)
    return pl.DataFrame(columns)


@pytest.fixture
def place(study: Any, owner: Any) -> Iterator[str]:
    from embauche.workbench.models import Membership, Study
    from embauche.workbench.services.inputs import study_folder

    made = Study.objects.create(slug="wide", title="Wide", language="en")
    Membership.objects.create(user=owner, study=made, role="owner")
    folder = study_folder(made)
    folder.mkdir(parents=True)
    wide().write_csv(folder / "wide.csv")
    yield reverse("survey", args=[made.slug])
    shutil.rmtree(folder.parent)


def groups(page: str) -> dict[str, list[str]]:
    """Return the columns of each group, in the order of the page."""
    found: dict[str, list[str]] = {}
    for section in re.findall(r'<section class="kind.*?</section>', page, re.DOTALL):
        key = re.search(r'data-group="(\w*)"', section)
        assert key is not None
        found[key[1]] = re.findall(r'<th scope="row"><b>([^<]+)', section)
    return found


def form(page: str) -> dict[str, Any]:
    """Return what the page's form would send, in the order of the page."""
    start = page.index('<form id="mapping"')
    inside = page[start : page.index("</form>", start)]
    sent: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', inside):
        sent.setdefault(name, []).append(value)
    for name, options in re.findall(r'<select name="([\w-]+)"[^>]*>(.*?)</select>', inside, DOT):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent.setdefault(name, []).append(chosen[1] if chosen else "")
    return sent


def shown(client: Any, place: str) -> str:
    return html.unescape(client.get(place).content.decode())


def test_what_has_to_be_decided_comes_first_and_all_stays_reachable(
    client: Any, place: str
) -> None:
    page = shown(client, place)
    found = groups(page)
    assert list(found)[:2] == ["undecided", "alone"]
    assert found["undecided"] == ["zq1", "zq2"]
    assert found["alone"] == ["bought"]
    assert found["importance"] == [f"imp_{j}" for j in range(PAIRS)]
    assert found["satisfaction"] == [f"sat_{j}" for j in range(PAIRS)]
    assert found["demographics"] == ["gender", "age", "country"]
    assert sorted(name for names in found.values() for name in names) == sorted(wide().columns)
    closed = re.findall(r'<section class="kind is-closed" data-group="(\w+)"', page)
    assert closed == ["importance", "satisfaction", "demographics"]
    assert page.count("<details") > len(closed), "each opens by its summary, a key away"
    assert "Importance <small>4 columns</small>" in page


def test_a_form_in_groups_means_the_columns_of_the_file(client: Any, place: str) -> None:
    from embauche.workbench.models import Study
    from embauche.workbench.services.inputs import study_folder
    from embauche.workbench.services.survey_mapping import current_mapping

    study = Study.objects.get(slug="wide")
    sent = form(shown(client, place))
    assert sent["place"] != sorted(sent["place"], key=int), "the page's order is another one"
    before = current_mapping(study)
    assert before is not None
    assert client.post(reverse("survey-save", args=["wide"]), sent).status_code == 302
    after = current_mapping(study)
    assert after is not None
    assert [c.role for c in after.columns] == [c.role for c in before.columns]
    assert "zq1" not in (study_folder(study) / "study.toml").read_text(encoding="utf-8")
    assert "undecided" not in groups(shown(client, place)), "what was saved has been decided"


def test_one_action_gives_a_whole_group_its_role(client: Any, place: str) -> None:
    sent = form(shown(client, place))
    sent |= {"then": "group:demographics", "group-demographics": "situation"}
    page = html.unescape(client.post(reverse("survey-check", args=["wide"]), sent).content.decode())
    found = groups(page)
    assert found["situation"] == ["gender", "age", "country"]
    assert "demographics" not in found
    assert len(found["importance"]) == PAIRS


def test_places_that_are_not_each_column_once_are_refused(client: Any, place: str) -> None:
    sent = form(shown(client, place))
    sent["place"] = ["0" for _ in sent["place"]]
    answer = client.post(reverse("survey-save", args=["wide"]), sent)
    assert answer.status_code == 422


def test_a_narrow_survey_stays_in_the_order_of_its_file() -> None:
    from embauche.collect.survey_mapping import ColumnRole
    from embauche.notices import Notice
    from embauche.workbench.services.survey_groups import FEW_COLUMNS, column_groups
    from embauche.workbench.services.survey_mapping import ColumnView

    def column(at: int) -> ColumnView:
        reason = Notice("roles.unused", {"column": str(at)}, "info")
        return ColumnView(at, f"c{at}", "", ColumnRole.IGNORED, reason, None, 1, 0, ())

    few = [column(at) for at in range(FEW_COLUMNS)]
    assert [g.key for g in column_groups(few, settled=False)] == [""]
    many = [*few, column(FEW_COLUMNS)]
    assert [g.key for g in column_groups(many, settled=False)] == ["undecided"]
    assert [g.key for g in column_groups(many, settled=True)] == ["ignored"]
