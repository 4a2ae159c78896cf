"""Addresses."""

from django.urls import path

from embauche.workbench.api import mount
from embauche.workbench.board_urls import board_urls
from embauche.workbench.coding_urls import coding_urls
from embauche.workbench.guide_urls import guide_urls
from embauche.workbench.intake_urls import intake_urls
from embauche.workbench.pages import (
    analysis,
    compare,
    evidence,
    failures,
    home,
    intake,
    jobs,
    outputs,
    preferences,
    priorities,
    segments,
    steps,
    survey,
    targets,
    teach,
    tokens,
)
from embauche.workbench.team_urls import team_urls

_S = "studies/<slug:slug>/"

urlpatterns = [
    path("", home.studies, name="home"),
    path("preferences/", preferences.choose, name="preferences"),
    path(_S, home.overview, name="overview"),
    path(_S + "sources/", intake.listing, name="sources"),
    *coding_urls(_S),
    path(_S + "evidence/", evidence.listing, name="evidence"),
    path(_S + "evidence/review/", evidence.review_page, name="review-page"),
    path(_S + "evidence/bulk/", evidence.bulk, name="evidence-bulk"),
    path(_S + "evidence/learned/", evidence.learned_line, name="learned"),
    path(_S + "evidence/teach/", teach.asking, name="teach"),
    path(_S + "evidence/teach/answer/", teach.answering, name="teach-answer"),
    path(_S + "evidence/<int:evidence_id>/review/", evidence.review, name="review"),
    path(_S + "jobs/", jobs.listing, name="jobs"),
    path(_S + "jobs/<int:job_id>/statement/", jobs.statement, name="statement"),
    path(_S + "jobs/<int:job_id>/canvas/", jobs.canvas, name="canvas"),
    path(_S + "jobs/<int:job_id>/empathy/", jobs.empathy, name="empathy"),
    path(_S + "jobs/operations/<str:kind>/", jobs.operation, name="operation"),
    path(_S + "links/", jobs.link, name="link"),
    path(_S + "offer/", jobs.offer, name="offer"),
    *board_urls(_S),
    path(_S + "survey/", survey.mapping, name="survey"),
    path(_S + "survey/check/", survey.check, name="survey-check"),
    path(_S + "survey/save/", survey.save, name="survey-save"),
    path(_S + "survey/undo/", survey.undo, name="survey-undo"),
    path(_S + "survey/upload/", survey.upload, name="survey-upload"),
    path(_S + "survey/customers/", survey.customers, name="survey-customers"),
    path(_S + "survey/link/", survey.link, name="survey-link"),
    path(_S + "segments/", segments.results, name="segments"),
    path(_S + "compare/", compare.results, name="compare"),
    path(_S + "compare/test/", compare.test, name="compare-test"),
    path(_S + "segments/typing.<str:form>", outputs.typing, name="typing"),
    path(_S + "priorities/", priorities.results, name="priorities"),
    path(_S + "targets/", targets.results, name="targets"),
    path(_S + "steps/", steps.results, name="steps"),
    path(_S + "analysis/", analysis.start, name="analyse"),
    path(_S + "analysis/<int:run_id>/", analysis.progress, name="progress"),
    path(_S + "analysis/<int:run_id>/strip/", analysis.strip, name="strip"),
    path(_S + "analysis/<int:run_id>/cancel/", analysis.cancel, name="cancel"),
    path(_S + "report.html", outputs.report, name="report"),
    path(_S + "files/<str:name>", outputs.download, name="download"),
]
urlpatterns += [
    path("tokens/", tokens.listing, name="tokens"),
    path("tokens/<int:token_id>/revoke/", tokens.revoke, name="revoke-token"),
    path("reference/", tokens.reference, name="reference"),
    path("api/v1/openapi.json", mount.openapi, name="openapi"),
    path("api/v1/<path:rest>", mount.api, name="api"),
]
urlpatterns += team_urls
urlpatterns += guide_urls
urlpatterns += intake_urls
handler404 = failures.missing
handler403 = failures.forbidden
handler500 = failures.broken
