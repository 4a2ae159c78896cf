"""The method's terms, with their French and English names (METHOD.md and CODEBOOK.md).

Every closed set of the domain is an enum here, and `label` names its members in either language.
Sentences live in the catalogues (`embauche/locale`); this module holds terms only.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Language(StrEnum):
    """A language of the product; French comes first wherever a list has an order."""

    FR = "fr"
    EN = "en"


class JobType(StrEnum):
    """The four types of job."""

    FUNCTIONAL = "functional"
    EMOTIONAL = "emotional"
    SOCIAL = "social"
    RELATED = "related"


class Facet(StrEnum):
    """What a span of a participant's words is evidence of."""

    JOB_FUNCTIONAL = "job.functional"
    JOB_EMOTIONAL = "job.emotional"
    JOB_SOCIAL = "job.social"
    CONTEXT = "context"
    OBJECTIVE = "objective"
    FRUSTRATION = "frustration"
    EMOTION = "emotion"
    ALTERNATIVE = "alternative"
    TRIGGER = "trigger"
    PULL = "pull"
    ANXIETY = "anxiety"
    HABIT = "habit"


class Moment(StrEnum):
    """A moment of the buying timeline; the counterfactual stands outside it."""

    FIRST_THOUGHT = "first_thought"
    PASSIVE_LOOKING = "passive_looking"
    ACTIVE_LOOKING = "active_looking"
    DECIDING = "deciding"
    FIRST_USE = "first_use"
    ONGOING_USE = "ongoing_use"
    COUNTERFACTUAL = "counterfactual"


class Force(StrEnum):
    """The four forces of a switch."""

    PUSH = "push"
    PULL = "pull"
    ANXIETY = "anxiety"
    HABIT = "habit"


