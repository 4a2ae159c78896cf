"""Charts: valid definitions, findings in their titles, labels that neither overlap nor are cut."""

import json
import math
import re
from dataclasses import replace

import altair as alt
import pytest
from fictional_findings import full, interviews_only, opportunities_of, survey_only
from hypothesis import example, given
from hypothesis import strategies as st

from embauche.present.chart_theme import DARK, LIGHT
from embauche.present.charts import chart_figures
from embauche.present.charts_priorities import heat_step
from embauche.present.figure import page_svg
from embauche.present.lettering import text_width, wrap
from embauche.present.names import Names
from embauche.present.placement import LINE, place_labels
from embauche.present.proportions import wilson
from embauche.present.zones import edge
from embauche.vocabulary import Zone, label


@pytest.fixture(scope="module")
def figures():
    return chart_figures(full("fr"))


def test_every_chart_is_valid_vega_lite_in_both_widths(figures):
    assert len(figures) == 13
    for figure in figures.values():
        for spec in (figure.spec, figure.narrow):
            alt.Chart.from_dict(json.loads(json.dumps(spec)), validate=True)


@pytest.mark.parametrize("sign", ["\x06", "\x0b", "\x00", "\ufffe", "\ud800"])
def test_a_sign_that_no_picture_may_hold_is_left_out_of_it(figures, sign):
    figure = figures["opportunity-ranking"]
    spec = json.loads(json.dumps(figure.spec).replace("note", f"no{json.dumps(sign)[1:-1]}te"))
    told = replace(figure, title=f"Un titre{sign}!", spec=spec)
    assert spec != figure.spec
    drawn = told.svg(titled=True)
    assert "no te" in drawn
    assert sign not in drawn
    assert told.png(scale=0.5).startswith(b"\x89PNG")


def test_titles_say_the_finding(figures):
    assert "« Retrouver une note devant un client »" in figures[
        "opportunity-landscape"
    ].title.replace("\u00a0", " ")
    assert figures["opportunity-ranking"].subtitle.endswith("n\u00a0=\u00a0412")


def test_ranking_that_is_not_settled_says_so():
    items = opportunities_of("en")
    shaky = (replace(items[0], rank_high=3), *items[1:])
    title = chart_figures(full("en", opportunities=shaky))["opportunity-ranking"].title
    assert "falls to 3" in title


def test_every_chart_has_a_table_of_its_data(figures):
    for figure in figures.values():
        assert figure.rows
        assert {len(row) for row in figure.rows} == {len(figure.header)}
    assert figures["opportunity-ranking"].rows[0][1:5] == ("14,2", "12,9", "15,5", "412")


def test_french_axes_take_a_decimal_comma(figures):
    svg = figures["validation"].svg()
    assert ">0,6<" in svg
    assert ">0.6<" not in svg
    assert ">0.6<" in chart_figures(survey_only("en"))["validation"].svg()


def test_dark_pages_have_their_own_colours():
    spec = json.dumps(chart_figures(interviews_only("en"), DARK)["job-heatmap"].spec)
    assert DARK.heat[4] in spec
    assert LIGHT.heat[4] not in spec


def test_page_svg_follows_the_theme_and_says_what_it_shows(figures):
    svg = page_svg(figures["opportunity-ranking"].svg(), LIGHT, 'a "title" <b>', "x")
    assert 'aria-label="a &quot;title&quot; &lt;b>"' in svg
    assert "var(--ember)" in svg
    assert LIGHT.ember not in svg
    assert "http://www.w3.org/1999/xlink" not in svg


def test_a_scale_without_zones_is_drawn_without_them():
    figure = chart_figures(full("fr", opportunities=opportunities_of("fr", zoned=False)))[
        "opportunity-landscape"
    ]
    assert "sans zones" in figure.subtitle
    assert "le score le plus haut" in figure.title
    spec = json.dumps(figure.spec)
    assert LIGHT.heat[2] not in spec
    assert label(Zone.EXTREME, "fr") not in spec
    assert {row[6] for row in figure.rows} == {"–"}


def test_landscape_lines_are_the_outcomes_own_intervals():
    items = opportunities_of("en")
    own = replace(
        items[0], importance_low=1.25, importance_high=9.75, satisfaction_low=0.5,
        satisfaction_high=8.5,
    )  # fmt: skip
    figure = chart_figures(full("en", opportunities=(own, *items[1:])))["opportunity-landscape"]
    assert figure.rows[0][2] in {"1.2 to 9.8", "1.3 to 9.8"}
    assert '"x_low": 1.25' in json.dumps(figure.spec)


def test_the_heatmap_says_its_intervals():
    figure = chart_figures(full("en"))["job-heatmap"]
    assert any("n\u00a0=\u00a0" in row[4] for row in figure.rows)
    assert "spread" in json.dumps(figure.spec)


def test_standing_alone_a_picture_has_its_title(figures):
    svg = figures["opportunity-ranking"].svg(titled=True)
    words = re.sub(r"<[^>]+>", " ", svg)
    assert "Score d’opportunité" in words


@given(st.text(min_size=1, max_size=200), st.integers(60, 300))
@example("00000000 0000000 0", 60)
def test_wrapped_lines_fit(text, width):
    for line in wrap(text, width, 13, 2):
        assert text_width(line, 13) <= width or line == "…"


def test_a_line_does_not_begin_with_what_a_no_break_space_joins():
    text = "Importance et satisfaction de chaque besoin, en traits fins\u00a0; sans zones"
    for width in range(100, 420, 10):
        lines = wrap(text, width, 13, 9)
        assert not any(line.startswith(";") for line in lines)
        assert " ".join(lines) == text


