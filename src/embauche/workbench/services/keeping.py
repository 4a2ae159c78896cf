"""What an analysis brings beside the figures: codings and memos of the folder, texts to search."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from simplemma import lemmatize

from embauche.collect.source import Corpus
from embauche.study.decisions import Decisions
from embauche.study.several_coders import coder_of
from embauche.vocabulary import EvidenceStatus
from embauche.workbench.models import Coder, Coding, Evidence, Job, SearchText, Source, Study
from embauche.workbench.services.folding import folded, searchable
from embauche.workbench.services.inputs import decisions_in, study_folder

FORMS: Final = "word_forms"
"""Name of the result that holds the word forms of a study's talk: form → its other forms."""

_WORD: Final = re.compile(r"[^\W\d_]{3,}")


def keep_codings(study: Study) -> None:
    """Take over what coders said in the study's folder, so that pages show it beside ours."""
    Coding.objects.filter(study=study, here=False).delete()
    rows = dict(Evidence.objects.filter(study=study).values_list("key", "pk"))
    facets = dict(Evidence.objects.filter(study=study).values_list("key", "facet"))
    coders: dict[str, Coder] = {}
    made = []
    for line in decisions_in(study_folder(study)).lines:
        key, status = str(line["id"]), _status(line)
        if line["kind"] != "evidence" or key not in rows or status is None:
            continue
        name = coder_of(line)
        if name not in coders:
            coders[name] = Coder.objects.get_or_create(study=study, name=name)[0]
        rated = ("moment", "intensity", "dissatisfaction", "frequency")
        made.append(
            Coding(
                study=study,
                evidence_id=rows[key],
                coder=coders[name],
                status=status,
                facet=str(line.get("facet", facets[key])),
                rated={field: line[field] for field in rated if field in line},
                adjudicated=bool(line.get("adjudicated")),
                blind=bool(line.get("blind")),
                here=False,
                at=_at(line),
            )
        )
    Coding.objects.bulk_create(made, batch_size=500)


def keep_memos(study: Study, decided: Decisions) -> None:
    """Write the memos that stand into the rows that they are about."""
    models: tuple[tuple[str, Any], ...] = (("evidence", Evidence), ("source", Source), ("job", Job))
    for kind, model in models:
        texts = decided.memos_of(kind)
        emptied = {str(line["id"]) for line in decided.memos if line["of"] == kind} - texts.keys()
        rows = model.objects.filter(study=study, key__in=[*texts, *emptied])
        for row in rows.only("pk", "key", "memo"):
            if row.memo != texts.get(row.key, ""):
                model.objects.filter(pk=row.pk).update(memo=texts.get(row.key, ""))


def texts_to_search(corpus: Corpus | None) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Fold the texts of a study for searching, and collect the forms of their words.

    Returns
    -------
    texts, forms
        Source id → its folded text; folded form → all folded forms of the same word that occur,
        for words that occur in several.
    """
    texts: dict[str, str] = {}
    said: dict[str, set[str]] = {}
    for source in corpus.sources if corpus is not None else ():
        spans = [{"start": item.start, "end": item.end} for item in source.sentences]
        texts[source.id] = searchable(source.text, spans)
        words = said.setdefault(source.language.value, set())
        words.update(word.lower() for word in _WORD.findall(source.text))
    forms: dict[str, set[str]] = {}
    for language, words in said.items():
        for form, same in _families(language, words):
            forms.setdefault(form, set()).update(same)
    return texts, {form: sorted(same) for form, same in forms.items()}


def keep_texts(study: Study, texts: Mapping[str, str]) -> None:
    """Write the folded texts of the study's sources."""
    SearchText.objects.filter(source__study=study).delete()
    rows = dict(Source.objects.filter(study=study, current=True).values_list("key", "pk"))
    SearchText.objects.bulk_create(
        [SearchText(source_id=rows[key], text=text) for key, text in texts.items() if key in rows],
        batch_size=20,
    )


def _families(language: str, words: set[str]) -> list[tuple[str, list[str]]]:
    families: dict[str, set[str]] = {}
    for word in words:
        families.setdefault(str(lemmatize(word, language)).lower(), set()).add(folded(word))
    return [
        (form, sorted(forms)) for forms in families.values() if len(forms) > 1 for form in forms
    ]


def _status(line: Mapping[str, Any]) -> str | None:
    told = line.get("status", "accepted" if "quote" in line or "facet" in line else None)
    return None if told in {None, EvidenceStatus.PROPOSED.value} else str(told)


def _at(line: Mapping[str, Any]) -> datetime | None:
    try:
        found = parse_datetime(str(line.get("at") or ""))
    except ValueError:
        return None
    if found is None or found.tzinfo:
        return found
    return timezone.make_aware(found)
