"""The typing tool in words: its sentence, its segments' names, and what its JSON file holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from embauche.collect.survey import Survey
from embauche.messages import Messages
from embauche.present.findings import Findings, StudyCard
from embauche.present.names import Names
from embauche.segment.segmentation import Segmentation
from embauche.segment.typing_tool import TypingTool
from embauche.vocabulary import Language


def typing_summary(tool: TypingTool, words: Messages) -> str:
    """Say what the tool does on people it has not seen; of those it is sure of only if any are."""
    said = words.text(
        "typing.summary",
        n=len(tool.questions),
        agreement=tool.agreement,
        low=tool.low,
        high=tool.high,
        respondents=tool.n,
        unsure_share=tool.unsure_share,
        threshold=tool.unsure,
    )
    if tool.sure_agreement is None:
        return said
    return f"{said} {words.text('typing.summary_sure', sure=tool.sure_agreement)}"


def segment_names(found: Segmentation, survey: Survey, language: Language) -> dict[str, str]:
    """Name segments as the report does: segment id → name."""
    card = StudyCard(title="", product="", language=language)
    names = Names(Findings(card=card, survey=survey, segmentation=found))
    return {one.id: names.segment_name(one.id) for one in found.segments}


def typing_data(tool: TypingTool, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what the JSON file of a tool holds: the tool, and its segments' names."""
    return {**tool.to_dict(), "segment_names": dict(names)}
