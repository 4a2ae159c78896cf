"""The page of segments shows the typing tool and serves its files."""

import html
import json
import sqlite3
from typing import Any

import numpy as np
import polars as pl
import pytest
from django.urls import reverse

from embauche.collect.survey import ColumnReading, Survey
from embauche.messages import messages
from embauche.present.typing_words import typing_summary
from embauche.segment import segment_survey
from embauche.segment.segmentation import Segmentation
from embauche.segment.typing_build import make_typing_tool
from embauche.segment.typing_tool import TypingTool

Made = tuple[Survey, Segmentation, TypingTool]


@pytest.fixture(scope="module")
def made() -> Made:
    """Return a survey of two fictional kinds of people, its segments and its tool."""
    rng = np.random.default_rng(1)
    kind = rng.integers(0, 2, 160)
    shares = np.where(kind[:, None] == 0, [0.95, 0.05, 0.9, 0.1], [0.05, 0.95, 0.1, 0.9])
    answers = (rng.random((160, 4)) < shares).astype(int)
    frame = pl.DataFrame({f"need_{j}": answers[:, j] for j in range(4)})
    readings = {name: ColumnReading(name, f"<{name}>", "yes_no") for name in frame.columns}
    survey = Survey("fictional", frame, needs=tuple(frame.columns), readings=readings)
    found = segment_survey(survey, k_max=2, bootstrap=2)
    tool = make_typing_tool(found, survey, accuracy=0.8)
    assert tool is not None
    return survey, found, tool


@pytest.fixture
def kept(study: Any, made: Made) -> Any:
    """Keep them as an analysis does."""
    from embauche.workbench import models
    from embauche.workbench.services.conflicts import touch
    from embauche.workbench.services.frozen import freeze
    from embauche.workbench.services.inputs import results_folder
    from embauche.workbench.services.storing import PARTS, FrameStore

    survey, found, tool = made
    frames = FrameStore(results_folder(study))
    for part, value in (("segmentation", found), ("typing", tool)):
        assert part in PARTS
        models.Result.objects.update_or_create(
            study=study, part=part, defaults={"data": freeze(value, frames.keep), "fingerprint": ""}
        )
    models.Survey.objects.filter(study=study).delete()
    models.Survey.objects.create(
        study=study, name=survey.name, data=freeze(survey, frames.keep), n=survey.n
    )
    touch(study)
    return study


def test_the_tool_comes_back_as_it_was(kept: Any, made: Made) -> None:
    from embauche.workbench.services.restoring import findings

    assert findings(kept).typing == made[2]


def test_the_page_shows_the_tool_and_links_its_files(kept: Any, client: Any, made: Made) -> None:
    answer = client.get(reverse("segments", args=[kept.slug]))
    assert answer.status_code == 200
    raw = answer.content.decode()
    section = raw[raw.index('id="typing"') :]
    tool, words = made[2], messages("en")
    assert typing_summary(tool, words) in html.unescape(section)
    for question in tool.questions:
        asked = question.need.replace("_", " ")
        assert f"<{asked}>" not in section
        assert f"&lt;{asked}&gt;" in section
    for form in ("html", "json", "sql"):
        assert reverse("typing", args=[kept.slug, form]) in section


def test_the_files_are_those_of_the_command(kept: Any, client: Any, made: Made) -> None:
    survey, _, tool = made
    data = json.loads(client.get(reverse("typing", args=[kept.slug, "json"])).content)
    assert TypingTool.from_dict(data) == tool
    assert set(data["segment_names"]) == set(tool.segments)
    sql = client.get(reverse("typing", args=[kept.slug, "sql"]))
    assert sql["Content-Disposition"].startswith("attachment")
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE customers (need_0, need_1, need_2, need_3)")
    base.executemany("INSERT INTO customers VALUES (?, ?, ?, ?)", survey.frame.rows())
    found = base.execute(sql.content.decode())
    at = [column[0] for column in found.description].index("embauche_segment")
    assert [row[at] for row in found] == tool.predict(survey.frame)
    base.close()
    sheet = client.get(reverse("typing", args=[kept.slug, "html"]))
    assert "default-src 'none'" in sheet["Content-Security-Policy"]
    assert sheet.content.decode().count('class="form"') == 2


def test_without_a_tool_no_section_and_no_files(study: Any, client: Any) -> None:
    assert 'id="typing"' not in client.get(reverse("segments", args=[study.slug])).content.decode()
    for form in ("html", "json", "sql"):
        assert client.get(reverse("typing", args=[study.slug, form])).status_code == 404


def test_another_form_is_not_served(kept: Any, client: Any) -> None:
    assert client.get(reverse("typing", args=[kept.slug, "exe"])).status_code == 404
