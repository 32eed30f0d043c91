"""Who already received an identity that is corrected or lowered, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from opensegur.cabinet.envois.etats import Etat
from opensegur.cabinet.envois.models import Envoi
from opensegur.cabinet.patients.models import Patient, Rectification
from opensegur.cabinet.requete import Qui

_CONSEILS = {
    Envoi.Canal.DMP.value: "Supprimez ou remplacez ce document dans le DMP où il a été déposé.",
}


@dataclass(frozen=True, slots=True)
class Destinataire:
    """One delivery that carried the identity: ``rectification`` when somebody has dealt with it."""

    envoi: Envoi
    conseil: str
    rectification: Rectification | None


def sent_of(patient: Patient) -> QuerySet[Envoi]:
    """Everything that left with this record's identity and arrived."""
    return Envoi.objects.filter(patient=patient, etat=Etat.DEPOSE).order_by("-termine_le")


def recipients_of(patient: Patient) -> list[Destinataire]:
    """The deliveries, those that nobody has dealt with first."""
    done = {each.envoi_id: each for each in Rectification.objects.filter(patient=patient).select_related("auteur")}
    found = [
        Destinataire(envoi, _CONSEILS.get(envoi.canal, "Prévenez ce destinataire."), done.get(envoi.pk))
        for envoi in sent_of(patient)
    ]
    return sorted(found, key=lambda each: each.rectification is not None)


def rectify(patient: Patient, envoi: Envoi, qui: Qui) -> Rectification:
    """Somebody has warned the recipient, or withdrawn the document. Twice is once."""
    made, _ = Rectification.objects.get_or_create(envoi=envoi, defaults={"patient": patient, "auteur": qui.compte})
    return made
