"""The event log: what was done, by whom, to what; append-only."""

# Meta explains itself, and rows are shown by templates, never as text.
# ruff: noqa: D106, DJ008

from typing import Any, NoReturn

from django.db import models


class Event(models.Model):
    """One thing that someone did.

    Rows are only ever added. What an event says of people sits in `payload`, which can be erased
    without touching the rest.
    """

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="events")
    actor = models.ForeignKey("workbench.User", models.SET_NULL, null=True, related_name="+")
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    version = models.PositiveIntegerField()
    payload = models.JSONField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["study", "kind", "key"], name="event_object")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the event; a second save is refused."""
        if self.pk is not None:
            msg = "events are append-only"
            raise TypeError(msg)
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: history is not rewritten; personal data go by `erase`."""
        msg = "events are append-only"
        raise TypeError(msg)

    def erase(self) -> None:
        """Forget what the event says of people, and keep that it happened."""
        type(self).objects.filter(pk=self.pk).update(payload=None)
        self.payload = None
