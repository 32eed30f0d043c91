"""A small fictional practice: two structures, three people, some twenty-five patients and a day of visits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.accueil.etats import Etat
from opensegur.cabinet.accueil.jour import bounds
from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.comptes.conditions import accept
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.demo_patients import PATIENTS, PatientDemo
from opensegur.cabinet.patients.models import Patient, SansPiece
from opensegur.cabinet.patients.preuves import add_preuve, create_patient, note_without_piece
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Matricule, Nature

MOT_DE_PASSE = "sous-les-tilleuls"
"""The same for every account of the demonstration, and for nothing else."""


@dataclass(frozen=True, slots=True)
class Acces:
    """What the terminal prints: how to enter, and who this account is."""

    identifiant: str
    mot_de_passe: str
    qui: str


COMPTES = (
    Acces("claire.marchand", MOT_DE_PASSE, "médecin, aussi par Pro Santé Connect"),
    Acces("lou.faurel", MOT_DE_PASSE, "secrétaire, aussi par Pro Santé Connect avec sa carte CPE"),
    Acces("nadia.bensaid", MOT_DE_PASSE, "pharmacienne, aussi par Pro Santé Connect"),
)


@transaction.atomic
def load() -> tuple[Acces, ...]:
    """Write what is not there yet, and today's visits. Safe to call again: nothing comes twice."""
    cabinet, officine = _structures()
    medecin, secretaire, pharmacienne = _people(cabinet, officine)
    if not cabinet.patients.exists():
        for structure, author in ((cabinet, secretaire), (officine, pharmacienne)):
            for person in PATIENTS:
                if person.officine or structure == cabinet:
                    _patient(structure, person, author)
    _day(cabinet, medecin, secretaire, _CABINET)
    _day(officine, pharmacienne, pharmacienne, _OFFICINE)
    return COMPTES


def _structures() -> tuple[Structure, Structure]:
    cabinet, _ = Structure.objects.get_or_create(
        id_nat="300000099200016",
        defaults={
            "nom": "Cabinet médical des Tilleuls",
            "secteur": "SA07",
            "lignes_adresse": ["12 RUE DES TILLEULS"],
            "code_postal": "18340",
            "ville": "LEVET",
            "telephone": "+33 1 99 00 00 12",
            "oid_ipp": "2.25.201763411876523458923170934587623411",
            "configuration": "opensegur-300000099200016.toml",
        },
    )
    officine, _ = Structure.objects.get_or_create(
        id_nat="1189999998",
        defaults={
            "nom": "Pharmacie de la Halle",
            "secteur": "SA33",
            "lignes_adresse": ["3 PLACE DE LA HALLE"],
            "code_postal": "18340",
            "ville": "LEVET",
            "telephone": "+33 1 99 00 00 03",
            "oid_ipp": "2.25.201763411876523458923170934587623412",
            "configuration": "opensegur-1189999998.toml",
        },
    )
    return cabinet, officine


def _people(cabinet: Structure, officine: Structure) -> tuple[Compte, Compte, Compte]:
    medecin = _compte(
        "claire.marchand",
        prenom="Claire",
        nom="MARCHAND",
        civilite="MME",
        titre="DR",
        id_nat="899700500012",
        profession="10",
        savoir_faire="SM26",
    )
    secretaire = _compte("lou.faurel", prenom="Lou", nom="FAUREL", civilite="MME", id_nat="500000099200016/CPAT00001")
    pharmacienne = _compte(
        "nadia.bensaid",
        prenom="Nadia",
        nom="BENSAID",
        civilite="MME",
        titre="DR",
        id_nat="899700500038",
        profession="21",
        savoir_faire="A",
    )
    _place(medecin, cabinet, Role.MEDECIN, referent_identite=True, administrateur=True)
    _place(secretaire, cabinet, Role.SECRETAIRE, responsable=medecin)
    _place(pharmacienne, officine, Role.PHARMACIEN, referent_identite=True, administrateur=True)
    return medecin, secretaire, pharmacienne


def _compte(identifiant: str, **champs: str) -> Compte:
    found = Compte.objects.filter(identifiant=identifiant).first()
    if found is None:
        found = Compte.objects.create_user(identifiant, MOT_DE_PASSE, **champs)
        accept(found)
    return found


def _place(
    compte: Compte,
    structure: Structure,
    role: Role,
    responsable: Compte | None = None,
    **fonctions: bool,
) -> None:
    Rattachement.objects.get_or_create(
        compte=compte,
        structure=structure,
        defaults={"role": role, "responsable": responsable, **fonctions},
    )


