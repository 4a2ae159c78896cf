"""Not one quote in a report or a table that is not, letter for letter, in its source."""

import csv
import re
from html import unescape
from pathlib import Path

import pytest
from fictional_findings import full, interviews_only

from embauche.present.outputs import write_outputs
from embauche.present.report import render_report

_MARK = re.compile(r"<mark\b[^>]*>(.*?)</mark>", re.DOTALL)


def _said(quote: str) -> str:
    """Return a quote as one line: a page may break it, and sets spaces as French has them."""
    plain = unescape(re.sub(r"<[^>]+>", "", quote)).replace("’", "'")
    return re.sub(r"\s+", " ", plain).strip()


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("make", [full, interviews_only])
def test_every_quote_of_the_report_is_in_a_source(make, lang):
    findings = make(lang)
    talk = "\n".join(_said(source.text) for source in findings.corpus.sources)
    quotes = [_said(quote) for quote in _MARK.findall(render_report(findings))]
    assert len(quotes) > 20
    assert [quote for quote in quotes if quote not in talk] == []


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_quote_of_the_tables_is_in_its_own_source(lang: str, tmp_path: Path):
    findings = full(lang)
    write_outputs(findings, tmp_path / "out")
    names = {source.name: source.text for source in findings.corpus.sources}
    ids = {source.id: source.text for source in findings.corpus.sources}
    with (tmp_path / "out" / "evidence.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(findings.evidence)
    for row in rows:
        text = {**names, **ids}[row["source"]]
        assert text[int(row["start"]) : int(row["end"])] == row["quote"]
