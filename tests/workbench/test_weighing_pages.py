"""The matrix with its filters, saturation and agreement: the pages say what the rooms compute."""

import csv
import io
from typing import Any

import pytest


@pytest.fixture
def base(study: Any) -> str:
    return f"/studies/{study.slug}/"


def test_the_matrix_counts_as_the_room_does(study: Any) -> None:
    from embauche.jobs import matrix
    from embauche.vocabulary import EvidenceStatus
    from embauche.workbench.services.matrix_view import CELLS, matrix_of
    from embauche.workbench.services.restoring import findings

    whole = findings(study)
    assert whole.job_map is not None
    kept = [item for item in whole.evidence if item.status is not EvidenceStatus.REJECTED]
    found = matrix(whole.job_map, kept)
    made = matrix_of(study)
    keys = dict(study.jobs.values_list("key", "pk"))
    counted = 0
    for row in found.rows:
        for cell, (_, column) in zip(made.cells[keys[row.job.id]], CELLS.items(), strict=True):
            expected = row.cell(column)
            assert cell.participants == expected.participants
            assert cell.quotes == len(expected.evidence)
            assert cell.quotes - cell.unreviewed == expected.reviewed
            if expected.evidence:
                assert cell.quote == study.evidence.get(key=expected.evidence[0]).quote
            counted += cell.quotes
    assert counted > 5


def test_filters_leave_those_they_name(study: Any, client: Any, base: str) -> None:
    from embauche.workbench.models import Participant
    from embauche.workbench.services.matrix_view import Filters, choices, matrix_of

    people = list(study.participants.all())
    for place, person in enumerate(people):
        trade = "plumber" if place else "nurse"
        Participant.objects.filter(pk=person.pk).update(situation={"trade": trade})
    known = choices(study)
    assert known.situations == {"trade": (("plumber", 2), ("nurse", 1))}
    alone = matrix_of(study, Filters(situation={"trade": "nurse"}))
    named = matrix_of(study, Filters(participant=people[0].key))
    assert (alone.n, alone.of) == (1, 3)
    assert alone.cells == named.cells
    assert max(cell.participants for cells in alone.cells.values() for cell in cells) == 1
    rest = matrix_of(study, Filters(situation={"trade": "plumber"}))
    everyone = matrix_of(study)
    for job, cells in everyone.cells.items():
        for whole, one, two in zip(cells, alone.cells[job], rest.cells[job], strict=True):
            assert whole.participants == one.participants + two.participants
    job, n, _ = known.segments[0]
    assert matrix_of(study, Filters(segment=job)).n == n
    html = client.get(f"{base}matrix/", {"s:trade": "nurse"}).content.decode()
    assert "Counting 1 participant of 3" in html
    assert "?s%3Atrade=nurse" in html, "a cell opens with the same filters"
    nobody = client.get(f"{base}matrix/", {"s:trade": "baker"}).content.decode()
    assert "Nobody fits" in nobody


def test_the_matrix_is_handed_over_as_it_is_shown(study: Any, client: Any, base: str) -> None:
    from embauche.workbench.services.matrix_view import Filters, matrix_of

    person = study.participants.first()
    answer = client.get(f"{base}matrix.csv", {"participant": person.key})
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    found = matrix_of(study, Filters(participant=person.key))
    assert len(rows) == 1 + len(found.cells)
    assert rows[1][3] == "1"
    first = next(iter(found.cells.values()))
    assert rows[1][4::3] == [str(cell.participants) for cell in first]
    french = client.get(f"{base}matrix.csv?semicolon").content
    assert french.startswith("\ufeff".encode())
    assert b";" in french.splitlines()[0]


def test_saturation_is_computed_in_the_background_and_says_the_sentence(
    study: Any, client: Any, base: str
) -> None:
    from embauche.study.heard import saturation_of
    from embauche.workbench.services.prepared import prepare, prepared
    from embauche.workbench.services.restoring import findings
    from embauche.workbench.services.saturation_view import restored

    assert "being computed" in client.get(f"{base}saturation/").content.decode()
    assert not prepared(study, "saturation", {"ahead": 3}).fresh
    prepare(study.pk, "saturation", {"ahead": 3})
    kept = prepared(study, "saturation", {"ahead": 3})
    assert kept.fresh
    assert kept.data is not None
    found = findings(study)
    assert found.corpus is not None
    assert found.job_map is not None
    made = saturation_of(found.corpus, found.job_map, found.evidence, seed=study.seed)
    assert restored(kept.data)[0] == list(made.found)
    html = client.get(f"{base}saturation/").content.decode()
    assert html.count("data-chart=") == 3
    assert "After 3 interviews" in html
    waiting = client.get(f"{base}saturation/", headers={"HX-Request": "true"})
    assert waiting.headers["HX-Refresh"] == "true"


