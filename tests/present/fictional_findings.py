"""Findings of a fictional study, made by hand: nothing here comes from a real person.

Marked as fictional: the people, their words, the survey and every figure are invented for tests.
"""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from embauche.activate.first_steps import first_steps
from embauche.collect.source import Corpus, Participant, Sentence, Source, Turn
from embauche.collect.survey import ColumnReading, Survey
from embauche.customers.assignment import Assignment, SegmentOfCustomers
from embauche.identify.evidence import Evidence
from embauche.jobs.job import Attachment, Job, JobMap, NeedLink
from embauche.jobs.matrix import matrix
from embauche.notices import Notice
from embauche.present.findings import Findings, StudyCard
from embauche.prioritise.priority import Opportunity, QualitativePriority
from embauche.segment.comparison import HeldOutScore, Validation
from embauche.segment.segmentation import (
    Criterion,
    Description,
    Marker,
    Persona,
    Segment,
    Segmentation,
)
from embauche.vocabulary import (
    Comparison,
    EvidenceStatus,
    Facet,
    JobType,
    Language,
    Moment,
    Solidity,
    SourceKind,
    SpeakerRole,
    Zone,
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


def _zone(importance, satisfaction, score):
    if score > 15:
        return Zone.EXTREME
    if score > 12:
        return Zone.STRONG
    if score > 10:
        return Zone.WORTH_A_LOOK
    if satisfaction > importance:
        return Zone.OVER_SERVED
    return Zone.SERVED


def interviews(lang, *, accepted=False):
    """Corpus, evidence and jobs: each quote stands letter for letter in its source."""
    language = Language(lang)
    people = PEOPLE[lang]
    texts: dict[int, list[str]] = {place: [] for place in range(len(people))}
    evidence, jobs, turn = [], [], 0
    spots = {}
    moments = [Moment.ACTIVE_LOOKING, Moment.ONGOING_USE, None, Moment.DECIDING]
    for number, (kind, statement, story, cells) in enumerate(JOBS[lang]):
        attached = {}
        for facet, quotes in cells.items():
            attached[facet] = []
            for quote in quotes:
                person = (turn * 3 + number) % len(people)
                turn += 1
                identity = f"e{turn:03d}"
                start = sum(len(t) + 1 for t in texts[person])
                texts[person].append(quote + ".")
                spots[identity] = person
                evidence.append(
                    Evidence(
                        id=identity,
                        source=f"src{person}",
                        participant=f"p{person}",
                        start=start,
                        end=start + len(quote),
                        quote=quote,
                        facet=facet,
                        language=language,
                        coder="person:Camille R."
                        if accepted or turn % 3 == 0
                        else "machine:offline-1",
                        status=EvidenceStatus.ACCEPTED
                        if accepted or turn % 3 == 0
                        else EvidenceStatus.PROPOSED,
                        confidence=1.0 if turn % 3 == 0 else 0.81,
                        moment=moments[turn % 4],
                        intensity=3 if turn % 2 else None,
                        dissatisfaction=2,
                    )
                )
                attached[facet].append(Attachment(identity, 0.9 - 0.01 * turn % 0.5))
        goal = [
            spots[a.evidence]
            for facet in (F.JOB_FUNCTIONAL, F.JOB_EMOTIONAL, F.JOB_SOCIAL, F.OBJECTIVE)
            for a in attached.get(facet, ())
        ]
        jobs.append(
            Job(
                id=f"job{number + 1}",
                type=kind,
                statement={language: statement},
                cells={facet: tuple(items) for facet, items in attached.items()},
                participants=tuple(f"p{place}" for place in sorted(set(goal))),
                name_source=next(iter(attached.values()))[0].evidence,
                story={language: story} if story else {},
            )
        )
    sources = []
    for place, name in enumerate(people):
        text = "\n".join(texts[place]) or "…"
        turns = (Turn(0, name, SpeakerRole.PARTICIPANT, f"p{place}", 0, len(text)),)
        stem = "entretien" if lang == "fr" else "interview"
        sources.append(
            Source(
                id=f"src{place}",
                name=f"interviews/{stem}-{place + 1:02d}.txt",
                kind=SourceKind.INTERVIEW,
                text=text,
                language=language,
                turns=turns,
                sentences=(Sentence(0, 0, 0, len(text)),),
            )
        )
    corpus = Corpus(
        sources=tuple(sources),
        participants=tuple(
            Participant(f"p{place}", name, {"situation": SITUATIONS[lang][place % 3]})
            for place, name in enumerate(people)
        ),
    )
    jobs.sort(key=lambda job: -len(job.participants))
    main = {}
    for job in jobs:
        for person in job.participants:
            main.setdefault(person, job.id)
    return corpus, tuple(evidence), JobMap(tuple(jobs), main, (), 0.87)


def priorities(job_map, total):
    """A qualitative index per job, the last one unknown."""
    made = []
    for place, job in enumerate(job_map.jobs):
        share = len(job.participants) / total
        known = place < len(job_map.jobs) - 1
        index = round(100 * share * (0.85 - 0.12 * place) * (0.8 - 0.1 * place), 1)
        made.append(
            QualitativePriority(
                job=job.id,
                participants=len(job.participants),
                of=total,
                frequency=(30.0, 4.0, 12.0, None, None)[place % 5],
                frequency_n=(4, 3, 2, 0, 0)[place % 5],
                frequency_basis="occurrences" if place % 5 < 3 else "share",
                frequency_level=(1.0, 0.47, 0.75, share, share)[place % 5],
                frequency_share=share,
                frequency_low=max(0.0, share - 0.18),
                frequency_high=min(1.0, share + 0.2),
                intensity=3.4 - 0.5 * place if known else None,
                intensity_n=len(job.participants) if known else 0,
                dissatisfaction=3.2 - 0.4 * place if known else None,
                dissatisfaction_n=len(job.participants) if known else 0,
                index=index if known else None,
                low=max(0.0, index - 11) if known else None,
                high=index + 14 if known else None,
                rank=place + 1 if known else None,
                rank_low=max(1, place) if known else None,
                rank_high=place + 2 if known else None,
                unreviewed_share=0.66,
            )
        )
    return tuple(made)


def survey_of(lang, n=412):
    """A survey of yes/no needs, ratings and a purchase."""
    rng = np.random.default_rng(7)
    columns = {"id": [f"r{place}" for place in range(n)]}
    columns |= {need: rng.integers(0, 2, n) for need in NEEDS}
    columns["achat"] = rng.integers(0, 2, n)
    questions = list(OUTCOMES[lang])
    readings = {
        need: ColumnReading(need, questions[place], "yes_no", ("0", "1"), 0, "survey.rule.yes_no")
        for place, need in enumerate(NEEDS)
    }
    bought = "a acheté l'application" if lang == "fr" else "bought the application"
    readings["achat"] = ColumnReading("achat", bought, "yes_no", ("0", "1"))
    return Survey(
        name="survey.csv",
        frame=pl.DataFrame(columns),
        id="id",
        needs=NEEDS,
        outcome="achat",
        outcome_names=tuple(OUTCOMES[lang]),
        demographics=("age", "ville"),
        readings=readings,
    )


def segmentation_of(lang, verdict=Solidity.REPRODUCIBLE):
    """Three segments, one of them unsteady."""
    n = 412
    profile = [
        (0.91, 0.35, 0.62, 0.30, 0.55),
        (0.22, 0.88, 0.31, 0.25, 0.20),
        (0.35, 0.20, 0.93, 0.41, 0.28),
    ]
    overall = (0.55, 0.48, 0.60, 0.31, 0.37)
    answers = {
        "fr": (("lieu", "sur chantier"), ("moment", "en réunion"), ("moment", "le soir")),
        "en": (("place", "on site"), ("moment", "in meetings"), ("moment", "in the evening")),
    }[lang]
    segments = []
    for place, (share, count) in enumerate(((0.44, 181), (0.33, 136), (0.23, 95))):
        markers = tuple(
            sorted(
                (
                    Marker(need, value, base, 100 * value / base, "share")
                    for need, value, base in zip(NEEDS, profile[place], overall, strict=True)
                ),
                key=lambda marker: -abs(marker.value - marker.overall),
            )
        )
        column, answer = answers[place]
        segments.append(
            Segment(
                id=f"S{place + 1}",
                n=count,
                share=share,
                stability=(0.86, 0.79, 0.58)[place],
                markers=markers,
                certainty=(0.93, 0.9, 0.81)[place],
                descriptions=(
                    Description("age", "35–49", 0.41, 0.33),
                    Description("ville", "Lyon", 0.12, 0.14),
                ),
                personas=(
                    Persona(
                        f"S{place + 1}.1",
                        f"S{place + 1}",
                        {column: answer},
                        71,
                        0.39,
                        0.32,
                        0.46,
                        1.9,
                    ),
                ),
                job="job1" if place == 0 else None,
            )
        )
    labels = np.repeat([0, 1, 2], [181, 136, 95]).astype(np.int64)
    posterior = np.eye(3)[labels] * 0.85 + 0.05
    criteria = tuple(
        Criterion(
            k,
            -1400 + 60 * k,
            5 * k + k - 1,
            2900 - 90 * k,
            bic,
            bic - 20,
            bic + 30,
            0.9,
            stability,
            40,
            31,
            stability_error=0.02 if k > 1 else None,
            within=tuple(0.9 - 0.1 * place for place in range(k)) if k > 1 else (),
            across=tuple(1.0 - 0.15 * place for place in range(k)) if k > 1 else (),
            ratio=80.0 - 12 * k if k > 1 else None,
            ratio_p=(0.01 if k < 5 else 0.3) if k > 1 else None,
            ratio_draws=99 if k > 1 else None,
            sizes=tuple(2 * (k - place) / (k * (k + 1)) for place in range(k)),
            origins=tuple(
                tuple(0.9 if j == min(i, k - 2) else 0.1 / max(1, k - 2) for j in range(k - 1))
                if k > 2
                else (1.0,)
                for i in range(k)
            )
            if k > 1
            else (),
        )
        for k, bic, stability in (
            (1, 2980.0, None),
            (2, 2871.0, 0.88),
            (3, 2832.0, 0.81),
            (4, 2840.0, 0.55),
            (5, 2866.0, 0.41),
            (6, 2895.0, 0.35),
        )
    )
    return Segmentation(
        needs=NEEDS,
        k=3,
        verdict=verdict,
        reasons=(Notice("fictional.reason", {"stability": 0.81, "threshold": 0.8}, "info"),),
        criteria=criteria,
        segments=tuple(segments),
        labels=labels,
        posterior=posterior,
        model={},
        n=n,
        seed=3,
    )


def opportunities_of(lang, n=412, *, zoned=True):
    """ODI opportunities among everyone and in two segments."""
    made = []
    for segment, size in ((None, n), ("S1", 181), ("S3", 95)):
        scored = []
        for name, (importance, satisfaction) in zip(OUTCOMES[lang], RATED, strict=True):
            shift = {"S1": 0.4, "S3": -0.5}.get(segment, 0.0)
            value = min(10.0, importance + shift)
            scored.append((value + max(value - satisfaction, 0), name, value, satisfaction))
        scored.sort(reverse=True)
        half = 26 / np.sqrt(size)
        for rank, (score, name, importance, satisfaction) in enumerate(scored, 1):
            made.append(
                Opportunity(
                    outcome=name,
                    importance_column=f"imp_{rank}",
                    satisfaction_column=f"sat_{rank}",
                    segment=segment,
                    n=size,
                    importance=importance,
                    satisfaction=satisfaction,
                    score=score,
                    low=score - half,
                    high=min(20.0, score + half),
                    p_over_10=0.99 if score > 12 else 0.4,
                    rank=rank,
                    rank_low=1 if rank == 1 else rank - 1,
                    rank_high=1 if rank == 1 else rank + 1,
                    zone=_zone(importance, satisfaction, score) if zoned else None,
                    gap_only=max(importance - satisfaction, 0),
                    mean_based=score * 0.9,
                    notices=(Notice("fictional.small_n", {"n": size}),) if size < 100 else (),
                )
            )
    return tuple(made)


def validation_of(verdict=Comparison.JOBS_BETTER):
    """Held-out scores of four predictor sets."""
    sign = {Comparison.JOBS_BETTER: 1, Comparison.DEMOGRAPHICS_BETTER: -1}.get(verdict, 0)
    return Validation(
        outcome="achat",
        outcome_kind="binary",
        metric="auc",
        scores=(
            HeldOutScore("job_segments", 0.71, 0.66, 0.76),
            HeldOutScore("demographic_segments", 0.55, 0.49, 0.61),
            HeldOutScore("demographics", 0.60, 0.54, 0.66),
            HeldOutScore("segments_and_demographics", 0.72, 0.67, 0.77),
            HeldOutScore("nothing", 0.5, 0.5, 0.5),
        ),
        difference=0.11 * sign,
        low=0.11 * sign - 0.06,
        high=0.11 * sign + 0.06,
        segments_difference=0.16,
        segments_low=0.08,
        segments_high=0.24,
        verdict=verdict,
        n=412,
        folds=5,
        repeats=10,
        notices=(Notice("fictional.same_survey"),),
    )


def assignment_of(n=600):
    """Customers, some of whom answered no shared need."""
    rng = np.random.default_rng(5)
    names = np.array(["S1", "S2", "S3"])[rng.integers(0, 3, n)]
    frame = pl.DataFrame(
        {
            "client": [f"c{place}" for place in range(n)],
            "segment": [None if place % 50 == 0 else str(name) for place, name in enumerate(names)],
            "probability": np.round(rng.uniform(0.5, 1, n), 3),
            "p_S1": np.round(rng.uniform(0, 1, n), 3),
            "p_S2": np.round(rng.uniform(0, 1, n), 3),
            "p_S3": np.round(rng.uniform(0, 1, n), 3),
            "panier": np.round(rng.uniform(5, 200, n), 2),
        }
    )
    return Assignment(
        name="customers.csv",
        frame=frame,
        id="client",
        value="panier",
        shared=NEEDS[:4],
        missing=NEEDS[4:],
        expected_accuracy=0.91,
        segments=tuple(
            SegmentOfCustomers(f"S{place}", count, count / n, 21000.0 * place, 0.8)
            for place, count in ((1, 260), (2, 190), (3, 138))
        ),
        n=n,
    )


def card(lang):
    """What the fictional study is about."""
    french = lang == "fr"
    return StudyCard(
        title="Prise de notes" if french else "Taking notes",
        product="Carnet, application de notes" if french else "Carnet, a note-taking app",
        question="Pourquoi embauche-t-on une application de notes plutôt qu'un carnet ?"
        if french
        else "Why would anyone hire a note-taking app rather than a notebook?",
        language=Language(lang),
        fictional=True,
        made_on=date(2026, 11, 22),
        version="0.1.0",
        seed=3,
        offer={"recherche" if french else "search": "Recherche dans les photos et les mots"}
        if french
        else {"search": "Search in pictures and words"},
    )


def full(lang="fr", **changes):
    """Everything: interviews, survey, links, validation, customers."""
    corpus, evidence, job_map = interviews(lang)
    findings = Findings(
        card=card(lang),
        corpus=corpus,
        evidence=evidence,
        job_map=job_map,
        survey=survey_of(lang),
        segmentation=segmentation_of(lang),
        links=(
            NeedLink("besoin_retrouver", "job1", 0.81, confirmed=True),
            NeedLink("besoin_oubli", "job2", 0.62),
        ),
        validation=validation_of(),
        qualitative=priorities(job_map, 14),
        opportunities=opportunities_of(lang),
        assignment=assignment_of(),
    )
    return replace(with_steps(findings), **changes)


def with_steps(findings):
    """Add the matrix and the first steps, as the stages do."""
    return replace(
        findings,
        matrix=matrix(findings.job_map, findings.evidence) if findings.job_map else None,
        steps=first_steps(
            findings.job_map,
            findings.evidence,
            priorities=findings.qualitative,
            opportunities=findings.opportunities,
            links=findings.links,
        ),
    )


def interviews_only(lang="fr"):
    """Interviews, and nothing to count with."""
    corpus, evidence, job_map = interviews(lang)
    findings = Findings(
        card=card(lang),
        corpus=corpus,
        evidence=evidence,
        job_map=job_map,
        qualitative=priorities(job_map, 14),
        notices=(Notice("fictional.broken_file", {"file": "notes/x.docx"}, "problem"),),
    )
    return with_steps(findings)


def survey_only(lang="fr"):
    """A survey without interviews."""
    return Findings(
        card=card(lang),
        survey=survey_of(lang),
        segmentation=segmentation_of(lang),
        validation=validation_of(Comparison.NO_DIFFERENCE_SHOWN),
        opportunities=opportunities_of(lang),
    )


def unlinked(lang="fr"):
    """Interviews and a survey that speak of different things."""
    return full(lang, links=())
