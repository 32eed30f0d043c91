"""Whether who is at the keyboard has to prove it again before touching what opens the account."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from opensegur.cabinet.requete import Requete

# a login at Pro Santé Connect proves who is at the keyboard for this long
RECENT = timedelta(minutes=10)
AILLEURS = "Vos autres sessions restent ouvertes : vous pouvez les fermer dans Mon compte, Sessions ouvertes."


def must_log_in_again(request: Requete) -> bool:
    """Whoever has no password proves it by a login at Pro Santé Connect that is recent."""
    qui = request.qui
    if qui.compte.has_usable_password():
        return False
    return qui.psc is None or timezone.now() - qui.psc.moment > RECENT
