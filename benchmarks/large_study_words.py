"""Words of the large fictional study: written for it, said by nobody."""

from __future__ import annotations

from embauche.vocabulary import Facet, Language

_EN_DO = ("find", "share", "prove", "prepare", "follow")
_EN_WHAT = (
    "a measurement",
    "what a client asked for",
    "the plan of the week",
    "an agreed price",
    "a delivery",
    "the minutes of a meeting",
    "a list of spare parts",
    "the state of a building site",
)
_FR_DO = ("retrouver", "partager", "prouver", "préparer", "suivre")
_FR_WHAT = (
    "une mesure",
    "ce qu’un client a demandé",
    "le plan de la semaine",
    "un prix convenu",
    "une livraison",
    "le compte rendu d’une réunion",
    "une liste de pièces",
    "l’état d’un chantier",
)

TOPICS = {
    Language.EN: [f"{do} {what}" for what in _EN_WHAT for do in _EN_DO],
    Language.FR: [f"{do} {what}" for what in _FR_WHAT for do in _FR_DO],
}
"""Forty things to get done, in the infinitive."""

WHO = {
    Language.EN: ("a client", "my team", "the workshop", "my manager", "a supplier"),
    Language.FR: ("un client", "mon équipe", "l’atelier", "ma responsable", "un fournisseur"),
}

QUESTIONS = {
    Language.EN: (
        "Interviewer",
        "What do you use it for?",
        "Tell me about the last time.",
        "What had you tried before?",
        "What still does not suit you?",
        "What happened next?",
    ),
    Language.FR: (
        "Enquêtrice",
        "À quoi cela vous sert-il ?",
        "Racontez-moi la dernière fois.",
        "Qu’aviez-vous essayé avant ?",
        "Qu’est-ce qui ne vous convient pas encore ?",
        "Que s’est-il passé ensuite ?",
    ),
}
"""The interviewer, then what they ask."""

SILENT = {
    Language.EN: ("Yes, that was on a Tuesday.", "We are six in the office.", "Let me think."),
    Language.FR: ("Oui, c’était un mardi.", "Nous sommes six au bureau.", "Laissez-moi réfléchir."),
}
"""Sentences that are evidence of nothing."""

