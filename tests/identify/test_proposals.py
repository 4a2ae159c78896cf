from hypothesis import given, settings
from hypothesis import strategies as st

from embauche.collect.source import Corpus, Participant, Sentence, Source, Turn
from embauche.identify import propose
from embauche.vocabulary import Facet, Language, SourceKind, SpeakerRole

INTERVIEWER, PARTICIPANT = SpeakerRole.INTERVIEWER, SpeakerRole.PARTICIPANT


def corpus(*turns, language=Language.EN):
    """Make a one-source corpus from (role, [sentences]) pairs."""
    text, spoken, sentences = "", [], []
    for index, (role, parts) in enumerate(turns):
        begin = len(text)
        for part in parts:
            start = len(text)
            text += part
            sentences.append(Sentence(len(sentences), index, start, len(text)))
            text += " "
        person = "p1" if role is PARTICIPANT else None
        spoken.append(Turn(index, str(role), role, person, begin, len(text)))
        text += "\n"
    source = Source(
        "s1", "talk.txt", SourceKind.INTERVIEW, text, language, tuple(spoken), tuple(sentences)
    )
    return Corpus((source,), (Participant("p1", "P1"),))


COMPLAINT = "The app crashes every morning and I lose everything I typed, it drives me mad."
AIM = "J'ai besoin de retrouver mes devis avant d'aller chez le client."


def test_a_complaint_is_a_frustration_with_its_frequency():
    found = propose(corpus((PARTICIPANT, [COMPLAINT])))
    evidence = {item.facet: item for item in found.evidence}
    assert Facet.FRUSTRATION in evidence
    assert evidence[Facet.FRUSTRATION].quote == COMPLAINT
    assert evidence[Facet.FRUSTRATION].frequency == 30
    assert evidence[Facet.FRUSTRATION].valence < 0
    assert found.vectors.shape == (len(found.evidence), 512)


def test_an_aim_is_a_functional_job_in_french():
    found = propose(corpus((PARTICIPANT, [AIM]), language=Language.FR))
    assert Facet.JOB_FUNCTIONAL in {item.facet for item in found.evidence}


def test_the_interviewer_is_never_evidence():
    found = propose(corpus((INTERVIEWER, [COMPLAINT, AIM])))
    assert found.evidence == ()
    assert found.sentences == 0
    assert "identify.no_participant_words" in {notice.code for notice in found.notices}


def test_fragments_are_skipped():
    found = propose(corpus((PARTICIPANT, ["Oh, annoying!", "Yes.", COMPLAINT])))
    assert found.sentences == 1


def test_twice_the_same():
    talk = corpus((INTERVIEWER, ["What goes wrong today?"]), (PARTICIPANT, [COMPLAINT, AIM]))
    first, second = propose(talk), propose(talk)
    assert first.evidence == second.evidence
    assert (first.vectors == second.vectors).all()


def test_progress_ends_at_one():
    seen = []
    propose(corpus((PARTICIPANT, [COMPLAINT])), progress=seen.append)
    assert seen[0] == 0
    assert seen[-1] == 1
    assert seen == sorted(seen)


SPOKEN = (
    "euh je cherche I need to find mes notes, but mais parce que it crashes 🙂 l'été — toujours. "
    "afraid avant the meeting; j'en ai marre (vraiment) à chaque fois"
)
WORDS = st.sampled_from(SPOKEN.split())
SENTENCES = st.lists(WORDS, min_size=1, max_size=60).map(" ".join)
TURNS = st.lists(
    st.tuples(st.sampled_from([INTERVIEWER, PARTICIPANT]), st.lists(SENTENCES, max_size=3)),
    min_size=1,
    max_size=4,
)


@settings(max_examples=15, deadline=None)
@given(TURNS)
def test_every_quote_stands_in_its_source(turns):
    talk = corpus(*turns)
    source = talk.sources[0]
    for item in propose(talk).evidence:
        assert source.text[item.start : item.end] == item.quote
        inside = [s for s in source.sentences if s.start <= item.start and item.end <= s.end]
        assert len(inside) == 1
        assert source.turn_of(inside[0]).role is PARTICIPANT
