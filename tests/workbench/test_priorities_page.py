"""The page of priorities shows of a ranking what the report shows."""

import html
import re
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest

from embauche.collect.survey import Survey
from embauche.messages import messages
from embauche.prioritise import opportunities, opportunity_rankings

OUTCOMES = ("find a note", "write with gloves", "share a note", "choose a colour")


def rated(top: int) -> Survey:
    """Return 200 fictional respondents' ratings from 1 to `top`, the first outcome served worst."""
    rng = np.random.default_rng(4)
    wanted, served = (0.92, 0.8, 0.6, 0.3), (0.15, 0.5, 0.6, 0.8)
    columns = {}
    for j in range(4):
        for mark, share in (("i", wanted[j]), ("s", served[j])):
            high = rng.integers(int(0.8 * top), top + 1, 200)
            low = rng.integers(1, int(0.6 * top) + 1, 200)
            columns[f"{mark}{j}"] = np.where(rng.random(200) < share, high, low)
    return Survey(
        "fictional", pl.DataFrame(columns), importance=tuple(f"i{j}" for j in range(4)),
        satisfaction=tuple(f"s{j}" for j in range(4)), outcome_names=OUTCOMES,
    )  # fmt: skip


def shown(study: Any, client: Any, rows: Any) -> str:
    """Keep opportunities as an analysis does, and return the page's words."""
    from django.urls import reverse

    from embauche.workbench.models import Result
    from embauche.workbench.services.conflicts import touch
    from embauche.workbench.services.frozen import freeze

    Result.objects.update_or_create(
        study=study, part="opportunities", defaults={"data": freeze(rows), "fingerprint": ""}
    )
    touch(study)
    answer = client.get(reverse("priorities", args=[study.slug]))
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def tables(page: str) -> list[str]:
    return re.findall(r'<table class="ranking">.*?</table>', page, re.DOTALL)


def test_a_ranking_of_1_to_5_ratings_shows_all_its_chances(study: Any, client: Any) -> None:
    rows = opportunities(rated(5), draws=100, top=2)
    page = shown(study, client, rows)
    words = messages("en")
    [table] = tables(page)
    for key in ("zone", "p_over"):
        assert f"{words.text(f'report.column.{key}')}</th>" in table
    assert f"{words.text('report.column.p_top', n=2)}</th>" in table
    lines = re.findall(r"<tr class=\"(?:is-opportunity)?\">.*?</tr>", table, re.DOTALL)
    assert len(lines) == len(rows) == 4
    for row, line in zip(rows, lines, strict=True):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)
        said = re.sub(r"<[^>]+>", "", cells[-1])
        chances = (row.p_over_10, row.p_over_12, row.p_over_15)
        assert said == " · ".join(words.number(p or 0.0, "%") for p in chances)
        assert words.number(row.p_top or 0.0, "%") in cells[2]
    [ranking] = opportunity_rankings(rows)
    assert {"opportunity.multiple"} <= {item.code for item in ranking.notices}
    after = page.split("</table>")[-1]
    for item in ranking.notices:
        if "moved_in" not in item.params:  # outcomes are named there as the page writes them
            assert words.notice(item) in after


@pytest.mark.parametrize("top", [7, 100])
def test_no_zone_and_no_threshold_off_the_1_to_5_scale(study: Any, client: Any, top: int) -> None:
    rows = opportunities(rated(top), draws=100, top=2)
    page = shown(study, client, rows)
    words = messages("en")
    [table] = tables(page)
    assert f"{words.text('report.column.p_top', n=2)}</th>" in table
    for key in ("p_over_10", "p_over", "zone"):
        assert words.text(f"report.column.{key}") not in table
    assert words.text("report.opportunities.intro_other") in page
    assert words.text("report.opportunities.intro") not in page.replace(
        words.text("report.opportunities.intro_other"), ""
    )


def test_segments_follow_with_a_ranking_of_their_own(study: Any, client: Any) -> None:
    survey = rated(5)
    frame = survey.frame.with_columns(pl.Series("site", ["on site", "office"] * 100))
    grouped = Survey(
        survey.name, frame, importance=survey.importance, satisfaction=survey.satisfaction,
        outcome_names=OUTCOMES,
    )  # fmt: skip
    page = shown(study, client, opportunities(grouped, by="site", draws=100))
    assert len(tables(page)) == 3
    assert page.count('<details class="all">') == 2


def test_tables_that_are_kept_are_those_of_the_language_and_of_the_segment(
    study: Any, client: Any
) -> None:
    from django.urls import reverse

    rows = opportunities(rated(5), draws=100, top=2)
    inside = tuple(replace(row, segment="S1") for row in rows)
    assert len(tables(shown(study, client, (*rows, *inside)))) == 2
    address = reverse("priorities", args=[study.slug])
    for language in ("en", "fr", "en"):
        client.cookies["embauche_language"] = language
        page = html.unescape(client.get(address).content.decode())
        heading = messages(language).text("report.column.p_top", n=2)
        assert [f"{heading}</th>" in table for table in tables(page)] == [True, True]
        alone = html.unescape(client.get(address, {"segment": "S1"}).content.decode())
        assert len(tables(alone)) == 1
