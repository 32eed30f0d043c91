"""Asking INSi, and keeping question and answer until somebody has compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from opensegur.cabinet.patients.models import Patient, RechercheInsi
from opensegur.cabinet.patients.preuves import add_preuve, create_patient, write_traits
from opensegur.cabinet.structures.configuration import configuration_of
from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.ins import (
    CodeRetour,
    Ecart,
    Individu,
    InsAncien,
    InsiClient,
    Matricule,
    Nature,
    Politique,
    Reception,
    ReponseInsi,
    Sexe,
    Traits,
    TraitsRecus,
    compare_traits,
    insi_transport,
    is_first_of,
    normalize_name,
    receive_traits,
    search_identity,
)
from opensegur.ins.coherence import possible_first_names

if TYPE_CHECKING:
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.structures.models import Structure

_LONGUEUR_CARTE = 27  # letters that a carte Vitale keeps of a name
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
    """One trait on each side. ``ecart`` is None when they agree or when there is nothing local to compare.

    ``source``: what the card or the scan says, "" when it says nothing; ``source_ecart``: it says something else.
    """

    champ: str
    libelle: str
    local: str
    recu: str
    ecart: Ecart | None
    source: str = ""
    source_ecart: bool = False


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
            kept.append(keep(structure, traits, auteur, patient, answer))
            return answer

        search_identity(call, traits)
    return kept[-1]


def keep(
    structure: Structure, traits: Traits | None, auteur: Compte, patient: Patient | None, answer: ReponseInsi
) -> RechercheInsi:
    """Write down a question and its answer; ``traits``: the local ones, None when a card asked for somebody new."""
    found = answer.individu
    return RechercheInsi.objects.create(
        structure=structure,
        patient=patient,
        auteur=auteur,
        moment=timezone.now(),
        demande=json.dumps(asdict(traits), ensure_ascii=False) if traits else "",
        code=answer.code.value,
        individu=json.dumps(_dump(found), ensure_ascii=False) if found else "",
        requete=answer.raw_request,
        reponse=answer.raw_answer,
        issue=RechercheInsi.Issue.EN_ATTENTE if found else RechercheInsi.Issue.SANS_RESULTAT,
    )


def demande_of(recherche: RechercheInsi) -> Traits | None:
    """The local traits when INSi was asked; None when a card was read for somebody without a record."""
    if not recherche.demande:
        return None
    values = json.loads(recherche.demande)
    return Traits(**{**values, "sexe": Sexe(values["sexe"])})


def individu_of(recherche: RechercheInsi) -> Individu:
    values = json.loads(recherche.individu)
    former = tuple(InsAncien(**line) for line in values.get("historique", ()))
    return Individu(Matricule(values["matricule"], values["oid"]), TraitsRecus(**values["traits"]), former)


def reception_of(recherche: RechercheInsi) -> Reception:
    """The traits as they would be written, and whether they may be accepted."""
    politique = Politique.COMPLETER if recherche.structure.dates_completees else Politique.REFUSER
    return receive_traits(individu_of(recherche).traits, local=demande_of(recherche), politique=politique)


def side_by_side(local: Traits | None, recu: Traits, source: Mapping[str, str] | None = None) -> list[Rapprochement]:
    """Every strict trait, local, received and read on a card, in the order of an identity document."""
    gaps = {ecart.champ: ecart for ecart in compare_traits(local, recu)} if local else {}
    read = source or {}
    return [
        Rapprochement(
            champ,
            libelle,
            str(getattr(local, champ)) if local else "",
            str(getattr(recu, champ)),
            gaps.get(champ),
            read.get(champ, ""),
            source_ecart=bool(read.get(champ)) and not _same(champ, read[champ], recu),
        )
        for champ, libelle in _LIBELLES
    ]


def source_of(recherche: RechercheInsi) -> dict[str, str]:
    """What the card or the scan says, by the names of the traits that it bears."""
    return dict(json.loads(recherche.source)) if recherche.source else {}


def _same(champ: str, read: str, recu: Traits) -> bool:
    """Whether what a card says agrees: names are written there with accents, cut at 27 letters, one given name."""
    if champ == "premier_prenom":
        return is_first_of(_letters(read), recu.prenoms or recu.premier_prenom)
    expected = str(getattr(recu, champ))
    if champ in {"nom_naissance", "prenoms"}:
        return _letters(read) in {expected, expected[:_LONGUEUR_CARTE].rstrip()}
    return read == expected


def _letters(text: str) -> str:
    try:
        return normalize_name(text)
    except InvalidValue:
        return text


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
        "historique": [asdict(line) for line in individu.historique],
    }
