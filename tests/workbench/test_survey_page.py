"""The survey's page: recognised, changed, checked and kept in study.toml; the customers' too."""

import html
import re
import shutil
from collections.abc import Iterator
from typing import Any

import numpy as np
import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

TOML = """# Ours.
[study]
title = "Rated"  # kept
language = "en"

[survey]
# Chosen with the team.
file = "answers.csv"
"""


def answers(n: int = 120) -> pl.DataFrame:
    """Return fictional answers: two pairs of ratings from 1 to 7, three needs, who and where."""
    rng = np.random.default_rng(5)
    columns: dict[str, Any] = {"id": [f"r{at}" for at in range(n)]}
    for name in ("find", "share"):
        for mark in ("imp", "sat"):
            values = rng.integers(1, 8, n).astype(object)
            values[rng.random(n) < 0.1] = None
            columns[f"{mark}_{name}"] = values.tolist()
    columns |= {f"need_{j}": rng.integers(0, 2, n).tolist() for j in range(4)}
    columns["place"] = rng.choice(["on site", "office"], n).tolist()
    columns["age"] = rng.integers(18, 70, n).tolist()
    columns["bought"] = rng.integers(0, 2, n).tolist()
    return pl.DataFrame(columns)


@pytest.fixture
def rated(study: Any, owner: Any) -> Iterator[Any]:
    """Return a fictional study of a survey and customers, not analysed."""
    from embauche.workbench.models import Membership, Study
    from embauche.workbench.services.inputs import study_folder

    made = Study.objects.create(slug="rated", title="Rated", language="en")
    Membership.objects.create(user=owner, study=made, role="owner")
    folder = study_folder(made)
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    answers().write_csv(folder / "answers.csv")
    customers = answers(30).select("need_0", "need_1", "need_2", worth=pl.lit(9.5))
    customers.write_csv(folder / "customers.csv")
    yield made
    shutil.rmtree(folder.parent)


def sent(page: str) -> dict[str, Any]:
    """Return what the page's form would send."""
    form = page[
        page.index('<form id="mapping"') : page.index("</form>", page.index('id="mapping"'))
    ]
    selects = re.findall(r'<select name="(role|pair)"[^>]*>(.*?)</select>', form, re.DOTALL)
    chosen: dict[str, list[str]] = {"role": [], "pair": []}
    for name, options in selects:
        found = re.search(r'value="([^"]*)" selected', options)
        chosen[name].append(found[1] if found else "")
    hidden = dict(re.findall(r'<input type="hidden" name="(file|version)" value="([^"]*)"', form))
    return {**chosen, **hidden}


@pytest.fixture
def place(rated: Any) -> str:
    return reverse("survey", args=[rated.slug])


def shown(client: Any, place: str) -> str:
    answer = client.get(place)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def test_every_column_is_shown_with_its_role_reason_rule_and_examples(
    client: Any, place: str
) -> None:
    page = shown(client, place)
    form = sent(page)
    assert dict(zip(answers().columns, form["role"], strict=True)) == {
        "id": "id",
        "imp_find": "importance",
        "sat_find": "satisfaction",
        "imp_share": "importance",
        "sat_share": "satisfaction",
        "need_0": "need",
        "need_1": "need",
        "need_2": "need",
        "need_3": "need",
        "place": "situation",
        "age": "demographics",
        "bought": "outcome",
    }
    assert form["pair"] == ["1:2", "3:4"]
    assert "rating 1–7" in page
    assert "the name says who people are" in page
    missing = answers()["imp_find"].null_count()
    assert f"n\u00a0=\u00a0{120 - missing} · {missing} missing" in page
    assert "on site" in page


def test_a_change_is_checked_live_and_nothing_is_kept(client: Any, rated: Any, place: str) -> None:
    from embauche.workbench.services.inputs import study_folder

    form = sent(shown(client, place))
    form["role"][11] = "ignored"
    answer = client.post(
        reverse("survey-check", args=[rated.slug]), form, headers={"hx-request": "true"}
    )
    part = html.unescape(answer.content.decode())
    assert "No outcome column is known" in part
    assert 'id="why-11" hx-swap-oob="true">chosen by you' in part
    assert "<main" not in part
    assert (study_folder(rated) / "study.toml").read_text(encoding="utf-8") == TOML


