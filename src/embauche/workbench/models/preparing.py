"""What comes before a source is part of a study: the interview guide, and files being taken."""

# Meta explains itself, and rows are shown by templates, never as text.
# ruff: noqa: D106, DJ008

from django.db import models


class Guide(models.Model):
    """The interview guide of a study, as `embauche.collect` knows it, edited by people."""

    study = models.OneToOneField("workbench.Study", models.CASCADE, related_name="guide")
    language = models.CharField(max_length=2)
    data = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)


class Upload(models.Model):
    """A file that someone dropped, with what was read in it, until it is taken or left.

    The file lies under `stored` in the study's folder of pending files; `preview` holds speakers,
    encoding, first turns and notices, or the error that kept it from being read.
    """

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="uploads")
    actor = models.ForeignKey("workbench.User", models.SET_NULL, null=True, related_name="+")
    name = models.CharField(max_length=400)
    stored = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, blank=True)
    preview = models.JSONField(null=True)
    error = models.JSONField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
