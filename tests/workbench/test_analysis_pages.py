"""Targets, the comparison in full, tables behind charts, and what a run says above any page."""

import html
import re
from typing import Any

import numpy as np
import polars as pl
import pytest
from django.urls import reverse

from embauche.collect.survey import ColumnReading, Survey
from embauche.customers import assign_customers, memberships_of
from embauche.messages import messages
from embauche.prioritise import find_targets, opportunities
from embauche.segment import segment_survey
from embauche.segment.comparison_run import compare_with_demographics

N = 160


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """Return fictional answers of two kinds of people, and all that is found in them."""
    rng = np.random.default_rng(1)
    kind = rng.integers(0, 2, N)
    shares = np.where(kind[:, None] == 0, [0.95, 0.05, 0.9, 0.1], [0.05, 0.95, 0.1, 0.9])
    columns = {f"need_{j}": (rng.random((N, 4)) < shares).astype(int)[:, j] for j in range(4)}
    for name, badly in (("find", 0), ("share", 1)):
        columns[f"imp_{name}"] = rng.integers(3, 6, N)
        columns[f"sat_{name}"] = np.where(kind == badly, 1, 5)
    columns["age"] = rng.integers(18, 70, N)
    columns["bought"] = (rng.random(N) < np.where(kind == 0, 0.8, 0.2)).astype(int)
    columns["told"] = (rng.random(N) < 0.5).astype(int)
    frame = pl.DataFrame(columns)
    scales = {"need": "yes_no", "imp": "1-5", "sat": "1-5", "age": "count"}
    readings = {
        name: ColumnReading(name, f"<{name}>", scales.get(name.split("_")[0], "yes_no"))  # type: ignore[arg-type]
        for name in frame.columns
    }
    survey = Survey(
        "fictional", frame, needs=tuple(f"need_{j}" for j in range(4)),
        importance=("imp_find", "imp_share"), satisfaction=("sat_find", "sat_share"),
        outcome_names=("find a note", "share a note"), demographics=("age",), outcome="bought",
        readings=readings,
    )  # fmt: skip
    segmentation = segment_survey(survey, k_max=2, bootstrap=2)
    assert segmentation.k == 2
    customers = frame.select(pl.selectors.starts_with("need")).head(60)
    return {
        "survey": survey,
        "segmentation": segmentation,
        "opportunities": opportunities(survey, segmentation=segmentation, draws=40),
        "validation": compare_with_demographics(survey, k=2, folds=3, repeats=1),
        "assignment": assign_customers(
            customers.with_columns(worth=pl.lit(10.0)), name="customers.csv", id=None,
            value="worth", segmentation=segmentation, survey=survey,
        ),
    }  # fmt: skip


def keep(study: Any, **parts: Any) -> None:
    """Keep findings as an analysis does."""
    from embauche.workbench import models
    from embauche.workbench.services.conflicts import touch
    from embauche.workbench.services.frozen import freeze
    from embauche.workbench.services.inputs import results_folder
    from embauche.workbench.services.storing import FrameStore

    frames = FrameStore(results_folder(study))
    survey = parts.pop("survey", None)
    for part, value in parts.items():
        models.Result.objects.update_or_create(
            study=study, part=part, defaults={"data": freeze(value, frames.keep), "fingerprint": ""}
        )
    if survey is not None:
        models.Survey.objects.filter(study=study).delete()
        data = freeze(survey, frames.keep)
        models.Survey.objects.create(study=study, name=survey.name, data=data, n=survey.n)
    touch(study)


@pytest.fixture
def kept(study: Any, made: dict[str, Any]) -> Any:
    from embauche.workbench.services import targeting

    keep(study, **made)
    targeting._found.clear()
    yield study
    targeting._found.clear()


