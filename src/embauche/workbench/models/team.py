"""What people who work together leave for each other: invitations, share links, comments, tokens.

Secrets are kept as SHA-256 hashes only; who loses one is given another.
"""

# Meta explains itself, and rows are shown by templates, never as text.
# ruff: noqa: D106, DJ008

from django.db import models

from embauche.workbench.models.accounts import Membership


class Invitation(models.Model):
    """A link that gives one person a role in a study, once, until it expires or is revoked."""

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=8, choices=Membership.Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey("workbench.User", models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_by = models.ForeignKey("workbench.User", models.SET_NULL, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]


class ShareLink(models.Model):
    """A link that lets whoever holds it read a study's report, until it expires or is revoked."""

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="share_links")
    token_hash = models.CharField(max_length=64, unique=True)
    note = models.CharField(max_length=200, blank=True)
    created_by = models.ForeignKey("workbench.User", models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opened = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]


class Comment(models.Model):
    """What someone says of a job, a piece of evidence or the study itself.

    `kind` and `key` name the object as events do (``job`` and a job's key, ``evidence`` and its
    key, ``study`` and the slug), so that comments survive an analysis that is run again.
    """

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="comments")
    author = models.ForeignKey("workbench.User", models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    text = models.TextField()
    mentions = models.ManyToManyField("workbench.User", through="Mention", related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True)
    deleted_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["study", "kind", "key"], name="comment_object")]


class Mention(models.Model):
    """A person named in a comment, and whether they have seen it."""

    comment = models.ForeignKey(Comment, models.CASCADE, related_name="named")
    user = models.ForeignKey("workbench.User", models.CASCADE, related_name="mentioned")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="named_once")]


class ApiToken(models.Model):
    """A key to the API: it acts as its owner, within its scopes and, if named, one study."""

    user = models.ForeignKey("workbench.User", models.CASCADE, related_name="api_tokens")
    study = models.ForeignKey("workbench.Study", models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=12)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
