"""What people write about jobs: their wording, their link to survey needs, the offer's answers."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from embauche.errors import WorkbenchError
from embauche.vocabulary import Language
from embauche.workbench.models import Event, Job, NeedLink, Study, User
from embauche.workbench.services.conflicts import change, touch
from embauche.workbench.services.roles import coder_of, require

LONGEST = 300


def rename_job(
    job_id: int, statement: str, language: Language | str, actor: User, version: int
) -> Job:
    """Give a job a person's wording in one language; the machine's wording stays in the history.

    Raises
    ------
    WorkbenchError
        If the statement is empty or longer than 300 characters.
    StaleVersionError
        If someone else reworded it meanwhile.
    """
    text = " ".join(statement.split())
    if not text:
        raise WorkbenchError("workbench.empty_statement")
    if len(text) > LONGEST:
        raise WorkbenchError("workbench.long_statement", n=len(text), most=LONGEST)
    with transaction.atomic():
        job = Job.objects.select_related("study").get(pk=job_id)
        require(actor, job.study, "editor")
        before = {"statement": job.statement, "proposal": job.statement_is_proposal}
        change(
            job,
            version,
            statement={**job.statement, Language(language).value: text},
            statement_is_proposal=False,
            worded_by=coder_of(actor, job.study),
            worded_at=timezone.now(),
        )
        _record(job.study, actor, "job.reworded", "job", job.key, job.version, before)
        touch(job.study)
    return job


def confirm_link(study_id: int, need: str, job_id: int | None, actor: User) -> NeedLink | None:
    """Confirm which job a survey need belongs to; ``None`` says that it belongs to none."""
    with transaction.atomic():
        study = Study.objects.get(pk=study_id)
        require(actor, study, "editor")
        link = NeedLink.objects.filter(study=study, need=need).first()
        before = {"job": link.job.key, "confirmed": link.confirmed} if link else None
        if job_id is None:
            NeedLink.objects.filter(study=study, need=need).delete()
            link = None
        else:
            job = Job.objects.get(pk=job_id, study=study)
            same = link is not None and link.job_id == job.pk
            link, _ = NeedLink.objects.update_or_create(
                study=study,
                need=need,
                defaults={
                    "job": job,
                    "confirmed": True,
                    "similarity": link.similarity if link is not None and same else 0.0,
                },
            )
        _record(study, actor, "link.confirmed", "need", need[:200], 1, before)
        touch(study)
    return link


def save_offer(study_id: int, offer: Mapping[str, str], actor: User, version: int) -> Study:
    """Keep what the product answers with: name of the part → the team's words.

    Raises
    ------
    StaleVersionError
        If someone else changed the offer meanwhile.
    """
    parts = {" ".join(name.split()): text.strip() for name, text in offer.items() if name.strip()}
    with transaction.atomic():
        study = Study.objects.get(pk=study_id)
        require(actor, study, "editor")
        before = dict(study.offer)
        change(study, version, offer=parts)
        _record(study, actor, "offer.saved", "study", study.slug, study.version, before)
        touch(study)
    return study


def _record(
    study: Study, actor: User, verb: str, kind: str, key: str, version: int, payload: object
) -> None:
    Event(
        study=study, actor=actor, verb=verb, kind=kind, key=key, version=version, payload=payload
    ).save()