def test_a_contradiction_cannot_be_kept(client: Any, rated: Any, place: str) -> None:
    form = sent(shown(client, place))
    form["role"][4] = "ignored"
    page = client.post(reverse("survey-check", args=[rated.slug]), form).content.decode()
    assert "imp_share" in page[page.index('id="forecast"') :]
    assert re.search(r'value="analyse" disabled', page)
    assert client.post(reverse("survey-save", args=[rated.slug]), form).status_code == 422


def test_what_is_kept_is_what_an_analysis_reads(client: Any, rated: Any, place: str) -> None:
    from embauche.study.plan import make_plan
    from embauche.workbench.models import Event
    from embauche.workbench.services.inputs import inputs, study_folder

    before = inputs(rated).fingerprint
    form = sent(shown(client, place))
    form["role"][5] = "ignored"
    form["role"][11] = "situation"
    form["pair"] = ["1:4", "3:2"]
    answer = client.post(reverse("survey-save", args=[rated.slug]), {**form, "then": "save"})
    assert answer.status_code == 302
    text = (study_folder(rated) / "study.toml").read_text(encoding="utf-8")
    assert text.startswith(TOML)
    plan = make_plan(inputs(rated).config)
    assert plan.roles is not None
    assert plan.roles.needs == ("need_1", "need_2", "need_3")
    assert plan.roles.satisfaction == ("sat_share", "sat_find")
    assert plan.roles.situation == ("place", "bought")
    assert plan.roles.outcome is None
    assert inputs(rated).fingerprint != before
    event = Event.objects.get(study=rated, verb="survey.mapped")
    assert event.payload["before"]["need"] == ["need_0", "need_1", "need_2", "need_3"]
    assert event.payload["toml"] == TOML
    again = sent(shown(client, place))
    assert (again["role"], again["pair"]) == (form["role"], form["pair"])


def test_what_was_saved_is_taken_back_step_by_step(client: Any, rated: Any, place: str) -> None:
    from embauche.workbench.services.inputs import study_folder

    texts = [TOML]
    for role in ("situation", "demographics"):
        form = sent(shown(client, place))
        form["role"][5] = role
        client.post(reverse("survey-save", args=[rated.slug]), {**form, "then": "save"})
        texts.append((study_folder(rated) / "study.toml").read_text(encoding="utf-8"))
    assert len(set(texts)) == 3
    undo = reverse("survey-undo", args=[rated.slug])
    for text in texts[1::-1]:
        assert undo in shown(client, place)
        assert client.post(undo).status_code == 302
        assert (study_folder(rated) / "study.toml").read_text(encoding="utf-8") == text
    assert undo not in shown(client, place)
    assert client.post(undo).status_code == 409
    save = reverse("survey-save", args=[rated.slug])
    client.post(save, {**sent(shown(client, place)), "then": "save"})
    assert undo not in shown(client, place), "saved as it was"
    form = {**sent(shown(client, place)), "then": "save"}
    form["role"][5] = "situation"
    client.post(save, form)
    path = f"/api/v1/studies/{rated.slug}/survey/undo"
    assert client.post(path).json()["given"] is False
    assert (study_folder(rated) / "study.toml").read_text(encoding="utf-8") == TOML
    assert client.post(path).json()["code"] == "mapping.nothing_to_undo"


def test_a_role_for_all_that_are_ticked_without_scripts(
    client: Any, rated: Any, place: str
) -> None:
    form = sent(shown(client, place))
    bulk = {**form, "tick": ["5", "6"], "bulk": "situation", "then": "bulk"}
    page = client.post(reverse("survey-check", args=[rated.slug]), bulk).content.decode()
    assert sent(page)["role"][5:8] == ["situation", "situation", "need"]


