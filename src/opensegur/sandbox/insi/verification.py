"""Verification of INS: one identity at once, or a lot whose answers come later.

The schema of the answers and the whole of the lots are not public: standing deduced or invented, see the catalogue.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lxml import etree

from opensegur.foundation.xml import serialize
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.insi.controle import ControleInsi
from opensegur.sandbox.insi.noms import DEPOT, REPLOT, REPUNIT, REQLOT, REQUNIT, SOAP12, UNITAIRE, Operation
from opensegur.sandbox.population.personnes import Personne
from opensegur.sandbox.state import Schema

DELAI: Final = timedelta(seconds=20)
MAXIMUM: Final = 10_000
SCHEMA: Final = Schema(
    "insi",
    """CREATE TABLE IF NOT EXISTS insi_lot (
  ticket TEXT PRIMARY KEY, structure TEXT NOT NULL, pret_a TEXT NOT NULL, resultats TEXT NOT NULL
) STRICT;
""",
)
_NUMERO = re.compile(r"[0-9]{6}[0-9AB][0-9]{6}")


@dataclass(frozen=True, slots=True)
class Verifie:
    """The body of the answer, and what the console shows of it."""

    corps: bytes
    resume: Mapping[str, str]


def verify(
    operation: Operation, corps: etree._Element, structure: str, controle: ControleInsi, context: SandboxContext
) -> Verifie:
    """Judge and answer one of the three operations. Raises ``Refus``."""
    if operation is UNITAIRE:
        return _unitary(corps, controle)
    if operation is DEPOT:
        return _deposit(corps, structure, controle, context)
    return _fetch(corps, structure, controle, context)


def _unitary(corps: etree._Element, controle: ControleInsi) -> Verifie:
    people = corps.findall(f"{{{REQUNIT}}}IndividuVerifie")
    controle.require(len(people) == 1, "verification.forme", "IndividuVerifie")
    verdict = _verdict(people[0], REQUNIT, controle)
    root = etree.Element(f"{{{REPUNIT}}}ReponseUnitaire", nsmap={None: REPUNIT})
    _report(root, REPUNIT)
    etree.SubElement(root, f"{{{REPUNIT}}}Identite").text = verdict
    return Verifie(_envelope(root), {"Verdict": verdict})


def _deposit(corps: etree._Element, structure: str, controle: ControleInsi, context: SandboxContext) -> Verifie:
    people = corps.findall(f"{{{REQLOT}}}IndividuVerifie")
    controle.require(1 <= len(people) <= MAXIMUM, "verification.taille", str(len(people)))
    references = [each.get("reference", "") for each in people]
    controle.require(all(references) and len(set(references)) == len(people), "verification.reference")
    verdicts = {each.get("reference", ""): _verdict(each, REQLOT, controle) for each in people}
    ticket = secrets.token_hex(16)
    with context.store.transaction() as connection:
        connection.execute(
            "INSERT INTO insi_lot VALUES (?, ?, ?, ?)",
            (ticket, structure, (controle.moment + DELAI).isoformat(), json.dumps(verdicts)),
        )
    root = etree.Element(f"{{{REPLOT}}}ReponseDepot", nsmap={None: REPLOT})
    _report(root, REPLOT)
    etree.SubElement(root, f"{{{REPLOT}}}Ticket").text = ticket
    return Verifie(_envelope(root), {"Lot": f"{len(people)} identités"})


def _fetch(corps: etree._Element, structure: str, controle: ControleInsi, context: SandboxContext) -> Verifie:
    ticket = (corps.findtext(f"{{{REQLOT}}}Ticket") or "").strip()
    with context.store.reading() as connection:
        row = connection.execute(
            "SELECT pret_a, resultats FROM insi_lot WHERE ticket = ? AND structure = ?", (ticket, structure)
        ).fetchone()
    controle.require(row is not None, "verification.ticket")
    verdicts: dict[str, str] = json.loads(row["resultats"])
    done = controle.moment >= datetime.fromisoformat(row["pret_a"])
    root = etree.Element(f"{{{REPLOT}}}ReponseLot", nsmap={None: REPLOT})
    _report(root, REPLOT)
    etree.SubElement(root, f"{{{REPLOT}}}Etat").text = "TERMINE" if done else "EN_COURS"
    etree.SubElement(root, f"{{{REPLOT}}}Traites").text = str(len(verdicts) if done else 0)
    etree.SubElement(root, f"{{{REPLOT}}}Total").text = str(len(verdicts))
    for reference, verdict in verdicts.items() if done else ():
        line = etree.SubElement(root, f"{{{REPLOT}}}Resultat", {"reference": reference})
        etree.SubElement(line, f"{{{REPLOT}}}Identite").text = verdict
    return Verifie(_envelope(root), {"Lot": "terminé" if done else "en cours"})


def _verdict(person: etree._Element, space: str, controle: ControleInsi) -> str:
    """OK when somebody has exactly this active matricule, this OID, and these traits."""

    def text(path: str) -> str:
        return (person.findtext("/".join(f"{{{space}}}{name}" for name in path.split("/"))) or "").strip()

    number = text("INSFourni/IdIndividu/NumIdentifiant")
    controle.require(_NUMERO.fullmatch(number), "verification.forme", "NumIdentifiant")
    for name in ("NomNaissance", "Sexe", "DateNaissance"):
        controle.require(text(f"TraitsIdentiteIndividu/{name}"), "verification.forme", name)
    found = controle.population.patient(number + text("INSFourni/IdIndividu/Cle"))
    if found is None or text("INSFourni/OID") != found.oid:
        return "KO"
    return "OK" if _agrees(found, {name: text(f"TraitsIdentiteIndividu/{name}") for name in _TRAITS}) else "KO"


_TRAITS: Final = ("NomNaissance", "Prenom", "ListePrenom", "Sexe", "DateNaissance", "LieuNaissance")


def _agrees(found: Personne, given: Mapping[str, str]) -> bool:
    """Every trait that was given is the one that is held; a given name may be the beginning of the list."""
    names = found.prenoms.replace("-", " ").split()
    first = given["Prenom"].replace("-", " ").split()
    return (
        given["NomNaissance"] == found.nom_naissance
        and given["Sexe"] == found.sexe
        and given["DateNaissance"] == found.date_naissance
        and given["ListePrenom"] in {"", found.prenoms}
        and given["LieuNaissance"] in {"", found.lieu_naissance}
        and names[: len(first)] == first
    )


def _report(root: etree._Element, space: str) -> None:
    report = etree.SubElement(root, f"{{{space}}}CR")
    etree.SubElement(report, f"{{{space}}}CodeCR").text = "00"
    etree.SubElement(report, f"{{{space}}}LibelleCR").text = "OK"


def _envelope(body: etree._Element) -> bytes:
    envelope = etree.Element(f"{{{SOAP12}}}Envelope", nsmap={"soap": SOAP12})
    etree.SubElement(envelope, f"{{{SOAP12}}}Body").append(body)
    return serialize(envelope)
