"""What the fictional people of `fictional_findings` say and rate: invented for tests."""

from embauche.vocabulary import (
    Facet,
    JobType,
)

F = Facet


PEOPLE = {
    "fr": [
        "Nadia",
        "Karim",
        "Solène",
        "Hélène",
        "Théo",
        "Léa",
        "Gérard",
        "Mathilde",
        "Aurélie",
        "Camille",
        "Julien",
        "Antoine",
        "Yasmina",
        "Sandrine",
    ],
    "en": [
        "Maya",
        "Tom",
        "Priya",
        "Lea",
        "Denise",
        "Walter",
        "Farah",
        "Gareth",
        "Simone",
        "Rosalind",
        "Carlos",
        "Becky",
        "Kwame",
        "Dale",
    ],
}


SITUATIONS = {
    "fr": ("en déplacement, sans réseau", "en réunion", "à la maison, le soir"),
    "en": ("on the road, no network", "in meetings", "at home, in the evening"),
}


# type, statement, story, then facet → quotes (each by the next participant)
JOBS = {
    "fr": [
        (
            JobType.FUNCTIONAL,
            "retrouver une note devant quelqu'un sans fouiller",
            "Quand un client attend ma réponse, je veux retrouver mon relevé tout de suite, afin de ne pas avoir l'air perdu.",
            {
                F.JOB_FUNCTIONAL: [
                    "Ce qu'il me faut, c'est retrouver un relevé devant le client sans fouiller",
                    "Moi je m'en sers pour retrouver ce qu'on avait dit la dernière fois",
                    "J'ai besoin de remettre la main sur le bon papier quand on me pose la question",
                    "C'est pour retrouver vite, voilà, c'est tout ce que je demande",
                    "Je cherche à ressortir la bonne page au bon moment",
                    "Pour pouvoir répondre tout de suite quand le médecin m'appelle",
                ],
                F.OBJECTIVE: [
                    "En moins de dix secondes, sinon j'ai l'air de ne pas savoir ce que je fais",
                    "Il faut que ça prenne trois secondes, pas trois minutes",
                    "Que je ne me trompe plus de version",
                ],
                F.FRUSTRATION: [
                    "J'ai dû tout redemander aux équipes, c'était la honte",
                    "Je fais défiler, je fais défiler, et je ne trouve jamais",
                    "La recherche ne trouve rien dès qu'il y a une faute de frappe",
                    "J'ai quatre endroits où ça peut être, et c'est toujours le cinquième",
                ],
                F.EMOTION: ["J'étais rouge comme une tomate", "Ça m'agace, mais ça m'agace !"],
                F.ALTERNATIVE: [
                    "Les notes du téléphone, mais avec les gants…",
                    "Sinon je demande à un collègue",
                    "Avant j'avais un grand cahier à spirale",
                ],
                F.TRIGGER: ["Le jour où j'ai perdu le carnet dans la camionnette"],
                F.PULL: ["Ce qui m'a tentée, c'est qu'on puisse chercher dans les photos"],
                F.ANXIETY: ["Je ne suis pas sûr que ça tienne dans le temps"],
                F.HABIT: ["On a toujours fait avec le cahier, hein"],
                F.CONTEXT: ["Sur le chantier il n'y a pas de réseau et j'ai des gants"],
            },
        ),
        (
            JobType.EMOTIONAL,
            "se sentir sûr de n'avoir rien oublié",
            "",
            {
                F.JOB_EMOTIONAL: [
                    "Je veux arrêter de me réveiller à trois heures en me disant que j'ai oublié un truc",
                    "J'ai besoin de me sentir tranquille en fermant la porte",
                    "C'est pour avoir l'esprit libre",
                ],
                F.OBJECTIVE: ["Que je puisse rayer une ligne et ne plus y penser"],
                F.FRUSTRATION: [
                    "Les rappels sonnent quand je conduis, alors je les coupe",
                    "J'ai raté le rendez-vous de ma fille à cause de ça",
                ],
                F.EMOTION: [
                    "J'étais tellement soulagée",
                    "La boule au ventre, tous les dimanches soir",
                ],
                F.ALTERNATIVE: ["Je m'envoie des messages à moi-même"],
                F.TRIGGER: ["Quand mon deuxième est né, j'ai dû changer de méthode"],
            },
        ),
        (
            JobType.FUNCTIONAL,
            "noter sans lâcher ce que je fais",
            "",
            {
                F.JOB_FUNCTIONAL: [
                    "Je cherche à noter sans poser mes outils",
                    "Pouvoir attraper l'idée avant qu'elle parte",
                    "J'écris pendant que l'autre parle, il faut que ça suive",
                ],
                F.OBJECTIVE: ["Une main, pas deux"],
                F.FRUSTRATION: ["Le temps de déverrouiller, l'idée est partie"],
                F.ALTERNATIVE: ["Je m'écris sur la main, oui, encore aujourd'hui"],
                F.CONTEXT: ["En réunion, si je tape au clavier on croit que je fais autre chose"],
            },
        ),
        (
            JobType.SOCIAL,
            "être perçue comme quelqu'un qui suit ses dossiers",
            "",
            {
                F.JOB_SOCIAL: [
                    "Je veux qu'on voie que je suis mes dossiers",
                    "Je ne veux pas passer pour la nouvelle qui débarque",
                ],
                F.FRUSTRATION: ["Arriver avec un bout de papier chiffonné, devant un notaire…"],
                F.EMOTION: ["J'avais honte, vraiment honte"],
            },
        ),
        (
            JobType.FUNCTIONAL,
            "transmettre mes notes à quelqu'un qui n'était pas là",
            "",
            {
                F.JOB_FUNCTIONAL: [
                    "Pour que la collègue du soir sache ce qui s'est passé",
                    "J'ai besoin de faire passer le mot à l'équipe d'après",
                ],
                F.FRUSTRATION: ["Il faut tout recopier pour que ce soit lisible"],
            },
        ),
    ],
    "en": [
        (
            JobType.FUNCTIONAL,
            "find a note again in front of someone",
            "When a client is waiting for my answer, I want to pull up what we agreed, so that I don't look lost.",
            {
                F.JOB_FUNCTIONAL: [
                    "I use it to find my notes again before a meeting",
                    "I need to put my hand on the right page when they ask",
                    "It's so I can answer there and then, that's all it is",
                    "I try to get back to what we said last time",
                ],
                F.OBJECTIVE: ["It has to take me under a minute", "Without scrolling, basically"],
                F.FRUSTRATION: [
                    "I scroll and scroll and it's never there",
                    "I lose everything each time it syncs",
                    "I've got four places it could be and it's always the fifth",
                ],
                F.EMOTION: ["I was so embarrassed"],
                F.ALTERNATIVE: [
                    "Before that I kept it all in a paper notebook",
                    "Otherwise I just ask Dave",
                ],
                F.TRIGGER: ["The day I left the notebook on the train"],
                F.PULL: ["What tempted me was that it works offline"],
                F.ANXIETY: ["I'm afraid it will make us lazy"],
                F.HABIT: ["I've always used paper and I like it"],
                F.CONTEXT: ["On site there's no network and I wear gloves"],
            },
        ),
        (
            JobType.EMOTIONAL,
            "feel sure that nothing was forgotten",
            "",
            {
                F.JOB_EMOTIONAL: [
                    "I want to stop worrying that I forgot something",
                    "I just want to sleep, honestly",
                ],
                F.FRUSTRATION: ["The reminders go off while I'm driving so I turn them off"],
                F.EMOTION: ["I was so relieved"],
                F.ALTERNATIVE: ["I email myself"],
            },
        ),
        (
            JobType.SOCIAL,
            "be seen as someone who is on top of things",
            "",
            {F.JOB_SOCIAL: ["I don't want to look unprepared in front of clients"]},
        ),
    ],
}


OUTCOMES = {
    "fr": [
        "retrouver une note devant un client",
        "noter sans lâcher ce que je fais",
        "ne plus craindre d'oublier",
        "partager une note avec un absent",
        "garder mes notes au même endroit",
        "relire mes notes sans réseau",
        "mettre mes notes en forme",
        "choisir une couleur de carnet",
    ],
    "en": [
        "find a note in front of a client",
        "write without putting my tools down",
        "stop fearing to forget",
        "share a note with someone absent",
        "keep my notes in one place",
        "read my notes without a network",
        "lay my notes out nicely",
        "choose the colour of a notebook",
    ],
}


# importance, satisfaction (0 to 10)
RATED = [
    (9.1, 4.0),
    (8.4, 4.8),
    (7.9, 4.1),
    (6.4, 5.2),
    (7.2, 6.1),
    (6.9, 4.9),
    (5.1, 6.4),
    (2.9, 7.2),
]


NEEDS = ("besoin_retrouver", "besoin_noter", "besoin_oubli", "besoin_partager", "besoin_relire")
