"""The carte Vitale at the counter: the beneficiary, INSi by itself, then the local traits when it fails."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.guichet.rapprochement import match
from opensegur.cabinet.patients import insi, preuves, selection
from opensegur.cabinet.patients.models import Patient, RechercheInsi
from opensegur.cabinet.patients.selection import Criteres
from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.ins import Canal, InsiClient, compare_traits, insi_transport, normalize_name
from opensegur.ins.requete_vitale import RequeteVitale
from opensegur.ins.vitale import BeneficiaireCarte, CarteVitale
from opensegur.ins.vitale_assertion import sign_reading
from opensegur.ins.vitale_lecteur import LecteurVirtuel, LecteurVitale


def reader_of(structure: Structure, inserted: str) -> LecteurVirtuel | None:
    """The reader of this counter; None where none is configured. ``inserted``: the virtual card put in it."""
    point = configuration_of(structure).vitale
    return LecteurVirtuel(point.cartes, inserted) if point else None


def ask_with_card(
    structure: Structure, lecteur: LecteurVitale, serie: str, rang: int, auteur: Compte
) -> RechercheInsi:
    """Ask INSi for the beneficiary ``rang`` of the card ``serie``, which must still be in the reader.

    The answer is tied to the record that holds this INS, or to the only one that is surely this person. Raises
    ``OpenSegurError``.
    """
    carte = lecteur.read()
    carte.check_same(serie)
    requete = RequeteVitale.of(carte, rang)
    assertion = sign_reading(lecteur, carte, datetime.now(UTC))
    configuration = configuration_of(structure)
    with insi_transport(configuration) as transport:
        answer = InsiClient.from_configuration(configuration, transport).search_by_vitale(requete, assertion)
    kept = insi.keep(structure, None, auteur, None, answer)
    kept.canal = Canal.VITALE.value
    kept.source = json.dumps(source_of(requete.beneficiaire), ensure_ascii=False)
    kept.patient = _record(structure, kept)
    if kept.patient is not None:
        kept.demande = json.dumps(asdict(kept.patient.traits()), ensure_ascii=False)
    kept.save(update_fields=["canal", "source", "patient", "demande"])
    return kept


def source_of(person: BeneficiaireCarte) -> dict[str, str]:
    """What the card says of a person, by the names of the traits that it bears."""
    said = {
        "nom_naissance": person.nom_famille,
        "nom_utilise": person.nom_usuel,
        "premier_prenom": person.prenom,
        "date_naissance": person.naissance,
    }
    return {name: value for name, value in said.items() if value}


def records_of(structure: Structure, person: BeneficiaireCarte) -> list[Patient]:
    """The records that may be this beneficiary's, by the name, the given name and the birth date of the card."""
    try:
        criteres = Criteres(normalize_name(person.nom), normalize_name(person.prenom), person.naissance)
        return [found.patient for found in selection.search(structure, criteres)]
    except InvalidValue:
        return []


def ask_with_traits(
    structure: Structure, carte: CarteVitale, rang: int, auteur: Compte
) -> tuple[Patient | None, RechercheInsi | None]:
    """When the card gave nothing: the record that is surely the person's, asked by its own traits.

    Gives the record, and the answer of INSi when there was a record to ask for.
    """
    person = carte.beneficiaire(rang)
    records = [each for each in records_of(structure, person) if each.date_naissance == person.naissance]
    if len(records) != 1:
        return None, None
    patient = records[0]
    try:
        answer = insi.ask(structure, patient.traits(), auteur, patient)
    except OpenSegurError:
        return patient, None
    answer.canal = Canal.VITALE.value
    answer.source = json.dumps(source_of(person), ensure_ascii=False)
    answer.save(update_fields=["canal", "source"])
    return patient, answer


def _record(structure: Structure, kept: RechercheInsi) -> Patient | None:
    if not insi.is_found(kept):
        return None
    individu = insi.individu_of(kept)
    holder = preuves.holder_of(structure, individu.matricule)
    reception = insi.reception_of(kept)
    if holder is not None or reception.traits is None:
        return holder
    semblables = match(structure, None, reception.traits).semblables
    free = [each for each in semblables if not each.matricule_index]
    certain = [each for each in free if not compare_traits(each.traits(), reception.traits)]
    return certain[0] if len(certain) == 1 else None
