"""A submitted lot, put together: the package, its entries, their documents, the associations that bind them.

Sources: IHE ITI TF-2 3.41, TF-3 4.2.1 and 4.2.2; GIE SESAM-Vitale examples (TD2.1, TD2.1b).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.mtom import Part, content_of
from opensegur.sandbox.dmp import noms
from opensegur.sandbox.dmp.catalogue import manque, refuse
from opensegur.sandbox.dmp.ebrim import Association, Contenu, Objet, read_list
from opensegur.sandbox.dmp.noms import LCM, RIM, XDS, q
from opensegur.sandbox.regles import Manquement

_OBJECT_LIST = f"{q(LCM, 'SubmitObjectsRequest')}/{q(RIM, 'RegistryObjectList')}"


@dataclass(frozen=True, slots=True)
class Lot:
    """``documents`` maps the symbolic id of each entry to its bytes; ``signature`` is the entry that signs."""

    paquet: Objet
    fiches: tuple[Objet, ...]
    associations: tuple[Association, ...]
    documents: Mapping[str, bytes]
    signature: Objet | None
    elements: Mapping[str, etree._Element]

    @property
    def uid(self) -> str:
        return self.paquet.identifiant(noms.LOT_UNIQUE)

    @property
    def cliniques(self) -> tuple[Objet, ...]:
        """The entries apart from the signature."""
        return tuple(fiche for fiche in self.fiches if fiche is not self.signature)

    def remplacements(self) -> tuple[Association, ...]:
        return tuple(item for item in self.associations if item.type == noms.RPLC)


def read_lot(demande: etree._Element, parts: Mapping[str, Part]) -> Lot:
    """Read a ProvideAndRegisterDocumentSetRequest that its schema accepts."""
    liste = demande.find(_OBJECT_LIST)
    if liste is None:
        raise refuse("xds.schema")
    contenu = read_list(liste)
    paquet = _package(contenu)
    _check_local_ids(contenu)
    documents = _documents(demande, parts, contenu)
    elements = {child.get("id", ""): child for child in liste.iterchildren(etree.Element)}
    return Lot(paquet, contenu.fiches, contenu.associations, documents, _signature(contenu, paquet), elements)


def _package(contenu: Contenu) -> Objet:
    if contenu.autres:
        raise refuse("lot.objet", contenu.autres[0])
    if any(fiche.type_objet != noms.OBJET_DOCUMENT for fiche in contenu.fiches):
        raise refuse("lot.objet", "objectType")
    marked = [
        lot
        for lot in contenu.lots
        if any(
            item.noeud == noms.NOEUD_LOT and item.objet == lot.id for item in (*lot.classements, *contenu.classements)
        )
    ]
    if len(marked) != 1 or len(contenu.lots) != 1:
        raise refuse("lot.objet" if len(contenu.lots) > 1 and marked else "lot.unique")
    if not contenu.fiches:
        raise refuse("lot.sans_document")
    return marked[0]


def _check_local_ids(contenu: Contenu) -> None:
    names = [item.id for item in (*contenu.lots, *contenu.fiches)] + [item.id for item in contenu.associations]
    repeated = [name for name, count in Counter(names).items() if count > 1]
    if repeated or "" in names:
        raise refuse("lot.identifiant_local", "id")


def _signature(contenu: Contenu, paquet: Objet) -> Objet | None:
    sources = {item.source for item in contenu.associations if item.type == noms.SIGNS and item.cible == paquet.id}
    found = [fiche for fiche in contenu.fiches if fiche.id in sources]
    return found[0] if len(found) == 1 else None


def _documents(demande: etree._Element, parts: Mapping[str, Part], contenu: Contenu) -> dict[str, bytes]:
    documents: dict[str, bytes] = {}
    entries = {fiche.id for fiche in contenu.fiches}
    for element in demande.findall(q(XDS, "Document")):
        identifier = element.get("id", "")
        if identifier in documents:
            raise refuse("lot.identifiant_local", "Document")
        if identifier not in entries:
            raise refuse("document.sans_fiche", identifier[:60])
        try:
            documents[identifier] = content_of(element, parts)
        except RefusedInput as error:
            raise refuse("document.absent", identifier[:60]) from error
        if not documents[identifier]:
            raise refuse("document.vide", identifier[:60])
    for fiche in contenu.fiches:
        if fiche.id not in documents:
            raise refuse("document.absent", fiche.id[:60])
    return documents


def check_associations(lot: Lot) -> Iterator[Manquement]:
    """HasMember once for each entry, signs once, RPLC towards a registered entry; nothing else."""
    entries = {fiche.id for fiche in lot.fiches}
    for item in lot.associations:
        if item.type not in _ASSOCIATIONS or not _ASSOCIATIONS[item.type](item, lot.paquet.id, entries):
            yield manque("association.forme", f"association {item.id[:60]}")
    members = Counter(item.cible for item in lot.associations if item.type == noms.HAS_MEMBER)
    for name in sorted(entries):
        if members[name] != 1:
            yield manque("association.membre", f"fiche {name[:60]}")
    replaced = Counter(item.source for item in lot.remplacements())
    if any(count > 1 for count in replaced.values()):
        yield manque("association.forme", "RPLC")


def _is_member(item: Association, lot: str, entries: set[str]) -> bool:
    original = item.slots.get("SubmissionSetStatus") == ("Original",)
    return item.source == lot and item.cible in entries and original


def _is_signature(item: Association, lot: str, entries: set[str]) -> bool:
    return item.source in entries and item.cible == lot


def _is_replacement(item: Association, _lot: str, entries: set[str]) -> bool:
    return item.source in entries and item.cible.startswith("urn:uuid:")


_ASSOCIATIONS: Final[Mapping[str, Callable[[Association, str, set[str]], bool]]] = {
    noms.HAS_MEMBER: _is_member,
    noms.SIGNS: _is_signature,
    noms.RPLC: _is_replacement,
}
