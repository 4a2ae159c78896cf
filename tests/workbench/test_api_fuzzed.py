"""Whatever a program sends, the API answers; it never breaks.

Requests are made from the description by schemathesis, from a fixed seed, few of each operation;
`EMBAUCHE_FUZZ=50` sends more.
"""

import os
from typing import Any

import pytest

pytest.importorskip("schemathesis")
_EACH = int(os.environ.get("EMBAUCHE_FUZZ", "2"))


@pytest.fixture(scope="session")
def operations(workspace: Any) -> list[Any]:
    """Return every operation as schemathesis reads the description."""
    import schemathesis
    from schemathesis import GenerationMode

    from embauche.workbench.api.application import description

    schema = schemathesis.openapi.from_dict(description())
    schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
    return [result.ok() for result in schema.get_all_operations()]


def _request(case: Any, study: Any) -> tuple[str, dict[str, Any]]:
    """Return path and content of a request; half of them name what the study holds."""
    from urllib.parse import quote

    given = dict(case.path_parameters or {})
    if "slug" in given and len(str(given["slug"])) % 3:
        given["slug"] = study.slug
    if "id" in given and isinstance(given["id"], int) and given["id"] % 2:
        first = study.evidence.order_by("pk").first()
        given["id"] = first.pk if "/evidence/" in case.path else 1
    path = case.path
    for name, value in given.items():
        path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
    return path, given


def _send(client: Any, case: Any, study: Any) -> Any:
    import json
    from urllib.parse import urlencode

    from django.core.files.uploadedfile import SimpleUploadedFile

    path, _ = _request(case, study)
    query = urlencode(
        {key: value for key, value in (case.query or {}).items() if value is not None}, doseq=True
    )
    path = f"{path}?{query}" if query else path
    method = getattr(client, case.method.lower(), None)
    if method is None:
        return None
    more: dict[str, Any] = {}
    if case.media_type == "multipart/form-data":
        more["data"] = {"file": SimpleUploadedFile("x.txt", repr(case.body).encode())}
    elif case.media_type is not None and isinstance(case.body, dict | list | str | int | float):
        more = {"data": json.dumps(case.body), "content_type": "application/json"}
    try:
        answer = method(path, **more)
    except (UnicodeEncodeError, ValueError):
        return None  # no client could send it
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer


def test_no_request_breaks_the_api(study: Any, client: Any, operations: list[Any]) -> None:
    from django.db import transaction
    from hypothesis import HealthCheck, Phase, given, seed, settings

    sent, bad = 0, []
    told_of: dict[int, int] = {}
    for operation in operations:

        @seed(20)
        @settings(
            max_examples=_EACH,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def tried(case: Any) -> None:
            nonlocal sent
            with transaction.atomic():
                answer = _send(client, case, study)
                transaction.set_rollback(True)
            if answer is None:
                return
            sent += 1
            told_of[answer.status_code] = told_of.get(answer.status_code, 0) + 1
            kind = answer.headers.get("Content-Type", "")
            told = answer.status_code < 400 or kind.startswith("application/problem+json")
            if answer.status_code >= 500 or not told:
                bad.append((case.method, case.path, answer.status_code, case.body))

        tried()
    if os.environ.get("EMBAUCHE_FUZZ_TELL"):
        print(sorted(told_of.items()))  # noqa: T201
    assert bad == []
    assert sent >= len(operations) * min(_EACH, 2)
