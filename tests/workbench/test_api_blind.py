"""While a study is coded blind, API and assistants show each coder their own coding alone."""

from typing import Any

import pytest
from api_calls import send


@pytest.fixture
def coder(study: Any) -> Any:
    """Return a coder of the study while it is coded blind, and the header of their token."""
    from embauche.workbench.models import Membership, User
    from embauche.workbench.services.api_tokens import SCOPES, make_token

    user = User.objects.create(username="carla")
    Membership.objects.create(user=user, study=study, role="coder")
    study.blind = True
    study.save(update_fields=["blind"])
    _, secret = make_token(user, "test", SCOPES)
    return user, {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def anyone(workspace: Any) -> Any:
    from django.test import Client

    return Client(HTTP_HOST="127.0.0.1", headers={"accept-language": "en"})


def test_a_blind_coder_sees_nobodys_proposals_and_their_own_coding(
    study: Any, coder: Any, anyone: Any
) -> None:
    _, headers = coder
    root = f"/api/v1/studies/{study.slug}"
    other = study.evidence.filter(current=True, status="proposed").first()
    assert send(anyone, "get", f"{root}/evidence", **headers).json()["total"] == 0
    path = f"{root}/evidence/{other.pk}"
    assert send(anyone, "get", path, **headers).status_code == 404
    body = {"decision": "accepted", "version": other.version}
    assert send(anyone, "post", f"{path}/review", body, **headers).status_code == 404
    many = {"decision": "rejected", "evidence": [{"id": other.pk, "version": other.version}]}
    assert send(anyone, "post", f"{root}/evidence/review", many, **headers).json()["decided"] == 0
    given = {"source": other.source_id, "start": other.start, "end": other.end, "facet": "habit"}
    coded = send(anyone, "post", f"{root}/evidence/code", given, **headers)
    assert coded.status_code == 201, coded.content
    listed = send(anyone, "get", f"{root}/evidence", **headers).json()["items"]
    assert [(row["facet"], row["status"]) for row in listed] == [("habit", "accepted")]
    asked = send(anyone, "get", f"{root}/evidence?status=rejected", **headers).json()
    assert asked["total"] == 1, "what others decided cannot be asked for"


@pytest.mark.parametrize(
    "part",
    ["jobs", "matrix", "results", "segments", "opportunities", "files", "saturation",
     "archive.zip", "files/evidence.csv", "steps", "jobs/operations"],
)  # fmt: skip
def test_figures_are_shut_to_a_blind_coder(
    study: Any, coder: Any, anyone: Any, client: Any, part: str
) -> None:
    path = f"/api/v1/studies/{study.slug}/{part}"
    assert send(anyone, "get", path, **coder[1]).status_code == 403
    assert send(client, "get", path).status_code == 200


def test_an_assistant_of_a_blind_coder_sees_no_more(study: Any, coder: Any) -> None:
    pytest.importorskip("mcp")
    from django.core.exceptions import PermissionDenied

    from embauche.vocabulary import EvidenceStatus, Language
    from embauche.workbench.mcp_reading import Figures, Talk
    from embauche.workbench.mcp_session import Session

    session = Session(coder[0], frozenset({"study:read"}), study.slug, Language.EN)
    assert Talk(session).list_evidence()["total"] == 0
    assert Talk(session).list_evidence(status=EvidenceStatus.REJECTED)["total"] == 0
    for tool in (Figures(session).list_jobs, Figures(session).read_matrix):
        with pytest.raises(PermissionDenied):
            tool()