def shown(client: Any, name: str, study: Any, query: str = "") -> str:
    answer = client.get(reverse(name, args=[study.slug]) + query)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_targets_show_what_is_at_stake_with_its_interval_and_n(
    client: Any, kept: Any, made: dict[str, Any]
) -> None:
    found = find_targets(
        made["survey"], made["segmentation"], made["opportunities"],
        memberships_of(made["assignment"]), seed=kept.seed,
    )  # fmt: skip
    assert found is not None
    assert found.basis == "value"
    page = shown(client, "targets", kept)
    rows = re.findall(
        r'<tr data-key="S\d">.*?</tr>', page[page.index("stacks targets") :], re.DOTALL
    )
    words = messages("en")
    for target, row in zip(found.targets, rows, strict=False):
        said = plain(row)
        assert target.segment in said
        for value in (target.at_stake, target.at_stake_low, target.at_stake_high):
            assert words.number(value, ".0") in said
        assert words.number(target.underserved, "%") in said
        assert f"n\u00a0=\u00a0{target.n}" in row
        assert words.number(target.opportunity.score, ".1") in said
    for item in found.customers:
        assert words.number(item.expected, ".0") in plain(page)
    for item in found.notices:
        assert words.notice(item) in page


def test_targets_of_one_segment(client: Any, kept: Any) -> None:
    page = shown(client, "targets", kept, "?segment=S2")
    table = page[page.index('class="list stacks targets"') :]
    table = table[: table.index("</table>")]
    assert 'data-key="S2"' in table
    assert 'data-key="S1"' not in table


def test_without_customers_the_page_says_what_to_bring(
    client: Any, kept: Any, made: dict[str, Any]
) -> None:
    keep(kept, assignment=None)
    page = shown(client, "targets", kept)
    words = messages("en")
    assert words.text("targets.bring.customers") in page
    assert words.text("targets.lead.share") in page
    assert reverse("survey", args=[kept.slug]) + "#customers" in page


def test_without_ratings_customers_are_still_counted(client: Any, kept: Any) -> None:
    keep(kept, opportunities=())
    page = shown(client, "targets", kept)
    assert messages("en").text("targets.bring.ratings") in page
    assert "customers.csv" in page
    assert "data-chart" not in page


def test_without_a_survey_the_pages_teach(client: Any, study: Any) -> None:
    words = messages("en")
    assert words.text("targets.empty") in shown(client, "targets", study)
    assert words.text("compare.empty") in shown(client, "compare", study)
    there, bring = reverse("survey", args=[study.slug]), words.text("targets.empty.go")
    for name in ("segments", "compare"):
        assert f'href="{there}">{bring}</a>' in shown(client, name, study), name


@pytest.mark.parametrize("name", ["segments", "priorities", "targets", "compare"])
def test_a_table_stands_behind_every_chart(client: Any, kept: Any, name: str) -> None:
    page = shown(client, name, kept)
    figures = re.findall(r'<figure class="plot".*?</figure>', page, re.DOTALL)
    assert figures
    for figure in figures:
        assert "data-chart=" in figure
        assert re.search(r'<div class="scroll" tabindex="0" role="region" aria-label="[^"]', figure)
        rows = re.findall(r"<tr.*?</tr>", figure[figure.index("<table>") :], re.DOTALL)
        assert len(rows) > 1
        assert 'data-save="csv"' in figure
        assert "data-copy" in figure


def test_charts_of_segments_are_marked_together(client: Any, kept: Any) -> None:
    page = shown(client, "segments", kept)
    assert re.findall(r'<button[^>]*data-pick="(S\d)"', page[: page.index("<figure")]) == [
        "S1",
        "S2",
    ]
    sizes = page[page.index('id="segment-sizes"') :]
    assert '"key": "S1"' in sizes[: sizes.index("</script>")]
    assert 'data-pick="S2"' in sizes[: sizes.index("</figure>")]


