"""Studies travel to other programs and back without loss."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from refi_contents import foreign, lines_of, study

from embauche.collect import read_interviews, refi
from embauche.errors import EvidenceError, FolderError, ReadError
from embauche.identify.evidence import Evidence
from embauche.jobs.job import Attachment, Job
from embauche.study.config import read_config
from embauche.study.decisions import decide_evidence, decisions_of, read_decisions
from embauche.study.refi_exchange import export_study, forget_source, import_study, read_ground
from embauche.study.refi_export import Held, study_project
from embauche.vocabulary import EvidenceStatus, Facet, JobType, Language
from fictional_refi import CODED, PROGRAMS, TAGUETTE, bare_project, write_project, write_zip

_FACETS = {
    "déclencheur": "trigger",
    "job fonctionnel": "job.functional",
    "job émotionnel social": "job.social",
    "frustration": "frustration",
    "inquiétude": "anxiety",
    "alternative": "alternative",
    "habitude": "habit",
}


@pytest.fixture
def imported(tmp_path: Path) -> Path:
    """Return a study folder made of a fictional project of NVivo."""
    path = write_project(tmp_path / "p.qdpx", PROGRAMS["nvivo-windows"])
    return import_study(path, tmp_path / "étude").folder


@pytest.mark.parametrize("name", sorted(PROGRAMS))
def test_codings_of_facets_become_decisions(name: str, tmp_path: Path) -> None:
    path = write_project(tmp_path / "p.qdpx", PROGRAMS[name])
    found = import_study(path, tmp_path / "study")
    lines = lines_of(found.folder)
    expected = [
        (source.casefold(), _FACETS[code], words)
        for source, coded in CODED.items()
        for code, words in coded
        if code in _FACETS
    ]
    assert [(one["source"], one["facet"], one["quote"]) for one in lines] == expected
    assert {one["coder"] for one in lines} == {"person:Camille", "person:Sacha"}
    assert (found.evidence, found.kept) == (len(expected), 2)
    config = read_config(found.folder)
    corpus = read_interviews(sorted(found.folder.glob("interviews/*.txt")), root=found.folder)
    evidence, notices = decide_evidence((), corpus, read_decisions(found.folder))
    assert config.study.title == "Projet fictif"
    assert len(evidence) == len(expected)
    assert not notices


@pytest.mark.parametrize("name", ["nvivo-windows", "maxqda", "qualcoder", "transana"])
def test_import_export_import_gives_the_same_study(name: str, tmp_path: Path) -> None:
    path = write_project(tmp_path / "p.qdpx", PROGRAMS[name])
    first = import_study(path, tmp_path / "one").folder
    export_study(read_config(first), tmp_path / "q.qdpx")
    second = import_study(tmp_path / "q.qdpx", tmp_path / "two").folder
    assert study(second) == study(first)
    assert foreign(tmp_path / "q.qdpx") == foreign(path)
    export_study(read_config(second), tmp_path / "r.qdpx", positions="nvivo")
    third = import_study(tmp_path / "r.qdpx", tmp_path / "three").folder
    assert study(third) == study(first)
    assert foreign(tmp_path / "r.qdpx") == foreign(path)


def test_decisions_taken_since_leave_with_the_export(imported: Path, tmp_path: Path) -> None:
    lines = lines_of(imported)
    rejected, recoded, removed = lines[0], lines[2], lines[3]
    changed = [
        {**rejected, "status": "rejected"},
        lines[1],
        {**recoded, "facet": "emotion", "intensity": 4},
        *lines[4:],
        {
            "kind": "evidence",
            "id": "mine",
            "source": "tom",
            "start": (at := (imported / "interviews/Tom.txt").read_text("utf-8").index("shoe")),
            "end": at + 8,
            "quote": "shoe box",
            "facet": "context",
            "status": "accepted",
            "coder": "person:Inès",
            "at": "2026-01-02T03:04:05+00:00",
        },
        {"kind": "reviewed", "source": "tom", "coder": "person:Inès"},
        {
            "kind": "operation",
            "op": "move",
            "id": "O-1",
            "moved": "mine",
            "job": None,
            "beside": [],
            "coder": "person:Inès",
            "at": "2026-01-02T03:04:05+00:00",
        },
    ]
    (imported / "coding.jsonl").write_text(
        "".join(json.dumps(line) + "\n" for line in changed), encoding="utf-8"
    )
    export_study(read_config(imported), tmp_path / "q.qdpx")
    project = refi.read_project(tmp_path / "q.qdpx")
    codes = {code.guid: code.name for code in project.walk_codes()}
    users = {user.guid: user.name for user in project.users}
    said = {
        (text.words(s), codes[c.code], users.get(c.user or ""))
        for source in project.sources
        for text in source.texts
        for s in text.selections
        for c in s.codings
    }
    assert ("shoe box", "contexte, obstacle, contrainte", "Inès") in said
    assert (recoded["quote"], "émotion", "Sacha") in said
    assert not {rejected["quote"], removed["quote"]} & {words for words, _, _ in said}
    assert ("carnet", "À relire", "Camille") in said
    again = import_study(tmp_path / "q.qdpx", tmp_path / "again").folder
    assert {json.dumps(one, sort_keys=True) for one in lines_of(again)} == {
        json.dumps(one, sort_keys=True) for one in changed
    }


def test_a_coding_taken_away_in_the_other_program_is_gone(imported: Path, tmp_path: Path) -> None:
    export_study(read_config(imported), tmp_path / "q.qdpx")
    project = refi.read_project(tmp_path / "q.qdpx")
    source = project.sources[0]
    text = source.texts[0]
    shorter = replace(source, texts=(replace(text, selections=text.selections[1:]),))
    edited = replace(project, sources=(shorter, *project.sources[1:]))
    refi.write_project(edited, tmp_path / "r.qdpx")
    again = import_study(tmp_path / "r.qdpx", tmp_path / "again").folder
    assert len(lines_of(again)) == len(lines_of(imported)) - 1


def _native(tmp_path: Path) -> Held:
    (tmp_path / "lea.txt").write_text(
        "Enquêteur : Pourquoi ?\n\nLéa : Je veux retrouver mes notes vite. Ça m'agace de chercher."
        "\n\nEnquêteur : Et puis ?\n\nLéa : Je veux retrouver mes notes devant le client.",
        encoding="utf-8",
    )
    corpus = read_interviews([tmp_path / "lea.txt"], root=tmp_path)
    source = corpus.sources[0]

    def piece(key: str, words: str, facet: Facet, status: EvidenceStatus) -> Evidence:
        at = source.text.index(words)
        return Evidence(
            key, "lea", "lea", at, at + len(words), words, facet, Language.FR, "machine:1", status
        )

    evidence = (
        piece(
            "e1", "Je veux retrouver mes notes vite.", Facet.JOB_FUNCTIONAL, EvidenceStatus.ACCEPTED
        ),
        piece(
            "e2",
            "Je veux retrouver mes notes devant le client.",
            Facet.JOB_FUNCTIONAL,
            EvidenceStatus.PROPOSED,
        ),
        piece("e3", "Ça m'agace de chercher.", Facet.FRUSTRATION, EvidenceStatus.REJECTED),
    )
    decisions = decisions_of(
        [
            {"kind": "evidence", "id": "e1", "status": "accepted", "coder": "person:Ana"},
            {"kind": "evidence", "id": "e1", "status": "accepted", "coder": "person:Bo"},
            {"kind": "evidence", "id": "e3", "status": "rejected", "coder": "person:Ana"},
            {
                "kind": "job",
                "id": "job-1",
                "statement": {"fr": "Retrouver ses notes vite"},
                "coder": "person:Ana",
                "evidence": ["e1", "e2"],
            },
        ]
    )
    cells = {Facet.JOB_FUNCTIONAL: (Attachment("e1", 1.0), Attachment("e2", 0.9))}
    job = Job(
        "job-1",
        JobType.FUNCTIONAL,
        {Language.FR: "Retrouver ses notes vite", Language.EN: "Find one's notes fast"},
        cells,
        ("lea",),
        "e1",
    )
    return Held(corpus, evidence, decisions, (job,), frozenset({"lea.txt"}), "Étude fictive")


def test_a_study_of_ours_is_a_project_with_jobs_below_their_type(tmp_path: Path) -> None:
    project = study_project(_native(tmp_path))
    types = next(code for code in project.codes if code.name == "job")
    assert not types.codable
    assert [code.name for code in types.codes[0].codes] == ["Retrouver ses notes vite"]
    assert len({code.color for code in project.walk_codes() if code.color}) == len(Facet)
    assert project.sets[0].codes == (types.codes[0].codes[0].guid,)
    users = {user.guid: user.name for user in project.users}
    by = [
        (users.get(selection.user or ""), selection.name, len(selection.codings))
        for selection in project.sources[0].texts[0].selections
    ]
    assert sorted(by) == [
        ("Ana", "Je veux retrouver mes notes vite.", 2),
        ("Bo", "Je veux retrouver mes notes vite.", 2),
        ("machine:1", "Je veux retrouver mes notes devant le client.", 2),
    ]
    refi.write_project(project, tmp_path / "p.qdpx")
    back = import_study(tmp_path / "p.qdpx", tmp_path / "back").folder
    lines = lines_of(back)
    kept = [(one["id"], one["kind"], one.get("status"), one["coder"]) for one in lines]
    assert sorted(kept, key=str) == sorted(
        [
            ("e1", "evidence", "accepted", "person:Ana"),
            ("e1", "evidence", "accepted", "person:Bo"),
            ("e3", "evidence", "rejected", "person:Ana"),
            ("job-1", "job", None, "person:Ana"),
        ],
        key=str,
    )
    assert next(one for one in lines if one["id"] == "e1")["quote"].startswith("Je veux retrouver")


def test_jobs_stand_below_their_parents(tmp_path: Path) -> None:
    held = _native(tmp_path)
    child = replace(held.jobs[0], id="job-2", parent="job-1", cells={})
    one, other = (replace(child, id=key, parent=of) for key, of in (("a", "b"), ("b", "a")))
    project = study_project(replace(held, jobs=(child, held.jobs[0], one, other)))
    head = next(code for code in project.codes if code.name == "job").codes[0]
    assert [len(code.codes) for code in head.codes] == [1, 1]
    assert len(list(head.walk())) == 5


def test_a_memo_that_another_program_lost_leaves_proposals_proposed(tmp_path: Path) -> None:
    project = replace(study_project(_native(tmp_path)), notes=())
    refi.write_project(project, tmp_path / "p.qdpx")
    lines = lines_of(import_study(tmp_path / "p.qdpx", tmp_path / "back").folder)
    status = {(one["coder"], one["status"]) for one in lines if one["kind"] == "evidence"}
    assert status == {
        ("person:Ana", "accepted"),
        ("person:Bo", "accepted"),
        ("machine:1", "proposed"),
    }


def test_a_code_below_a_type_of_job_is_a_job_and_below_a_facet_is_that_facet(
    tmp_path: Path,
) -> None:
    xml = bare_project("Nadia : Je veux finir tôt. Le prix me fâche.", [])
    body = """<Project xmlns="urn:QDA-XML:project:1.0" name="f"><CodeBook><Codes>
