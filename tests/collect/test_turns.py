"""Turns and roles in the shapes that transcripts come in (all fictional)."""

from pathlib import Path

import pytest

from embauche.collect import inspect_interview, read_interviews
from embauche.collect.source import Source
from embauche.errors import ReadError
from embauche.vocabulary import Language, SpeakerRole

_PARTICIPANT, _INTERVIEWER = SpeakerRole.PARTICIPANT, SpeakerRole.INTERVIEWER


def read(folder: Path, name: str, text: str, **given: object) -> Source:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    corpus = read_interviews([path], root=folder, **given)
    assert corpus.notices == ()
    return corpus.sources[0]


def turns(source: Source) -> list[tuple[str | None, str]]:
    return [(turn.speaker, source.text[turn.start : turn.end]) for turn in source.turns]


def roles(source: Source) -> dict[str | None, SpeakerRole]:
    return {turn.speaker: turn.role for turn in source.turns}


def test_colon_labels_with_a_head_and_labels_inside_speech(tmp_path):
    source = read(
        tmp_path,
        "a.txt",
        "Entretien du 12 mars\nDate : 12 mars\nLieu : Lyon\n\n"
        "Paul : Bonjour, que faites-vous ?\n\n"
        "Marie : Je suis vendeuse.\nExemple : hier j'ai vendu trois robes.\nIl était 12:30.\n\n"
        "Encore un paragraphe.\n\nPaul : Et pourquoi ?\n\n"
        "Marie : Voir http://exemple.fr : c'est là.\n\nNote : elle rit.\n",
    )
    assert turns(source) == [
        ("Paul", "Bonjour, que faites-vous ?"),
        (
            "Marie",
            "Je suis vendeuse.\nExemple : hier j'ai vendu trois robes.\nIl était 12:30.\n\n"
            "Encore un paragraphe.",
        ),
        ("Paul", "Et pourquoi ?"),
        ("Marie", "Voir http://exemple.fr : c'est là.\n\nNote : elle rit."),
    ]
    assert roles(source) == {"Paul": _INTERVIEWER, "Marie": _PARTICIPANT}
    assert [notice.code for notice in source.notices] == [
        "collect.interviewer_guessed.asks_questions"
    ]
    assert source.language is Language.FR


def test_a_word_that_recurs_inside_a_turn_is_no_speaker(tmp_path):
    source = read(
        tmp_path,
        "a.txt",
        "Enquêteur : Alors ?\n\nParticipant : Voilà.\nConfort : bien.\nConfort : mieux.\n"
        "Confort : encore.\n\nEnquêteur : Ok ?\n\nParticipant : Oui.\n",
    )
    assert set(roles(source)) == {"Enquêteur", "Participant"}
    assert len(source.turns) == 4


@pytest.mark.parametrize(
    ("text", "asks", "answers"),
    [
        ("**Interviewer:** Why?\n\n**Jane:** Well.\n\nMore.\n\n**Interviewer:** So?\n\n**Jane:** Yes.\n", "Interviewer", "Jane"),
        ("**Enquêtrice :** Alors ?\n\n**Enquêté :** Oui.\n\n**Enquêtrice :** Ok ?\n\n**Enquêté :** Non.\n", "Enquêtrice", "Enquêté"),
        ("- Paul : Alors ?\n- Marie : Oui.\n- Paul : Vrai ?\n- Marie : Non.\n", "Paul", "Marie"),
        ("Q: What?\nA: A tool.\nQ: Why?\nA: For notes: many.\n", "Q", "A"),
        ("E - Alors ?\nI - Oui.\nE - Vrai ?\nI - Non.\n", "E", "I"),
        ("[Chercheur] (0:01 - 0:04)\nAlors ?\n\n[Interviewe] (0:04- 0:09)\nOui.\n\n[Chercheur]\nVrai ?\n", "Chercheur", "Interviewe"),
        ("[00:00:01] Interviewer: So?\n[00:00:05] Respondent: Yes.\n[00:00:09] Interviewer: Ok?\n", "Interviewer", "Respondent"),
        ("Interviewer\nSo?\n\nParticipant\nYes.\n\nInterviewer\nWhy?\n\nParticipant\nMoney.\n", "Interviewer", "Participant"),
        ("Jo Ross  0:22\nSo, why?\n\nSpeaker 2  0:46\nWell.\n\nJo Ross  1:08\nReally?\n\nSpeaker 2  1:10\nYes.\n", "Jo Ross", "Speaker 2"),
        ("Interviewer: What made you switch?\nParticipant: The price.\n", "Interviewer", "Participant"),
    ],
)  # fmt: skip
def test_shapes_of_labels(tmp_path, text, asks, answers):
    assert roles(read(tmp_path, "a.txt", text)) == {asks: _INTERVIEWER, answers: _PARTICIPANT}


def test_times_of_headers(tmp_path):
    source = read(
        tmp_path,
        "a.txt",
        "[Chercheur] (0:01 - 0:04)\nAlors ?\n\n[Interviewe] (1:02:03 - 1:02:09)\nOui.\n",
    )
    assert [(t.begins_at, t.ends_at) for t in source.turns] == [(1.0, 4.0), (3723.0, 3729.0)]


def test_two_labels_of_one_ai_interviewer(tmp_path):
    source = read(
        tmp_path,
        "d.md",
        "# Dialog\n\n**Transcript ID:** x_1\n\n---\n\nAssistant: Hello. Ready?\n\nUser: sure\n\n"
        "AI: Great!\n\nWhat do you do?\n\nUser: I write.\n\nAI: Thanks.\n\n---\n",
    )
    assert roles(source) == {
        "Assistant": _INTERVIEWER,
        "AI": _INTERVIEWER,
        "User": _PARTICIPANT,
    }
    assert turns(source)[2] == ("AI", "Great!\n\nWhat do you do?")
    assert turns(source)[-1] == ("AI", "Thanks.")


