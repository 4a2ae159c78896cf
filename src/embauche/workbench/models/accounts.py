"""People who use the workbench, and what each may do in a study."""

# Meta explains itself, and rows are shown by templates, never as text.
# ruff: noqa: D106, DJ008

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with an account; on a laptop there is one, made at the first start."""

    pseudonym = models.CharField(max_length=80, blank=True)
    # Chosen in the profile; a browser that logs in takes it over.
    language = models.CharField(max_length=2, blank=True)


class LoginAttempt(models.Model):
    """A log-in that failed, kept for some minutes to slow down who guesses.

    Account and address are kept as keyed hashes: the table tells nobody who logs in from where.
    """

    account = models.CharField(max_length=64)
    address = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="attempt_account"),
            models.Index(fields=["address", "at"], name="attempt_address"),
        ]


class Membership(models.Model):
    """What a person may do in a study."""

    class Role(models.TextChoices):
        """From everything to reading only."""

        OWNER = "owner"
        EDITOR = "editor"
        CODER = "coder"
        READER = "reader"

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    study = models.ForeignKey("workbench.Study", models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "study"], name="one_role_a_study")]
