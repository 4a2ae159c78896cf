"""REFI-QDA projects with any text, codes and file names come back the same."""

import shutil
import unicodedata
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from refi_contents import foreign, lines_of, study

from embauche.collect import refi
from embauche.collect.decoding import normalise
from embauche.study.config import read_config
from embauche.study.refi_alignment import align
from embauche.study.refi_exchange import export_study, import_study
from embauche.study.refi_names import file_names

_LETTERS = st.sampled_from(
    [
        "a",
        "é",
        "e\u0301",
        "e\u200b\u0301",
        "\u200b",
        " ",
        "\n",
        "😀",
        "한",
        "\u1112\u1161",
        "ß",
        ".",
    ]
)


@given(st.lists(_LETTERS, max_size=40).map("".join))
def test_a_text_is_aligned_with_itself_normalised(text: str) -> None:
    found = align(text)
    assert found.ours == normalise(text)
    places = [found.to_ours(at) for at in range(len(text) + 1)]
    assert places == sorted(places)
    assert (places[0], places[-1]) == (0, len(found.ours))
    for at, character in enumerate(text):
        if character in "a😀ß.":
            assert found.ours[places[at]] == character
    for at in range(len(found.ours) + 1):
        assert found.to_ours(found.to_theirs(at)) <= at
    whole = [at for at in places if unicodedata.combining(found.ours[at : at + 1] or "a") == 0]
    assert all(found.to_ours(found.to_theirs(at)) == at for at in whole if at < len(found.ours))


_SENTENCES = (
    "Je perds 😤 tout.",
    "J’ai peur de ça.",
    "E\u0301te\u0301 comme hiver.",
    "Oui.",
    "«Non»",
)


_CODES = ("frustration", "anxiety", "déclencheur", "thème à part", "Emotions")


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    sentences=st.lists(st.sampled_from(_SENTENCES), min_size=3, max_size=12),
    coded=st.lists(
        st.tuples(st.integers(0, 11), st.sampled_from(_CODES), st.integers(0, 2)),
        max_size=15,
        unique=True,
    ),
    convention=st.sampled_from([refi.STANDARD, refi.NVIVO]),
)
def test_any_project_comes_back_the_same(
    sentences: list[str],
    coded: list[tuple[int, str, int]],
    convention: refi.Convention,
    tmp_path: Path,
) -> None:
    text = "\n".join(f"Léa : {sentence}" for sentence in sentences)
    starts = [sum(len(s) + 7 for s in sentences[:n]) + 6 for n in range(len(sentences))]
    selections = []
    for number, (place, code, user) in enumerate(coded):
        row = place % len(sentences)
        start, end = starts[row], starts[row] + len(sentences[row])
        coding = refi.RefiCoding(f"coding-{number}", f"code-{_CODES.index(code)}", f"user-{user}")
        selections.append(refi.RefiSelection(f"sel-{number}", start, end, codings=(coding,)))
    project = refi.RefiProject(
        "fictif",
        users=tuple(refi.RefiUser(f"user-{n}", name) for n, name in enumerate(["A", "B", "A"])),
        codes=tuple(refi.RefiCode(f"code-{n}", name) for n, name in enumerate(_CODES)),
        sources=(
            refi.RefiSource(
                "text", "s", "Léa", texts=(refi.RefiText("s", text, selections=tuple(selections)),)
            ),
        ),
    )
    place = tmp_path / "x"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    refi.write_project(project, place / "p.qdpx", convention=convention)
    first = import_study(place / "p.qdpx", place / "one").folder
    facets = [code for _, code, _ in coded if code != "thème à part"]
    assert len(lines_of(first)) == len(facets)
    export_study(read_config(first), place / "q.qdpx")
    second = import_study(place / "q.qdpx", place / "two").folder
    assert study(second) == study(first)
    assert foreign(place / "q.qdpx") == foreign(place / "p.qdpx")


def test_file_names_are_right_on_every_system() -> None:
    names = [
        "a/b:c.docx",
        "..",
        "CON",
        "Été",
        "E\u0301te\u0301",
        "x" * 300,
        "[1] #2",
        " . ",
        "a\x00b",
    ]
    made = file_names(names)
    assert made[:5] == ["a-b-c.txt", "source.txt", "source-CON.txt", "Été.txt", "Été (2).txt"]
    assert len({name.casefold() for name in made}) == len(names)
    assert all(len(name) < 100 and not set(name) & set('[]#/:\\\x00"') for name in made)
