"""The guide as a file."""

from dataclasses import asdict
from io import BytesIO
from zipfile import ZipFile

import pytest
from docx import Document
from pypdf import PdfReader

from embauche.collect import GuideBrief, build_guide
from embauche.collect.guide_editing import add_question, edit_text
from embauche.present.guide_files import FORMATS, guide_file, guide_markdown
from embauche.present.guide_sheet import guide_sheet
from embauche.present.printing import print_pages
from embauche.vocabulary import Language

HOSTILE = "#panic() *bold* $x$ <b>&amp; `code` \\ [link](http://example.org) @label"


@pytest.fixture(params=list(Language))
def guide(request: pytest.FixtureRequest):
    return build_guide(GuideBrief("Évernote", request.param, minutes=60))


def _flat(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("form", ["pdf", "docx", "md"])
def test_every_question_is_in_the_file(guide, form: str) -> None:
    guide, _ = add_question(guide, "use", HOSTILE)
    made = guide_file(guide, form)
    if form == "pdf":
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages)
    elif form == "docx":
        document = Document(BytesIO(made))
        text = "".join(paragraph.text for paragraph in document.paragraphs)
    else:
        text = made.decode()
    for question in guide.questions[:-1]:
        if question.text != HOSTILE:
            # Hyphenation and ligatures aside, the words are there.
            assert _flat(question.text)[:12] in _flat(text), question.text
    assert "panic" in text


def test_the_pdf_has_our_typeface_and_says_what_it_is(guide) -> None:
    reader = PdfReader(BytesIO(guide_file(guide, "pdf")))
    assert "Évernote" in (reader.metadata.title or "")
    assert len(reader.pages) <= 8


def test_pages_are_drawn_as_images(guide) -> None:
    pages = print_pages("guide", asdict(guide_sheet(guide)), form="png", ppi=20)
    assert len(pages) >= 5
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_the_same_guide_gives_the_same_document(guide) -> None:
    names = [ZipFile(BytesIO(guide_file(guide, "docx"))).read("word/document.xml") for _ in "ab"]
    assert names[0] == names[1]
    assert guide_file(guide, "md") == guide_file(guide, "md")


def test_markdown_shows_no_markup_of_what_people_wrote(guide) -> None:
    made = guide_markdown(guide_sheet(edit_text(guide, "welcome", "# Not *this*")))
    assert r"> \# Not \*this\*" in made


def test_minutes_run_on_through_the_parts(guide) -> None:
    sheet = guide_sheet(guide)
    assert sheet.parts[0].clock.startswith("0–")
    assert sheet.parts[-1].clock.endswith("–60\u00a0min")
    assert [question.number for part in sheet.parts for question in part.questions] == list(
        range(1, 22)
    )


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("sign", ["\x06", "\x0b", "\x00", "\ufffe", "\ud800"])
def test_a_sign_that_no_document_may_hold_is_left_out_of_it(form, sign):
    made = build_guide(GuideBrief(product=f"Poc{sign}ket", language=Language.EN))
    assert len(guide_file(made, form)) > 1000