def test_every_point_of_a_dense_cloud_gets_its_label():
    points = [(300 + 9.0 * (i % 6), 250 + 9.0 * (i // 6)) for i in range(30)]
    placed = place_labels(points, [f"Need number {i}" for i in range(30)], width=640, height=500)
    assert None not in placed


@given(
    st.lists(
        st.tuples(st.floats(0, 600), st.floats(0, 500), st.text("abcdé ", min_size=1, max_size=40)),
        min_size=1,
        max_size=12,
    )
)
def test_placed_labels_stay_inside_and_apart(items):
    points = [(x, y) for x, y, _ in items]
    placed = place_labels(points, [text for *_, text in items], width=600, height=500)
    boxes = []
    for place in filter(None, placed):
        wide = max(text_width(line, 13) for line in place.lines)
        left = {"left": place.x, "right": place.x - wide, "center": place.x - wide / 2}[place.align]
        top = place.y - 13 * LINE / 2
        boxes.append((left, top, left + wide, top + len(place.lines) * 13 * LINE))
    for number, box in enumerate(boxes):
        assert box[0] >= -1e-6
        assert box[2] <= 600 + 1e-6
        for other in boxes[:number]:
            apart = (
                box[2] <= other[0] + 1e-6
                or other[2] <= box[0] + 1e-6
                or box[3] <= other[1] + 1e-6
                or other[3] <= box[1] + 1e-6
            )
            assert apart


def test_wilson_limits_as_published():
    # Newcombe (1998), table I: 81 of 263 and 15 of 148.
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15 / 148, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0.0, 20)[0] == 0.0


def test_zone_edges_hold_the_score():
    for point in edge(12, 0, 10):
        inside = point["x"] + max(point["x"] - point["top"], 0)
        assert inside == pytest.approx(12, abs=1e-3)


def test_heat_ramp_rises_and_unknown_is_no_heat():
    steps = [heat_step(value / 10, 4.0) for value in range(41)]
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (1, 5)
    assert heat_step(None, 4.0) == 0


def test_a_zone_s_word_stands_on_its_own_shade():
    from embauche.present import charts_landscape as landscape

    names = Names(full("fr"))
    items = [item for item in names.findings.opportunities if item.segment is None]
    frame = landscape._frame(items, narrow=False)
    said = [said for said, _ in landscape._zone_words(names, frame, [])[0]]
    limits = {Zone.WORTH_A_LOOK: (10, 12), Zone.STRONG: (12, 15), Zone.EXTREME: (15, 20)}
    seen = 0
    for zone, (least, most) in limits.items():
        word = label(zone, "fr")
        at = next(item for item in said if item["word"] == word)
        width = text_width(word, 12) / frame.width * (10 - frame.x0)
        scores = [2 * x - at["y"] for x in (at["x"] - width, at["x"])]
        assert least <= scores[0] < scores[1] <= most, word
        seen += 1
    assert seen == 3


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_zone_s_word_on_a_phone_leans_along_its_own_shade(lang):
    from embauche.present import charts_landscape as landscape

    names = Names(full(lang))
    items = [item for item in names.findings.opportunities if item.segment is None]
    frame = landscape._frame(items, narrow=True)
    taken = [(frame.px(item.importance), frame.py(item.satisfaction)) for item in items]
    said = {
        one["word"]: (one, drawn) for one, drawn in landscape._zone_words(names, frame, taken)[0]
    }
    assert all(0 < frame.px(at["x"]) < frame.width for at, _ in said.values()), "on the paper"
    limits = {Zone.WORTH_A_LOOK: (10, 12), Zone.STRONG: (12, 15), Zone.EXTREME: (15, 20)}
    for zone, (least, most) in limits.items():
        word = label(zone, lang)
        at, drawn = said[word]
        lean, half = math.radians(drawn["angle"]), text_width(word, 12) / 2
        for part in (-half, half):
            x = frame.px(at["x"]) + part * math.cos(lean)
            y = frame.py(at["y"]) + part * math.sin(lean)
            there = frame.back(x, y)
            assert least < 2 * there["x"] - there["y"] < most, word
            assert 0 < x < frame.width
            assert 0 < y < frame.height


def test_a_png_stands_on_its_theme_s_sheet(monkeypatch, figures):
    drawn = []
    monkeypatch.setattr(
        "vl_convert.vegalite_to_png", lambda spec, **_: drawn.append(spec) or b"png"
    )
    figures["opportunity-ranking"].png()
    chart_figures(interviews_only("en"), DARK)["job-heatmap"].png()
    assert [spec["background"] for spec in drawn] == [LIGHT.sheet, DARK.sheet]


def test_shares_have_five_labels_that_do_not_touch(figures):
    spec = json.dumps(figures["segment-profile-S1"].spec)
    assert '"values": [0, 0.25, 0.5, 0.75, 1]' in spec


def test_orange_is_explained_where_it_is_drawn():
    findings = full("en")
    kept = findings.segmentation
    assert "orange" not in chart_figures(findings)["segment-flow"].subtitle
    cut = tuple(
        replace(item, across=(0.4,) * item.k) if item.k == kept.k + 1 else item
        for item in kept.criteria
    )
    changed = replace(findings, segmentation=replace(kept, criteria=cut))
    figure = chart_figures(changed)["segment-flow"]
    assert "orange" in figure.subtitle
    assert LIGHT.ember in json.dumps(figure.spec)
