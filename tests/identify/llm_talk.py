"""A short fictional interview for the LLM coder, and a clock that only sleeping moves."""

from threading import Event

from embauche.collect.source import Corpus, Participant, Sentence, Source, Turn
from embauche.identify.llm_coder import LLMProposals
from embauche.identify.llm_patience import Clock
from embauche.vocabulary import Facet, Language, SourceKind, SpeakerRole

SPOKEN = (
    "I lose everything each time it syncs.",
    "The weather was fine that day.",
    "I need to find my notes before a meeting.",
    "We had a coffee after that.",
)


def talk(
    spoken=SPOKEN, name="s1", language=Language.EN, question="What goes wrong today?"
) -> Source:
    """Make a source: a question, then one answer of several sentences."""
    text, sentences_, turns = question, [], []
    turns.append(Turn(0, "Q", SpeakerRole.INTERVIEWER, None, 0, len(text)))
    sentences_.append(Sentence(0, 0, 0, len(text)))
    text += "\n\n"
    begin = len(text)
    for part in spoken:
        sentences_.append(Sentence(len(sentences_), 1, len(text), len(text) + len(part)))
        text += f"{part}\n"
    turns.append(Turn(1, "A", SpeakerRole.PARTICIPANT, f"p-{name}", begin, len(text)))
    interview = SourceKind.INTERVIEW
    return Source(name, f"{name}.txt", interview, text, language, tuple(turns), tuple(sentences_))


def study(*sources: Source) -> Corpus:
    """Make a corpus of sources, of the one above by default."""
    held = sources or (talk(),)
    people = tuple(Participant(f"p-{source.id}", source.id) for source in held)
    return Corpus(held, people)


class FakeTime:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.at = 0.0
        self.slept: list[float] = []

    def clock(self) -> Clock:
        """Return the clock to inject."""
        return Clock(now=lambda: self.at, sleep=self._sleep, jitter=lambda: 1.0)

    def _sleep(self, seconds: float, _stop: Event) -> None:
        self.slept.append(seconds)
        self.at += seconds


def facets(found: LLMProposals) -> set[tuple[Facet, str]]:
    return {(item.facet, item.quote) for item in found.evidence}


EXPECTED = {(Facet.FRUSTRATION, SPOKEN[0]), (Facet.JOB_FUNCTIONAL, SPOKEN[2])}
