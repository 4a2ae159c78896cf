"""Participants and sources."""

# Meta explains itself, and rows are shown by templates, never as text.
# A second manager reads to the linter as a field.
# ruff: noqa: D106, DJ008, DJ012

from django.db import models


class HeardManager(models.Manager["Participant"]):
    """The participants whom the study hears now."""

    def get_queryset(self) -> models.QuerySet["Participant"]:
        """Leave out those whose words are set aside or gone."""
        return super().get_queryset().filter(current=True)


class Participant(models.Model):
    """A person, by pseudonym; demographics are kept apart from the situation.

    `current` is False once no source holds words of theirs: evidence that is kept as history still
    says whose it was. Such rows are in `everybody` only.
    """

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="participants")
    key = models.CharField(max_length=200)
    position = models.PositiveIntegerField()
    pseudonym = models.CharField(max_length=200)
    situation = models.JSONField(default=dict)
    demographics = models.JSONField(default=dict)
    current = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    objects = HeardManager()
    everybody = models.Manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["study", "key"], name="participant_key")]


class Source(models.Model):
    """An immutable text with its turns and sentences; `current` is False once its file is gone."""

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="sources")
    key = models.CharField(max_length=200)
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=400)
    kind = models.CharField(max_length=12)
    language = models.CharField(max_length=2)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    words = models.PositiveIntegerField()
    turns = models.JSONField()
    sentences = models.JSONField()
    notices = models.JSONField(default=list)
    current = models.BooleanField(default=True)
    memo = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["study", "key"], name="source_key")]


class SearchText(models.Model):
    """A source's text as searching reads it, position by position (`services.folding`)."""

    source = models.OneToOneField(Source, models.CASCADE, related_name="search_text")
    text = models.TextField()
