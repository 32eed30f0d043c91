"""Merging two records, and undoing it: rows are moved one by one, and each move is written down.

What belongs to the care moves to the record that stays; what proves the identity stays where it was written, so that
nothing that a person proved is attributed to another record. Undoing gives every row back as it was, byte for byte.
"""

from __future__ import annotations

from enum import StrEnum

from django.apps import apps
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from opensegur.cabinet.antecedence.ecriture import forget_patients, index_patients
from opensegur.cabinet.doublons.models import Absorption, Fusion, Mouvement, Paire
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.preuves import bearers
from opensegur.cabinet.requete import Qui
from opensegur.foundation.errors import InvalidValue, OpenSegurError


class Politique(StrEnum):
    """What becomes of the rows of the absorbed record."""

    DEPLACE = "deplace"
    RESTE = "reste"


POLITIQUES = {
    "accueil.Venue.patient": Politique.DEPLACE,
    "documents.Document.patient": Politique.DEPLACE,
    "medical.Donnee.patient": Politique.DEPLACE,
    "ecrits.Brouillon.patient": Politique.DEPLACE,
    "envois.Envoi.patient": Politique.DEPLACE,
    "envois.Tache.patient": Politique.DEPLACE,
    "patients.Rectification.patient": Politique.DEPLACE,
    # the identity's own life, and what was asked or announced under it
    "patients.Preuve.patient": Politique.RESTE,
    "patients.SansPiece.patient": Politique.RESTE,
    "patients.RechercheInsi.patient": Politique.RESTE,
    "vigilance.Verification.patient": Politique.RESTE,
    "vigilance.Recue.patient": Politique.RESTE,
    "imports.Provenance.patient": Politique.RESTE,
    "imports.InsAnnoncee.patient": Politique.RESTE,
    "imports.FusionRecue.garde": Politique.RESTE,
    "imports.FusionRecue.absorbe": Politique.RESTE,
    # a consent is given about one identity: it is asked again under the other
    "dmp.Consentement.patient": Politique.RESTE,
    # added by hand to the circle of one record: its other ties move with what they come from
    "cercle.Membre.patient": Politique.RESTE,
    "cercle.AccesExceptionnel.patient": Politique.RESTE,
    "doublons.Collision.patient": Politique.RESTE,
    "doublons.Paire.a": Politique.RESTE,
    "doublons.Paire.b": Politique.RESTE,
    "doublons.Fusion.garde": Politique.RESTE,
    "doublons.Fusion.absorbe": Politique.RESTE,
    "doublons.Absorption.absorbe": Politique.RESTE,
    "doublons.Absorption.dans": Politique.RESTE,
}
"""For each foreign key to a patient. A test fails when one is missing: nothing may be forgotten by a merge."""

_INDEX = "matricule_index"


def standing(records: QuerySet[Patient]) -> QuerySet[Patient]:
    """Without the records that were absorbed."""
    return records.filter(absorption=None)


def standing_for(patient: Patient) -> Patient:
    """The record in which this one is today: itself, or the last of those that absorbed one another."""
    while absorption := Absorption.objects.select_related("dans").filter(absorbe=patient).first():
        patient = absorption.dans
    return patient


def check_merge(garde: Patient, absorbe: Patient, qui: Qui, motif: str) -> None:
    """Raise ``OpenSegurError`` when these two may not be merged so.

    FUSION_MEME, FUSION_STRUCTURE, FUSION_ABSORBE, FUSION_DEUX_MATRICULES.
    """
    if garde.pk == absorbe.pk:
        raise InvalidValue("FUSION_MEME", "Un dossier ne se fusionne pas avec lui-même.")
    if garde.structure_id != absorbe.structure_id or garde.structure_id != qui.structure.pk:
        raise InvalidValue("FUSION_STRUCTURE", "Ces dossiers ne sont pas de la même structure.")
    if Absorption.objects.filter(absorbe__in=[garde.pk, absorbe.pk]).exists():
        raise InvalidValue(
            "FUSION_ABSORBE", "L’un de ces dossiers a déjà été fusionné.", conseil="Rechargez la page."
        )
    mine, theirs = garde.matricule_ins(), absorbe.matricule_ins()
    if mine and theirs and mine != theirs and not (qui.referent_identite and motif.strip()):
        raise OpenSegurError(
            "FUSION_DEUX_MATRICULES",
            "Ces deux dossiers ont chacun un matricule INS, et ce ne sont pas les mêmes.",
            conseil="Ce sont sans doute deux personnes. Seul un référent d’identité peut les fusionner, en disant "
            "pourquoi.",
        )


