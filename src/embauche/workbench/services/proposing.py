"""What programs propose: evidence and statements of jobs, for people to decide about.

A proposal names the machine that made it (``machine:mcp:…``, ``machine:api:…``), is verified letter
for letter, and changes no figure until a person accepts it.
"""

from __future__ import annotations

import re
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from embauche.errors import EvidenceError, WorkbenchError
from embauche.identify import evidence_id
from embauche.identify.evidence import Evidence as Found
from embauche.identify.evidence import verified
from embauche.study.decisions import PROPOSERS
from embauche.vocabulary import EvidenceStatus, Facet, Language, SpeakerRole
from embauche.workbench.models import Coder, Event, Evidence, Job, Participant, Source, Study, User
from embauche.workbench.services.conflicts import touch
from embauche.workbench.services.proposal_lines import KIND, MADE, WORDED, Suggestion
from embauche.workbench.services.restoring import source as restored_source
from embauche.workbench.services.roles import require

LONGEST_STATEMENT: Final = 300
LONGEST_REASON: Final = 2000


def machine_name(kind: str, client: str) -> str:
    """Return the coder's name of a program: ``machine:mcp:<client>``, without odd signs."""
    plain = re.sub(r"[^\w.+-]+", "-", client.strip()).strip("-")[:80]
    return f"machine:{kind}:{plain or 'unknown'}"


def propose_evidence(
    source_id: int,
    quote: str,
    facet: Facet | str,
    coder: str,
    actor: User,
    *,
    start: int | None = None,
    confidence: float = 0.5,
    reason: str = "",
) -> tuple[Evidence, bool]:
    """Propose a participant's exact words as evidence of a facet.

    Parameters
    ----------
    source_id
        The source.
    quote
        The words, letter for letter.
    facet
        What they are evidence of.
    coder
        The machine that proposes, ``machine:mcp:…`` or ``machine:api:…``.
    actor
        For whom it acts; at least a coder of the study.
    start
        Where the quote begins, in code points; needed where the words stand there several times.
    confidence
        How likely a coder is to agree, 0 to 1.
    reason
        Why, for whoever reviews it.

    Returns
    -------
    row, fresh
        The evidence, and whether it is new; what somebody proposed or decided before stays.

    Raises
    ------
    EvidenceError
        If the words are not in the source as given, or no participant says them.
    """
    facet = Facet(facet)
    if not coder.startswith(PROPOSERS):
        msg = "a proposal names the machine that made it"
        raise ValueError(msg)
    with transaction.atomic():
        source = Source.objects.select_related("study").get(pk=source_id)
        study = source.study
        require(actor, study, "coder")
        at = _place(source, quote) if start is None else start
        said_by = _heard(source, at, at + len(quote))
        key = evidence_id(source.key, at, at + len(quote), facet)
        found = Found(
            key, source.key, said_by, at, at + len(quote), quote, facet,
            Language(source.language), coder,
        )  # fmt: skip
        verified(found, restored_source(source))
        row, fresh = Evidence.objects.get_or_create(
            study=study,
            key=key,
            defaults={
                "source": source,
                "participant": Participant.objects.get(study=study, key=said_by),
                "coder": Coder.objects.get_or_create(study=study, name=coder)[0],
                "start": at,
                "end": found.end,
                "quote": quote,
                "facet": facet.value,
                "language": source.language,
                "status": EvidenceStatus.PROPOSED.value,
                "analysed_status": "",
                "confidence": min(max(confidence, 0.0), 1.0),
                "memo": reason.strip()[:LONGEST_REASON],
            },
        )
        hidden = row.withdrawn or not row.current
        if not fresh and hidden and row.reviewer_id is None:
            # Nobody had decided, and the coder no longer proposed it: it is shown again.
            Evidence.objects.filter(pk=row.pk).update(
                current=True, withdrawn=False, version=row.version + 1
            )
            row.refresh_from_db()
            fresh = True
        if fresh:
            _record(study, actor, MADE, key, {"coder": coder, "facet": facet.value})
            touch(study)
    return row, fresh


def suggest_statement(
    job_id: int, statement: str, language: Language | str, coder: str, actor: User, reason: str = ""
) -> Suggestion:
    """Propose a statement for a job; the job keeps its own until a person takes it.

    Raises
    ------
    WorkbenchError
        If the statement is empty or longer than 300 characters.
    """
    text = " ".join(statement.split())
    if not text:
        raise WorkbenchError("workbench.empty_statement")
    if len(text) > LONGEST_STATEMENT:
        raise WorkbenchError("workbench.long_statement", n=len(text), most=LONGEST_STATEMENT)
    with transaction.atomic():
        job = Job.objects.select_related("study").get(pk=job_id)
        require(actor, job.study, "coder")
        made = Suggestion(
            job.key,
            Language(language),
            text,
            coder,
            reason.strip()[:LONGEST_REASON],
            timezone.now().isoformat(timespec="seconds"),
        )
        payload = {
            "language": made.language.value,
            "statement": text,
            "coder": coder,
            "reason": made.reason,
        }
        _record(job.study, actor, WORDED, job.key, payload)
        touch(job.study)
    return made


def _place(source: Source, quote: str) -> int:
    """Return where the words stand, if they stand in one place only."""
    if not quote.strip():
        raise EvidenceError("api.empty_quote")
    places = [match.start() for match in re.finditer(re.escape(quote), source.text)][:50]
    heard = [at for at in places if _turn(source, at, at + len(quote)) is not None]
    if not places:
        raise EvidenceError("api.quote_not_found", source=source.name, quote=quote[:80])
    if not heard:
        raise EvidenceError("api.quote_not_said", source=source.name, quote=quote[:80])
    if len(heard) > 1:
        raise EvidenceError(
            "api.quote_ambiguous", source=source.name, quote=quote[:80], starts=heard
        )
    return heard[0]


def _heard(source: Source, start: int, end: int) -> str:
    """Return who says the words."""
    turn = _turn(source, start, end)
    if turn is None:
        raise EvidenceError(
            "api.quote_not_said", source=source.name, quote=source.text[start:end][:80]
        )
    return str(turn["participant"])


def _turn(source: Source, start: int, end: int) -> dict[str, Any] | None:
    for turn in source.turns:
        if turn["start"] <= start < end <= turn["end"]:
            said = turn["role"] == SpeakerRole.PARTICIPANT.value and turn["participant"]
            return turn if said else None
    return None


def _record(study: Study, actor: User, verb: str, key: str, payload: dict[str, Any]) -> None:
    """Write an event of a kind of its own: undoing what a person did leaves proposals alone."""
    Event(
        study=study, actor=actor, verb=verb, kind=KIND, key=key, version=1, payload=payload
    ).save()
