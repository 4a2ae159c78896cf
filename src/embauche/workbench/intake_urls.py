"""Addresses of studies as a whole, and of what comes into them."""

from django.urls import path

from embauche.workbench.pages import home, intake, participants, pseudonyms, set_aside, speakers

_S = "studies/<slug:slug>/"

intake_urls = [
    path("new/", home.new, name="study-new"),
    path("open/", home.open_zip, name="study-open"),
    path("demo/", home.demo, name="study-demo"),
    path(_S + "archive/", home.archive_study, name="study-archive"),
    path(_S + "delete/", home.delete, name="study-delete"),
    path(_S + "study.zip", home.export, name="study-export"),
    path(_S + "sources/upload/", intake.upload, name="upload"),
    path(_S + "sources/waiting/", intake.waiting, name="waiting"),
    path(_S + "sources/<int:source_id>/remove/", intake.remove, name="source-remove"),
    path(_S + "sources/<int:source_id>/speakers/", speakers.speakers, name="source-speakers"),
    path(_S + "sources/<int:source_id>/aside/", set_aside.listing, name="source-aside"),
    path(_S + "sources/table/remove/", intake.remove_table_page, name="table-remove"),
    path(_S + "participants/", participants.grid, name="participants"),
    path(_S + "participants/columns/", participants.columns, name="participant-columns"),
    path(_S + "pseudonyms/", pseudonyms.listing, name="pseudonyms"),
    path(_S + "pseudonyms/key/", pseudonyms.key, name="pseudonym-key"),
    path(_S + "pseudonyms/<int:source_id>/", pseudonyms.review, name="pseudonym-review"),
]
