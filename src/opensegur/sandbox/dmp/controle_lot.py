"""The judgement of a lot: patient, documents, uniqueness, visibility, signature, content, replacement.

Sources: IHE ITI TF-3 4.2.4.1-2 (codes), ANS volet Transmission (CDA against metadata), IHE DSG 2009.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from opensegur.foundation.errors import OpenSegurError
from opensegur.nomenclature import classe_of_type
from opensegur.sandbox.dmp import noms
from opensegur.sandbox.dmp.acces import Acces, is_author
from opensegur.sandbox.dmp.catalogue import manque, refuse
from opensegur.sandbox.dmp.contenu_cda import check_cda
from opensegur.sandbox.dmp.contexte import Contexte
from opensegur.sandbox.dmp.depot import FicheEnregistree
from opensegur.sandbox.dmp.ebrim import Objet
from opensegur.sandbox.dmp.enregistrement import read_stored
from opensegur.sandbox.dmp.lot import Lot, check_associations
from opensegur.sandbox.dmp.metadonnees import check_object
from opensegur.sandbox.dmp.signature_lot import verify_lot
from opensegur.sandbox.dmp.vihf import Ins, read_cx
from opensegur.sandbox.regles import Manquement

_FICHE_SIGNATURE: Final = {
    noms.CLASSE: ("urn:oid:1.3.6.1.4.1.19376.1.2.1.1.1", "URN"),
    noms.TYPE: ("E1762", "ASTM"),
    noms.EVENEMENT: ("1.2.840.10065.1.12.1.14", "1.2.840.10065.1.12"),
}
_FORMATS_SIGNATURE: Final = frozenset({"http://www.w3.org/2000/09/xmldsig#", "urn:ihe:iti:dsg:detached:2014"})
_DEUX_MASQUES: Final = frozenset({"MASQUE_PS", "INVISIBLE_PATIENT"})


def check_lot(lot: Lot, acces: Acces, patient: Ins, contexte: Contexte) -> None:
    """Raises ``Refus`` with every rule broken of the first family that finds any."""
    contexte.require_none(item for objet in (lot.paquet, *lot.fiches) for item in check_object(objet))
    contexte.require_none(check_associations(lot))
    if lot.signature is None:
        raise refuse("signature.absente")
    contexte.require_none(_check_patient(lot, patient))
    contexte.require_none(_check_sizes(lot, contexte))
    contexte.require_none(_check_bytes(lot))
    contexte.require_none(_check_unique(lot, contexte))
    contexte.require_none(_check_classes(lot))
    contexte.require_none(_check_visibility(lot, contexte))
    _check_signature(lot, lot.signature, acces, contexte)
    targets = _replaced(lot, acces, patient, contexte)
    for fiche in lot.cliniques:
        if fiche.type_mime != "application/dicom":
            contexte.require_none(check_cda(fiche, lot.documents[fiche.id], patient, targets.get(fiche.id)))


def _check_patient(lot: Lot, patient: Ins) -> Iterator[Manquement]:
    if read_cx(lot.paquet.identifiant(noms.LOT_PATIENT)) != patient:
        yield manque("patient.vihf", "lot")
    for fiche in lot.fiches:
        if read_cx(fiche.identifiant(noms.FICHE_PATIENT)) != patient:
            yield manque("patient.lot", f"fiche {fiche.id[:60]}")


def _check_sizes(lot: Lot, contexte: Contexte) -> Iterator[Manquement]:
    limits = contexte.reglages
    for name, document in lot.documents.items():
        if len(document) > limits.taille_document:
            yield manque("document.taille", f"fiche {name[:60]}, {limits.taille_document} octets au plus")
    if sum(map(len, lot.documents.values())) > limits.taille_lot:
        yield manque("document.taille", f"lot, {limits.taille_lot} octets au plus")


def _check_bytes(lot: Lot) -> Iterator[Manquement]:
    for fiche in lot.fiches:
        document = lot.documents[fiche.id]
        claimed = fiche.slot("hash")
        # the case of the hexadecimal digits is not fixed: compare without it
        if claimed and claimed.lower() != fingerprint(document):
            yield manque("meta.hash", f"fiche {fiche.id[:60]}")
        if fiche.slot("size") and int(fiche.slot("size")) != len(document):
            yield manque("meta.size", f"fiche {fiche.id[:60]}")


def fingerprint(document: bytes) -> str:
    """The SHA-1 of XDS metadata, in lower case."""
    return hashlib.sha1(document, usedforsecurity=False).hexdigest()


def _check_unique(lot: Lot, contexte: Contexte) -> Iterator[Manquement]:
    by_uid = {fiche.identifiant(noms.FICHE_UNIQUE): fiche for fiche in lot.fiches}
    uids = Counter([lot.uid, *(fiche.identifiant(noms.FICHE_UNIQUE) for fiche in lot.fiches)])
    for uid, count in uids.items():
        if count > 1:
            yield manque("unicite.message", f"uniqueId={uid}")
    if contexte.depot.lot(unique_id=lot.uid) is not None or contexte.depot.fiches(uids=[lot.uid]):
        yield manque("unicite.lot", f"uniqueId={lot.uid}")
    for known in contexte.depot.fiches(uids=by_uid):
        same = known.empreinte == fingerprint(lot.documents[by_uid[known.unique_id].id])
        yield manque("unicite.document" if same else "unicite.contenu", f"uniqueId={known.unique_id}")
    for uid in by_uid:
        if contexte.depot.lot(unique_id=uid) is not None:
            yield manque("unicite.document", f"uniqueId={uid}")


def _check_classes(lot: Lot) -> Iterator[Manquement]:
    for fiche in lot.cliniques:
        try:
            expected = classe_of_type(fiche.code(noms.TYPE)).code
        except OpenSegurError:
            continue
        if fiche.code(noms.CLASSE) != expected:
            yield manque("meta.x16", f"fiche {fiche.id[:60]}, classCode {expected} attendu")


def _check_visibility(lot: Lot, contexte: Contexte) -> Iterator[Manquement]:
    for fiche in lot.cliniques:
        codes = {item.code for item in fiche.codes(noms.CONFIDENTIALITE)}
        if codes >= _DEUX_MASQUES and not contexte.reglages.cumul_visibilite:
            yield manque("meta.visibilite", f"fiche {fiche.id[:60]}")
        if "INVISIBLE_REPRESENTANTS_LEGAUX" in codes and not _minor(fiche, contexte):
            yield manque("meta.mineur", f"fiche {fiche.id[:60]}")


def _minor(fiche: Objet, contexte: Contexte) -> bool:
    ins = read_cx(fiche.identifiant(noms.FICHE_PATIENT))
    patient = contexte.population.patient(ins.valeur) if ins else None
    if patient is None or not contexte.reglages.gestion_mineurs:
        return False
    try:
        birth = date.fromisoformat(patient.date_naissance)
    except ValueError:
        return False
    today = contexte.moment.date()
    age = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    return age < contexte.reglages.age_majorite


def _check_signature(lot: Lot, signature: Objet, acces: Acces, contexte: Contexte) -> None:
    if not lot.cliniques:
        raise refuse("lot.sans_document")
    _check_signature_entry(signature)
    documents = {fiche.identifiant(noms.FICHE_UNIQUE): lot.documents[fiche.id] for fiche in lot.cliniques}
    signed = verify_lot(lot.documents[signature.id], lot.uid, documents)
    if signed.sha1 and not contexte.reglages.sha1_admis:
        raise refuse("signature.sha1")
    fault = contexte.confiance.fault_of_signature(signed.certificat, contexte.moment)
    if fault is not None:
        raise refuse("signature.certificat", fault.value)
    if signed.certificat.subject != acces.appelant.certificat.subject:
        raise refuse("signature.porteur")


def _check_signature_entry(fiche: Objet) -> None:
    for scheme, (code, system) in _FICHE_SIGNATURE.items():
        if not any((item.code, item.systeme) == (code, system) for item in fiche.codes(scheme)):
            raise refuse("signature.fiche", code)
    if fiche.code(noms.FORMAT) not in _FORMATS_SIGNATURE:
        raise refuse("signature.fiche", "formatCode")
    codes = {item.code for item in fiche.codes(noms.CONFIDENTIALITE)}
    if not codes >= _DEUX_MASQUES or fiche.slot("languageCode") != "art" or fiche.type_mime != "text/xml":
        raise refuse("signature.fiche", "confidentialityCode, languageCode, mimeType")


def _replaced(lot: Lot, acces: Acces, patient: Ins, contexte: Contexte) -> dict[str, FicheEnregistree]:
    """The entries that this lot replaces, by the symbolic id of the new one."""
    targets: dict[str, FicheEnregistree] = {}
    for item in lot.remplacements():
        found = contexte.depot.fiches(uuids=[item.cible])
        if not found or found[0].ins != patient.valeur:
            raise refuse("remplacement.cible")
        target = found[0]
        if target.statut == noms.DEPRECATED:
            raise refuse("remplacement.statut")
        if target.statut != noms.APPROVED:
            raise refuse("remplacement.archive")
        author = is_author(acces.vihf, target, read_stored(target))
        contexte.require(author or target.structure == acces.vihf.structure, "remplacement.auteur")
        if target in targets.values():
            raise refuse("remplacement.cible", "deux fois")
        targets[item.source] = target
    return targets
