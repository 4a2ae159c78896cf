"""What the page and the report say of the backlog."""

from typing import Any

import pytest

from embauche.activate.steps import BacklogRow, MessageMaterial
from embauche.messages import messages
from embauche.notices import Notice
from embauche.present.pages import environment
from embauche.vocabulary import Language


def row(rank: int, *notices: Notice) -> BacklogRow:
    return BacklogRow(
        rank, "interviews", f"Need {rank}", None, None, None, None, None, 2, None, None, (), notices
    )


def test_what_is_weak_of_every_row_of_the_backlog_is_said_once() -> None:
    few = Notice("qualitative.few_participants", {"n": 5, "least": 12, "changes_share": 0.4})
    thin = Notice("qualitative.unreviewed", {"unreviewed_share": 1.0, "n": 8, "of": 8})
    made: Any = environment(messages(Language.EN)).get_template("pieces/steps.html").module
    said = str(made.backlog([row(1, few, thin), row(2, few)], None, {}))
    words = messages(Language.EN)
    assert said.count(words.notice(few)) == 1
    assert said.count(words.notice(thin)) == 1
    own = said.partition("Need 1")[2].partition("Need 2")[0]
    assert words.notice(thin) in own
    assert words.notice(few) not in own


def test_a_side_without_quotes_is_said_empty_once() -> None:
    thin = Notice("activate.thin_gains", {"n": 0, "least": 3})
    item = MessageMaterial("job", (), (), 0, 0, (thin,))
    words = messages(Language.EN)
    made: Any = environment(words).get_template("pieces/steps.html").module
    said = str(made.material(item, "Find a note", {}))
    assert words.text("report.steps.no_gains") in said
    assert words.notice(thin) not in said
    assert words.text("report.people", n=0) not in said


@pytest.mark.parametrize(
    ("lang", "job", "said"),
    [
        (Language.EN, "«\u00a0Et puis soit\u00a0»", "“Et puis soit”"),
        (Language.FR, "“And then”", "«\u00a0And then\u00a0»"),
    ],
)
def test_words_of_the_other_language_are_quoted_once(lang: Language, job: str, said: str) -> None:
    line = messages(lang).text("report.answer.priority", job=job, n=2, of=6)
    assert line.startswith(f"{said} ")
