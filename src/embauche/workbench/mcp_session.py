"""For whom an assistant works: a person, their scopes, and the studies that it may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import close_old_connections
from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError

from embauche.errors import EmbaucheError, WorkbenchError
from embauche.vocabulary import Language
from embauche.workbench.models import Study, User
from embauche.workbench.services.proposing import machine_name
from embauche.workbench.services.roles import require

_Params = ParamSpec("_Params")
_Answer = TypeVar("_Answer")


@dataclass(frozen=True, slots=True)
class Session:
    """For whom an assistant works.

    Attributes
    ----------
    user
        Whose roles count.
    scopes
        What the assistant may do, within them.
    study
        Slug of the only study that it sees; all of the user's where ``None``.
    language
        Language of figures and errors.
    """

    user: User
    scopes: frozenset[str]
    study: str | None
    language: Language

    def studies(self) -> list[Study]:
        """Return the studies that the assistant may see."""
        rows = Study.objects.filter(memberships__user=self.user)
        return list(rows.filter(slug=self.study) if self.study else rows)

    def opened(self, slug: str | None) -> Study:
        """Return the study of a name; without one, the only one there is.

        Raises
        ------
        WorkbenchError
            If there is none of that name, or several and none is named.
        """
        found = self.studies()
        if slug is None and len(found) == 1:
            return found[0]
        for study in found:
            if study.slug == slug:
                require(self.user, study, "reader")
                return study
        known = [row.slug for row in found]
        raise WorkbenchError("mcp.which_study", study=slug or "—", known=known or ["—"])

    def guarded(self, tool: Callable[_Params, _Answer]) -> Callable[_Params, _Answer]:
        """Return a tool that tells what went wrong in words, and keeps no database connection."""

        @wraps(tool)
        def told(*args: _Params.args, **kwargs: _Params.kwargs) -> _Answer:
            try:
                return tool(*args, **kwargs)
            except EmbaucheError as error:
                said = f"{error.message(self.language)} {error.hint(self.language)}"
            except PermissionDenied:
                said = self.say("api.forbidden")
            except ObjectDoesNotExist:
                said = self.say("mcp.nothing_there")
            finally:
                close_old_connections()
            raise ToolError(said)

        return told

    def say(self, code: str) -> str:
        """Return message and hint of an error."""
        error = EmbaucheError(code)
        return f"{error.message(self.language)} {error.hint(self.language)}"


def client_of(context: Context[Any, Any]) -> str:
    """Return the coder's name of the assistant's program: ``machine:mcp:<client>``."""
    params = context.request_context.session.client_params
    return machine_name("mcp", params.client_info.name if params is not None else "")
