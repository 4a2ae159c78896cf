"""Coders, the evidence they propose or accept, and what each of them says of it."""

# Meta explains itself, and rows are shown by templates, never as text.
# ruff: noqa: D106, DJ008

from collections.abc import Iterable
from typing import Any

from django.db import connections, models


class Coder(models.Model):
    """A person, or a machine with its version; who coded what stays on record."""

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="coders")
    name = models.CharField(max_length=200)
    user = models.ForeignKey("workbench.User", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["study", "name"], name="coder_name")]


UNSTAMPED = 2**62
"""Stands for the stamp of evidence from a change until its study is touched: later than any."""


class EvidenceRows(models.QuerySet["Evidence"]):
    """Evidence whose every change leaves a mark, by which readers find what changed."""

    def update(self, **values: Any) -> int:
        """Write values into the rows, unstamped until the study is touched."""
        return super().update(**{"stamp": UNSTAMPED, **values})

    def bulk_create(self, objs: Iterable["Evidence"], **options: Any) -> list["Evidence"]:
        """Add rows, unstamped until the study is touched."""
        made = list(objs)
        for row in made:
            row.stamp = UNSTAMPED
        return super().bulk_create(made, **options)

    def rewrite(self, rows: Iterable["Evidence"], names: Iterable[str]) -> None:
        """Write these values of rows, unstamped until the study is touched.

        One statement for all: `bulk_update` spells out each value of each row, which took ten
        seconds for a thousand rows, and nobody else can write meanwhile.
        """
        fields = [self.model._meta.get_field(name) for name in names]  # noqa: SLF001
        link, quote = connections[self.db], connections[self.db].ops.quote_name
        columns = ", ".join(f"{quote(field.column)} = %s" for field in fields)
        table = quote(self.model._meta.db_table)  # noqa: SLF001
        write = f"UPDATE {table} SET {columns}, stamp = %s WHERE id = %s"  # noqa: S608 (ours)
        values = [
            [
                *(field.get_db_prep_save(getattr(row, field.attname), link) for field in fields),
                UNSTAMPED,
                row.pk,
            ]
            for row in rows
        ]
        with link.cursor() as cursor:
            cursor.executemany(write, values)


class Evidence(models.Model):
    """An exact span of a source with one facet; positions are Unicode code points."""

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="evidence")
    key = models.CharField(max_length=200)
    source = models.ForeignKey("workbench.Source", models.CASCADE, related_name="evidence")
    participant = models.ForeignKey(
        "workbench.Participant", models.CASCADE, related_name="evidence"
    )
    coder = models.ForeignKey(Coder, models.PROTECT, related_name="evidence")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    facet = models.CharField(max_length=20)
    language = models.CharField(max_length=2)
    status = models.CharField(max_length=10, default="proposed")
    # The status that the figures were computed with: where the two differ, pages say so. Empty
    # where the figures do not hold the evidence at all: it came since.
    analysed_status = models.CharField(max_length=10, default="proposed")
    confidence = models.FloatField(default=1.0)
    moment = models.CharField(max_length=20, blank=True)
    intensity = models.PositiveSmallIntegerField(null=True)
    dissatisfaction = models.PositiveSmallIntegerField(null=True)
    frequency = models.FloatField(null=True)
    valence = models.FloatField(null=True)
    reason = models.CharField(max_length=120, blank=True)
    memo = models.TextField(blank=True)
    reviewer = models.ForeignKey(Coder, models.SET_NULL, null=True, related_name="reviewed")
    reviewed_at = models.DateTimeField(null=True)
    current = models.BooleanField(default=True)
    # True where the coder, having learned from decisions, no longer proposes it: it is not shown
    # for review any more. Figures computed before rest on it until they are computed again.
    withdrawn = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    # The study's stamp since which the row is as it is: whoever remembers the study's evidence
    # reads the rows that have a later one.
    stamp = models.PositiveBigIntegerField(db_default=UNSTAMPED)

    objects = EvidenceRows.as_manager()

    class Meta:
        ordering = ["source__position", "start", "end", "facet"]
        constraints = [models.UniqueConstraint(fields=["study", "key"], name="evidence_key")]
        indexes = [
            models.Index(fields=["study", "current", "status", "facet"], name="evidence_filter"),
            models.Index(fields=["source", "start"], name="evidence_place"),
            models.Index(fields=["study", "stamp"], name="evidence_changed"),
            # Counted on every page, and listed by source: without reading ten thousand quotes.
            models.Index(
                fields=[
                    "study",
                    "current",
                    "withdrawn",
                    "status",
                    "source",
                    "participant",
                    "analysed_status",
                ],
                name="evidence_count",
            ),
        ]

    def save(self, **options: Any) -> None:
        """Write the row, unstamped until the study is touched."""
        self.stamp = UNSTAMPED
        if options.get("update_fields") is not None:
            options["update_fields"] = {*options["update_fields"], "stamp"}
        super().save(**options)


class Coding(models.Model):
    """What one person says of a piece of evidence; a row of evidence holds the outcome.

    What somebody settled between others stays apart from what they coded themselves. Codings that
    came with the study's folder are taken over anew at every analysis; those of the workbench
    follow from the history.
    """

    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="codings")
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="codings")
    coder = models.ForeignKey(Coder, models.CASCADE, related_name="codings")
    status = models.CharField(max_length=10)
    facet = models.CharField(max_length=20)
    # Moment and ratings that the person gave: name → value, None where they said "unknown".
    rated = models.JSONField(default=dict)
    adjudicated = models.BooleanField(default=False)
    blind = models.BooleanField(default=False)
    here = models.BooleanField(default=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "coder", "adjudicated", "here"], name="coded_once"
            )
        ]
        indexes = [models.Index(fields=["study", "coder", "status"], name="coding_of_coder")]
