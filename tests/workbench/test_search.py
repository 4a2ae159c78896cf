"""Search: accents and capitals folded, word forms, phrases; every hit is the text's own words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st


@given(st.text(max_size=200))
def test_a_folded_text_is_as_long_as_the_text(text: str) -> None:
    from embauche.workbench.services.folding import folded, searchable

    assert len(folded(text)) == len(text)
    half = len(text) // 2
    spans = [{"start": 0, "end": half}, {"start": half, "end": len(text)}]
    assert len(searchable(text, spans)) == len(text)
    assert folded(folded(text)) == folded(text)


def test_folding_keeps_places_and_drops_accents() -> None:
    from embauche.workbench.services.folding import folded, searchable, variants

    assert folded("Élan, L’ŒUVRE 😀 İ") == "elan, l'œuvre 😀 i"
    assert variants("coeur") == ("coeur", "cœur")
    text = "Ana: Oui. Là-bas !"
    made = searchable(text, [{"start": 5, "end": 9}, {"start": 10, "end": 18}])
    assert made.split("\x1f")[-2:] == ["oui.", "la-bas !"]


def test_a_query_is_words_phrases_and_beginnings(workspace: Any) -> None:
    from embauche.workbench.services.search import terms_of

    forms = {"note": ["note", "notes"], "notes": ["note", "notes"]}
    found = terms_of('Notes "In  Front" meet* « à côté » l’été', forms)
    assert [term.ways for term in found] == [
        ("notes", "note"),
        ("in front",),
        ("meet",),
        ("a cote",),
        ("l'ete", "l'etes"),
    ]
    assert [term.begins for term in found] == [False, False, True, False, False]
    assert terms_of('"" * «»', forms) == ()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("note", {"find my notes", "write a note"}),
        ("NOTES client", {"find my notes in front of the client", "my notes when the client asks"}),
        ('"my notes before"', {"find my notes before a meeting"}),
        ("meas*", {"measurement in front of the client"}),
        ("glove", {"I wear gloves"}),
        ("notebook van", {"lost my notebook in the van"}),
        ("ote", set()),
    ],
)
def test_sentences_are_found(study: Any, owner: Any, query: str, words: set[str]) -> None:
    from embauche.workbench.services.search import search

    found = search(study, owner, query)
    said = ["".join(text for text, _ in hit.parts) for hit in found.hits]
    for wanted in words:
        assert any(wanted in sentence for sentence in said), said
    assert bool(said) == bool(words)
    texts = dict(study.sources.values_list("pk", "text"))
    for hit, sentence in zip(found.hits, said, strict=True):
        assert texts[hit.source][hit.start : hit.end] == sentence
        assert any(asked for _, asked in hit.parts)
        assert hit.before in texts[hit.source]


def test_filters_narrow_a_search(study: Any, owner: Any) -> None:
    from embauche.workbench.services.search import search

    everything = search(study, owner, "notes")
    ben = search(study, owner, "notes", participant=study.participants.get(pseudonym="Ben").key)
    assert {hit.participant for hit in ben.hits} == {"Ben"}
    assert 0 < ben.n < everything.n
    coded = search(study, owner, "notes", facet="job.functional")
    none = search(study, owner, "notes", facet="none")
    assert all(any(row.facet == "job.functional" for row in hit.evidence) for hit in coded.hits)
    assert all(not hit.evidence for hit in none.hits)
    asked = search(study, owner, "suit", who="interviewers")
    assert [hit.interviewer for hit in asked.hits] == [True]
    assert search(study, owner, "suit", who="participants").n == 0
    assert search(study, owner, "notes", kind="review").n == 0
    page = search(study, owner, "notes", begin=1, most=1)
    assert page.hits == everything.hits[1:2]
    assert page.n == everything.n


def test_the_page_shows_hits_and_codes_from_them(study: Any, client: Any) -> None:
    address = f"/studies/{study.slug}/search/"
    html = client.get(address, {"q": "gloves"}).content.decode()
    assert '<mark class="found">gloves</mark>' in html
    assert "#here" in html
    source = study.sources.get(name="cleo.md")
    start = source.text.index("On site")
    end = source.text.index("gloves.") + len("gloves.")
    given = {"start": start, "end": end, "quote": source.text[start:end], "facet": "habit"}
    answer = client.post(
        f"/studies/{study.slug}/sources/{source.pk}/code/",
        given | {"by": "keyboard", "view": "hit"},
        headers={"hx-request": "true"},
    ).content.decode()
    assert "habit" in answer.lower()
    assert study.evidence.filter(facet="habit", start=start, status="accepted").exists()
    opened = client.get(f"/studies/{study.slug}/sources/{source.pk}/", {"at": start})
    assert opened.content.decode().count("data-here") == 1
    assert "<script>" not in client.get(address, {"q": "<script>"}).content.decode()