def test_priorities_of_one_segment(client: Any, kept: Any, made: dict[str, Any]) -> None:
    page = shown(client, "priorities", kept, "?segment=S1")
    inside = [row for row in made["opportunities"] if row.segment == "S1"]
    assert page.count('<table class="ranking">') == 1
    assert f"n\u00a0=\u00a0{inside[0].n}" in page[page.index('id="opportunity-landscape"') :]


def test_the_comparison_names_every_competitor_and_what_to_do(
    client: Any, kept: Any, made: dict[str, Any]
) -> None:
    page = shown(client, "compare", kept)
    words, found = messages("en"), made["validation"]
    verdict = found.verdict.name.lower()
    assert f"<h1>{words.text(f'report.validation.verdict.{verdict}', outcome='<bought>')}" in page
    for score in found.scores:
        assert words.text(f"report.predictors.{score.predictors}") in page
        assert words.text(f"compare.knows.{score.predictors}") in page
        assert words.number(score.score, ".2") in page
    assert words.text("notice.comparison.association") in page
    assert words.text(f"compare.next.{verdict}") in page
    assert '<option value="told">' in page
    assert '<option value="need_0">' not in page


def test_another_outcome_is_tested_in_the_background(
    client: Any, kept: Any, owner: Any, made: dict[str, Any]
) -> None:
    from embauche.workbench.models import Result, Run
    from embauche.workbench.services import analysis, comparing

    answer = client.post(reverse("compare-test", args=[kept.slug]), {"outcome": "told"})
    run = Run.objects.get(study=kept)
    assert answer.headers["location"] == reverse("progress", args=[kept.slug, run.pk])
    again = comparing.compare_outcome(kept.pk, "told", owner)
    assert again.pk == run.pk, "one at a time"
    assert analysis.analyse(kept.pk, owner).pk != run.pk, "an analysis does not wait for it"
    assert comparing.carry_out(run.pk, "told").state == "done"
    assert Result.objects.filter(study=kept, part__startswith="cmp-").count() == 1
    page = shown(client, "compare", kept, "?outcome=told")
    assert "“<told>”" in page
    [other] = comparing.comparisons(kept)
    assert other.outcome == "told"
    expected = compare_with_demographics(made["survey"], k=2, outcome="told", seed=kept.seed)
    assert other == expected


def test_a_comparison_that_is_cancelled_keeps_nothing(client: Any, kept: Any, owner: Any) -> None:
    from embauche.workbench.models import Result
    from embauche.workbench.services import analysis, comparing

    run = comparing.compare_outcome(kept.pk, "told", owner)
    real = analysis.Progress.__call__

    def cancelled(self: Any, stage: str, fraction: float) -> None:
        analysis.cancel(run.pk, owner)
        real(self, stage, fraction)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(analysis.Progress, "__call__", cancelled)
        assert comparing.carry_out(run.pk, "told").state == "cancelled"
    assert not Result.objects.filter(study=kept, part__startswith="cmp-").exists()


def test_what_cannot_be_foretold_is_refused_in_words(client: Any, kept: Any) -> None:
    for column in ("need_0", "nowhere", "age"):
        answer = client.post(reverse("compare-test", args=[kept.slug]), {"outcome": column})
        assert answer.status_code == 422
        assert column in answer.content.decode()


def test_a_reader_starts_no_comparison(client: Any, kept: Any) -> None:
    from embauche.workbench.models import Membership

    Membership.objects.filter(study=kept).update(role="reader")
    answer = client.post(reverse("compare-test", args=[kept.slug]), {"outcome": "told"})
    assert answer.status_code == 403


def strip(client: Any, study: Any, run: Any, back: str) -> str:
    address = reverse("strip", args=[study.slug, run.pk])
    answer = client.get(address, {"back": back}, headers={"hx-request": "true"})
    return html.unescape(answer.content.decode())


