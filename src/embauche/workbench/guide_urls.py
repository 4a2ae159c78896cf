"""Addresses of the interview guide."""

from django.urls import path

from embauche.workbench.pages import guide

_G = "studies/<slug:slug>/guide/"

guide_urls = [
    path(_G, guide.showing, name="guide"),
    path(_G + "brief/", guide.brief, name="guide-brief"),
    path(_G + "fitting/", guide.fitting, name="guide-fitting"),
    path(_G + "asked/", guide.asked, name="guide-asked"),
    path(_G + "asked/<int:source_id>/", guide.here, name="guide-in-source"),
    path(_G + "undo/", guide.undoing, name="guide-undo"),
    path(_G + "questions/", guide.adding, name="guide-add"),
    path(_G + "questions/<str:question>/", guide.question, name="guide-question"),
    path(_G + "questions/<str:question>/move/", guide.moving, name="guide-move"),
    path(_G + "questions/<str:question>/remove/", guide.removing, name="guide-remove"),
    path(_G + "parts/<str:part>/", guide.part, name="guide-part"),
    path(_G + "texts/<str:name>/", guide.text, name="guide-text"),
    path(_G + "guide.<str:form>", guide.download, name="guide-file"),
]
