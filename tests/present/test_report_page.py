"""The report: complete, self-contained, escaped, in both languages, for every kind of study."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from fictional_findings import full, interviews_only, survey_only, unlinked

from embauche.messages import messages
from embauche.present.answer import cover_answer
from embauche.present.findings import Findings
from embauche.present.names import Names
from embauche.present.report import render_report
from embauche.vocabulary import EvidenceStatus, Facet, Solidity

HOSTILE = '<script>alert("1")</script><img src=x onerror=alert(1)> & « ok » j\'ai : non ?'


class _Words(HTMLParser):
    """Collects tags, and the visible text outside of styles."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.tags, self.text, self.quiet, self.ids, self.links = [], [], False, set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.quiet = tag == "style"
        found = dict(attrs)
        if found.get("id"):
            self.ids.add(found["id"])
        if tag == "a":
            self.links.add(found.get("href", ""))

    def handle_endtag(self, tag):
        self.quiet = False if tag == "style" else self.quiet

    def handle_data(self, data):
        if not self.quiet:
            self.text.append(data)


def parsed(page):
    words = _Words()
    words.feed(page)
    return words


@pytest.fixture(scope="module")
def french():
    return render_report(full("fr"))


@pytest.fixture(scope="module")
def english():
    return render_report(full("en"))


def test_makes_no_request_and_runs_no_script(french):
    page = parsed(french)
    assert not [tag for tag, _ in page.tags if tag in {"script", "link", "iframe", "img", "object"}]
    assert not re.search(r"url\((?!data:font/woff2;base64,|#)", french)
    assert not re.search(r'(?:src|href)="(?!#)', french)
    assert "default-src 'none'" in french
    assert not [name for _, found in page.tags for name in found if name.startswith("on")]


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_sentence_is_in_the_catalogue(language, french, english):
    text = " ".join(parsed(french if language == "fr" else english).text)
    assert not re.findall(r"\breport\.[a-z_.]+", text)
    other = messages("en" if language == "fr" else "fr")
    assert other.text("report.method.title") not in text


@pytest.mark.parametrize("make", [full, interviews_only, survey_only, unlinked])
def test_contents_lead_to_sections_that_are_there(make):
    page = parsed(render_report(make("fr")))
    assert {link[1:] for link in page.links} <= page.ids


def test_hostile_words_are_shown_letter_for_letter_and_never_run():
    findings = full("fr")
    first = findings.job_map.jobs[0].evidence(Facet.JOB_FUNCTIONAL)[0]
    evidence = tuple(
        replace(item, quote=HOSTILE) if item.id == first else item for item in findings.evidence
    )
    page = render_report(
        replace(findings, evidence=evidence, card=replace(findings.card, title=HOSTILE))
    )
    assert "<script" not in page
    assert "<img" not in page
    shown = re.findall(r"<mark[^>]*>(.*?)</mark>", page, re.DOTALL)
    assert HOSTILE in {unescape(words) for words in shown}


def test_a_hostile_need_does_not_break_out_of_a_chart():
    findings = full("fr")
    bad = '"><script>alert(1)</script>'
    worst = tuple(replace(item, outcome=bad) for item in findings.opportunities[:1])
    page = render_report(replace(findings, opportunities=worst))
    assert "<script" not in page


def test_french_figures_carry_comma_interval_and_n(french):
    text = "".join(parsed(french).text)
    assert "14,2 (12,9–15,5) · n\u00a0=\u00a0412" in text
    assert "64\u202f% (39\u202f%–84\u202f%) · n\u00a0=\u00a014" in text


def test_proposals_are_marked_and_said(french):
    assert re.search(r'<mark class="mk [^"]* is-proposed">', french)
    assert "que personne n’a relues" in french
    findings = full("fr")
    accepted = tuple(replace(item, status=EvidenceStatus.ACCEPTED) for item in findings.evidence)
    page = render_report(replace(findings, evidence=accepted))
    assert not re.search(r'<mark class="mk [^"]* is-proposed">', page)
    assert "que personne n’a relues" not in page


