"""The metadata of a document, read in its header: nothing is typed twice, and the document itself is not touched.

Sources: CI-SIS Structuration minimale (correspondance entre l’entête CDA et les métadonnées XDS), ANS volet
Transmission, ASS_X16 (class by type), ASS_A11 (format by model).
"""

from __future__ import annotations

from datetime import UTC, datetime

from opensegur.cda.document_lu import ActeurLu, DocumentLu, Horodatage, Niveau, PatientLu
from opensegur.cda.reading import read_document
from opensegur.dmp.formats import format_of_media, format_of_model
from opensegur.dmp.hl7 import Cx, Xcn, Xon, escape, one_line
from opensegur.dmp.metadata import Author, DocumentEntry, SourcePatientInfo
from opensegur.dmp.submission import DocumentADeposer, Submission
from opensegur.dmp.visibilite import SYSTEM_CONFIDENTIALITE, Visibilite
from opensegur.foundation.acteurs import OID_PS, OID_STRUCTURE, Code, Structure
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.xml import parse
from opensegur.ins.matricule import Matricule
from opensegur.nomenclature import classe_of_type, table

_INS_KIND = "NH"
_SELF_PRESENTED = "application/xslt+xml"
_NORMAL = "N"

# the activity of the lot by the encounter's kind (HL7 PV1-2 to TRE_R209, ANS volet Transmission)
_ACTIVITES = {
    "IMP": "03",
    "SS": "04",
    "AMB": "07",
    "EMER": "07",
    "EXTERNE": "07",
    "HH": "07",
    "SEANCE": "19",
}
_ACTIVITE_PAR_DEFAUT = "97"


def prepare_submission(
    data: bytes,
    *,
    uid: str,
    uid_signature: str,
    matricule: Matricule | None = None,
    visibilite: Visibilite | None = None,
    titre: str = "",
    commentaire: str = "",
    remplace: str = "",
    content_type: Code | None = None,
    structure: Structure | None = None,
    moment: datetime | None = None,
) -> Submission:
    """A lot of one document, ready to send, from the document's bytes alone.

    ``uid`` and ``uid_signature`` are the OIDs of the lot and of its signature; ``remplace`` the entryUUID of the
    document replaced; ``moment`` when the delivery was written down. The others are those of ``entry_of_cda``.

    Raises ``RefusedInput`` when ``data`` is no CDA, ``InvalidValue`` when the DMP would refuse it.
    """
    document = read_document(data)
    entry = _entry(document, data, matricule, visibilite or Visibilite(), titre, structure)
    return Submission(
        uid=uid,
        uid_signature=uid_signature,
        documents=(DocumentADeposer(entry, data, remplace),),
        content_type=content_type or activite_of(document),
        titre=entry.title,
        commentaire=commentaire,
        moment=moment,
    )


def entry_of_cda(
    data: bytes,
    *,
    matricule: Matricule | None = None,
    visibilite: Visibilite | None = None,
    titre: str = "",
    structure: Structure | None = None,
) -> DocumentEntry:
    """The entry of the document ``data``.

    ``matricule`` is needed when the document carries no INS, and must be the document's otherwise. ``titre``
    replaces the document's own. ``structure``, the sender's, stands for the facility and the practice setting
    when the document does not give them.

    Raises ``RefusedInput`` when ``data`` is no CDA, ``InvalidValue``: DMP_UID (an identifier with an extension),
    DMP_TYPE, DMP_SANS_INS, DMP_AUTRE_PATIENT, TYPE_SANS_CLASSE.
    """
    return _entry(read_document(data), data, matricule, visibilite or Visibilite(), titre, structure)


