"""Findings of a fictional study, made by hand: nothing here comes from a real person.

Marked as fictional: the people, their words, the survey and every figure are invented for tests.
"""

from dataclasses import replace
from datetime import date

from fictional_survey import (
    assignment_of,
    opportunities_of,
    segmentation_of,
    survey_of,
    validation_of,
)
from fictional_words import JOBS, PEOPLE, SITUATIONS, F

from embauche.activate.first_steps import first_steps
from embauche.collect.source import Corpus, Participant, Sentence, Source, Turn
from embauche.identify.evidence import Evidence
from embauche.jobs.job import Attachment, Job, JobMap, NeedLink
from embauche.jobs.matrix import matrix
from embauche.notices import Notice
from embauche.present.findings import Findings, StudyCard
from embauche.prioritise.priority import QualitativePriority
from embauche.vocabulary import (
    Comparison,
    EvidenceStatus,
    Language,
    Moment,
    SourceKind,
    SpeakerRole,
)


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
