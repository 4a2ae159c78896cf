"""A guide as a Word document, with real headings and lists, to be edited further."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from embauche.present.chart_theme import LIGHT
from embauche.present.guide_sheet import GuideSheet, SheetPart, SheetQuestion
from embauche.present.printing import READ, UI

_WIDTH = Cm(16.6)


def guide_docx(sheet: GuideSheet) -> bytes:
    """Return a guide as a .docx file."""
    document = Document()
    _page(document, sheet)
    _styles(document)
    document.add_heading(sheet.title, 0)
    document.add_paragraph(sheet.subtitle, "Subtitle")
    for name, value in sheet.facts:
        line = document.add_paragraph(style="Facts")
        line.add_run(f"{name}\t")
        _coloured(line.add_run(value), LIGHT.ink)
    _plan(document, sheet)
    for heading, points in sheet.sections:
        document.add_heading(heading, 2)
        for point in points:
            document.add_paragraph(point, "List Bullet")
    _consent(document, sheet)
    document.add_heading(sheet.words["say_first"], 2).paragraph_format.page_break_before = True
    document.add_paragraph(sheet.welcome, "Quote")
    for part in sheet.parts:
        _part(document, part)
    document.add_heading(sheet.words["say_last"], 2)
    document.add_paragraph(sheet.thanks, "Quote")
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _page(document: Any, sheet: GuideSheet) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2), Cm(2)
    properties = document.core_properties
    properties.title = f"{sheet.title} · {sheet.subtitle}"
    properties.author = properties.comments = ""
    properties.language = sheet.language
    foot = section.footer.paragraphs[0]
    foot.style = document.styles["Footer"]
    foot.add_run(f"{sheet.title} · {sheet.subtitle}\t\t")
    _page_number(foot)


def _page_number(paragraph: Any) -> None:
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        else:
            element = OxmlElement("w:instrText")
            element.text = text
        run._r.append(element)  # noqa: SLF001 - python-docx has no fields of its own


def _styles(document: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    styles = document.styles
    for name, font, size, colour, bold, before, after in (
        ("Normal", UI, 11, LIGHT.ink, False, 0, 4),
        ("Title", READ, 26, LIGHT.ink, True, 0, 0),
        ("Subtitle", READ, 15, LIGHT.hire, False, 0, 10),
        ("Heading 1", READ, 16, LIGHT.ink, True, 20, 2),
        ("Heading 2", UI, 12, LIGHT.hire, True, 14, 3),
        ("Quote", READ, 11.5, LIGHT.ink, False, 4, 8),
        ("List Bullet", UI, 11, LIGHT.ink, False, 0, 3),
        ("Footer", UI, 8.5, LIGHT.ink_soft, False, 0, 0),
        ("Facts", UI, 10.5, LIGHT.ink_soft, False, 0, 2),
        ("Intent", UI, 10.5, LIGHT.ink_soft, False, 0, 8),
        ("Asked", READ, 12.5, LIGHT.ink, True, 10, 2),
        ("Follow-up", UI, 11, LIGHT.ink, False, 0, 2),
        ("Reveals", UI, 9.5, LIGHT.ink_soft, False, 1, 4),
    ):
        if name not in [item.name for item in styles]:
            styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
        _style(styles[name], font, size, colour, bold=bold, before=before, after=after)
    styles["Facts"].paragraph_format.tab_stops.add_tab_stop(Cm(3.2))
    styles["Asked"].paragraph_format.tab_stops.add_tab_stop(Cm(0.9))
    styles["Asked"].paragraph_format.left_indent = Cm(0.9)
    styles["Asked"].paragraph_format.first_line_indent = Cm(-0.9)
    styles["Asked"].paragraph_format.keep_with_next = True
    styles["Heading 1"].paragraph_format.keep_with_next = True
    styles["Heading 1"].paragraph_format.tab_stops.add_tab_stop(_WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    for name in ("Intent", "Reveals"):
        styles[name].paragraph_format.left_indent = Cm(0.9)
    styles["Intent"].paragraph_format.keep_with_next = True
    follow = styles["Follow-up"].paragraph_format
    follow.left_indent, follow.first_line_indent = Cm(1.5), Cm(-0.6)
    follow.tab_stops.add_tab_stop(Cm(1.5))


def _style(
    style: Any, font: str, size: float, colour: str, *, bold: bool, before: float, after: float
) -> None:
    style.font.name, style.font.size = font, Pt(size)
    style.font.bold, style.font.italic = bold, False
    style.font.color.rgb = _rgb(colour)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        if name.endswith("Theme"):  # the template's headings follow its theme otherwise
            del fonts.attrib[name]
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), font)
    shape = style.paragraph_format
    shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), 1.25
    for rule in style.element.findall(f".//{qn('w:pBdr')}"):
        rule.getparent().remove(rule)


def _plan(document: Any, sheet: GuideSheet) -> None:
    """Lay the interview out as a table: when, what, what for."""
    document.add_heading(sheet.words["plan"], 2)
    table = document.add_table(rows=0, cols=3)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    for part in sheet.parts:
        cells = table.add_row().cells
        for cell, text, width, colour in zip(
            cells,
            (part.clock, part.title, part.intent),
            (Cm(2.6), Cm(4.6), Cm(9.4)),
            (LIGHT.ink_soft, LIGHT.ink, LIGHT.ink_soft),
            strict=True,
        ):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(3)
            run = paragraph.add_run(text)
            run.font.size = Pt(10.5)
            run.font.bold = colour == LIGHT.ink
            _coloured(run, colour)
        _ruled(cells)


def _ruled(cells: Any) -> None:
    """Draw a hairline under a row of cells."""
    for cell in cells:
        borders = OxmlElement("w:tcBorders")
        line = OxmlElement("w:bottom")
        for name, value in (("val", "single"), ("sz", "4"), ("color", LIGHT.rule[1:])):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
        cell._tc.get_or_add_tcPr().append(borders)  # noqa: SLF001 - no borders in python-docx


def _consent(document: Any, sheet: GuideSheet) -> None:
    words = sheet.words
    heading = document.add_heading(words["consent"], 1)
    heading.paragraph_format.page_break_before = True
    document.add_paragraph(words["consent_lead"], "Facts")
    for head, text in sheet.consent:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(7)
        if head:
            paragraph.add_run(f"{head}. ").bold = True
        paragraph.add_run(text)
    for name in ("agree_take_part", "agree_record", "agree_quote"):
        paragraph = document.add_paragraph(f"☐\t{words[name]}")
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(0.9))
        paragraph.paragraph_format.space_before = Pt(4)
    table = document.add_table(rows=1, cols=3)
    for cell, name in zip(table.rows[0].cells, ("name", "date", "signature"), strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = Pt(22)
        paragraph.paragraph_format.space_after = Pt(26)
        _coloured(paragraph.add_run(words[name]), LIGHT.ink_soft)
    _ruled(table.rows[0].cells)


def _part(document: Any, part: SheetPart) -> None:
    heading = document.add_heading(f"{part.number} · {part.title}\t", 1)
    clock = heading.add_run(part.clock)
    clock.font.name, clock.font.size, clock.font.bold = UI, Pt(10.5), False
    _coloured(clock, LIGHT.ink_soft)
    if part.intent:
        document.add_paragraph(part.intent, "Intent").paragraph_format.left_indent = Cm(0)
    for question in part.questions:
        _question(document, question)


def _question(document: Any, question: SheetQuestion) -> None:
    asked = document.add_paragraph(f"{question.number}\t{question.text}", "Asked")
    if question.essential:
        _coloured(asked.add_run(" ★"), LIGHT.ember)
    told = [text for text in (question.reveals, question.note) if text]
    if told:
        line = document.add_paragraph(" · ".join(told), "Reveals")
        line.paragraph_format.keep_with_next = bool(question.follow_ups)
    for text in question.follow_ups:
        document.add_paragraph(f"→\t{text}", "Follow-up")


def _coloured(run: Any, colour: str) -> None:
    run.font.color.rgb = _rgb(colour)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:].upper())
