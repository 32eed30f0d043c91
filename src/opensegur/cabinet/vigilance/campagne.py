"""The periodic verification of the INS: what is due, sent in lots to INSi, and what its answers do.

Verification may be done over a whole base; recovery may not, it is done when the person comes. The period is a
parameter of the structure: the published figures differ (3 to 5 years). A refusal takes the INS away and lowers the
status (guide v2, rule 49). A lot is leased, deposited, fetched: whatever stops in between starts again from its row.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from opensegur.cabinet.imports.models import InsAnnoncee
from opensegur.cabinet.patients.models import Patient, Preuve
from opensegur.cabinet.patients.preuves import add_preuve, index_of
from opensegur.cabinet.vigilance.identites import dump_identity, load_identity
from opensegur.cabinet.vigilance.models import Campagne, Lot, Verification
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.ins import Canal, Matricule, Nature
from opensegur.ins.verification import EtatLot, LigneAVerifier, Verificateur

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.structures.models import Structure

REFRESHING = (
    Nature.RECUPERATION_INSI,
    Nature.INS_RECUE_VERIFIEE,
    Nature.VERIFICATION_REUSSIE,
)
"""What shows that INSi knew the identity on that day."""

LOT = 5_000
_LEASE = timedelta(minutes=5)
_AGAIN = timedelta(seconds=30)
_AFTER_FAILURE = timedelta(minutes=10)
_DAYS_IN_MONTH = 30.44


def overdue(structure: Structure, mois: int, now: datetime) -> QuerySet[Patient]:
    """The records whose INS was last seen by INSi more than ``mois`` months ago.

    An identity that comes from the appli carte Vitale is not asked of INSi.
    """
    limit = now - timedelta(days=mois * _DAYS_IN_MONTH)
    recent = Preuve.objects.filter(patient=OuterRef("pk"), nature__in=REFRESHING, moment__gte=limit)
    appli = Preuve.objects.filter(patient=OuterRef("pk"), nature=Nature.APPLI_VITALE)
    held = Patient.objects.filter(structure=structure, absorption=None).exclude(matricule_index="")
    return held.filter(~Exists(recent), ~Exists(appli)).order_by("pk")


def start_campaign(structure: Structure, auteur: Compte, mois: int) -> Campagne:
    """Write down everything that is to be verified. Raises ``InvalidValue``: CAMPAGNE_EN_COURS, CAMPAGNE_VIDE."""
    now = timezone.now()
    with transaction.atomic():
        # the structure's row is the lock: two people who press at once start one campaign
        type(structure).objects.select_for_update().get(pk=structure.pk)
        if Campagne.objects.filter(structure=structure, etat=Campagne.Etat.EN_COURS).exists():
            raise InvalidValue(
                "CAMPAGNE_EN_COURS",
                "Une campagne de vérification est déjà en cours.",
                conseil="Attendez sa fin, ou arrêtez-la.",
            )
        campagne = Campagne.objects.create(structure=structure, auteur=auteur, mois=mois, lancee_le=now)
        for rang, patients in enumerate(_rounds(overdue(structure, mois, now))):
            lot = Lot.objects.create(campagne=campagne, rang=rang, prochaine_fois=now)
            Verification.objects.bulk_create(_pending(lot, patient, auteur, now) for patient in patients)
        _add_claims(campagne, auteur, now)
        if not campagne.lots.exists():
            transaction.set_rollback(True)
            raise InvalidValue(
                "CAMPAGNE_VIDE",
                "Aucune INS n’est à vérifier pour cette période.",
                conseil="Choisissez une période plus courte, ou revenez plus tard.",
            )
    return campagne


def stop_campaign(campagne: Campagne) -> None:
    """What is verified stays; the rest is left for another time."""
    Campagne.objects.filter(pk=campagne.pk, etat=Campagne.Etat.EN_COURS).update(
        etat=Campagne.Etat.ARRETEE, finie_le=timezone.now()
    )


def due_lots(now: datetime) -> QuerySet[Lot]:
    waiting = Lot.objects.exclude(etat=Lot.Etat.RENDU).filter(prochaine_fois__lte=now)
    return waiting.filter(campagne__etat=Campagne.Etat.EN_COURS).select_related(
        "campagne__structure", "campagne__auteur"
    )


def advance(lot: Lot, verificateur: Verificateur, now: datetime) -> None:
    """One step of a lot that is due: deposit it, or fetch its answers and apply them.

    A service that does not answer is asked again later; nothing is lost, since the ticket is kept.
    """
    leased = Lot.objects.filter(pk=lot.pk, etat=lot.etat, prochaine_fois=lot.prochaine_fois)
    if not leased.update(prochaine_fois=now + _LEASE):
        return  # another worker has it
    try:
        if lot.etat == Lot.Etat.A_DEPOSER:
            _deposit(lot, verificateur, now)
        else:
            _fetch(lot, verificateur, now)
    except OpenSegurError as error:
        postpone(lot, error, now)


def postpone(lot: Lot, error: OpenSegurError, now: datetime) -> None:
    """Try a lot again later, and say why it waits."""
    Lot.objects.filter(pk=lot.pk).update(
        prochaine_fois=now + _AFTER_FAILURE, echec=f"{error.message} [{error.code}]"[:200]
    )


def _deposit(lot: Lot, verificateur: Verificateur, now: datetime) -> None:
    lines = [_line(verification) for verification in lot.verifications.order_by("pk").iterator(chunk_size=1000)]
    ticket = verificateur.deposit(lines)
    Lot.objects.filter(pk=lot.pk).update(etat=Lot.Etat.DEPOSE, ticket=ticket, prochaine_fois=now + _AGAIN, echec="")


def _fetch(lot: Lot, verificateur: Verificateur, now: datetime) -> None:
    result = verificateur.fetch(lot.ticket)
    if result.etat is EtatLot.EN_COURS:
        Lot.objects.filter(pk=lot.pk).update(prochaine_fois=now + _AGAIN, echec="")
        return
    for verification in lot.verifications.filter(resultat=Verification.Resultat.EN_ATTENTE).iterator(chunk_size=500):
        verdict = result.verdicts.get(str(verification.pk))
        if verdict is not None:
            apply_verdict(verification, confirmed=verdict)
    Lot.objects.filter(pk=lot.pk).update(etat=Lot.Etat.RENDU, echec="")
    _close(lot.campagne, now)


def apply_verdict(verification: Verification, *, confirmed: bool) -> None:
    """What INSi said of one INS. An INS that the record no longer holds changes nothing any more."""
    with transaction.atomic():
        verification.resultat = Verification.Resultat.CONFIRMEE if confirmed else Verification.Resultat.REFUSEE
        verification.traitee = confirmed
        verification.save(update_fields=["resultat", "traitee", "requete", "reponse"])
        patient = verification.patient
        if patient is None:
            return
        _, matricule = load_identity(verification.identite)
        claim = _claim_of(patient, matricule)
        if claim is not None:
            _answer_claim(claim, verification, confirmed=confirmed)
            return
        if patient.matricule_ins() != matricule:
            verification.traitee = True
            verification.save(update_fields=["traitee"])
            return
        nature = Nature.VERIFICATION_REUSSIE if confirmed else Nature.VERIFICATION_ECHOUEE
        add_preuve(patient, nature, verification.auteur, canal=Canal.INSI)


def _claim_of(patient: Patient, matricule: Matricule | None) -> InsAnnoncee | None:
    """The INS that a file announced for this record, which holds none yet."""
    if patient.matricule_index or matricule is None:
        return None
    waiting = patient.ins_annoncees.filter(etat=InsAnnoncee.Etat.A_VERIFIER, matricule_index=index_of(matricule))
    return waiting.first()


def _answer_claim(claim: InsAnnoncee, verification: Verification, *, confirmed: bool) -> None:
    """A confirmed announcement becomes the record's INS; the document remains to be checked."""
    state = InsAnnoncee.Etat
    if confirmed:
        _, matricule = load_identity(verification.identite)
        nature = Nature.INS_RECUE_VERIFIEE
        try:
            add_preuve(claim.patient, nature, verification.auteur, matricule=matricule, canal=Canal.IMPORT)
        except OpenSegurError:
            # another record holds it, or the identity is blocked: somebody has to look
            Verification.objects.filter(pk=verification.pk).update(traitee=False)
            return
    claim.etat = state.CONFIRMEE if confirmed else state.INFIRMEE
    claim.traitee_le = timezone.now()
    claim.save(update_fields=["etat", "traitee_le"])


