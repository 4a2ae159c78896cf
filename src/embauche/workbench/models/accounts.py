"""People who use the workbench, and what each may do in a study."""

# Meta explains itself, and rows are shown by templates, never as text.
# ruff: noqa: D106, DJ008

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with an account; on a laptop there is one, made at the first start."""

    pseudonym = models.CharField(max_length=80, blank=True)


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