def test_the_strip_follows_a_run_and_offers_what_it_made(
    client: Any, study: Any, owner: Any
) -> None:
    from embauche.workbench.models import Run
    from embauche.workbench.services.analysis import analyse

    run = analyse(study.pk, owner)
    segments = reverse("segments", args=[study.slug])
    assert 'hx-trigger="every 2s"' in shown(client, "segments", study), "only while a run is active"
    assert 'hx-trigger="every 2s"' in strip(client, study, run, segments)
    Run.objects.filter(pk=run.pk).update(state="done")
    ended = strip(client, study, run, segments)
    assert "hx-trigger" not in ended
    assert f'href="{segments}" hx-get="{segments}" hx-select="#main"' in ended
    assert "hx-get" not in strip(client, study, run, reverse("jobs", args=[study.slug]))
    assert "example.org" not in strip(client, study, run, "https://example.org/")
    Run.objects.filter(pk=run.pk).update(state="failed")
    failed = strip(client, study, run, segments)
    assert reverse("progress", args=[study.slug, run.pk]) in failed
    assert "every 2s" not in shown(client, "segments", study)


def test_the_rail_counts_opportunities_only_where_the_threshold_holds(
    workspace: Any, made: dict[str, Any]
) -> None:
    from dataclasses import replace

    from embauche.present.findings import Findings, StudyCard
    from embauche.vocabulary import Language, Stage
    from embauche.workbench.services.state import _stages
    from embauche.workbench.services.storing import _summary

    nothing = dict.fromkeys(
        ("interviews", "reviews", "respondents", "evidence", "waiting", "jobs", "proposed"), 0
    )

    def said(rows: Any) -> tuple[str, int]:
        found = Findings(StudyCard("", "", Language.EN), opportunities=tuple(rows))
        stages = _stages(nothing, _summary(found))
        line = next(item for item in stages if item.stage is Stage.PRIORITISE)
        return line.code, line.params["n"]

    rows = made["opportunities"]
    assert said([replace(row, low=10.5) for row in rows]) == ("opportunities", 2)
    wide = [replace(row, zone=None, importance_scale="1-7") for row in rows]
    assert said(wide) == ("rated", 2)
    assert said(()) == ("nothing", 0)


def test_an_analysis_ends_when_the_charts_of_its_pages_are_drawn(
    client: Any, kept: Any, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.workbench import tasks
    from embauche.workbench.pages import pieces
    from embauche.workbench.services import analysis

    run = analysis.analyse(kept.pk, owner)
    # Its figures are those of `kept`: they are not computed again.
    monkeypatch.setattr(analysis, "_computed", lambda _: True)
    drawn = []
    keep_charts = pieces.keep_charts

    def drawing(*given: Any) -> None:
        run.refresh_from_db()
        drawn.append((run.state, run.stage))
        keep_charts(*given)

    monkeypatch.setattr(pieces, "keep_charts", drawing)
    assert tasks.carry_out_run.call(run.pk) == "done"
    assert set(drawn) == {("running", "draw")}
    before = len(drawn)
    pieces._drawn.clear()  # another process shows the pages
    for language in ("fr", "en"):
        for name in ("segments", "priorities", "targets", "compare"):
            assert "<figure" in shown(client, name, kept, f"?lang={language}"), (name, language)
    assert len(drawn) == before, "no page drew what the analysis had drawn"


def test_a_folder_is_served_when_its_charts_are_drawn(
    study: Any, opened: Any, workspace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from types import SimpleNamespace

    from embauche.workbench import server
    from embauche.workbench.opening import open_study
    from embauche.workbench.pages import drawing_ahead

    done: list[Any] = []

    def serve(*_: Any, path: str, **__: Any) -> Any:
        done.append(path)
        return SimpleNamespace()

    monkeypatch.setattr(drawing_ahead, "draw", done.append)
    monkeypatch.setattr(server, "Server", serve)
    open_study(opened[1], workspace=workspace.folder)
    assert done == [study.pk, f"/studies/{study.slug}/"]