def _entry(  # noqa: PLR0917 - the two public functions name them
    document: DocumentLu,
    data: bytes,
    matricule: Matricule | None,
    visibilite: Visibilite,
    titre: str,
    structure: Structure | None,
) -> DocumentEntry:
    if document.uid.extension:
        raise InvalidValue(
            "DMP_UID",
            "L’identifiant du document a une extension, que le DMP ne prend pas.",
            conseil="Produisez le document avec un OID seul comme identifiant.",
        )
    patient_id = Cx.of_matricule(_matricule_of(document, matricule))
    type_code = _type_of(document.type)
    classe = classe_of_type(type_code.code)
    act = document.acte_principal
    return DocumentEntry(
        unique_id=document.uid.root,
        patient_id=patient_id,
        type_code=type_code,
        class_code=Code(classe.code, classe.system, classe.label),
        format_code=_format_of(document),
        confidentiality_codes=_confidentiality(document.confidentialite, visibilite),
        healthcare_facility_type=_facility(document, structure),
        practice_setting=_setting(document, structure),
        title=one_line(titre or document.titre) or type_code.label,
        authors=tuple(_author(author) for author in document.auteurs),
        creation_time=_utc(document.created_at),
        # an act whose start is unknown is dated by its document: the DMP wants a start
        service_start_time=_utc(act.debut if act else None) or _utc(document.created_at),
        service_stop_time=_utc(act.fin if act else None),
        legal_authenticator=_person(document.responsable),
        language_code=document.language or "fr-FR",
        mime_type=_mime_type(data),
        source_patient_id=_source_patient_id(document.patient, patient_id),
        source_patient_info=_source_patient_info(document.patient),
        event_codes=_events(document),
        reference_ids=tuple(
            f"{escape(order.extension)}^^^&{order.root}&ISO^urn:ihe:iti:xds:2013:order"
            for order in document.prescriptions
            if order.extension
        ),
    ).with_content(data)


def replaced_uid(data: bytes) -> str:
    """The OID of the version that the document ``data`` says it replaces, "" when it replaces none.

    ``DmpClient.find_entry_uuid`` tells whether the DMP holds that version, hence whether the lot must replace it.
    Raises ``RefusedInput`` when ``data`` is no CDA.
    """
    replaced = read_document(data).remplace
    return replaced.root if replaced and not replaced.extension else ""


def activite_of(document: DocumentLu) -> Code:
    """The activity of a lot (JDV_J59) by the document's encounter; « indifférencié » when it does not tell."""
    encounter = document.rencontre.code if document.rencontre else None
    code = _ACTIVITES.get(encounter.code, _ACTIVITE_PAR_DEFAUT) if encounter else _ACTIVITE_PAR_DEFAUT
    concept = table("JDV_J59").get(code)
    assert concept is not None, "JDV_J59 holds every activity of the table"
    return Code(concept.code, concept.system, concept.label)


def _matricule_of(document: DocumentLu, given: Matricule | None) -> Matricule:
    ins = document.patient.ins
    written = Matricule(ins.extension, ins.root) if ins else None
    if written is None and given is None:
        raise InvalidValue(
            "DMP_SANS_INS",
            "Le document ne porte pas l’INS du patient.",
            conseil="Un document sans INS qualifiée ne va pas au DMP : qualifiez l’identité, puis refaites-le.",
        )
    if written is not None and given is not None and written != given:
        raise InvalidValue(
            "DMP_AUTRE_PATIENT",
            "L’INS du document n’est pas celle du patient.",
            conseil="Vérifiez que ce document concerne bien ce patient.",
        )
    found = written or given
    assert found is not None
    return found


def _type_of(written: Code) -> Code:
    concept = table("JDV_J66").get(written.code, written.system)
    if concept is None:
        raise InvalidValue(
            "DMP_TYPE",
            f"Le DMP ne prend pas les documents de type « {(written.label or written.code)[:80]} ».",
            conseil="Gardez ce document dans le dossier, ou envoyez-le par MSSanté.",
            detail=f"{written.code}^{written.system}"[:80],
        )
    return Code(concept.code, concept.system, concept.label)


def _format_of(document: DocumentLu) -> Code:
    if document.niveau is Niveau.N1 and document.corps is not None:
        return format_of_media(document.corps.media_type)
    return format_of_model(model.oid for model in document.modeles)


