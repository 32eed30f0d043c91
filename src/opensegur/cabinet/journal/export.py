"""Lines of the journal for others: a spreadsheet, or FHIR AuditEvent for a collector of traces.

Source: HL7 FHIR R4, AuditEvent; DICOM PS3.16 CID 400 (types of events).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from opensegur.cabinet.journal.models import Ligne

_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
_HL7 = "http://terminology.hl7.org/CodeSystem"
_ID_NAT_PS = "urn:oid:1.2.250.1.71.4.2.1"
_AUTHENTIFICATION = ("110114", "User Authentication")
_DOSSIER = ("110110", "Patient Record")
_ACTIVITE = ("110100", "Application Activity")
# the last word of an action, and what it does to what it touches (AuditEvent.action)
_VERBES = {
    "R": {"lire", "chercher", "rechercher", "historique", "exporter", "rapport", "telecharger", "relire"},
    "C": {"ajouter", "creer", "noter", "rediger", "deposer", "ecrire", "vacciner", "synthese", "envoyer"},
    "U": {"modifier", "remplacer", "classer", "regler", "format", "mot_de_passe", "gerer"},
    "D": {"annuler", "retirer", "supprimer", "ecarter", "defaire"},
}
_BRIS = {"system": f"{_HL7}/v3-ActReason", "code": "BTG", "display": "break the glass"}
_SENS = {verb: letter for letter, verbs in _VERBES.items() for verb in verbs}
_REUSSI = "succes"
COLONNES = ("Numéro", "Quand", "Qui", "Responsable", "Dossier", "Action", "Objet", "Motif", "Résultat", "Poste")


@dataclass(frozen=True, slots=True)
class Choix:
    """Which lines: of a structure, from ``du`` to ``au`` included (legal time), of one person, of a record."""

    structure_ref: str
    du: date | None = None
    au: date | None = None
    acteur: str = ""
    patient_ref: str = ""


def chosen(choix: Choix) -> QuerySet[Ligne]:
    """The oldest first."""
    lines = Ligne.objects.filter(structure_ref=choix.structure_ref).order_by("id")
    if choix.du:
        lines = lines.filter(quand__gte=_midnight(choix.du))
    if choix.au:
        lines = lines.filter(quand__lt=_midnight(choix.au + timedelta(days=1)))
    if choix.acteur:
        lines = lines.filter(acteur=choix.acteur)
    return lines.filter(patient_ref=choix.patient_ref) if choix.patient_ref else lines


def write_csv(lines: Iterable[Ligne]) -> Iterator[str]:
    """Semicolons and a byte order mark, as French spreadsheets open it."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow(COLONNES)
    for each in lines:
        said = (each.acteur, each.responsable, each.patient_ref, each.libelle, each.objet, each.motif, each.resultat)
        moment = timezone.localtime(each.quand).isoformat(timespec="seconds")
        yield writer.writerow((each.pk, moment, *map(harmless, (*said, each.noeud))))


def write_fhir(lines: Iterable[Ligne]) -> Iterator[str]:
    """One AuditEvent a line (NDJSON)."""
    for each in lines:
        yield json.dumps(audit_event(each), ensure_ascii=False, separators=(",", ":")) + "\n"


def audit_event(ligne: Ligne) -> dict[str, Any]:
    """The resource, without any identity of a patient: the record is named by its opaque identifier."""
    code, display = _kind(ligne)
    event: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": str(ligne.pk),
        "type": {"system": _DICOM, "code": code, "display": display},
        "subtype": [{"system": "urn:opensegur:action", "code": ligne.action, "display": ligne.libelle}],
        "action": _SENS.get(ligne.action.rpartition(".")[2], "E"),
        "recorded": ligne.quand.isoformat(timespec="milliseconds"),
        "outcome": "0" if ligne.resultat == _REUSSI else "4",
        "outcomeDesc": ligne.resultat,
        "agent": [_agent(ligne.acteur, requestor=True)],
        "source": {"site": ligne.noeud, "observer": {"identifier": {"value": ligne.structure_ref or "installation"}}},
    }
    if ligne.motif:
        event["purposeOfEvent"] = [{"text": ligne.motif}]
    if ligne.exceptionnelle:
        event.setdefault("purposeOfEvent", [{}])[0]["coding"] = [_BRIS]
    if ligne.responsable:
        event["agent"].append(_agent(ligne.responsable, requestor=False))
    if entities := [*_record(ligne), *_object(ligne)]:
        event["entity"] = entities
    return event


def _kind(ligne: Ligne) -> tuple[str, str]:
    if ligne.action.partition(".")[0] in {"connexion", "deconnexion"}:
        return _AUTHENTIFICATION
    return _DOSSIER if ligne.patient_ref else _ACTIVITE


def _agent(acteur: str, *, requestor: bool) -> dict[str, Any]:
    system = {"system": _ID_NAT_PS} if acteur[:1].isdigit() else {}
    return {"who": {"identifier": {**system, "value": acteur or "inconnu"}}, "requestor": requestor}


def _record(ligne: Ligne) -> Iterator[dict[str, Any]]:
    if ligne.patient_ref:
        yield {
            "what": {"identifier": {"system": "urn:opensegur:dossier", "value": ligne.patient_ref}},
            "type": {"system": f"{_HL7}/audit-entity-type", "code": "1", "display": "Person"},
            "role": {"system": f"{_HL7}/object-role", "code": "1", "display": "Patient"},
        }


def _object(ligne: Ligne) -> Iterator[dict[str, Any]]:
    if ligne.objet:
        yield {
            "type": {"system": f"{_HL7}/audit-entity-type", "code": "2", "display": "System Object"},
            "name": ligne.objet,
        }


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def harmless(text: str) -> str:
    """A cell that a spreadsheet would run is only shown."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


class _Echo:
    """The row comes back as text instead of being written somewhere."""

    def write(self, text: str) -> str:
        return text
