"""Whatever a form or an address of a page carries, no page breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from address_table import TABLE, address, of_studies
from fictional_team import as_server, browser, person

import embauche.workbench

VALUES = ("²", "9" * 5000, "nan", "accepted:²:1", "../../secret.key", "a\x00b")
"""Numbers that are none, one that is too large, a path, and what no database keeps."""


def fields() -> list[str]:
    """Return every name by which a page reads something of a form or of an address."""
    found = {"u1-kind", "name-1", "name-²", "version-²", "s0-1", "d0-1", "who0", "line0"}
    pages = Path(embauche.workbench.__file__).parent
    for path in (*(pages / "pages").glob("*.py"), *(pages / "services").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.update(re.findall(r"""(?:get|getlist|number_of)\((?:request, )?"([\w-]+)\"""", text))
        found.update(re.findall(r"""(?:POST|GET|post|sent|given)\["([\w-]+)"\]""", text))
    return sorted(found)


@pytest.fixture
def owner_here(study: Any) -> Iterator[Any]:
    with as_server():
        person("zoe", study, "reader")
        yield person("olga", study, "owner")


@pytest.fixture
def rows(study: Any, owner_here: Any) -> None:
    """Make one object of each kind that an address can name."""
    from embauche.workbench.models import Comment
    from embauche.workbench.services.invitations import invite
    from embauche.workbench.services.sharing import share

    invite(study, "coder", 7, "", owner_here)
    share(study, 7, "", owner_here)
    Comment.objects.create(study=study, author=owner_here, kind="study", key=study.slug, text="Hm.")
    study.runs.create(state="done")


KEPT = {"preferences", "login", "logout", "account", "invitation", "api", "openapi", "study-demo"}
"""Not of a study, or slow: they have tests of their own."""


@pytest.mark.parametrize("value", VALUES, ids=ascii)
def test_nothing_that_a_form_carries_breaks_a_page(
    study: Any, owner_here: Any, rows: None, value: str
) -> None:
    from django.db import transaction

    client, names, wrong = browser(owner_here), fields(), []
    assert len(names) > 80
    given = dict.fromkeys(names, value)
    for name in TABLE.keys() - KEPT:
        for method, more in (("get", {}), ("post", {}), ("post", {"HX-Request": "true"})):
            with transaction.atomic():
                answer = getattr(client, method)(address(name, study), given, headers=more)
                if answer.streaming:
                    b"".join(answer.streaming_content)
                transaction.set_rollback(True)
            kept = "\0" in value and answer.status_code < 400
            if answer.status_code >= 500 or kept:
                wrong.append((name, method, answer.status_code))
    assert wrong == []
    assert len(of_studies()) > 90