def _add_claims(campagne: Campagne, auteur: Compte, now: datetime) -> None:
    """The INS that imports announced: they are verified too, and are nothing before."""
    claims = InsAnnoncee.objects.filter(structure=campagne.structure, etat=InsAnnoncee.Etat.A_VERIFIER)
    rows = claims.filter(patient__matricule_index="").select_related("patient").order_by("pk")
    rang = campagne.lots.count()
    batch: list[Verification] = []
    lot: Lot | None = None
    for claim in rows.iterator(chunk_size=1000):
        if lot is None or len(batch) == LOT:
            Verification.objects.bulk_create(batch)
            lot, batch, rang = Lot.objects.create(campagne=campagne, rang=rang, prochaine_fois=now), [], rang + 1
        held = Matricule(claim.matricule, claim.matricule_oid)
        batch.append(
            Verification(
                structure=campagne.structure,
                patient=claim.patient,
                lot=lot,
                auteur=auteur,
                moment=now,
                identite=dump_identity(claim.patient.traits(), held),
            )
        )
    Verification.objects.bulk_create(batch)


def _close(campagne: Campagne, now: datetime) -> None:
    if not campagne.lots.exclude(etat=Lot.Etat.RENDU).exists():
        Campagne.objects.filter(pk=campagne.pk, etat=Campagne.Etat.EN_COURS).update(
            etat=Campagne.Etat.TERMINEE, finie_le=now
        )


def _rounds(patients: QuerySet[Patient]) -> Iterator[list[Patient]]:
    found: list[Patient] = []
    for patient in patients.iterator(chunk_size=1000):
        found.append(patient)
        if len(found) == LOT:
            yield found
            found = []
    if found:
        yield found


def _pending(lot: Lot, patient: Patient, auteur: Compte, now: datetime) -> Verification:
    return Verification(
        structure=lot.campagne.structure,
        patient=patient,
        lot=lot,
        auteur=auteur,
        moment=now,
        identite=dump_identity(patient.traits(), Matricule(patient.matricule, patient.matricule_oid)),
    )


def _line(verification: Verification) -> LigneAVerifier:
    traits, matricule = load_identity(verification.identite)
    assert matricule is not None
    return LigneAVerifier(str(verification.pk), matricule, traits)
