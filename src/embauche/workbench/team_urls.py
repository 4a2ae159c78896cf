"""Addresses of people working together: log-in, team, comments, share links."""

from django.urls import path

from embauche.workbench.pages import account, activity, comments, people, shared, study_settings

_S = "studies/<slug:slug>/"

team_urls = [
    path("login/", account.log_in, name="login"),
    path("logout/", account.log_out, name="logout"),
    path("account/", account.profile, name="account"),
    path("invitations/<str:secret>/", account.invitation, name="invitation"),
    path("mentions/", comments.mentions, name="mentions"),
    path("mentions/seen/", comments.seen, name="mentions-seen"),
    path(_S + "activity/", activity.listing, name="activity"),
    path(_S + "history/<str:kind>/<int:pk>/", activity.history, name="history"),
    path(_S + "comments/<str:kind>/<int:pk>/", comments.panel, name="comments"),
    path(_S + "comments/<int:comment_id>/", comments.change, name="comment"),
    path(_S + "people/", people.listing, name="people"),
    path(_S + "people/invite/", people.invite, name="invite"),
    path(
        _S + "people/invitations/<int:invitation_id>/revoke/",
        people.revoke_invitation,
        name="revoke-invitation",
    ),
    path(_S + "people/<int:membership_id>/", people.change, name="member"),
    path(_S + "people/leave/", people.leave, name="leave"),
    path(_S + "people/share/", people.share, name="share"),
    path(_S + "people/shares/<int:share_id>/revoke/", people.revoke_share, name="revoke-share"),
    path(_S + "settings/", study_settings.settings, name="settings"),
    path(_S + "settings/archive/", study_settings.archive, name="archive"),
    path("shared/<str:secret>/", shared.cover, name="shared"),
    path("shared/<str:secret>/report.html", shared.report, name="shared-report"),
    path("shared/<str:secret>/<slug:name>/", shared.part, name="shared-part"),
]
