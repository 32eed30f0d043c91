"""A record as an archive that another software, or another installation, can read.

A ZIP: ``dossier.json`` (identity, structured data, list of documents), and for each document its CDA and its PDF/A-1.
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from opensegur.cabinet.documents.impression import as_issued, issued_cda
from opensegur.cabinet.documents.models import Document
from opensegur.foundation.errors import OpenSegurError
from opensegur.ins import matricule_may_leave

if TYPE_CHECKING:
    from opensegur.cabinet.patients.models import Patient

FORMAT = "opensegur-dossier"
VERSION = 1
SOMMAIRE = "dossier.json"
_LISEZ_MOI = """Dossier d'un patient, tel que le cabinet le tient.

dossier.json : l'identité, les données structurées et la liste des documents.
documents/ : pour chaque document, son CDA (.xml) et ce qui s'imprime (.pdf).

Ce fichier contient des données de santé : gardez-le chiffré, et ne l'envoyez que par une messagerie sécurisée de
santé.
"""


def archive_of(patient: Patient) -> bytes:
    """Everything of the record, documents that were replaced or cancelled too, each said to be so."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        documents = [_document(archive, each, patient) for each in _documents(patient)]
        summary = {
            "format": FORMAT,
            "version": VERSION,
            "exporte_le": timezone.now().isoformat(),
            "structure": {"id_nat": patient.structure.id_nat, "nom": patient.structure.nom},
            "identite": _identity(patient),
            "donnees": _data(patient),
            "documents": documents,
        }
        archive.writestr(SOMMAIRE, json.dumps(summary, ensure_ascii=False, indent=1))
        archive.writestr("LISEZ-MOI.txt", _LISEZ_MOI)
    return out.getvalue()


def _identity(patient: Patient) -> dict[str, Any]:
    etat, traits = patient.etat(), patient.traits()
    leaves = matricule_may_leave(etat.statut)
    return {
        "nom_naissance": traits.nom_naissance,
        "prenoms": traits.prenoms,
        "premier_prenom": traits.premier_prenom,
        "date_naissance": traits.date_naissance,
        "sexe": traits.sexe.value,
        "lieu_naissance": traits.lieu_naissance,
        "nom_utilise": traits.nom_utilise,
        "prenom_utilise": traits.prenom_utilise,
        "statut": etat.statut.value,
        "matricule": etat.matricule.valeur if leaves and etat.matricule else "",
        "matricule_oid": etat.matricule.oid if leaves and etat.matricule else "",
    }


def _data(patient: Patient) -> list[dict[str, Any]]:
    rows = patient.donnees.select_related("ecrite_par").order_by("ecrite_le", "pk")
    return [
        {
            "rubrique": row.rubrique,
            "valeur": json.loads(row.contenu),
            "ecrite_le": row.ecrite_le.isoformat(),
            "par": row.ecrite_par.nom_affiche,
            "retiree_le": row.retiree_le.isoformat() if row.retiree_le else "",
        }
        for row in rows
    ]


def _documents(patient: Patient) -> list[Document]:
    rows = patient.documents.select_related("auteur", "structure", "remplace", "suivant").prefetch_related("envois")
    return list(rows.order_by("cree_le", "pk"))


def _document(archive: zipfile.ZipFile, document: Document, patient: Patient) -> dict[str, Any]:
    stem = f"documents/{document.cree_le:%Y%m%d}-{document.pk.hex}"
    files: dict[str, str] = {}
    try:
        archive.writestr(f"{stem}.xml", issued_cda(document, patient))
        files["cda"] = f"{stem}.xml"
    except OpenSegurError as error:
        # a secretary's file has no professional for an author: its PDF goes alone
        files["sans_cda"] = error.message
    if not document.recu:
        archive.writestr(f"{stem}.pdf", as_issued(document, patient))
        files["pdf"] = f"{stem}.pdf"
    return {
        "uid": document.uid,
        "set_id": document.set_id,
        "version": document.version,
        "remplace": document.remplace.uid if document.remplace else "",
        "type": document.type_code,
        "titre": document.titre,
        "cree_le": document.cree_le.isoformat(),
        "auteur": document.auteur.nom_affiche,
        "recu": document.recu,
        "obsolete": document.est_obsolete,
        "annule": document.annule_le is not None,
        "fichiers": files,
    }