TEMPLATES = {
    Language.EN: {
        Facet.JOB_FUNCTIONAL: (
            "I need to {do} in front of {who} within a minute, case {n} of mine.",
            "What I want is to {do} before I see {who}, case {n} of mine.",
        ),
        Facet.JOB_EMOTIONAL: (
            "I want to feel calm when I have to {do} for {who}, case {n} of mine.",
            "I would like to stop worrying whether I can {do}, case {n} of mine.",
        ),
        Facet.JOB_SOCIAL: (
            "I want {who} to see that I can {do}, case {n} of mine.",
            "It matters to me that {who} thinks I know how to {do}, case {n} of mine.",
        ),
        Facet.CONTEXT: (
            "I usually {do} in the van with gloves on, next to {who}, case {n} of mine.",
            "There is no network where I have to {do}, case {n} of mine.",
        ),
        Facet.OBJECTIVE: (
            "It should take less than a minute to {do}, case {n} of mine.",
            "I want fewer mistakes when I {do} with {who}, case {n} of mine.",
        ),
        Facet.FRUSTRATION: (
            "I lose ten minutes each time I try to {do}, case {n} of mine.",
            "It is far too slow to {do} while {who} is waiting, case {n} of mine.",
        ),
        Facet.EMOTION: (
            "I was so ashamed when I could not {do} for {who}, case {n} of mine.",
            "It makes me furious to {do} twice, case {n} of mine.",
        ),
        Facet.ALTERNATIVE: (
            "Otherwise I take a paper notebook to {do}, case {n} of mine.",
            "Before that I called {who} to {do}, case {n} of mine.",
        ),
        Facet.TRIGGER: (
            "The day I could not {do} for {who}, I began to look around, case {n} of mine.",
            "I started looking after I failed to {do}, case {n} of mine.",
        ),
        Facet.PULL: (
            "What drew me was that one can {do} with one hand, case {n} of mine.",
            "I saw {who} {do} in seconds and wanted that too, case {n} of mine.",
        ),
        Facet.ANXIETY: (
            "I am afraid that {who} will no longer know how to {do}, case {n} of mine.",
            "What worries me is losing everything while I {do}, case {n} of mine.",
        ),
        Facet.HABIT: (
            "I have always used a spreadsheet to {do}, case {n} of mine.",
            "My habit is to {do} on the back of an envelope, case {n} of mine.",
        ),
    },
    Language.FR: {
        Facet.JOB_FUNCTIONAL: (
            "J’ai besoin de {do} devant {who} en moins d’une minute, cas {n} chez moi.",
            "Ce que je veux, c’est {do} avant de voir {who}, cas {n} chez moi.",
        ),
        Facet.JOB_EMOTIONAL: (
            "Je veux me sentir tranquille quand il faut {do} pour {who}, cas {n} chez moi.",
            "J’aimerais ne plus me demander si je vais pouvoir {do}, cas {n} chez moi.",
        ),
        Facet.JOB_SOCIAL: (
            "Je veux que {who} voie que je sais {do}, cas {n} chez moi.",
            "Je tiens à passer auprès de {who} pour quelqu’un qui sait {do}, cas {n} chez moi.",
        ),
        Facet.CONTEXT: (
            "Il me faut souvent {do} dans la camionnette avec des gants, cas {n} chez moi.",
            "Là où je dois {do}, il n’y a pas de réseau, cas {n} chez moi.",
        ),
        Facet.OBJECTIVE: (
            "Il faudrait moins d’une minute pour {do}, cas {n} chez moi.",
            "Je veux faire moins d’erreurs au moment de {do} avec {who}, cas {n} chez moi.",
        ),
        Facet.FRUSTRATION: (
            "Je perds dix minutes chaque fois que j’essaie de {do}, cas {n} chez moi.",
            "C’est bien trop lent de {do} pendant que {who} attend, cas {n} chez moi.",
        ),
        Facet.EMOTION: (
            "J’ai eu honte de ne pas pouvoir {do} pour {who}, cas {n} chez moi.",
            "Cela me met hors de moi de devoir {do} deux fois, cas {n} chez moi.",
        ),
        Facet.ALTERNATIVE: (
            "Sinon je prends un carnet pour {do}, cas {n} chez moi.",
            "Avant, j’appelais {who} pour {do}, cas {n} chez moi.",
        ),
        Facet.TRIGGER: (
            "Le jour où je n’ai pas pu {do} pour {who}, j’ai regardé ailleurs, cas {n} chez moi.",
            "J’ai commencé à chercher après avoir échoué à {do}, cas {n} chez moi.",
        ),
        Facet.PULL: (
            "Ce qui m’a attirée, c’est qu’on peut {do} d’une main, cas {n} chez moi.",
            "J’ai vu {who} {do} en un instant et j’ai voulu la même chose, cas {n} chez moi.",
        ),
        Facet.ANXIETY: (
            "J’ai peur que {who} ne sache plus {do}, cas {n} chez moi.",
            "Ce qui m’inquiète, c’est de tout perdre au moment de {do}, cas {n} chez moi.",
        ),
        Facet.HABIT: (
            "J’ai toujours utilisé un tableur pour {do}, cas {n} chez moi.",
            "J’ai l’habitude de {do} au dos d’une enveloppe, cas {n} chez moi.",
        ),
    },
}
"""Sentences that speak for a facet; ``n`` makes each of them one of a kind."""

TOML = {
    Language.EN: """# A large fictional study: nobody said any of it.

[study]
title = "A hundred interviews (fictional)"
product = "Feuillet"
language = "en"
fictional = true

[interviews]
files = ["interviews/*"]
interviewer_speakers = ["Interviewer"]

""",
    Language.FR: """# Une grande étude fictive : personne n’en a rien dit.

[study]
title = "Cent entretiens (fictif)"
product = "Feuillet"
language = "fr"
fictional = true

[interviews]
files = ["interviews/*"]
interviewer_speakers = ["Enquêtrice"]

""",
}
