"""What the head of a page says of the certificates of the structure."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from opensegur.cabinet.certificats.presentation import announcements
from opensegur.cabinet.requete import Qui

register = template.Library()


@register.inclusion_tag("certificats/_annonces.html")
def annonces_certificats(qui: Qui) -> dict[str, Any]:
    """Nothing for whoever does not keep them."""
    return {"annonces": announcements(qui.structure, timezone.now()) if qui.peut("certificat.lire") else ()}
