"""ITI-41, ITI-18 and ITI-43: each judges its request and answers a body, with the documents that go beside.

Sources: IHE ITI TF-2 3.41, 3.18 and 3.43; GIE SESAM-Vitale examples (TD2.1, TD3.1, TD3.2).
"""

from __future__ import annotations

from lxml import etree

from opensegur.foundation.mtom import Part
from opensegur.foundation.schemas import load_schema
from opensegur.sandbox.dmp import noms
from opensegur.sandbox.dmp.acces import Acces, appraise, may_see, require_consultation, require_patient, require_right
from opensegur.sandbox.dmp.catalogue import manque, refuse
from opensegur.sandbox.dmp.contexte import Contexte
from opensegur.sandbox.dmp.controle_lot import check_lot, fingerprint
from opensegur.sandbox.dmp.depot import Dossier, FicheEnregistree
from opensegur.sandbox.dmp.droits import Profil
from opensegur.sandbox.dmp.enregistrement import read_stored, register
from opensegur.sandbox.dmp.identification import Appelant
from opensegur.sandbox.dmp.lecture_requete import RequeteLue, read_query
from opensegur.sandbox.dmp.lot import read_lot
from opensegur.sandbox.dmp.noms import RIM, XDS, q
from opensegur.sandbox.dmp.recherche import Recherche
from opensegur.sandbox.dmp.reponses import query_response, registry_response, retrieve_response
from opensegur.sandbox.dmp.transaction import Demande, Resume
from opensegur.sandbox.dmp.vihf import Ins
from opensegur.sandbox.regles import Manquement, Refus

_GET_DOCUMENTS = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"
_MAX_RETRIEVED = 100


def provide_and_register(demande: Demande, appelant: Appelant, contexte: Contexte) -> Resume:
    """TD2.1 and TD2.1b; TD2.2 for the card of a secretary."""
    patient = require_patient(appelant.vihf)
    acces = appraise(appelant, patient.valeur, contexte)
    require_right("2.2" if acces.profil is Profil.CPE else "2.1", acces)
    resume = Resume(td="TD2.1")
    try:
        _feed(demande, acces, patient, contexte, resume)
    except Refus as refus:
        return resume.refused(registry_response(refus.manquements), refus)
    return resume.accepted(registry_response())


def _feed(demande: Demande, acces: Acces, patient: Ins, contexte: Contexte, resume: Resume) -> None:
    if findings := load_schema("xds").findings(demande.corps):
        raise refuse("xds.schema", findings[0].message)
    dossier = _dossier(patient, contexte)
    if dossier.opposition_alimentation:
        raise refuse("droits.opposition_alimentation")
    lot = read_lot(demande.corps, demande.parts)
    resume.add("lot", lot.uid)
    for fiche in lot.cliniques:
        resume.add("document", f"{fiche.identifiant(noms.FICHE_UNIQUE)}, type {fiche.code(noms.TYPE)}")
    check_lot(lot, acces, patient, contexte)
    hashes = {name: fingerprint(document) for name, document in lot.documents.items()}
    uuids = register(lot, acces.vihf, patient, hashes, contexte)
    for fiche in lot.cliniques:
        resume.add("entryUUID", uuids[fiche.id])


def _dossier(patient: Ins, contexte: Contexte) -> Dossier:
    dossier = contexte.depot.dossier(patient.valeur)
    if dossier is None or not contexte.knows(patient):
        raise refuse("dossier.inconnu_xds")
    if dossier.ferme:
        raise refuse("dossier.ferme")
    return dossier


