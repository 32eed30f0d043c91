"""The dossiers at the start: everybody's is open and empty but for the cases of ``dossiers.tsv``.

``dossiers.tsv``: one person a line, with the state, flags, authorisations (who:state[:mt]) and documents.
``documents.tsv``: the documents by key, dated so many days before the start of 2026-11.
"""

from __future__ import annotations

import csv
import sqlite3
from datetime import UTC, datetime, timedelta
from importlib import resources
from typing import Final

from opensegur.foundation.acteurs import Professionnel
from opensegur.foundation.identifiers import new_urn_uuid
from opensegur.foundation.xml import serialize
from opensegur.sandbox.dmp import noms
from opensegur.sandbox.dmp.depot import (
    AssociationEnregistree,
    Autorisation,
    Depot,
    Dossier,
    FicheEnregistree,
    LotEnregistre,
)
from opensegur.sandbox.dmp.documents_initiaux import (
    DocumentInitial,
    build_entry,
    build_member,
    build_package,
    write_cda,
)
from opensegur.sandbox.dmp.enregistrement import registered, sha1_of
from opensegur.sandbox.dmp.redacteurs import ASSURANCE_MALADIE, Redacteur, professional, the_patient
from opensegur.sandbox.population.acteurs import CENTRE, MEDECIN, MEDECIN_ASSOCIE
from opensegur.sandbox.population.personnes import Personne, load_personnes
from opensegur.sandbox.state import SCENARIO_VIDE

_ARC: Final = "1.2.250.1.213.4.1.1.1.9"
_ORIGINE: Final = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
_YEAR: Final = timedelta(days=365)
_PERSONNES: Final = {"MEDECIN": MEDECIN, "MEDECIN_ASSOCIE": MEDECIN_ASSOCIE}


def seed(connection: sqlite3.Connection, scenario: str) -> None:
    """Fill the tables of a new sandbox, or of one that was reset to ``scenario``."""
    depot = Depot(connection)
    depot.clear()
    cases = {row["ins"]: row for row in _rows("dossiers.tsv")}
    documents = {row["cle"]: row for row in _rows("documents.tsv")}
    for number, person in enumerate(load_personnes("test")):
        case = cases.get(person.ins)
        if case is None:
            depot.save_dossier(Dossier(person.ins))
            continue
        if case["etat"] == "absent":
            continue
        depot.save_dossier(_dossier(case))
        for text in case["autorisations"].split():
            depot.save_autorisation(_autorisation(person, text))
        if scenario != SCENARIO_VIDE:
            for rank, key in enumerate(case["documents"].split(), 1):
                _register(depot, _document(documents[key], person, f"{_ARC}.{number}.{rank}"), person)


def _rows(name: str) -> list[dict[str, str]]:
    text = resources.files(__package__ or "").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE, strict=True))


def _dossier(case: dict[str, str]) -> Dossier:
    flags = case["drapeaux"].split()
    closed = case["etat"] == "ferme"
    return Dossier(
        case["ins"],
        ferme_le="20260915083000" if closed else "",
        ferme_motif="FERMETURE_DEMANDE_PATIENT" if closed else "",
        ferme_raison="Demande du patient" if closed else "",
        rattache_mes=not closed,
        opposition_bris="opposition_bris" in flags,
        opposition_urgence="opposition_urgence" in flags,
        opposition_alimentation="opposition_alimentation" in flags,
        masques_en_urgence="masques_en_urgence" in flags,
    )


def _autorisation(person: Personne, text: str) -> Autorisation:
    """``MEDECIN:valide:mt``: of whom, in which state, and whether médecin traitant."""
    who, state, *rest = text.split(":")
    professional_ = _PERSONNES[who]
    begin = _ORIGINE - (2 * _YEAR if state == "expire" else timedelta(days=90))
    return Autorisation(
        person.ins,
        professional_.id_nat,
        "PS",
        debut=begin.isoformat(),
        fin=(begin + _YEAR).isoformat(),
        derniere_action=begin.isoformat(),
        interdit=state == "interdit",
        medecin_traitant="mt" in rest,
        nom=f"{professional_.nom}^{professional_.prenom}",
        specialite=professional_.specialite,
    )


def _document(row: dict[str, str], person: Personne, oid: str) -> DocumentInitial:
    return DocumentInitial(
        uid=f"{oid}.1",
        lot_uid=f"{oid}.2",
        type=row["type"],
        titre=row["titre"],
        texte=row["texte"].replace("|", "\n\n"),
        moment=_ORIGINE - timedelta(days=int(row["jours"])),
        auteur=_redacteur(row["auteur"], person),
        visibilite=tuple(row["visibilite"].split()),
    )


def _redacteur(name: str, person: Personne) -> Redacteur:
    if name == "patient":
        return the_patient(person)
    author: Professionnel | None = _PERSONNES.get(name)
    return professional(author, CENTRE) if author else ASSURANCE_MALADIE


def _register(depot: Depot, document: DocumentInitial, person: Personne) -> None:
    content = write_cda(document, person)
    received = document.moment.isoformat(timespec="microseconds")
    uuids = {"Lot": new_urn_uuid(), "Document": new_urn_uuid()}
    package = registered(build_package(document, person), uuids)
    depot.add_lot(LotEnregistre(uuids["Lot"], document.lot_uid, person.ins, received, serialize(package)))
    entry = registered(build_entry(document, person), uuids, sha1_of(content), len(content))
    depot.add_fiche(
        FicheEnregistree(
            entry_uuid=uuids["Document"],
            unique_id=document.uid,
            ins=person.ins,
            statut=noms.APPROVED,
            empreinte=sha1_of(content),
            acteur=document.auteur.identifiant,
            structure=document.auteur.organisation[1],
            recu_le=received,
            type_mime="text/xml",
            xml=serialize(entry),
        ),
        content,
    )
    member = build_member()
    member.set("id", new_urn_uuid())
    member.set("status", noms.APPROVED)
    member.set("objectType", noms.OBJET_ASSOCIATION)
    member.set("sourceObject", uuids["Lot"])
    member.set("targetObject", uuids["Document"])
    depot.add_association(
        AssociationEnregistree(
            member.get("id", ""), noms.HAS_MEMBER, uuids["Lot"], uuids["Document"], serialize(member)
        )
    )