class EvidenceStatus(StrEnum):
    """Where a piece of evidence stands: a proposal is not a finding until a person accepts it."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class SpeakerRole(StrEnum):
    """Who speaks in a turn."""

    PARTICIPANT = "participant"
    INTERVIEWER = "interviewer"


class SourceKind(StrEnum):
    """What a source is."""

    INTERVIEW = "interview"
    REVIEW = "review"


class Solidity(StrEnum):
    """The plain verdict on statistical segments."""

    NATURAL = "natural"
    REPRODUCIBLE = "reproducible"
    CONSTRUCTED = "constructed"
    NO_STABLE_SEGMENTS = "no stable segments"


class Comparison(StrEnum):
    """The plain verdict of job segments against demographics."""

    JOBS_BETTER = "jobs better"
    NO_DIFFERENCE_SHOWN = "no difference shown"
    DEMOGRAPHICS_BETTER = "demographics better"


class Zone(StrEnum):
    """A zone of the opportunity landscape."""

    EXTREME = "extreme"
    STRONG = "strong"
    WORTH_A_LOOK = "worth a look"
    NOT_NOW = "not now"
    SERVED = "served"
    OVER_SERVED = "over-served"
    UNIMPORTANT = "unimportant"


class Stage(StrEnum):
    """A stage of the method, in its order."""

    COLLECT = "collect"
    IDENTIFY = "identify"
    MAP = "map"
    SEGMENT = "segment"
    PRIORITISE = "prioritise"
    ACTIVATE = "activate"


JOB_FACETS: Final = (Facet.JOB_FUNCTIONAL, Facet.JOB_EMOTIONAL, Facet.JOB_SOCIAL)
"""Facets that state a job."""

GOAL_FACETS: Final = (*JOB_FACETS, Facet.OBJECTIVE)
"""Facets whose statements are grouped into jobs; the others are attached afterwards."""

JOB_TYPE_OF_FACET: Final = {
    Facet.JOB_FUNCTIONAL: JobType.FUNCTIONAL,
    Facet.JOB_EMOTIONAL: JobType.EMOTIONAL,
    Facet.JOB_SOCIAL: JobType.SOCIAL,
    Facet.CONTEXT: JobType.RELATED,
}
"""The type of job that a facet is evidence of."""

FORCE_OF_FACET: Final = {
    Facet.FRUSTRATION: Force.PUSH,
    Facet.TRIGGER: Force.PUSH,
    Facet.PULL: Force.PULL,
    Facet.ANXIETY: Force.ANXIETY,
    Facet.HABIT: Force.HABIT,
}
"""The force of a switch that a facet feeds."""

FACET_LETTER: Final = {
    Facet.JOB_FUNCTIONAL: "F",
    Facet.JOB_EMOTIONAL: "P",
    Facet.JOB_SOCIAL: "S",
    Facet.CONTEXT: "C",
    Facet.OBJECTIVE: "O",
    Facet.FRUSTRATION: "X",
    Facet.EMOTION: "E",
    Facet.ALTERNATIVE: "A",
    Facet.TRIGGER: "D",
    Facet.PULL: "T",
    Facet.ANXIETY: "I",
    Facet.HABIT: "H",
}
"""The one-letter tag that stands beside a marker stroke, so that hue is never the only cue."""

_FORCES: Final[dict[StrEnum, tuple[str, str]]] = {
    Force.PUSH: ("poussée du présent", "push of the present"),
    Force.PULL: ("attrait du nouveau", "pull of the new"),
    Force.ANXIETY: ("inquiétude face au nouveau", "anxiety about the new"),
    Force.HABIT: ("habitude du présent", "habit of the present"),
}
"""Apart from the other names, since a force and a facet of the same word are equal as keys."""

_NAMES: Final[dict[StrEnum, tuple[str, str]]] = {
    Language.FR: ("français", "French"),
    Language.EN: ("anglais", "English"),
    JobType.FUNCTIONAL: ("job principal (fonctionnel)", "main functional job"),
    JobType.EMOTIONAL: ("job émotionnel personnel", "personal emotional job"),
    JobType.SOCIAL: ("job émotionnel social", "social emotional job"),
    JobType.RELATED: ("job lié", "related job"),
    Facet.JOB_FUNCTIONAL: ("job fonctionnel", "functional job"),
    Facet.JOB_EMOTIONAL: ("job émotionnel personnel", "personal emotional job"),
    Facet.JOB_SOCIAL: ("job émotionnel social", "social emotional job"),
    Facet.CONTEXT: ("contexte, obstacle, contrainte", "context, obstacle, constraint"),
    Facet.OBJECTIVE: ("objectif", "objective"),
    Facet.FRUSTRATION: ("frustration", "frustration"),
    Facet.EMOTION: ("émotion", "emotion"),
    Facet.ALTERNATIVE: ("alternative", "alternative"),
    Facet.TRIGGER: ("déclencheur", "trigger"),
    Facet.PULL: ("attrait", "pull"),
    Facet.ANXIETY: ("inquiétude", "anxiety"),
    Facet.HABIT: ("habitude", "habit"),
    Moment.FIRST_THOUGHT: ("première pensée", "first thought"),
    Moment.PASSIVE_LOOKING: ("recherche passive", "passive looking"),
    Moment.ACTIVE_LOOKING: ("recherche active", "active looking"),
    Moment.DECIDING: ("décision", "deciding"),
    Moment.FIRST_USE: ("première utilisation", "first use"),
    Moment.ONGOING_USE: ("usage courant", "ongoing use"),
    Moment.COUNTERFACTUAL: ("sans le produit", "without the product"),
    EvidenceStatus.PROPOSED: ("proposé", "proposed"),
    EvidenceStatus.ACCEPTED: ("accepté", "accepted"),
    EvidenceStatus.REJECTED: ("écarté", "rejected"),
    SpeakerRole.PARTICIPANT: ("participant", "participant"),
    SpeakerRole.INTERVIEWER: ("enquêteur", "interviewer"),
    SourceKind.INTERVIEW: ("entretien", "interview"),
    SourceKind.REVIEW: ("avis", "review"),
    Solidity.NATURAL: ("naturels", "natural"),
    Solidity.REPRODUCIBLE: ("reproductibles", "reproducible"),
    Solidity.CONSTRUCTED: ("construits", "constructed"),
    Solidity.NO_STABLE_SEGMENTS: ("aucun segment stable", "no stable segments"),
    Comparison.JOBS_BETTER: ("les jobs prédisent mieux", "jobs better"),
    Comparison.NO_DIFFERENCE_SHOWN: ("aucune différence établie", "no difference shown"),
    Comparison.DEMOGRAPHICS_BETTER: (
        "les données démographiques prédisent mieux",
        "demographics better",
    ),
    Zone.EXTREME: ("extrême", "extreme"),
    Zone.STRONG: ("à saisir", "strong"),
    Zone.WORTH_A_LOOK: ("à étudier", "worth a look"),
    Zone.NOT_NOW: ("pas maintenant", "not now"),
    Zone.SERVED: ("servi", "served"),
    Zone.OVER_SERVED: ("surservi", "over-served"),
    Zone.UNIMPORTANT: ("peu important", "unimportant"),
    Stage.COLLECT: ("Recueillir", "Collect"),
    Stage.IDENTIFY: ("Identifier", "Identify"),
    Stage.MAP: ("Cartographier", "Map"),
    Stage.SEGMENT: ("Segmenter", "Segment"),
    Stage.PRIORITISE: ("Prioriser", "Prioritise"),
    Stage.ACTIVATE: ("Agir", "Activate"),
}


def label(term: StrEnum, language: Language | str) -> str:
    """Name a term of the method in French or in English.

    Parameters
    ----------
    term
        A member of one of this module's enums.
    language
        ``"fr"`` or ``"en"``.

    Raises
    ------
    KeyError
        If the term has no name, which the test of this module rules out for its own enums.
    """
    french, english = (_FORCES if isinstance(term, Force) else _NAMES)[term]
    return french if Language(language) is Language.FR else english
