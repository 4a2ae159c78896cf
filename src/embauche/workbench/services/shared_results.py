"""A study's results as strangers may read them: pseudonyms, and no name of a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from embauche.collect.source import Corpus
from embauche.messages import messages
from embauche.notices import Notice
from embauche.present.findings import Findings
from embauche.present.report import render_report
from embauche.vocabulary import Language
from embauche.workbench.models import Study
from embauche.workbench.services.inputs import results_folder
from embauche.workbench.services.restoring import findings


def shared_findings(study: Study, language: Language | str) -> Findings:
    """Return a study's findings without the names of its files, which often name people.

    Sources are numbered; notices on how files were read, and any that names a file, are left out.
    """
    found = findings(study, language)
    corpus = found.corpus
    if corpus is None:
        return found
    words = messages(language)
    files = {source.name for source in corpus.sources}
    sources = tuple(
        replace(source, name=words.text("team.shared.source", number=place), notices=())
        for place, source in enumerate(corpus.sources, start=1)
    )
    return replace(
        found,
        corpus=Corpus(sources, corpus.participants),
        notices=tuple(_without(files, found.notices)),
    )


def shared_report(study: Study, language: Language | str) -> Path:
    """Return the report for strangers as a file, made anew when the study has changed."""
    folder = results_folder(study)
    path = folder / f"shared-{study.stamp}-{language}.html"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("shared-*.html"):
            if not old.name.startswith(f"shared-{study.stamp}-"):
                old.unlink(missing_ok=True)
        draft = path.with_suffix(f".{language}.part")
        draft.write_text(render_report(shared_findings(study, language)), encoding="utf-8")
        draft.replace(path)
    return path


def _without(files: set[str], notices: Iterable[Notice]) -> Iterable[Notice]:
    for notice in notices:
        if not any(name in repr(notice.params) for name in files):
            yield notice
