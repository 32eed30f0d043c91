"""What the DMP would refuse in the metadata that we are about to send: findings, before anything leaves.

Cardinalities and value sets: CI-SIS volet Partage de documents, ANS volet Transmission, JDV_J57 to J62 and J66.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from opensegur.dmp.metadata import Author, DocumentEntry, SubmissionSet
from opensegur.dmp.visibilite import SYSTEM_CONFIDENTIALITE
from opensegur.foundation.acteurs import Code
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.findings import Finding
from opensegur.foundation.identifiers import check_oid
from opensegur.nomenclature import classe_of_type, table

_SOURCE = "CI-SIS volet Partage de documents de santé, métadonnées XDS"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Z]{2})?")
_MAX_CONFIDENTIALITY = 4


@dataclass(frozen=True, slots=True)
class _Coded:
    field: str
    label: str
    value_set: str
    get: Callable[[DocumentEntry], Code]


_CODED = (
    _Coded("classCode", "La classe du document", "JDV_J57", lambda entry: entry.class_code),
    _Coded("typeCode", "Le type du document", "JDV_J66", lambda entry: entry.type_code),
    _Coded("formatCode", "Le format du document", "JDV_J60", lambda entry: entry.format_code),
    _Coded(
        "healthcareFacilityTypeCode",
        "Le secteur d’activité",
        "JDV_J61",
        lambda entry: entry.healthcare_facility_type,
    ),
    _Coded("practiceSettingCode", "Le cadre d’exercice", "JDV_J62", lambda entry: entry.practice_setting),
)


def check_entry(entry: DocumentEntry) -> list[Finding]:
    """What makes ``entry`` unacceptable; empty when it may be sent."""
    return [*_entry_findings(entry)]


def check_submission_set(lot: SubmissionSet) -> list[Finding]:
    """What makes the lot's own metadata unacceptable."""
    return [*_lot_findings(lot)]


def raise_findings(findings: list[Finding]) -> None:
    """Raise ``InvalidValue`` DMP_METADONNEES when there is something in ``findings``."""
    if findings:
        raise InvalidValue(
            "DMP_METADONNEES",
            " ".join(finding.message for finding in findings[:3]),
            conseil=findings[0].repair or "Corrigez le document ou sa fiche, puis recommencez.",
            detail=", ".join(finding.path for finding in findings),
        )


def _entry_findings(entry: DocumentEntry) -> Iterator[Finding]:
    yield from _oid("uniqueId", entry.unique_id)
    for coded in _CODED:
        yield from _member(coded.field, coded.label, coded.value_set, coded.get(entry))
    yield from _class_follows_type(entry)
    yield from _confidentiality(entry)
    if not entry.authors:
        yield _missing("author", "Le document n’a pas d’auteur.")
    for author in entry.authors:
        yield from _author(author)
    for name, value, message in (
        ("creationTime", entry.creation_time, "Le document n’a pas de date de création."),
        ("serviceStartTime", entry.service_start_time, "Le document ne dit pas quand l’acte a commencé."),
        ("legalAuthenticator", entry.legal_authenticator, "Le document n’a pas de responsable."),
        ("sourcePatientId", entry.source_patient_id, "Le document n’a pas d’identifiant local du patient."),
        ("title", entry.title.strip(), "Le document n’a pas de titre."),
    ):
        if not value:
            yield _missing(name, message)
    if entry.patient_id.matricule is None:
        yield _missing("patientId", "Le patient du document n’a pas d’INS.")
    if not _LANGUAGE.fullmatch(entry.language_code):
        yield Finding("DMP_LANGUE", "La langue du document n’est pas valable.", "languageCode", source=_SOURCE)
    if entry.service_start_time and entry.service_stop_time and entry.service_stop_time < entry.service_start_time:
        yield Finding("DMP_DATES", "L’acte finit avant de commencer.", "serviceStopTime", source=_SOURCE)
    yield from _texts("title", entry.title, entry.comments)


def _lot_findings(lot: SubmissionSet) -> Iterator[Finding]:
    yield from _oid("uniqueId", lot.unique_id)
    yield from _oid("sourceId", lot.source_id)
    yield from _member("contentTypeCode", "L’activité du lot", "JDV_J59", lot.content_type)
    yield from _author(lot.author)
    if lot.patient_id.matricule is None:
        yield _missing("patientId", "Le patient du lot n’a pas d’INS.")
    if lot.submission_time is None:
        yield _missing("submissionTime", "Le lot n’a pas de date d’envoi.")
    yield from _texts("title", lot.title, lot.comments)


def _class_follows_type(entry: DocumentEntry) -> Iterator[Finding]:
    if entry.est_signature or not table("JDV_J66").contains(entry.type_code.code):
        return
    try:
        expected = classe_of_type(entry.type_code.code)
    except InvalidValue as error:
        yield Finding(error.code, error.message, "classCode", error.conseil, "ASS_X16")
        return
    if expected.code != entry.class_code.code:
        yield Finding(
            "DMP_CLASSE",
            f"La classe d’un document de ce type est {expected.code} ({expected.label}).",
            "classCode",
            "Déduisez la classe du type (ASS_X16).",
            "ASS_X16",
        )


def _confidentiality(entry: DocumentEntry) -> Iterator[Finding]:
    codes = entry.confidentiality_codes
    for code in codes:
        yield from _member("confidentialityCode", "Le niveau de confidentialité", "JDV_J58", code)
    base = [code for code in codes if code.system == SYSTEM_CONFIDENTIALITE]
    if len(base) != 1 or not 1 <= len(codes) <= _MAX_CONFIDENTIALITY or len(set(codes)) != len(codes):
        yield Finding(
            "DMP_CONFIDENTIALITE",
            "Un document a un seul niveau de base (N, R ou V), et au plus trois codes de masquage.",
            "confidentialityCode",
            source=_SOURCE,
        )


def _author(author: Author) -> Iterator[Finding]:
    person = author.person
    if person is None or not person.id or not person.nom:
        yield _missing("authorPerson", "Un auteur n’a pas d’identifiant ou pas de nom.")
    if author.specialty is not None:
        yield from _member("authorSpecialty", "La spécialité de l’auteur", "JDV_J01", author.specialty)
    names = [person.nom, person.prenom] if person else []
    yield from _texts("author", *names, *([author.institution.nom] if author.institution else []))


def _member(field: str, label: str, value_set: str, code: Code) -> Iterator[Finding]:
    if not code.code:
        yield Finding("DMP_CODE", f"{label} n’est pas renseigné.", field, f"Choisissez dans {value_set}.", value_set)
    elif not table(value_set).contains(code.code, code.system):
        yield Finding(
            "DMP_CODE",
            f"{label} « {code.code[:60]} » n’est pas admis par le DMP.",
            field,
            f"Choisissez une valeur de {value_set}.",
            value_set,
        )


def _oid(field: str, value: str) -> Iterator[Finding]:
    try:
        check_oid(value)
    except InvalidValue as error:
        yield Finding("DMP_OID", error.message, field, error.conseil, _SOURCE)


def _texts(field: str, *texts: str) -> Iterator[Finding]:
    if any(_NOT_XML.search(text) for text in texts):
        yield Finding(
            "DMP_CARACTERE",
            "Un texte contient un caractère de contrôle, impossible dans un message.",
            field,
            "Retirez les caractères invisibles, souvent apportés par un copier-coller.",
        )


def _missing(field: str, message: str) -> Finding:
    return Finding("DMP_MANQUE", message, field, "Complétez le document avant de l’envoyer.", _SOURCE)
