"""Jobs, the evidence attached to them, and survey needs linked to them."""

# Meta explains itself, and rows are shown by templates, never as text.
# ruff: noqa: D106, DJ008

from django.db import models


class Job(models.Model):
    """A job to be done; its statement is a proposal until a person confirms or writes it."""

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="jobs")
    key = models.CharField(max_length=200)
    position = models.PositiveIntegerField()
    type = models.CharField(max_length=12)
    statement = models.JSONField()
    story = models.JSONField(default=dict)
    name_source = models.CharField(max_length=200, blank=True)
    statement_is_proposal = models.BooleanField(default=True)
    participants = models.JSONField(default=list)
    worded_by = models.ForeignKey("workbench.Coder", models.SET_NULL, null=True, related_name="+")
    worded_at = models.DateTimeField(null=True)
    memo = models.TextField(blank=True)
    current = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["study", "key"], name="job_key")]


class JobEvidence(models.Model):
    """A piece of evidence in a cell of a job, best first, and how near it is."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="attachments")
    evidence = models.ForeignKey("workbench.Evidence", models.CASCADE, related_name="attachments")
    facet = models.CharField(max_length=20)
    position = models.PositiveIntegerField()
    similarity = models.FloatField()
    proximity = models.FloatField(default=0.0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["job", "evidence", "facet"], name="attached_once")
        ]


class NeedLink(models.Model):
    """A survey need linked to a job: proposed by similarity, confirmed by a person."""

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="links")
    need = models.CharField(max_length=400)
    job = models.ForeignKey(Job, models.CASCADE, related_name="links")
    similarity = models.FloatField()
    confirmed = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "need"], name="one_job_a_need")]
