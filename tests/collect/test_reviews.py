"""Reviews: one source a row (all fictional)."""

import pytest

from embauche.collect import read_reviews
from embauche.errors import ColumnError, ReadError

_CSV = (
    'id,who,avis,score\n1,ann,"Très pratique, je retrouve tout. Merci !",5\n2,bob,,1\n'
    "3,ann,I wish it could export my notes to another app.,3\n4,cy,ok,2\n"
)


def test_rows_become_sources(tmp_path):
    path = tmp_path / "avis.csv"
    path.write_text(_CSV, encoding="utf-8")
    corpus = read_reviews(path, root=tmp_path, participant="who")
    assert [s.name for s in corpus.sources] == ["avis.csv#2", "avis.csv#4", "avis.csv#5"]
    assert [p.id for p in corpus.participants] == ["avis-ann", "avis-cy"]
    assert corpus.sources[0].turns[0].participant == corpus.sources[1].turns[0].participant
    assert [s.language.value for s in corpus.sources[:2]] == ["fr", "en"]
    first = corpus.sources[0]
    assert [first.quote(s.start, s.end) for s in first.sentences] == [
        "Très pratique, je retrouve tout.",
        "Merci !",
    ]
    assert [(n.code, n.params.get("column"), n.params.get("n")) for n in corpus.notices] == [
        ("collect.review_text_column", "avis", None),
        ("collect.reviews_empty", None, 1),
    ]


def test_blocks_of_a_text_file(tmp_path):
    path = tmp_path / "avis.txt"
    path.write_text("J'aime bien.\nVraiment.\n\n\nTrop lent pour moi.\n", encoding="utf-8")
    corpus = read_reviews(path, root=tmp_path)
    assert [(s.name, s.text) for s in corpus.sources] == [
        ("avis.txt#1", "J'aime bien.\nVraiment."),
        ("avis.txt#5", "Trop lent pour moi."),
    ]


def test_wrong_columns_and_empty_files(tmp_path):
    path = tmp_path / "avis.csv"
    path.write_text(_CSV, encoding="utf-8")
    with pytest.raises(ColumnError) as caught:
        read_reviews(path, root=tmp_path, text="aviss")
    assert caught.value.params["nearest"] == "avis"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ReadError) as caught:
        read_reviews(path, root=tmp_path)
    assert caught.value.code == "read.no_text_column"