def test_two_at_once_overwrite_nothing(client: Any, rated: Any, place: str) -> None:
    from embauche.workbench.services.inputs import study_folder

    form = sent(shown(client, place))
    path = study_folder(rated) / "study.toml"
    path.write_text(TOML + 'weight = ""\n', encoding="utf-8")
    form["role"][5] = "ignored"
    answer = client.post(reverse("survey-save", args=[rated.slug]), {**form, "then": "save"})
    assert answer.status_code == 409
    assert "nothing was overwritten" in answer.content.decode()
    assert path.read_text(encoding="utf-8") == TOML + 'weight = ""\n'


def test_a_reader_looks_and_changes_nothing(client: Any, rated: Any, place: str) -> None:
    from embauche.workbench.models import Membership

    form = sent(shown(client, place))
    Membership.objects.filter(study=rated).update(role="reader")
    assert client.get(place).status_code == 200
    for name, data in (
        ("survey-save", form),
        ("survey-customers", {"file": "customers.csv"}),
        ("survey-link", {"need": "need_0", "job": ""}),
        ("survey-upload", {"part": "survey", "file": SimpleUploadedFile("a.csv", b"a\n1\n")}),
    ):
        answer = client.post(reverse(name, args=[rated.slug]), data)
        assert answer.status_code == 403, name


def test_customers_are_recognised_and_their_value_is_chosen(
    client: Any, rated: Any, place: str
) -> None:
    from embauche.workbench.services.inputs import inputs

    page = shown(client, place)
    customers = page[page.index('id="customers"') :]
    assert "customers.csv · 30 customers." in customers
    assert "need_0 · need_1 · need_2" in customers
    assert "need_3" in customers
    version = re.findall(r'name="version" value="([^"]*)"', customers)[0]
    data = {"file": "customers.csv", "id": "", "value": "worth", "version": version}
    answer = client.post(reverse("survey-customers", args=[rated.slug]), data)
    assert answer.status_code == 302
    section = inputs(rated).config.customers
    assert (section.file, section.id, section.value) == ("customers.csv", "", "worth")
    answer = client.post(reverse("survey-customers", args=[rated.slug]), data)
    assert answer.status_code == 409, "the version is that of before"


def test_a_file_that_is_no_table_says_so_and_leaves_nothing(
    client: Any, rated: Any, place: str
) -> None:
    from embauche.workbench.models import Upload

    file = SimpleUploadedFile("broken.xlsx", b"not a workbook")
    answer = client.post(
        reverse("survey-upload", args=[rated.slug]), {"part": "survey", "file": file}
    )
    assert answer.status_code == 422
    assert "broken.xlsx" in answer.content.decode()
    assert not Upload.objects.filter(study=rated).exists()


def test_a_survey_that_is_brought_takes_the_place_of_the_old_one(
    client: Any, rated: Any, place: str
) -> None:
    from embauche.workbench.models import Run
    from embauche.workbench.services.inputs import study_folder

    data = answers(50).write_csv().encode()
    file = SimpleUploadedFile("newer.csv", data)
    answer = client.post(
        reverse("survey-upload", args=[rated.slug]), {"part": "survey", "file": file}
    )
    assert answer.status_code == 302
    assert "newer.csv · 50 respondents" in shown(client, place)
    assert not (study_folder(rated) / "answers.csv").exists()
    assert Run.objects.filter(study=rated).exists()


def test_without_a_survey_the_page_says_what_one_gives(client: Any, study: Any) -> None:
    page = shown(client, reverse("survey", args=[study.slug]))
    assert "each row is a person" in page
    assert 'type="file"' in page


def test_the_columns_of_a_table_are_looked_through_once_for_the_page(
    client: Any, rated: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from embauche.collect import roles

    looked = []
    paired = roles.paired_ratings

    def counted(table: Any, columns: Any) -> Any:
        looked.append(table.name)
        return paired(table, columns)

    monkeypatch.setattr(roles, "paired_ratings", counted)
    for _ in range(2):
        assert client.get(reverse("survey", args=[rated.slug])).status_code == 200
    assert sorted(looked) == ["answers.csv", "customers.csv"]