<Code guid="00000000-0000-0000-0000-0000000000a0" name="Functional job" isCodable="true">
<Code guid="00000000-0000-0000-0000-0000000000a1" name="Finir tôt" isCodable="true"/></Code>
<Code guid="00000000-0000-0000-0000-0000000000b0" name="Frustrations" isCodable="true">
<Code guid="00000000-0000-0000-0000-0000000000b1" name="Prix" isCodable="true"/></Code>
</Codes></CodeBook><Sources><TextSource guid="00000000-0000-0000-0000-0000000000c0" name="n"
 plainTextPath="internal://t.txt">
<PlainTextSelection guid="00000000-0000-0000-0000-0000000000d0" startPosition="8" endPosition="26">
<Coding guid="00000000-0000-0000-0000-0000000000e0">
<CodeRef targetGUID="00000000-0000-0000-0000-0000000000a1"/></Coding></PlainTextSelection>
<PlainTextSelection guid="00000000-0000-0000-0000-0000000000d1" startPosition="27" endPosition="44">
<Coding guid="00000000-0000-0000-0000-0000000000e1">
<CodeRef targetGUID="00000000-0000-0000-0000-0000000000b1"/></Coding></PlainTextSelection>
</TextSource></Sources></Project>"""
    path = write_zip(tmp_path / "p.qdpx", {**xml, "project.qde": body.encode()})
    lines = lines_of(import_study(path, tmp_path / "s").folder)
    assert [(one["kind"], one.get("facet"), one.get("quote")) for one in lines] == [
        ("evidence", "job.functional", "Je veux finir tôt."),
        ("evidence", "frustration", "Le prix me fâche."),
        ("job", None, None),
    ]
    assert lines[2]["statement"]["fr"] == "Finir tôt"
    assert lines[2]["evidence"] == [lines[0]["id"]]


def test_the_researcher_says_which_codes_are_facets(tmp_path: Path) -> None:
    path = write_project(tmp_path / "p.qdpx", PROGRAMS["qualcoder"])
    found = import_study(path, tmp_path / "s", facets={"à relire": Facet.CONTEXT})
    assert found.kept == 0
    assert found.facets["À relire"] == "context"
    with pytest.raises(EvidenceError, match="À relire"):
        import_study(path, tmp_path / "t", facets={"A relier": Facet.CONTEXT})
    assert not (tmp_path / "t").exists()


def test_an_import_never_writes_over_a_folder(imported: Path, tmp_path: Path) -> None:
    with pytest.raises(FolderError):
        import_study(tmp_path / "p.qdpx", imported)
    with pytest.raises(ReadError):
        import_study(imported / "study.toml", tmp_path / "new")
    with pytest.raises(FolderError):
        export_study(read_config(imported), imported / "refi" / "project.qdpx")


def test_a_codebook_joins_a_study_and_leaves_with_it(imported: Path, tmp_path: Path) -> None:
    (tmp_path / "t.qdc").write_text(TAGUETTE, encoding="utf-8")
    assert import_study(tmp_path / "t.qdc", imported).codes == 2
    export_study(read_config(imported), tmp_path / "q.qdpx")
    assert "people" in {code.name for code in refi.read_project(tmp_path / "q.qdpx").walk_codes()}
    export_study(read_config(imported), tmp_path / "q.qdc", kind="qdc")
    names = {code.name for code in refi.read_codebook(tmp_path / "q.qdc").walk_codes()}
    assert {"people", "À relire", "frustration"} <= names


def test_an_erased_source_does_not_come_back(imported: Path, tmp_path: Path) -> None:
    assert forget_source(imported, "interviews/Nadia.txt")
    ground = read_ground(imported)
    assert ground is not None
    held = b"".join(path.read_bytes() for path in imported.rglob("*.qde"))
    assert [source.name for source in ground.project.sources] == ["Tom", "photo", "bande"]
    assert not any("Nadia" in part for part in ground.project.parts if "SourceRef" in part)
    assert held == b""
    (imported / "interviews" / "Nadia.txt").unlink()
    export_study(read_config(imported), tmp_path / "q.qdpx")
    project = refi.read_project(tmp_path / "q.qdpx")
    assert "Nadia" not in {source.name for source in project.sources}
    assert not forget_source(imported, "interviews/Nadia.txt")


def test_a_text_deleted_from_the_folder_is_not_exported(imported: Path, tmp_path: Path) -> None:
    (imported / "interviews" / "Tom.txt").unlink()
    export_study(read_config(imported), tmp_path / "q.qdpx")
    project = refi.read_project(tmp_path / "q.qdpx")
    assert [source.name for source in project.sources] == ["Nadia", "photo", "bande"]
    assert sum(file.name.endswith(".docx") for file in project.files) == 1


def test_real_projects_make_studies_that_give_them_back(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "qdpx" / "qualitative-coding-demo.qdpx"
    first = import_study(path, tmp_path / "one").folder
    export_study(read_config(first), tmp_path / "q.qdpx")
    assert foreign(tmp_path / "q.qdpx") == foreign(path)
    second = import_study(tmp_path / "q.qdpx", tmp_path / "two").folder
    assert study(second) == study(first)
