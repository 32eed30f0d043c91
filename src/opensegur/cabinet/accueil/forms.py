"""Adding a visit."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.roles import SOIGNANTS
from opensegur.cabinet.requete import Qui


class VenueForm(forms.Form):
    recu_par = forms.ModelChoiceField(label="Reçu par", queryset=Compte.objects.none(), empty_label=None)
    nature = forms.ChoiceField(label="Nature")
    prevue_le = forms.DateTimeField(
        label="Heure",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
    )
    motif = forms.CharField(
        label="Motif", required=False, max_length=200, help_text="Quelques mots suffisent. Il est gardé chiffré."
    )
    deja_la = forms.BooleanField(label="Déjà arrivé", required=False)

    def __init__(self, qui: Qui, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Compte.objects.filter(
            rattachements__structure=qui.structure,
            rattachements__actif=True,
            rattachements__role__in=SOIGNANTS,
            is_active=True,
        ).order_by("nom", "prenom")
        natures = _OFFICINE if qui.structure.officine else _CABINET
        self.fields["recu_par"].queryset = staff  # type: ignore[attr-defined]
        self.fields["recu_par"].initial = qui.compte if qui.role in SOIGNANTS else staff.first()
        self.fields["nature"].choices = [(nature.value, nature.label) for nature in natures]  # type: ignore[attr-defined]
        self.fields["prevue_le"].initial = timezone.localtime().replace(second=0, microsecond=0)
        self.fields["deja_la"].initial = True


_CABINET = (
    Venue.Nature.CONSULTATION,
    Venue.Nature.SOIN,
    Venue.Nature.VACCINATION,
    Venue.Nature.ADMINISTRATIF,
)
_OFFICINE = (
    Venue.Nature.DELIVRANCE,
    Venue.Nature.ENTRETIEN,
    Venue.Nature.VACCINATION,
    Venue.Nature.ADMINISTRATIF,
)
