"""A study."""

# Meta explains itself.
# ruff: noqa: D106

from django.db import models


class Study(models.Model):
    """Product, language and question, and where the study's files are."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    product = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, choices=[("fr", "fr"), ("en", "en")])
    question = models.TextField(blank=True)
    # The study's own copy of its files lies in the workspace under the slug; `origin` is the
    # folder it was opened from, so that opening that folder again finds this study.
    origin = models.TextField(blank=True)
    seed = models.BigIntegerField(default=0)
    fictional = models.BooleanField(default=False)
    # Coders do not see each other's work, nor the machine's, until it is switched off.
    blind = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True)
    offer = models.JSONField(default=dict, blank=True)
    program = models.CharField(max_length=32, blank=True)
    # Of all that the figures were computed from, and of the files alone: opening the folder again
    # computes anew only when its files have changed, not for every decision taken since.
    fingerprint = models.CharField(max_length=64, blank=True)
    files_fingerprint = models.CharField(max_length=64, blank=True)
    analysed_at = models.DateTimeField(null=True)
    # Grows with whatever changes in the study; caches are keyed by it.
    stamp = models.PositiveBigIntegerField(default=0)
    # The stamp of the latest change that was more than decisions about evidence, and learning.
    base = models.PositiveBigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title
