"""How often a phone may be asked: whoever types somebody else's number must not wear them down until they accept."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from opensegur.cabinet.comptes.connexion import ConnexionRefusee
from opensegur.cabinet.comptes.models import AppelTelephone

APPELS_ADMIS = 3
DELAI = timedelta(minutes=10)


def note_call(id_nat: str) -> None:
    """One more demand for this number. Raises ``ConnexionRefusee`` (CONNEXION_APPELS) when there were too many."""
    since = timezone.now() - DELAI
    AppelTelephone.objects.filter(le__lt=since).delete()
    if AppelTelephone.objects.filter(id_nat=id_nat).count() >= APPELS_ADMIS:
        raise ConnexionRefusee(
            "CONNEXION_APPELS",
            "Trop de demandes pour ce numéro : nous cessons de le solliciter quelques minutes.",
            conseil="Attendez 10 minutes. N’acceptez jamais une demande que vous n’avez pas faite.",
        )
    AppelTelephone.objects.create(id_nat=id_nat, le=timezone.now())


def forget_calls(id_nat: str) -> None:
    """The person answered and came in."""
    AppelTelephone.objects.filter(id_nat=id_nat).delete()
