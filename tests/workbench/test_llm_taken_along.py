"""What a language model answered goes along into the workbench and out again."""

from pathlib import Path
from typing import Any

from embauche.identify.llm_answer import Answer, Code
from embauche.identify.llm_batch import Outcome
from embauche.identify.llm_evidence import asks_of
from embauche.identify.llm_ladder import Rung
from embauche.identify.llm_usage import Usage
from embauche.study.config import read_config
from embauche.study.identifying import corpus_of_study
from embauche.study.llm_coding import FILE_NAME, Journal
from embauche.vocabulary import Facet

_CODER = "machine:llm:stub@localhost:1"
_TALK = """Interviewer: What do you use it for?

Ben: I use it to find my notes again before a meeting. It has to take me under a minute.
The pigeons on the roof are grey today.
"""


def test_a_models_proposals_are_stored_under_its_name_and_exported(
    workspace: Any, tmp_path: Path
) -> None:
    from django.db import transaction

    from embauche.workbench.services.exporting import export_folder
    from embauche.workbench.services.opening import open_folder

    folder = tmp_path / "pigeons"
    folder.mkdir()
    (folder / "ben.md").write_text(_TALK, encoding="utf-8")
    asks = asks_of(corpus_of_study(read_config(folder)))
    pigeons = [
        (Code(0, len(ask.unit.quote), Facet.HABIT, 0.7),) if "pigeons" in ask.unit.quote else ()
        for ask in asks
    ]
    Journal(folder, _CODER)(Outcome(asks, Answer(tuple(pigeons), {}), Rung.TEXT, Usage(1, 1, 1)))
    with transaction.atomic():
        study = open_folder(folder)
        row = study.evidence.get(coder__name=_CODER)
        assert (row.quote, row.facet) == ("The pigeons on the roof are grey today.", "habit")
        assert (row.status, row.reason) == ("proposed", "model")
        target = export_folder(study.pk, tmp_path / "exported")
        assert (target / FILE_NAME).read_bytes() == (folder / FILE_NAME).read_bytes()
        transaction.set_rollback(True)
