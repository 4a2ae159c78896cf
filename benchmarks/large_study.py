"""Make a large fictional study in a workspace: 100 interviews, 10,000 evidences, 40 jobs, a survey.

    python benchmarks/large_study.py WORKSPACE [--lang fr|en] [--people 0] [--no-survey]

Nobody said any of it: every sentence comes from the templates below. The files are real files that
the readers read, the rows are the ones that an analysis stores; only the machine's coding and the
grouping are put in instead of computed, since every sentence's facet and topic are known. The
survey is the demo's, and its stages are run for real: half of the 25 s that it takes on two idle
cores.
`--people N` adds accounts user01…userN (password "fictional-password"), each an editor.

`--interviews`, `--evidence` and `--jobs` make it smaller or larger. The same arguments and seed
give the same study.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from large_study_words import QUESTIONS, SILENT, TEMPLATES, TOML, TOPICS, WHO

from embauche.collect.source import Corpus
from embauche.identify.coder import FACETS
from embauche.identify.evidence import Evidence
from embauche.identify.proposals import evidence_id
from embauche.identify.remembered_talk import RememberedTalk
from embauche.jobs.arrangement import Arrangement
from embauche.jobs.job import Attachment, Job, JobMap
from embauche.jobs.matrix import matrix
from embauche.study.demo import survey as demo_survey
from embauche.study.demo_words import WORDS
from embauche.study.parts import Collected, Mapped, Segmented
from embauche.vocabulary import GOAL_FACETS, JOB_TYPE_OF_FACET, EvidenceStatus, Facet, Language

PASSWORD = "fictional-password"  # noqa: S105 (of accounts that only a benchmark makes)
_CODER = "machine:fictional-1"
_SENTENCES_A_TURN = 4
_ACCEPTED, _REJECTED = 0.4, 0.1
# How often each facet is said, in the order of `Facet`.
_SHARES = np.array([0.20, 0.06, 0.05, 0.10, 0.12, 0.14, 0.08, 0.07, 0.06, 0.05, 0.03, 0.04])

Planned = dict[str, tuple[Facet, int]]


def write_folder(
    folder: Path, language: Language, *, interviews: int, evidence: int, jobs: int, seed: int
) -> Planned:
    """Write the interviews, the survey and study.toml; return sentence → its facet and topic."""
    rng = np.random.default_rng(seed)
    (folder / "interviews").mkdir(parents=True, exist_ok=True)
    planned: Planned = {}
    facets = list(Facet)
    coded = np.diff(np.linspace(0, evidence, interviews + 1).astype(int))
    interviewer = QUESTIONS[language][0]
    for number in range(1, interviews + 1):
        name = f"Participant {number:03}"
        own = rng.choice(jobs, size=min(6, jobs), replace=False)
        lines = []
        for place in range(int(coded[number - 1] * 1.1)):
            topic = int(own[rng.integers(len(own))])
            if place % 11 == 10:
                lines.append(str(rng.choice(SILENT[language])))
                continue
            facet = facets[rng.choice(len(facets), p=_SHARES)]
            template = str(rng.choice(TEMPLATES[language][facet]))
            words = template.format(
                do=TOPICS[language][topic % 40],
                who=rng.choice(WHO[language]),
                n=f"{number}-{place}",
            )
            lines.append(words)
            planned[words] = (facet, topic)
        turns = []
        for begin in range(0, len(lines), _SENTENCES_A_TURN):
            turns.append(f"{interviewer}: {rng.choice(QUESTIONS[language][1:])}")
            turns.append(f"{name}: {' '.join(lines[begin : begin + _SENTENCES_A_TURN])}")
        text = "\n\n".join(turns) + "\n"
        (folder / "interviews" / f"{number:03}.md").write_text(text, encoding="utf-8")
    words = WORDS[language]
    demo_survey(words, rng).write_csv(folder / words.survey, include_bom=True)
    own = words.study_toml
    section = own[own.index("[survey]") : own.index("[survey.jobs]")]
    (folder / "study.toml").write_text(TOML[language] + section, encoding="utf-8")
    return planned


def coded(corpus: Corpus, planned: Planned, seed: int) -> tuple[list[Evidence], list[int]]:
    """Return the planned evidence with its exact places, and the topic of each."""
    rng = np.random.default_rng([seed, 1])
    found, topics = [], []
    for source in corpus.sources:
        for sentence in source.sentences:
            words = source.text[sentence.start : sentence.end]
            who = source.turns[sentence.turn].participant
            if words not in planned or who is None:
                continue
            facet, topic = planned[words]
            draw = rng.random()
            found.append(
                Evidence(
                    id=evidence_id(source.id, sentence.start, sentence.end, facet),
                    source=source.id,
                    participant=who,
                    start=sentence.start,
                    end=sentence.end,
                    quote=words,
                    facet=facet,
                    language=source.language,
                    coder=_CODER,
                    status=EvidenceStatus.ACCEPTED
                    if draw < _ACCEPTED
                    else EvidenceStatus.REJECTED
                    if draw < _ACCEPTED + _REJECTED
                    else EvidenceStatus.PROPOSED,
                    confidence=round(float(rng.uniform(0.5, 0.98)), 4),
                    intensity=int(rng.integers(0, 5)) if facet in GOAL_FACETS else None,
                    dissatisfaction=int(rng.integers(0, 5)) if facet in GOAL_FACETS else None,
                    valence=round(float(rng.uniform(-1, 1)), 4),
                    reason="words",
                )
            )
            topics.append(topic)
    return found, topics


def grouped(found: list[Evidence], topics: list[int], language: Language, seed: int) -> JobMap:
    """Group the evidence by its topics into jobs, most participants first."""
    rng = np.random.default_rng([seed, 2])
    cells: dict[int, dict[Facet, list[Attachment]]] = defaultdict(lambda: defaultdict(list))
    goals: dict[int, list[Evidence]] = defaultdict(list)
    for item, topic in zip(found, topics, strict=True):
        if item.status is EvidenceStatus.REJECTED:
            continue
        near = round(float(rng.uniform(0.5, 0.95)), 4)
        cells[topic][item.facet].append(Attachment(item.id, near, 1.0))
        if item.facet in GOAL_FACETS:
            goals[topic].append(item)
    jobs, members = [], {}
    for topic, stated in goals.items():
        key = f"job-{topic:02}"
        people = tuple(sorted({item.participant for item in stated}))
        members[key] = frozenset(item.id for item in stated)
        kind = next((item.facet for item in stated if item.facet in JOB_TYPE_OF_FACET), None)
        words = TOPICS[language][topic % 40]
        statement = words[0].upper() + words[1:] + (f" {topic // 40 + 1}" if topic >= 40 else "")
        jobs.append(
            Job(
                id=key,
                type=JOB_TYPE_OF_FACET[kind or Facet.JOB_FUNCTIONAL],
                statement={language: statement},
                cells={
                    facet: tuple(sorted(items, key=lambda each: -each.similarity))
                    for facet, items in cells[topic].items()
                },
                participants=people,
                name_source=stated[0].id,
                statement_is_proposal=topic % 3 > 0,
            )
        )
    jobs.sort(key=lambda job: (-len(job.participants), job.id))
    main = {person: job.id for job in reversed(jobs) for person in job.participants}
    others = frozenset(item.id for item in found if item.facet not in GOAL_FACETS)
    return JobMap(
        jobs=tuple(jobs),
        main_job=main,
        unassigned=(),
        threshold=0.85,
        found=members,
        arrangement=Arrangement(members, frozenset(), others),
    )


def heard(corpus: Corpus, found: list[Evidence], seed: int) -> RememberedTalk:
    """Return what a coder would have heard: log-odds that give the planned proposals."""
    rng = np.random.default_rng([seed, 3])
    column = {facet: place for place, facet in enumerate(FACETS)}
    sources = {source.id: row for row, source in enumerate(corpus.sources)}
    people = {person.id: row for row, person in enumerate(corpus.participants)}
    spans = np.array([(item.start, item.end) for item in found], dtype=np.int64).reshape(-1, 2)
    n = len(found)
    odds = rng.normal(-4.0, 0.6, (n, len(FACETS)))
    for row, item in enumerate(found):
        odds[row, column[item.facet]] = np.log(item.confidence / (1 - item.confidence))
    placed = rng.normal(size=(n, 512)).astype(np.float32)
    placed /= np.linalg.norm(placed, axis=1, keepdims=True)
    return RememberedTalk(
        coder=_CODER,
        thresholds=np.full(len(FACETS), 0.4),
        sources=tuple(sources),
        participants=tuple(people),
        places=np.array(
            [
                (sources[item.source], people[item.participant], item.start, item.end)
                for item in found
            ],
            dtype=np.int64,
        ).reshape(-1, 4),
        odds=odds,
        unasked=odds.copy(),
        placed=placed,
        quoted=np.repeat(np.arange(n)[:, None], len(FACETS), axis=1),
        spans=spans,
        when=np.full(n, -1, dtype=np.int8),
        matters=np.full((n, 2), -1, dtype=np.int8),
        unserved=np.full((n, 2), -1, dtype=np.int8),
        often=np.full(n, np.nan),
        feels=np.zeros(n, dtype=np.float32),
    )


def make(
    workspace: Path,
    *,
    language: Language = Language.EN,
    interviews: int = 100,
    evidence: int = 10_000,
    jobs: int = 40,
    people: int = 0,
    survey: bool = True,
    seed: int = 2026,
) -> Any:
    """Make the study in a workspace and return its row."""
    from embauche.workbench.configure import use_workspace

    use_workspace(workspace)
    from embauche.study.config import read_config
    from embauche.study.decisions import Decisions
    from embauche.study.plan import make_plan
    from embauche.study.segmenting import segment
    from embauche.study.stages import collect, conclude
    from embauche.workbench.models import Membership, Study
    from embauche.workbench.services.inputs import inputs, results_folder, study_folder
    from embauche.workbench.services.roles import local_user
    from embauche.workbench.services.storing import FrameStore, store

    free = "large"
    while Study.objects.filter(slug=free).exists():
        free += "-again"
    study = Study.objects.create(
        slug=free,
        title={"fr": "Cent entretiens (fictif)", "en": "A hundred interviews (fictional)"}[
            language
        ],
        product="Feuillet",
        language=language.value,
        fictional=True,
        seed=seed,
    )
    owner = local_user()
    Membership.objects.create(user=owner, study=study, role=Membership.Role.OWNER)
    folder = study_folder(study)
    planned = write_folder(
        folder, language, interviews=interviews, evidence=evidence, jobs=jobs, seed=seed
    )
    plan = make_plan(read_config(folder))
    read = collect(plan)
    found, topics = coded(read.corpus, planned, seed)
    job_map = grouped(found, topics, language, seed)
    mapped = Mapped(tuple(found), job_map, matrix(job_map, found), (), ())
    read = Collected(read.corpus, read.survey if survey else None, None, read.notices)
    segmented = segment(read, mapped, seed) if survey else Segmented(None, None, ())
    findings = conclude(plan, read, mapped, segmented, language, seed)
    given = inputs(study)
    frames = FrameStore(results_folder(study))
    marks = (given.fingerprint, given.files)
    store(study, findings, Decisions({}, {}), marks, frames, heard(read.corpus, found, seed))
    _decide(study, owner)
    _invite(study, people)
    return study


def _decide(study: Any, owner: Any) -> None:
    """Write down who decided what, as the review does, in the course of some fictional weeks."""
    from django.utils import timezone

    from embauche.workbench.models import Coding, Event
    from embauche.workbench.services.conflicts import touch
    from embauche.workbench.services.roles import coder_of

    coder = coder_of(owner, study)
    decided = study.evidence.exclude(status="proposed")
    decided.update(reviewer=coder, reviewed_at=timezone.now() - timedelta(days=1), version=2)
    before = {"status": "proposed", "reviewer": None, "at": None}
    Event.objects.bulk_create(
        (
            Event(
                study=study,
                actor=owner,
                verb=f"evidence.{status}",
                kind="evidence",
                key=key,
                version=2,
                payload=before,
            )
            for key, status in decided.order_by("pk").values_list("key", "status")
        ),
        batch_size=500,
    )
    Coding.objects.bulk_create(
        (
            Coding(study=study, evidence_id=pk, coder=coder, status=status, facet=facet, at=at)
            for pk, status, facet, at in decided.order_by("pk").values_list(
                "pk", "status", "facet", "reviewed_at"
            )
        ),
        batch_size=500,
    )
    touch(study)


def _invite(study: Any, people: int) -> None:
    """Make accounts, each an editor of the study."""
    from django.contrib.auth.hashers import make_password

    from embauche.workbench.models import Membership, User

    hashed = make_password(PASSWORD)  # once: hashing is slow on purpose
    for number in range(1, people + 1):
        user, _ = User.objects.get_or_create(
            username=f"user{number:02}", defaults={"password": hashed}
        )
        Membership.objects.get_or_create(user=user, study=study, defaults={"role": "editor"})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("workspace", type=Path)
    parser.add_argument("--lang", choices=["fr", "en"], default="en")
    parser.add_argument("--interviews", type=int, default=100)
    parser.add_argument("--evidence", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=40)
    parser.add_argument("--people", type=int, default=0)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--no-survey", action="store_true")
    given = parser.parse_args()
    began = time.perf_counter()
    study = make(
        given.workspace,
        language=Language(given.lang),
        interviews=given.interviews,
        evidence=given.evidence,
        jobs=given.jobs,
        people=given.people,
        survey=not given.no_survey,
        seed=given.seed,
    )
    took = time.perf_counter() - began
    print(
        f"{study.slug}: {study.sources.count()} interviews, {study.evidence.count()} evidences, "
        f"{study.jobs.count()} jobs in {took:.1f} s"
    )
    print(f"Serve it with: EMBAUCHE_HOME={given.workspace} embauche serve")


if __name__ == "__main__":
    main()