def merge(garde: Patient, absorbe: Patient, qui: Qui, *, motif: str = "") -> Fusion:
    """``absorbe`` disappears into ``garde``, which keeps its traits and its status. Raises as ``check_merge``."""
    with transaction.atomic():
        locked = _lock(garde, absorbe)
        garde, absorbe = locked[garde.pk], locked[absorbe.pk]
        check_merge(garde, absorbe, qui, motif)
        fusion = Fusion.objects.create(
            structure=qui.structure,
            garde=garde,
            absorbe=absorbe,
            motif=motif.strip(),
            moment=timezone.now(),
            auteur=qui.compte,
        )
        for name, politique in POLITIQUES.items():
            if politique is Politique.DEPLACE:
                _move(fusion, name)
        if absorbe.matricule_index:
            # the number must be free for the record that stays
            _free_number(fusion, absorbe)
        forget_patients([absorbe])
        Absorption.objects.create(absorbe=absorbe, dans=garde, fusion=fusion)
        _close_pairs(garde, absorbe, qui)
    return fusion


def undo(fusion: Fusion, qui: Qui) -> list[Mouvement]:
    """Give back what was moved; give the movements that could not be, because somebody changed the row since.

    What was added to the record that stays since the merge stays there. Raises ``InvalidValue`` (FUSION_DEFAITE,
    FUSION_ENCHAINEE, FUSION_MATRICULE).
    """
    with transaction.atomic():
        locked = _lock(fusion.garde, fusion.absorbe)
        absorbe = locked[fusion.absorbe_id]
        undone = Fusion.objects.filter(pk=fusion.pk, structure=qui.structure, defaite_le=None)
        if not undone.update(defaite_le=timezone.now(), defaite_par=qui.compte):
            raise InvalidValue("FUSION_DEFAITE", "Cette fusion est déjà défaite.", conseil="Rechargez la page.")
        if later := Absorption.objects.select_related("dans").filter(absorbe=fusion.garde_id).first():
            raise InvalidValue(
                "FUSION_ENCHAINEE",
                f"Le dossier {fusion.garde.ipp} a depuis été fusionné dans le dossier {later.dans.ipp}.",
                conseil="Défaites d’abord cette fusion plus récente.",
            )
        left = [each for each in fusion.mouvements.order_by("-id") if not _give_back(each, fusion)]
        Absorption.objects.filter(fusion=fusion).delete()
        absorbe.refresh_from_db()
        index_patients([absorbe])
        Paire.objects.filter(
            a__in=list(locked.values()), b__in=list(locked.values()), etat=Paire.Etat.FUSIONNEE
        ).update(etat=Paire.Etat.A_TRAITER, decidee_le=None, decidee_par=None)
    return left


def _lock(one: Patient, other: Patient) -> dict[object, Patient]:
    """Both rows, always in the same order: two people who merge at once wait for one another."""
    rows = Patient.objects.select_for_update().select_related("structure").filter(pk__in=[one.pk, other.pk])
    return {row.pk: row for row in rows.order_by("pk")}


def _move(fusion: Fusion, name: str) -> None:
    label, _, field = name.rpartition(".")
    model = apps.get_model(label)
    rows = model._default_manager.filter(**{field: fusion.absorbe_id}).order_by("pk")  # noqa: SLF001
    keys = [str(key) for key in rows.values_list("pk", flat=True)]
    before, after = str(fusion.absorbe_id), str(fusion.garde_id)
    Mouvement.objects.bulk_create(
        Mouvement(fusion=fusion, modele=label, cle=key, champ=field, avant=before, apres=after) for key in keys
    )
    rows.update(**{field: fusion.garde_id})


def _free_number(fusion: Fusion, absorbe: Patient) -> None:
    Mouvement.objects.create(
        fusion=fusion,
        modele="patients.Patient",
        cle=str(absorbe.pk),
        champ=_INDEX,
        avant=absorbe.matricule_index,
        apres="",
    )
    Patient.objects.filter(pk=absorbe.pk).update(**{_INDEX: ""})


def _give_back(mouvement: Mouvement, fusion: Fusion) -> bool:
    """Only where the row still says what the merge wrote."""
    if mouvement.champ == _INDEX:
        taken = bearers(fusion.structure, mouvement.avant)
        if taken.exclude(pk=mouvement.cle).exists():
            raise InvalidValue(
                "FUSION_MATRICULE",
                "Le matricule du dossier absorbé est porté depuis par un autre dossier.",
                conseil="Retirez-le d’abord de cet autre dossier, puis défaites la fusion.",
            )
    rows = apps.get_model(mouvement.modele)._default_manager  # noqa: SLF001
    same = rows.filter(pk=mouvement.cle, **{mouvement.champ: mouvement.apres})
    return bool(same.update(**{mouvement.champ: mouvement.avant}))


def _close_pairs(garde: Patient, absorbe: Patient, qui: Qui) -> None:
    both = [garde.pk, absorbe.pk]
    Paire.objects.filter(a__in=both, b__in=both).update(
        etat=Paire.Etat.FUSIONNEE, decidee_le=timezone.now(), decidee_par=qui.compte
    )
