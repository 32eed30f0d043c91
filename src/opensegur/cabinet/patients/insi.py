"""Asking INSi, and keeping question and answer until somebody has compared."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.patients.models import Patient, RechercheInsi
from opensegur.cabinet.patients.preuves import add_preuve, create_patient, write_traits
from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.foundation.errors import OpenSegurError
from opensegur.ins import (
    CodeRetour,
    Ecart,
    Individu,
    InsiClient,
    Matricule,
    Nature,
    Reception,
    ReponseInsi,
    Sexe,
    Traits,
    TraitsRecus,
    compare_traits,
    insi_transport,
    receive_traits,
    search_identity,
)
from opensegur.ins.coherence import possible_first_names

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.structures.models import Structure

_LIBELLES = (
    ("nom_naissance", "Nom de naissance"),
    ("premier_prenom", "Premier prénom"),
    ("prenoms", "Prénoms de naissance"),
    ("date_naissance", "Date de naissance"),
    ("sexe", "Sexe"),
    ("lieu_naissance", "Lieu de naissance"),
)


class DejaDecidee(OpenSegurError):
    """Somebody has already accepted or refused this answer."""


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """One trait on both sides. ``ecart`` is None when they agree or when there is nothing local to compare."""

    champ: str
    libelle: str
    local: str
    recu: str
    ecart: Ecart | None


def ask(structure: Structure, traits: Traits, auteur: Compte, patient: Patient | None = None) -> RechercheInsi:
    """Make the calls that the rules allow, keep each one, and give the last.

    Raises ``OpenSegurError``: INSi refused, did not answer, or is not configured. What was answered before stays.
    """
    configuration = configuration_of(structure)
    kept: list[RechercheInsi] = []
    with insi_transport(configuration) as transport:
        client = InsiClient.from_configuration(configuration, transport)

        def call(requete: object) -> ReponseInsi:
            answer = client.search_by_traits(requete)  # type: ignore[arg-type]
            kept.append(_keep(structure, traits, auteur, patient, answer))
            return answer

        search_identity(call, traits)
    return kept[-1]


def _keep(
    structure: Structure, traits: Traits, auteur: Compte, patient: Patient | None, answer: ReponseInsi
) -> RechercheInsi:
    found = answer.individu
    return RechercheInsi.objects.create(
        structure=structure,
        patient=patient,
        auteur=auteur,
        moment=timezone.now(),
        demande=json.dumps(asdict(traits), ensure_ascii=False),
        code=answer.code.value,
        individu=json.dumps(_dump(found), ensure_ascii=False) if found else "",
        requete=answer.raw_request,
        reponse=answer.raw_answer,
        issue=RechercheInsi.Issue.EN_ATTENTE if found else RechercheInsi.Issue.SANS_RESULTAT,
    )


def demande_of(recherche: RechercheInsi) -> Traits:
    values = json.loads(recherche.demande)
    return Traits(**{**values, "sexe": Sexe(values["sexe"])})


def individu_of(recherche: RechercheInsi) -> Individu:
    values = json.loads(recherche.individu)
    return Individu(Matricule(values["matricule"], values["oid"]), TraitsRecus(**values["traits"]))


def reception_of(recherche: RechercheInsi) -> Reception:
    """The traits as they would be written, and whether they may be accepted."""
    return receive_traits(individu_of(recherche).traits, local=demande_of(recherche))


def side_by_side(local: Traits, recu: Traits) -> list[Rapprochement]:
    """Every strict trait, local and received, in the order of an identity document."""
    gaps = {ecart.champ: ecart for ecart in compare_traits(local, recu)}
    return [
        Rapprochement(champ, libelle, str(getattr(local, champ)), str(getattr(recu, champ)), gaps.get(champ))
        for champ, libelle in _LIBELLES
    ]


def first_names(recu: Traits) -> tuple[str, ...]:
    """The cuts of the received list from which a person chooses the first given name."""
    return possible_first_names(recu.prenoms)


def accept(recherche: RechercheInsi, auteur: Compte, premier_prenom: str = "") -> Patient:
    """Write the received identity in the record, which is created when there was none.

    Raises ``DejaDecidee``, ``MatriculeDejaPris``, ``InvalidValue`` when the answer may not be accepted.
    """
    with transaction.atomic():
        _decide(recherche, RechercheInsi.Issue.ACCEPTEE)
        traits = _acceptable(recherche, premier_prenom)
        patient = recherche.patient or create_patient(recherche.structure, traits, auteur)
        add_preuve(
            patient,
            Nature.RECUPERATION_INSI,
            auteur,
            matricule=individu_of(recherche).matricule,
            recu=recherche.individu,
        )
        write_traits(patient, traits)
        RechercheInsi.objects.filter(pk=recherche.pk).update(patient=patient)
    return patient


def refuse(recherche: RechercheInsi) -> None:
    """The person at the desk does not recognise the patient in the answer. Raises ``DejaDecidee``."""
    _decide(recherche, RechercheInsi.Issue.REFUSEE)


def is_found(recherche: RechercheInsi) -> bool:
    return recherche.code == CodeRetour.UNE.value


def _decide(recherche: RechercheInsi, issue: RechercheInsi.Issue) -> None:
    waiting = RechercheInsi.objects.filter(pk=recherche.pk, issue=RechercheInsi.Issue.EN_ATTENTE)
    if not waiting.update(issue=issue):
        raise DejaDecidee(
            "INSI_DEJA_DECIDE",
            "Cette réponse de l’INSi a déjà été acceptée ou refusée.",
            conseil="Retrouvez le dossier par la recherche.",
        )


def _acceptable(recherche: RechercheInsi, premier_prenom: str) -> Traits:
    reception = reception_of(recherche)
    if not reception.acceptable or reception.traits is None:
        reason = reception.motifs[0]
        raise OpenSegurError("INSI_NON_ACCEPTABLE", reason.message, conseil=reason.repair, detail=reason.rule)
    if premier_prenom and premier_prenom in first_names(reception.traits):
        return Traits(**{**asdict(reception.traits), "premier_prenom": premier_prenom})
    return reception.traits


def _dump(individu: Individu) -> dict[str, object]:
    return {
        "matricule": individu.matricule.valeur,
        "oid": individu.matricule.oid,
        "traits": asdict(individu.traits),
    }
