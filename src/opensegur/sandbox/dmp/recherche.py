"""Stored queries answered from the registry: filters on metadata, then what this caller may know of.

Source: IHE ITI TF-2 3.18.4.1.2.3.7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from opensegur.sandbox.dmp import noms
from opensegur.sandbox.dmp.acces import Acces, may_see
from opensegur.sandbox.dmp.catalogue import refuse
from opensegur.sandbox.dmp.contexte import Contexte
from opensegur.sandbox.dmp.depot import AssociationEnregistree, Dossier, FicheEnregistree, LotEnregistre
from opensegur.sandbox.dmp.ebrim import Objet
from opensegur.sandbox.dmp.enregistrement import read_package, read_stored
from opensegur.sandbox.dmp.lecture_requete import RequeteLue, Valeurs
from opensegur.sandbox.dmp.requetes import Parametre, Sorte
from opensegur.sandbox.dmp.vihf import Ins, read_cx

_FILLER = "00000101000000"


@dataclass(slots=True)
class Resultat:
    """What a query finds, each object once, in the order of registration."""

    lots: list[LotEnregistre] = field(default_factory=list)
    fiches: list[FicheEnregistree] = field(default_factory=list)
    associations: list[AssociationEnregistree] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Recherche:
    """One search: for whom, on which dossier. ``tout`` lets a search of reference (TD3.1b) see every entry."""

    contexte: Contexte
    acces: Acces
    dossier: Dossier
    patient: Ins
    tout: bool = False

    def run(self, lue: RequeteLue) -> Resultat:
        resultat = _QUERIES[lue.requete.nom](self, lue)
        if lue.feuilles and len(resultat.fiches) + len(resultat.lots) > self.contexte.reglages.limite_resultats:
            raise refuse("requete.limite", f"{self.contexte.reglages.limite_resultats} au plus")
        return resultat

    def visible(self, fiches: Iterable[FicheEnregistree]) -> list[FicheEnregistree]:
        return [
            fiche
            for fiche in fiches
            if fiche.ins == self.patient.valeur
            and (self.tout or may_see(self.acces, self.dossier, fiche, read_stored(fiche)))
        ]

    def lots_of(self, fiches: Iterable[FicheEnregistree]) -> list[LotEnregistre]:
        sources = dict.fromkeys(
            item.source
            for fiche in fiches
            for item in self.contexte.depot.associations([fiche.entry_uuid])
            if item.type == noms.HAS_MEMBER and item.cible == fiche.entry_uuid
        )
        lots = (self.contexte.depot.lot(entry_uuid=uuid) for uuid in sources)
        return [lot for lot in lots if lot is not None]

    def associations(self, uuids: Iterable[str]) -> list[AssociationEnregistree]:
        """Associations of these objects, those apart that would reveal an entry the caller may not see."""
        found = self.contexte.depot.associations(uuids)
        ends = {end for item in found for end in (item.source, item.cible)}
        entries = self.contexte.depot.fiches(uuids=ends)
        known = {fiche.entry_uuid for fiche in self.visible(entries)}
        known |= {uuid for uuid in ends - {fiche.entry_uuid for fiche in entries} if self._own_lot(uuid)}
        return [item for item in found if item.source in known and item.cible in known]

    def _own_lot(self, uuid: str) -> bool:
        lot = self.contexte.depot.lot(entry_uuid=uuid)
        return lot is not None and lot.ins == self.patient.valeur

    def members(self, lot: LotEnregistre) -> list[AssociationEnregistree]:
        return [
            item
            for item in self.contexte.depot.associations([lot.entry_uuid])
            if item.type == noms.HAS_MEMBER and item.source == lot.entry_uuid
        ]


def matches(objet: Objet, statut: str, parametre: Parametre, valeurs: Valeurs) -> bool:
    """Whether the metadata of ``objet`` satisfy one parameter."""
    if parametre.sorte is Sorte.STATUT:
        return statut in valeurs[0]
    if parametre.sorte is Sorte.PATIENT:
        return True
    if parametre.sorte is Sorte.DATE:
        return _date_matches(objet.slot(parametre.cle), parametre.nom, valeurs[0][0])
    return all(_any_matches(objet, parametre, choices) for choices in valeurs)


def _any_matches(objet: Objet, parametre: Parametre, choices: tuple[str, ...]) -> bool:
    if parametre.sorte is Sorte.CODE:
        return any(f"{item.code}^^{item.systeme}" in choices for item in objet.codes(parametre.cle))
    if parametre.sorte is Sorte.MOTIF:
        persons = [value for item in objet.codes(parametre.cle) for value in item.slots.get("authorPerson", ())]
        return any(is_like(person, choice) for choice in choices for person in persons)
    if parametre.cle == "objectType":
        return objet.type_objet in choices
    values = objet.slots.get(parametre.cle, ()) or objet.identifiants_de(parametre.cle)
    return any(value in choices for value in values)


def _date_matches(value: str, nom: str, bound: str) -> bool:
    if not value:
        return False
    full, limit = value + _FILLER[len(value) :], bound + _FILLER[len(bound) :]
    return full >= limit if nom.endswith("From") else full < limit


def is_like(text: str, pattern: str) -> bool:
    """SQL's LIKE: % for any text, _ for one character. Never backtracks further than the last %."""
    at = mark = 0
    star = -1
    while at < len(text):
        place = (star + 1 + at - mark) if star >= 0 else at
        if place < len(pattern) and pattern[place] == "%":
            star, mark = place, at
        elif place < len(pattern) and pattern[place] in {"_", text[at]}:
            at += 1
        elif star >= 0:
            mark += 1
            at = mark
        else:
            return False
    rest = pattern[star + 1 + at - mark :] if star >= 0 else pattern[at:]
    return not rest.strip("%")


