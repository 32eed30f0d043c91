"""Whether who is at the keyboard has to prove it again before touching what opens the account."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from opensegur.cabinet.comptes import session as sessions
from opensegur.cabinet.requete import Requete

# a login by something that one holds proves who is at the keyboard for this long
RECENT = timedelta(minutes=10)
AILLEURS = "Vos autres sessions restent ouvertes : vous pouvez les fermer dans Mon compte, Sessions ouvertes."


def must_log_in_again(request: Requete) -> bool:
    """Whoever has no password proves it by a recent login: at Pro Santé Connect, by the card or by a passkey."""
    qui = request.qui
    if qui.compte.has_usable_password():
        return False
    if qui.psc is not None:
        return timezone.now() - qui.psc.moment > RECENT
    held = sessions.means_of(request.session) in {sessions.Moyen.CARTE, sessions.Moyen.CLE}
    return not held or timezone.now() - sessions.limits_of(request.session)[0] > RECENT
