"""What an assistant may propose. Nothing here accepts, rejects, changes or deletes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from mcp.server.mcpserver import Context
from pydantic import Field

from embauche.vocabulary import Facet, Language
from embauche.workbench.mcp_reading import StudyName
from embauche.workbench.mcp_session import Session, client_of
from embauche.workbench.services.proposing import propose_evidence, suggest_statement

Reason = Annotated[str, Field(max_length=2000, description="Why, for whoever reviews it.")]


@dataclass(frozen=True, slots=True)
class Proposals:
    """Tools that propose."""

    session: Session

    def tools(self) -> list[Callable[..., Any]]:
        """Return the tools."""
        return [self.propose_evidence, self.propose_job_statement]

    def propose_evidence(
        self,
        source: Annotated[int, Field(description="Number of the source.")],
        quote: Annotated[str, Field(min_length=1, max_length=20_000)],
        facet: Facet,
        ctx: Context[Any, Any],
        study: StudyName = None,
        start: Annotated[int | None, Field(ge=0)] = None,
        confidence: Annotated[float, Field(ge=0, le=1)] = 0.5,
        reason: Reason = "",
    ) -> dict[str, Any]:
        """Propose a participant's exact words as evidence of one facet of the codebook.

        The quote is verified letter for letter and waits for a person's review; a paraphrase is
        refused. Give `start` where the same words stand several times. Read the codebook first.
        """
        opened = self.session.opened(study)
        row = opened.sources.only("pk").get(pk=source, current=True)
        made, fresh = propose_evidence(
            row.pk,
            quote,
            facet,
            client_of(ctx),
            self.session.user,
            start=start,
            confidence=confidence,
            reason=reason,
        )
        return {
            "evidence": made.pk,
            "new": fresh,
            "status": "proposed" if fresh else "known already",
            "start": made.start,
            "end": made.end,
            "facet": made.facet,
        }

    def propose_job_statement(
        self,
        job: Annotated[int, Field(description="Number of the job.")],
        statement: Annotated[str, Field(min_length=1, max_length=300)],
        language: Language,
        ctx: Context[Any, Any],
        study: StudyName = None,
        reason: Reason = "",
    ) -> dict[str, Any]:
        """Propose a wording for a job; the job keeps its own until a person takes this one.

        A statement is a verb, its object and the context; it names no product and no solution.
        """
        row = self.session.opened(study).jobs.only("pk").get(pk=job, current=True)
        made = suggest_statement(
            row.pk, statement, language, client_of(ctx), self.session.user, reason
        )
        return {"job": job, "proposed": made.statement, "by": made.coder}
