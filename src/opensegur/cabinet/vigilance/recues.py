"""An identity received with a document or a message: situated, verified when it must be, and decided by the table."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.patients import selection
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.preuves import add_preuve, create_patient, holder_of, write_traits
from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.cabinet.structures.models import Structure
from opensegur.cabinet.vigilance.identites import dump_identity, load_identity
from opensegur.cabinet.vigilance.models import Contrat, Recue, Verification
from opensegur.cda.document_lu import DocumentLu
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.ins import Canal, Matricule, Nature, Traits, compare_traits, insi_transport
from opensegur.ins.heritage import Decision, IdentiteRecue, decide, situate
from opensegur.ins.heritage import Verification as Reponse
from opensegur.ins.traits import parse_sexe
from opensegur.ins.verification import VerificationClient


@dataclass(frozen=True, slots=True)
class Origine:
    """Who sent the identity: a national identifier or an MSSanté address, a name, and by which means."""

    moyen: str
    emetteur: str = ""
    nom: str = ""


def identity_of(document: DocumentLu) -> IdentiteRecue:
    """The identity that a CDA bears. A matricule in it says that its sender holds it as qualified (EXI SI 08).

    Raises ``InvalidValue`` when its traits are not those of an identity.
    """
    person = document.patient
    found = person.ins
    matricule = Matricule(found.extension, found.root) if found else None
    names = person.prenoms or person.premier_prenom
    traits = Traits(
        nom_naissance=person.nom_naissance,
        prenoms=person.prenoms,
        premier_prenom=person.premier_prenom or names.partition(" ")[0],
        date_naissance=person.date_naissance,
        sexe=parse_sexe({"UN": "I"}.get(person.sexe, person.sexe)),
        lieu_naissance=person.lieu_naissance,
        nom_utilise=person.nom_utilise,
        prenom_utilise=person.prenom_utilise,
    )
    return IdentiteRecue(traits, matricule, qualifiee=matricule is not None)


def receive(structure: Structure, auteur: Compte, recue: IdentiteRecue, origine: Origine) -> Recue:
    """Keep what was received, verify it with INSi when the table says so, and apply what needs nobody."""
    patient = _record(structure, recue)
    row = Recue.objects.create(
        structure=structure,
        auteur=auteur,
        moment=timezone.now(),
        moyen=origine.moyen,
        emetteur=origine.emetteur[:200],
        emetteur_nom=origine.nom[:120],
        contenu=dump_identity(recue.traits, recue.matricule),
        patient=patient,
        decision=_decide(structure, recue, patient, origine.emetteur).value,
    )
    if row.decision == Decision.VERIFIER.value:
        verify(row, recue)
    _apply_alone(row, recue)
    return row


def verify(row: Recue, recue: IdentiteRecue) -> None:
    """Ask INSi, keep the question and the answer, and decide again. A service that is down leaves it as it is."""
    assert recue.matricule is not None
    try:
        configuration = configuration_of(row.structure)
        with insi_transport(configuration) as transport:
            answer = VerificationClient.from_configuration(configuration, transport).verify(
                recue.matricule, recue.traits
            )
    except OpenSegurError as error:
        row.panne = f"{error.message} {error.conseil}".strip()[:300]
        row.save(update_fields=["panne"])
        return
    result = Verification.Resultat
    row.verification = Verification.objects.create(
        structure=row.structure,
        patient=row.patient,
        auteur=row.auteur,
        moment=timezone.now(),
        identite=row.contenu,
        resultat=result.CONFIRMEE if answer.confirmee else result.REFUSEE,
        requete=answer.raw_request,
        reponse=answer.raw_answer,
        traitee=True,
    )
    row.panne = ""
    reponse = Reponse.CONFIRMEE if answer.confirmee else Reponse.REFUSEE
    row.decision = _decide(row.structure, recue, row.patient, row.emetteur, reponse).value
    row.save(update_fields=["verification", "panne", "decision"])


def apply_decision(row: Recue, auteur: Compte) -> Patient | None:
    """What a person confirms: the record is made or completed; an alert is only marked as examined.

    Raises ``InvalidValue``, ``MatriculeDejaPris``.
    """
    traits, matricule = load_identity(row.contenu)
    patient = row.patient
    with transaction.atomic():
        _claim(row, auteur)
        match Decision(row.decision):
            case Decision.CREER_SANS_INS:
                patient = create_patient(row.structure, traits, auteur)
            case Decision.CREER_AVEC_INS:
                patient = create_patient(row.structure, traits, auteur)
                add_preuve(patient, Nature.INS_RECUE_VERIFIEE, auteur, matricule=matricule, canal=Canal.FLUX)
            case Decision.COMPLETER:
                assert patient is not None
                add_preuve(patient, Nature.INS_RECUE_VERIFIEE, auteur, matricule=matricule, canal=Canal.FLUX)
                _complete(patient, traits)
            case _:
                pass
        Recue.objects.filter(pk=row.pk).update(patient=patient)
    return patient


def recue_of(row: Recue) -> IdentiteRecue:
    traits, matricule = load_identity(row.contenu)
    return IdentiteRecue(traits, matricule, qualifiee=matricule is not None)


def contract_with(structure: Structure, emetteur: str) -> bool:
    """A contract of trust is in force today with this sender, its address, or its domain."""
    today = timezone.localdate()
    name = emetteur.strip().lower()
    names = [name, name.partition("@")[2]] if "@" in name else [name]
    active = Contrat.objects.filter(structure=structure, emetteur__in=[each for each in names if each])
    return any(each.debut <= today and (each.fin is None or today <= each.fin) for each in active)


def _apply_alone(row: Recue, recue: IdentiteRecue) -> None:
    """What needs nobody: an identity already held, or one that a contract of trust qualifies."""
    decision = Decision(row.decision)
    if decision is Decision.HERITER:
        with transaction.atomic():
            patient = row.patient or create_patient(row.structure, recue.traits, row.auteur)
            add_preuve(patient, Nature.CONTRAT_CONFIANCE, row.auteur, matricule=recue.matricule, canal=Canal.FLUX)
            _complete(patient, recue.traits)
            row.patient = patient
            row.save(update_fields=["patient"])
    if decision in {Decision.HERITER, Decision.RATTACHER}:
        row.traitee_le, row.traitee_par = timezone.now(), row.auteur
        row.save(update_fields=["traitee_le", "traitee_par"])


def _complete(patient: Patient, traits: Traits) -> None:
    """Strict traits that were missing come from what was received; the names in use of the record are kept."""
    mine = patient.traits()
    write_traits(
        patient,
        Traits(
            nom_naissance=traits.nom_naissance,
            prenoms=traits.prenoms or mine.prenoms,
            premier_prenom=mine.premier_prenom,
            date_naissance=traits.date_naissance,
            sexe=traits.sexe,
            lieu_naissance=traits.lieu_naissance or mine.lieu_naissance,
            nom_utilise=mine.nom_utilise,
            prenom_utilise=mine.prenom_utilise,
            date_estimee=mine.date_estimee,
        ),
    )


def _record(structure: Structure, recue: IdentiteRecue) -> Patient | None:
    """The record that holds this matricule, else the only one with these traits."""
    if recue.matricule:
        holder = holder_of(structure, recue.matricule)
        if holder is not None:
            return holder
    likes = [found.patient for found in selection.look_alikes(structure, recue.traits)]
    same = [each for each in likes if not compare_traits(each.traits(), recue.traits)]
    return same[0] if len(same) == 1 else None


def _decide(
    structure: Structure,
    recue: IdentiteRecue,
    patient: Patient | None,
    emetteur: str,
    reponse: Reponse = Reponse.A_FAIRE,
) -> Decision:
    connu = situate(recue, patient.traits() if patient else None, patient.etat() if patient else None)
    return decide(recue, connu, verification=reponse, contrat=contract_with(structure, emetteur))


def _claim(row: Recue, auteur: Compte) -> None:
    if not Recue.objects.filter(pk=row.pk, traitee_le=None).update(traitee_le=timezone.now(), traitee_par=auteur):
        raise InvalidValue("RECUE_TRAITEE", "Cette identité reçue a déjà été traitée.", conseil="Rechargez la liste.")