def stored_query(demande: Demande, appelant: Appelant, contexte: Contexte) -> Resume:
    """TD3.1a, and TD3.1b for whoever only looks for a reference."""
    patient = require_patient(appelant.vihf)
    acces = appraise(appelant, patient.valeur, contexte)
    by_reference = _is_reference_search(demande.corps)
    td = "3.1b" if by_reference else "3.1"
    require_right(td, acces)
    resume = Resume(td=f"TD{td}")
    try:
        lue, recherche = _read(demande, acces, patient, contexte, by_reference=by_reference)
        resume.add("requête", f"{lue.requete.nom}, {'LeafClass' if lue.feuilles else 'ObjectRef'}")
        resultat = recherche.run(lue)
    except Refus as refus:
        if refus.premier.code.startswith("DMPAccessDenied"):
            raise
        return resume.refused(query_response(None, manquements=refus.manquements), refus)
    resume.add("trouvés", f"{len(resultat.fiches)} fiches, {len(resultat.lots)} lots")
    return resume.accepted(query_response(resultat, leaves=lue.feuilles))


def _read(
    demande: Demande, acces: Acces, patient: Ins, contexte: Contexte, *, by_reference: bool
) -> tuple[RequeteLue, Recherche]:
    if findings := load_schema("xds").findings(demande.corps):
        raise refuse("xds.schema_requete", findings[0].message)
    dossier = _dossier(patient, contexte)
    if not by_reference:
        require_consultation(acces, dossier, contexte)
    lue = read_query(demande.corps, contexte)
    return lue, Recherche(contexte, acces, dossier, patient, tout=by_reference)


def _is_reference_search(corps: etree._Element) -> bool:
    """GetDocuments by uniqueId, answered by references: the only search of those who cannot consult."""
    query = corps.find(q(RIM, "AdhocQuery"))
    option = corps.find(q(noms.QUERY, "ResponseOption"))
    if query is None or option is None:
        return False
    names = {slot.get("name") for slot in query.findall(q(RIM, "Slot"))}
    return (
        query.get("id") == _GET_DOCUMENTS
        and option.get("returnType") == "ObjectRef"
        and names == {"$XDSDocumentEntryUniqueId"}
    )


def retrieve(demande: Demande, appelant: Appelant, contexte: Contexte) -> Resume:
    """TD3.2: the bytes that were stored, each in its part; what is missing is told beside what is found."""
    patient = require_patient(appelant.vihf)
    acces = appraise(appelant, patient.valeur, contexte)
    require_right("3.2", acces)
    resume = Resume(td="TD3.2")
    try:
        if findings := load_schema("xds").findings(demande.corps):
            raise refuse("xds.schema_retrait", findings[0].message)
        asked = demande.corps.findall(q(XDS, "DocumentRequest"))
        if len(asked) > _MAX_RETRIEVED:
            raise refuse("retrait.limite", f"{len(asked)} demandés")
        dossier = _dossier(patient, contexte)
        require_consultation(acces, dossier, contexte)
    except Refus as refus:
        if refus.premier.code.startswith("DMPAccessDenied"):
            raise
        return resume.refused(retrieve_response([], refus.manquements), refus)
    found: list[tuple[FicheEnregistree, str]] = []
    missing: list[Manquement] = []
    parts: list[Part] = []
    for item in asked:
        one = _one(item, acces, dossier, contexte)
        if isinstance(one, Manquement):
            missing.append(one)
            continue
        content_id = f"d-{len(parts) + 1}@urn:ihe:iti:xds-b:2007"
        found.append((one, content_id))
        parts.append(Part(content_id, one.type_mime, contexte.depot.contenu(one.entry_uuid)))
        resume.add("document", one.unique_id)
    body = retrieve_response(found, missing)
    return resume.refused(body, Refus(*missing), parts) if missing else resume.accepted(body, parts)


def _one(item: etree._Element, acces: Acces, dossier: Dossier, contexte: Contexte) -> FicheEnregistree | Manquement:
    repository = (item.findtext(q(XDS, "RepositoryUniqueId")) or "").strip()
    uid = (item.findtext(q(XDS, "DocumentUniqueId")) or "").strip()
    if repository != noms.OID_REPOSITORY:
        return manque("retrait.depot", repository[:64])
    fiches = contexte.depot.fiches(uids=[uid])
    visible = (
        bool(fiches) and fiches[0].ins == dossier.ins and may_see(acces, dossier, fiches[0], read_stored(fiches[0]))
    )
    return fiches[0] if visible else manque("retrait.document", f"uniqueId={uid[:64]}")
