"""What the registry writes when it accepts a lot: entryUUIDs, statuses, sizes, and the ebRIM kept for answers.

Source: IHE ITI TF-3 4.2.3 (attributes that the registry and the repository give), ITI TF-2 3.42.4.1.3.
"""

from __future__ import annotations

import hashlib
from copy import deepcopy
from functools import lru_cache

from lxml import etree

from opensegur.foundation.identifiers import new_urn_uuid
from opensegur.foundation.xml import serialize
from opensegur.sandbox.dmp import noms
from opensegur.sandbox.dmp.contexte import Contexte
from opensegur.sandbox.dmp.depot import AssociationEnregistree, FicheEnregistree, LotEnregistre
from opensegur.sandbox.dmp.ebrim import Objet, read_object
from opensegur.sandbox.dmp.enveloppe import read_xml
from opensegur.sandbox.dmp.lot import Lot
from opensegur.sandbox.dmp.noms import RIM, q
from opensegur.sandbox.dmp.vihf import Ins, Vihf

_WRITTEN_SLOTS = ("hash", "size", "repositoryUniqueId")


@lru_cache(maxsize=4096)
def _read(xml: bytes) -> Objet:
    return read_object(read_xml(xml))


def read_stored(fiche: FicheEnregistree) -> Objet:
    """The metadata of a registered entry."""
    return _read(fiche.xml)


def read_package(lot: LotEnregistre) -> Objet:
    return _read(lot.xml)


def register(lot: Lot, vihf: Vihf, patient: Ins, empreintes: dict[str, str], contexte: Contexte) -> dict[str, str]:
    """Write an accepted lot; the entryUUID of each symbolic id is answered."""
    uuids = {name: new_urn_uuid() for name in (lot.paquet.id, *(fiche.id for fiche in lot.fiches))}
    received = contexte.moment.isoformat(timespec="microseconds")
    package = registered(lot.elements[lot.paquet.id], uuids)
    contexte.depot.add_lot(LotEnregistre(uuids[lot.paquet.id], lot.uid, patient.valeur, received, serialize(package)))
    for fiche in lot.fiches:
        document = lot.documents[fiche.id]
        element = registered(lot.elements[fiche.id], uuids, empreintes[fiche.id], len(document))
        contexte.depot.add_fiche(
            FicheEnregistree(
                entry_uuid=uuids[fiche.id],
                unique_id=fiche.identifiant(noms.FICHE_UNIQUE),
                ins=patient.valeur,
                statut=noms.APPROVED,
                empreinte=empreintes[fiche.id],
                acteur=vihf.acteur,
                structure=vihf.structure,
                recu_le=received,
                type_mime=fiche.type_mime,
                xml=serialize(element),
            ),
            document,
        )
    for association in lot.associations:
        _register_association(lot.elements[association.id], uuids, contexte)
    for association in lot.remplacements():
        contexte.depot.set_statut(association.cible, noms.DEPRECATED)
    return uuids


def _register_association(element: etree._Element, uuids: dict[str, str], contexte: Contexte) -> None:
    final = deepcopy(element)
    final.tail = None
    final.set("id", new_urn_uuid())
    final.set("status", noms.APPROVED)
    final.set("objectType", noms.OBJET_ASSOCIATION)
    for end in ("sourceObject", "targetObject"):
        final.set(end, uuids.get(final.get(end, ""), final.get(end, "")))
    contexte.depot.add_association(
        AssociationEnregistree(
            final.get("id", ""),
            final.get("associationType", ""),
            final.get("sourceObject", ""),
            final.get("targetObject", ""),
            serialize(final),
        )
    )


def registered(
    element: etree._Element, uuids: dict[str, str], empreinte: str = "", taille: int = 0
) -> etree._Element:
    """The object as registered: real identifiers instead of the symbolic ones, status and version.

    ``empreinte`` and ``taille`` are written on a document's entry, computed by the repository.
    """
    final = deepcopy(element)
    final.tail = None
    uuid = uuids[final.get("id", "")]
    final.set("id", uuid)
    final.set("lid", uuid)
    final.set("status", noms.APPROVED)
    for child in final:
        if child.tag == q(RIM, "Classification"):
            child.set("id", new_urn_uuid())
            child.set("classifiedObject", uuid)
        elif child.tag == q(RIM, "ExternalIdentifier"):
            child.set("id", new_urn_uuid())
            child.set("registryObject", uuid)
    _set_version(final)
    if empreinte:
        _write_slots(final, empreinte, taille)
    return final


def sha1_of(content: bytes) -> str:
    """The hash that XDS asks for (ITI TF-3 4.2.3.2.10), in lower case."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


def _set_version(element: etree._Element) -> None:
    for old in element.findall(q(RIM, "VersionInfo")):
        element.remove(old)
    version = etree.Element(q(RIM, "VersionInfo"), versionName="1")
    before = [child for child in element if etree.QName(child).localname in {"Slot", "Name", "Description"}]
    element.insert(len(before), version)


def _write_slots(element: etree._Element, empreinte: str, taille: int) -> None:
    for slot in element.findall(q(RIM, "Slot")):
        if slot.get("name") in _WRITTEN_SLOTS:
            element.remove(slot)
    for name, value in zip(_WRITTEN_SLOTS, (empreinte, str(taille), noms.OID_REPOSITORY), strict=True):
        slot = etree.Element(q(RIM, "Slot"), name=name)
        values = etree.SubElement(slot, q(RIM, "ValueList"))
        etree.SubElement(values, q(RIM, "Value")).text = value
        element.insert(0, slot)