def _confidentiality(written: Code, visibilite: Visibilite) -> tuple[Code, ...]:
    levels = table("JDV_J58")
    base = levels.get(written.code, SYSTEM_CONFIDENTIALITE) or levels.get(_NORMAL, SYSTEM_CONFIDENTIALITE)
    assert base is not None, "JDV_J58 holds the normal level"
    return (Code(base.code, base.system, base.label), *visibilite.codes)


def _facility(document: DocumentLu, structure: Structure | None) -> Code:
    written = document.rencontre.secteur if document.rencontre else None
    return _in_table("JDV_J61", written.code if written else "", structure.secteur if structure else "")


def _setting(document: DocumentLu, structure: Structure | None) -> Code:
    return _in_table("JDV_J62", document.cadre.code if document.cadre else "", structure.cadre if structure else "")


def _in_table(value_set: str, *candidates: str) -> Code:
    """The first candidate that the DMP admits; an empty code, which the checks will name, when there is none."""
    values = table(value_set)
    for code in candidates:
        if (concept := values.get(code)) is not None:
            return Code(concept.code, concept.system, concept.label)
    return Code(next((code for code in candidates if code), ""), "")


def _author(actor: ActeurLu) -> Author:
    structure = actor.structure
    identified = structure is not None and structure.nom and structure.id_nat
    specialty = table("JDV_J01").get(actor.profession.code) if actor.profession else None
    role = table("JDV_J47").get(actor.fonction.code, actor.fonction.system or None) if actor.fonction else None
    return Author(
        person=_person(actor),
        institution=Xon(one_line(structure.nom), structure.id_nat, OID_STRUCTURE)
        if structure is not None and identified
        else None,
        specialty=Code(specialty.code, specialty.system, specialty.label) if specialty else None,
        roles=(role.label,) if role else (),
    )


def _person(actor: ActeurLu | None) -> Xcn | None:
    if actor is None or not actor.identifiants:
        return None
    identifier = next((found for found in actor.identifiants if found.root == OID_PS), actor.identifiants[0])
    number, nom, prenom = identifier.extension or identifier.root, one_line(actor.nom), one_line(actor.prenom)
    if actor.dispositif and not nom:
        return Xcn(number, one_line(actor.dispositif), "", identifier.root, "U", "RI")
    if PatientLu(identifiants=(identifier,)).ins:
        return Xcn(number, nom, prenom, identifier.root, "D", _INS_KIND)
    return Xcn(number, nom, prenom, identifier.root, "D", "IDNPS" if identifier.root == OID_PS else "RI")


def _source_patient_id(patient: PatientLu, ins: Cx) -> Cx:
    local = patient.ipp
    return Cx(local.extension, local.root, "PI") if local and local.extension else ins


def _source_patient_info(patient: PatientLu) -> SourcePatientInfo:
    return SourcePatientInfo(
        nom_naissance=patient.nom_naissance,
        premier_prenom=patient.premier_prenom,
        prenoms=patient.prenoms,
        nom_utilise=patient.nom_utilise,
        prenom_utilise=patient.prenom_utilise,
        date_naissance=patient.date_naissance.replace("-", ""),
        sexe=patient.sexe if patient.sexe in {"M", "F"} else "U",
        lieu_naissance=patient.lieu_naissance,
    )


def _events(document: DocumentLu) -> tuple[Code, ...]:
    found = (act.code for act in document.actes if act.code is not None and act.code.system)
    return tuple(dict.fromkeys(found))


def _utc(time: Horodatage | None) -> datetime | None:
    return time.moment.astimezone(UTC) if time and time.moment else None


def _mime_type(data: bytes) -> str:
    """A document wrapped in its own style sheet says so (ANS volet Transmission)."""
    return _SELF_PRESENTED if parse(data).tag == "{http://www.w3.org/1999/XSL/Transform}stylesheet" else "text/xml"