def _check_patient(recherche: Recherche, lue: RequeteLue) -> None:
    for parametre in lue.requete.parametres:
        asked = lue.choix(parametre.nom) if parametre.sorte is Sorte.PATIENT else ()
        if asked and read_cx(asked[0]) != recherche.patient:
            raise refuse("requete.patient", parametre.nom)


def _filter(objet: Objet, statut: str, lue: RequeteLue) -> bool:
    return all(
        matches(objet, statut, parametre, lue.valeurs[parametre.nom])
        for parametre in lue.requete.parametres
        if parametre.nom in lue.valeurs and (parametre.cle or parametre.sorte is Sorte.STATUT)
    )


def _find_documents(recherche: Recherche, lue: RequeteLue) -> Resultat:
    _check_patient(recherche, lue)
    candidates = recherche.contexte.depot.fiches_du_patient(recherche.patient.valeur)
    found = [fiche for fiche in candidates if _filter(read_stored(fiche), fiche.statut, lue)]
    return Resultat(fiches=recherche.visible(found))


def _find_lots(recherche: Recherche, lue: RequeteLue) -> Resultat:
    _check_patient(recherche, lue)
    lots = recherche.contexte.depot.lots_du_patient(recherche.patient.valeur)
    found = [lot for lot in lots if _filter(read_package(lot), noms.APPROVED, lue)]
    return Resultat(lots=[lot for lot in found if _has_visible(recherche, lot)])


def _has_visible(recherche: Recherche, lot: LotEnregistre) -> bool:
    members = [item.cible for item in recherche.members(lot)]
    return bool(recherche.visible(recherche.contexte.depot.fiches(uuids=members)))


def _requested(recherche: Recherche, lue: RequeteLue) -> list[FicheEnregistree]:
    return recherche.visible(
        recherche.contexte.depot.fiches(
            uuids=lue.choix("$XDSDocumentEntryEntryUUID"), uids=lue.choix("$XDSDocumentEntryUniqueId")
        )
    )


def _get_documents(recherche: Recherche, lue: RequeteLue) -> Resultat:
    return Resultat(fiches=_requested(recherche, lue))


def _get_associations(recherche: Recherche, lue: RequeteLue) -> Resultat:
    return Resultat(associations=recherche.associations(lue.choix("$uuid")))


def _get_documents_and_associations(recherche: Recherche, lue: RequeteLue) -> Resultat:
    fiches = _requested(recherche, lue)
    return Resultat(fiches=fiches, associations=recherche.associations(fiche.entry_uuid for fiche in fiches))


def _get_lots(recherche: Recherche, lue: RequeteLue) -> Resultat:
    wanted = set(lue.choix("$uuid"))
    fiches = recherche.visible(recherche.contexte.depot.fiches(uuids=wanted))
    lots = recherche.lots_of(fiches)
    uuids = {fiche.entry_uuid for fiche in fiches}
    links = [item for lot in lots for item in recherche.members(lot) if item.cible in uuids]
    return Resultat(lots=lots, associations=links)


def _get_lot_and_contents(recherche: Recherche, lue: RequeteLue) -> Resultat:
    uuid, uid = lue.choix("$XDSSubmissionSetEntryUUID"), lue.choix("$XDSSubmissionSetUniqueId")
    lot = recherche.contexte.depot.lot(unique_id=(uid or ("",))[0], entry_uuid=(uuid or ("",))[0])
    if lot is None or lot.ins != recherche.patient.valeur:
        return Resultat()
    links = recherche.members(lot)
    fiches = recherche.visible(recherche.contexte.depot.fiches(uuids=[item.cible for item in links]))
    kept = [fiche for fiche in fiches if _filter(read_stored(fiche), fiche.statut, lue)]
    if not kept:
        return Resultat()
    uuids = {fiche.entry_uuid for fiche in kept}
    return Resultat([lot], kept, [item for item in links if item.cible in uuids])


def _get_related(recherche: Recherche, lue: RequeteLue) -> Resultat:
    fiches = _requested(recherche, lue)
    types = set(lue.choix("$AssociationTypes")) & noms.RELATIONS
    wanted = [fiche.entry_uuid for fiche in fiches]
    links = [item for item in recherche.associations(wanted) if item.type in types]
    if not links:
        return Resultat()
    ends = {end for item in links for end in (item.source, item.cible)}
    return Resultat(fiches=recherche.visible(recherche.contexte.depot.fiches(uuids=ends)), associations=links)


_QUERIES: dict[str, Callable[[Recherche, RequeteLue], Resultat]] = {
    "FindDocuments": _find_documents,
    "FindDocumentsByReferenceId": _find_documents,
    "FindSubmissionSets": _find_lots,
    "GetDocuments": _get_documents,
    "GetAssociations": _get_associations,
    "GetDocumentsAndAssociations": _get_documents_and_associations,
    "GetSubmissionSets": _get_lots,
    "GetSubmissionSetAndContents": _get_lot_and_contents,
    "GetRelatedDocuments": _get_related,
}
