"""What the stages computed, and the runs that computed it."""

# Meta explains itself, and rows are shown by templates, never as text.
# ruff: noqa: D106, DJ008

from django.db import models


class Survey(models.Model):
    """The survey as read: roles of its columns here, its frame in a parquet file beside."""

    study = models.OneToOneField("workbench.Study", models.CASCADE, related_name="survey")
    name = models.CharField(max_length=400)
    n = models.PositiveIntegerField()
    data = models.JSONField()


class Result(models.Model):
    """One part of the findings as frozen JSON, with the fingerprint of what it came from."""

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="results")
    part = models.CharField(max_length=20)
    fingerprint = models.CharField(max_length=64)
    data = models.JSONField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "part"], name="result_part")]


class Run(models.Model):
    """One analysis in the background: its progress, and how it ended."""

    class State(models.TextChoices):
        """A run waits, works, and ends in one of five ways."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        STALE = "stale"
        FAILED = "failed"
        INTERRUPTED = "interrupted"

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="runs")
    actor = models.ForeignKey("workbench.User", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    progress = models.FloatField(default=0.0)
    stage = models.CharField(max_length=40, blank=True)
    cancel_requested = models.BooleanField(default=False)
    error = models.JSONField(null=True)
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