def _patient(structure: Structure, person: PatientDemo, author: Compte) -> Patient:
    patient = create_patient(structure, person.traits, author)
    for nature in person.preuves:
        with_ins = nature is Nature.RECUPERATION_INSI
        add_preuve(
            patient,
            nature,
            author,
            matricule=Matricule(person.matricule, person.oid) if with_ins else None,
            piece="CN" if nature is Nature.CONTROLE_REUSSI else "",
        )
    if person.sans_piece:
        note_without_piece(patient, SansPiece.Raison.ABSENCE, author)
    return patient


@dataclass(frozen=True, slots=True)
class VenueDemo:
    """``ipp``: the patient's number; ``ecart``: minutes from now, so that the day is always under way."""

    ipp: int
    ecart: int
    nature: Venue.Nature
    motif: str
    etat: Etat


_N = Venue.Nature
_CABINET = (
    VenueDemo(4, -75, _N.CONSULTATION, "Renouvellement", Etat.PARTI),
    VenueDemo(7, -60, _N.CONSULTATION, "Toux depuis huit jours", Etat.PARTI),
    VenueDemo(11, -45, _N.VACCINATION, "Grippe", Etat.PARTI),
    VenueDemo(1, -15, _N.CONSULTATION, "Suivi d’hypertension", Etat.EN_COURS),
    VenueDemo(13, 0, _N.CONSULTATION, "Douleur au genou", Etat.ARRIVE),
    VenueDemo(16, 15, _N.CONSULTATION, "Première visite", Etat.ARRIVE),
    VenueDemo(20, 30, _N.ADMINISTRATIF, "Dépôt d’un compte rendu", Etat.ARRIVE),
    VenueDemo(2, 45, _N.CONSULTATION, "Résultats de biologie", Etat.ATTENDU),
    VenueDemo(9, 60, _N.CONSULTATION, "Certificat de sport", Etat.ATTENDU),
    VenueDemo(22, 75, _N.SOIN, "Pansement", Etat.ATTENDU),
    VenueDemo(18, 90, _N.CONSULTATION, "Fièvre", Etat.ATTENDU),
    VenueDemo(24, 105, _N.CONSULTATION, "Bilan annuel", Etat.ANNULE),
)
_OFFICINE = (
    VenueDemo(1, -60, _N.DELIVRANCE, "", Etat.PARTI),
    VenueDemo(3, -15, _N.ENTRETIEN, "Anticoagulants", Etat.EN_COURS),
    VenueDemo(4, 0, _N.VACCINATION, "Grippe", Etat.ARRIVE),
    VenueDemo(2, 60, _N.DELIVRANCE, "Ordonnance à préparer", Etat.ATTENDU),
)
_AVANT, _APRES = timedelta(minutes=90), timedelta(minutes=120)
_QUART = 15


def _day(structure: Structure, soignant: Compte, author: Compte, venues: Iterable[VenueDemo]) -> None:
    debut, fin = bounds(timezone.localdate())
    if Venue.objects.filter(structure=structure, prevue_le__gte=debut, prevue_le__lt=fin).exists():
        return
    now = timezone.localtime()
    quarter = now.replace(minute=now.minute - now.minute % _QUART, second=0, microsecond=0)
    middle = min(max(quarter, debut + _AVANT), fin - _APRES)
    patients = {patient.ipp: patient for patient in structure.patients.all()}
    for venue in venues:
        written = _venue(venue, middle + timedelta(minutes=venue.ecart))
        written.structure, written.patient = structure, patients[venue.ipp]
        written.recu_par, written.creee_par = soignant, author
        written.save()


def _venue(venue: VenueDemo, moment: datetime) -> Venue:
    """The visit itself; whose it is comes after."""
    came = venue.etat in {Etat.ARRIVE, Etat.EN_COURS, Etat.PARTI}
    begun = venue.etat in {Etat.EN_COURS, Etat.PARTI}
    # whoever is to be received in a while is here already: a little early
    arrival = min(moment, timezone.now()) - timedelta(minutes=6)
    return Venue(
        nature=venue.nature,
        motif=venue.motif,
        etat=venue.etat,
        prevue_le=moment,
        arrivee_le=arrival if came else None,
        debut_le=moment if begun else None,
        fin_le=moment + timedelta(minutes=14) if venue.etat is Etat.PARTI else None,
    )