def test_figures_are_made_anew_after_a_decision_and_the_old_ones_shown_meanwhile(
    study: Any, owner: Any, proposal: Any
) -> None:
    from embauche.workbench.services.prepared import prepare, prepared
    from embauche.workbench.services.review import review_evidence

    prepare(study.pk, "saturation", {"ahead": 2})
    review_evidence(proposal.pk, "rejected", owner, proposal.version)
    study.refresh_from_db()
    kept = prepared(study, "saturation", {"ahead": 2})
    assert kept.data is not None
    assert not kept.fresh
    prepare(study.pk, "saturation", {"ahead": 2})
    assert prepared(study, "saturation", {"ahead": 2}).fresh


def test_agreement_compares_who_is_chosen(study: Any, owner: Any, client: Any, base: str) -> None:
    from embauche.workbench.services.agreement_view import restored
    from embauche.workbench.services.prepared import prepare, prepared
    from embauche.workbench.services.review import review_evidence

    client.get(f"{base}agreement/")
    prepare(study.pk, "agreement", {"coders": []})
    assert "Nobody has coded" in client.get(f"{base}agreement/").content.decode()
    for place, row in enumerate(study.evidence.filter(status="proposed", current=True)):
        review_evidence(row.pk, "rejected" if place % 3 == 0 else "accepted", owner, row.version)
    study.refresh_from_db()
    prepare(study.pk, "agreement", {"coders": []})
    data = prepared(study, "agreement", {"coders": []}).data
    assert data is not None
    figures, notices = restored(data)
    assert figures is not None
    assert figures.coders[0] == "person:local"
    assert figures.coders[1].startswith("machine:"), "one person is compared with the machine"
    assert "agreement.not_blind" in {item.code for item in notices}
    assert data["apart"] > 0
    assert 0 <= data["uncoded"] <= figures.units
    html = client.get(f"{base}agreement/").content.decode()
    assert "sentences coded differently" in html or "sentence coded differently" in html
    item = data["disputes"][0]
    text = study.sources.get(key=item["source"]).text[item["start"] : item["end"]]
    assert text.split()[0] in html
    assert "quote" not in item, "words stay in the sources"


def test_the_chart_of_saturation_holds_its_figures() -> None:
    import numpy as np

    from embauche.identify.saturation import saturation
    from embauche.messages import messages
    from embauche.present.charts_saturation import saturation_chart

    rng = np.random.default_rng(0)
    found = saturation(rng.random((9, 14)) < 0.3, kind="jobs")
    for language in ("fr", "en"):
        words = messages(language)
        drawn = saturation_chart(found, words)
        assert drawn is not None
        assert drawn.title == words.notice(found.said[1])
        assert len(drawn.rows) == 9
        assert drawn.rows[-1][1] == words.number(found.curve.mean[-1], ".1")
        assert "<svg" in drawn.svg()
    assert saturation_chart(saturation(np.zeros((4, 2))), messages("en")) is None


def test_a_preview_tells_what_falls_apart_what_joins_and_what_is_new(study: Any) -> None:
    from embauche.workbench.services.desk import desk
    from embauche.workbench.services.threshold import preview

    found = desk(study, "en")
    assert found is not None
    one, other = found.order[:2]
    goals = [*sorted(found.jobs.members[one]), *sorted(found.jobs.members[other]), "a", "b"]
    n = len(found.jobs.members[one])
    m = len(goals) - n - 2

    def told(labels: list[int]) -> Any:
        cut = {"threshold": 0.7, "jobs": max(labels) + 1, "unassigned": 0, "goals": len(labels)}
        row = {**cut, "stability": 1.0, "labels": labels}
        return preview(found, {"ids": goals, "cuts": [row]}, 0.7)

    same = told([0] * n + [1] * m + [-1, -1])
    assert (same.splits, same.merges, same.gone, same.fresh) == ((), (), (), 0)
    joined = told([0] * (n + m) + [1, 1])
    assert joined.merges == ((found.name(one), found.name(other)),)
    assert joined.fresh == 1
    alone = told([0] * n + [-1] * m + [-1, -1])
    assert alone.gone == (found.name(other),)
    if n >= 4:
        apart = told([0, 0, *([2] * (n - 2))] + [1] * m + [-1, -1])
        assert apart.splits == ((found.name(one), 2),)