def test_rejected_words_are_nowhere():
    findings = full("fr")
    gone = findings.evidence[0]
    evidence = (replace(gone, status=EvidenceStatus.REJECTED), *findings.evidence[1:])
    assert gone.quote.replace("'", "&#39;") in render_report(findings)
    assert gone.quote.replace("'", "&#39;") not in render_report(
        replace(findings, evidence=evidence)
    )


def test_unlinked_studies_say_so_aloud():
    page = render_report(unlinked("fr"))
    assert "Deux récits, qui ne sont pas reliés" in page
    assert "deux récits côte à côte" in page
    assert "Deux récits" not in render_report(full("fr"))


def test_interviews_alone_speak_of_these_people_and_not_of_segments():
    page = render_report(interviews_only("fr"))
    assert "ces 14 personnes" in page
    assert 'id="opportunities"' not in page
    assert 'class="segment"' not in page


def test_no_stable_segments_is_said_on_the_cover():
    findings = full("fr")
    weak = replace(
        findings.segmentation, verdict=Solidity.NO_STABLE_SEGMENTS, k=1, segments=(), criteria=()
    )
    page = render_report(replace(findings, segmentation=weak))
    cover = page[: page.index("</header>")]
    assert "ne contient pas de segments stables" in cover
    assert "Ne construisez rien sur des segments" in cover


def test_an_empty_study_still_gives_a_page():
    page = render_report(Findings(card=full("en").card))
    assert "not enough to answer yet" in page


def test_the_same_findings_give_the_same_page(french):
    assert render_report(full("fr")) == french


def test_many_quotes_are_capped_and_the_page_says_so():
    findings = full("fr")
    job = findings.job_map.jobs[0]
    model = next(item for item in findings.evidence if item.facet is Facet.FRUSTRATION)
    many = tuple(replace(model, id=f"m{n}", participant=f"p{n % 14}") for n in range(4000))
    held = job.cells[Facet.FRUSTRATION][0]
    cells = {
        **job.cells,
        Facet.FRUSTRATION: tuple(replace(held, evidence=f"m{n}") for n in range(4000)),
    }
    job_map = replace(
        findings.job_map, jobs=(replace(job, cells=cells), *findings.job_map.jobs[1:])
    )
    page = render_report(
        replace(findings, evidence=findings.evidence + many, job_map=job_map, matrix=None)
    )
    assert len(page) < 1_500_000
    assert "sur 4 000 : tout est dans evidence.csv" in unescape(page).replace(
        "\u202f", " "
    ).replace("\u00a0", " ")


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_doubt_says_which_need_it_is_about(lang):
    findings = full(lang)
    best = min(findings.opportunities, key=lambda item: item.rank)
    worse = replace(best, low=0.0, rank_high=best.rank + 3)
    doubtful = replace(
        findings,
        opportunities=tuple(worse if item == best else item for item in findings.opportunities),
    )
    doubts = cover_answer(Names(doubtful)).doubts
    about = [doubt for doubt in doubts if best.outcome in doubt]
    assert len(about) == 2, "its rank and its interval"


def test_sources_are_named_without_the_folder_that_all_lie_in(french):
    text = "".join(parsed(french).text)
    assert "interviews/" not in text
    assert full("fr").corpus.sources[0].name.removeprefix("interviews/") in text


@pytest.mark.parametrize(("lang", "several"), [("fr", "2 participants"), ("en", "2 participants")])
def test_the_answer_counts_its_participants(lang, several):
    findings = full(lang)
    first = min(findings.qualitative, key=lambda item: item.rank or 99)
    alone = replace(
        findings, opportunities=(), qualitative=(replace(first, rank=1, participants=2),)
    )
    assert several in cover_answer(Names(alone)).headline
