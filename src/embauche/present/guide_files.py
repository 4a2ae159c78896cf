"""A guide as a file: PDF for paper, Word to go on working on it, Markdown for everything else."""

from __future__ import annotations

import re
from dataclasses import asdict

from embauche.collect.guide import Guide, guide_from_dict, guide_to_dict
from embauche.present.guide_docx import guide_docx
from embauche.present.guide_sheet import GuideSheet, guide_sheet
from embauche.present.printable import printable
from embauche.present.printing import print_pages

FORMATS = ("pdf", "docx", "md")
MEDIA_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "md": "text/markdown; charset=utf-8",
}


def guide_file(guide: Guide, form: str) -> bytes:
    """Return a guide as a file of one of `FORMATS`."""
    sheet = guide_sheet(guide_from_dict(printable(guide_to_dict(guide))))
    if form == "pdf":
        return print_pages("guide", asdict(sheet))[0]
    if form == "docx":
        return guide_docx(sheet)
    if form == "md":
        return guide_markdown(sheet).encode()
    raise ValueError(form)


def guide_markdown(sheet: GuideSheet) -> str:
    """Return a guide as Markdown."""
    words = sheet.words
    lines = [f"# {_plain(sheet.title)} · {_plain(sheet.subtitle)}", ""]
    lines += [f"- {name} : {_plain(value)}" for name, value in sheet.facts]
    for heading, points in sheet.sections:
        lines += ["", f"## {heading}", "", *(f"- {_plain(point)}" for point in points)]
    lines += ["", f"## {words['consent']}", "", words["consent_lead"], ""]
    lines += [
        f"- **{_plain(head)}.** {_plain(text)}" if head else f"- {_plain(text)}"
        for head, text in sheet.consent
    ]
    lines += ["", *(f"- [ ] {words[name]}" for name in _AGREED)]
    lines += ["", f"## {words['say_first']}", "", f"> {_plain(sheet.welcome)}"]
    for part in sheet.parts:
        lines += ["", f"## {part.number}. {_plain(part.title)} ({part.clock})"]
        lines += ["", f"*{_plain(part.intent)}*"] if part.intent else []
        for question in part.questions:
            star = " ★" if question.essential else ""
            lines += ["", f"**{question.number}. {_plain(question.text)}**{star}", ""]
            lines += [f"- {_plain(text)}" for text in question.follow_ups]
            told = " · ".join(text for text in (question.reveals, question.note) if text)
            lines += ["", f"*{_plain(told)}*"] if told else []
    lines += ["", f"## {words['say_last']}", "", f"> {_plain(sheet.thanks)}", ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))


_AGREED = ("agree_take_part", "agree_record", "agree_quote")


def _plain(text: str) -> str:
    """Keep what would be read as Markdown from being so."""
    return re.sub(r"([\\*_`\[\]<>#])", r"\\\1", " ".join(text.split()))