def test_several_participants_have_ids_of_their_own(tmp_path):
    path = tmp_path / "groupe 1.txt"
    path.write_text(
        "Moderator: Who starts?\n\nP1: Me. I use it.\n\nP2: I do not.\n\nModerator: Why?\n\n"
        "P2: Too slow.\n\nP1: Really? It is fast.\n",
        encoding="utf-8",
    )
    corpus = read_interviews([path], root=tmp_path)
    assert [p.id for p in corpus.participants] == ["groupe-1-p1", "groupe-1-p2"]
    assert [p.pseudonym for p in corpus.participants] == ["groupe 1 · P1", "groupe 1 · P2"]


def test_a_slip_in_a_label_is_mended_and_said(tmp_path):
    source = read(
        tmp_path,
        "a.txt",
        "Chercheur : Pourquoi ?\n\nInterviewée : Parce que.\n\n" * 5
        + "Checheur : Ah ?\n\nInterviewée : Oui.\n",
    )
    assert set(roles(source)) == {"Chercheur", "Interviewée"}
    (notice,) = source.notices
    assert (notice.code, notice.params["label"]) == ("collect.label_corrected", "Checheur")


def test_interviewer_and_interviewee_are_never_merged(tmp_path):
    source = read(tmp_path, "a.txt", "Interviewer: So?\n\nInterviewee: Yes.\n\n" * 4)
    assert roles(source) == {"Interviewer": _INTERVIEWER, "Interviewee": _PARTICIPANT}


def test_names_given_win(tmp_path):
    text = "Ann: What?\n\nBob: A thing.\n\nAnn: Why?\n\nBob: For fun.\n"
    source = read(tmp_path, "a.txt", text, participant_speakers=["ann"])
    assert roles(source) == {"Ann": _PARTICIPANT, "Bob": _INTERVIEWER}
    source = read(tmp_path, "a.txt", text, interviewer_speakers=["Bob"])
    assert roles(source) == {"Ann": _PARTICIPANT, "Bob": _INTERVIEWER}


def test_a_name_given_that_nobody_has_is_said_with_the_nearest(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Marie: What?\n\nBob: A thing.\n\nMarie: Why?\n\nBob: Fun.\n", encoding="utf-8")
    corpus = read_interviews([path], root=tmp_path, participant_speakers=["Mary"])
    (notice,) = corpus.notices
    assert notice.severity == "problem"
    assert notice.params == {"speaker": "Mary", "nearest": "Marie"}


def test_the_head_of_the_file_names_the_interviewer(tmp_path):
    (tmp_path / "a.txt").write_text(
        "Interviewer: Paul Martin\nParticipant: Marie\n\nPaul: So.\n\nMarie: Do you know why?\n\n"
        "Paul: No.\n\nMarie: Shall I say?\n",
        encoding="utf-8",
    )
    seen = inspect_interview(tmp_path / "a.txt", tmp_path)
    assert {s.name: (s.role, s.reason) for s in seen.speakers} == {
        "Paul": (_INTERVIEWER, "heading"),
        "Marie": (_PARTICIPANT, "heading"),
    }


def test_interruptions_and_strangers_are_nobodys_words(tmp_path):
    source = read(
        tmp_path,
        "a.txt",
        "[Chercheur] (0:01 - 0:04)\nAlors ?\n\n[Interviewe] (0:04 - 0:09)\nOui.\n\n"
        "[Interruption de personnes] (0:09 - 0:20)\nBonjour le facteur !\n\n"
        "[Chercheur] (0:20 - 0:21)\nReprenons ?\n",
    )
    assert "facteur" not in " ".join(words for _, words in turns(source))
    assert [n.code for n in source.notices] == ["collect.neither"]


def test_without_speakers_one_unnamed_participant_and_a_notice(tmp_path):
    source = read(tmp_path, "a.txt", "First: I wake up.\nSecond: I eat.\n\nThen I went to work.")
    assert roles(source) == {None: _PARTICIPANT}
    assert [n.code for n in source.notices] == ["collect.no_speakers"]


def test_interviewers_alone_are_a_problem_with_a_way_out(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("Interviewer: So?\n\nModerator: Well?\n\nInterviewer: Ok.\n", encoding="utf-8")
    with pytest.raises(ReadError) as caught:
        inspect_interview(path, tmp_path)
    assert caught.value.code == "read.no_participant"


def test_markdown_headings_are_cut_out_of_turns(tmp_path):
    source = read(
        tmp_path,
        "a.md",
        "## Part 1\n\nInterviewer: So?\n\nUser: Yes.\n\n## Part 2\n\nGoing on.\n\nInterviewer: Ok?\n",
    )
    assert turns(source)[1:3] == [("User", "Yes."), ("User", "Going on.")]


def test_ids_do_not_depend_on_the_other_files(tmp_path):
    for name in ("Été 01.txt", "b.txt", "b.md"):
        (tmp_path / name).write_text("I like it. It works well.", encoding="utf-8")
    alone = read_interviews([tmp_path / "Été 01.txt"], root=tmp_path)
    together = read_interviews(sorted(tmp_path.iterdir()), root=tmp_path)
    assert alone.sources[0].id == "ete-01"
    assert "ete-01" in {source.id for source in together.sources}
    assert len({source.id for source in together.sources}) == 3
