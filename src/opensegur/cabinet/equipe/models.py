"""A code with which somebody opens their account, or chooses a new password: nobody else ever knows it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models


class Invitation(models.Model):
    """Given on paper by the administrator; it serves once. ``empreinte``: SHA-256 of the code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    structure = models.ForeignKey("structures.Structure", on_delete=models.CASCADE, related_name="+")
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations")
    empreinte = models.CharField(max_length=64, unique=True)
    cree_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+")
    cree_le = models.DateTimeField()
    expire_le = models.DateTimeField()
    utilisee_le = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"invitation {self.pk}"
