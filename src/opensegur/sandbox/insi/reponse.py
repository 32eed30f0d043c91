"""What INSi answers: a result in one of its two dialects, or a fault.

Sources: INSi_RESULTAT_INS.xsd, schema_faultSOAP_V01_01.xsd, recorded answers of the test service and CNDA samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lxml import etree

from opensegur.foundation.xml import serialize
from opensegur.sandbox.insi.noms import RECSANS, RECVIT, RESULTAT, SIRAM, SOAP12, XML_LANG
from opensegur.sandbox.population.personnes import MatriculePasse, Personne
from opensegur.sandbox.regles import Manquement
from opensegur.sandbox.settings import Dialecte

CONTENT_TYPE: Final = "application/soap+xml;charset=utf-8"
LIBELLES: Final = {"00": "OK", "01": "Aucune identite trouvee", "02": "Plusieurs identites trouvees"}
# the prefixes of the Body's children: live service, and CNDA samples
_PREFIXES: Final[dict[Dialecte, tuple[str, str]]] = {"env": ("ns0", "ns1"), "S": ("ns3", "ns2")}
_SUBCODES: Final = {"insi_102": ("Receiver", "siram_40")}
_DEFAULT_SUBCODE: Final = ("Sender", "siram_100")


def code_of(personnes: Sequence[Personne]) -> str:
    return "00" if len(personnes) == 1 else "02" if personnes else "01"


def build_result(personnes: Sequence[Personne], dialecte: Dialecte) -> bytes:
    """The envelope of a search's result: 00 with the person, 01 or 02 without."""
    vitale, traits = _PREFIXES[dialecte]
    envelope, body = _envelope(dialecte)
    result = etree.SubElement(body, _q("RESULTAT"), nsmap={None: RESULTAT, vitale: RECVIT, traits: RECSANS})
    code = code_of(personnes)
    report = etree.SubElement(result, _q("CR"))
    _add(report, "CodeCR", code)
    _add(report, "LibelleCR", LIBELLES[code])
    if code == "00":
        _add_person(etree.SubElement(result, _q("INDIVIDU")), personnes[0], dialecte)
    return serialize(envelope)


def build_fault(manquement: Manquement, message_id: str, dialecte: Dialecte) -> bytes:
    """A fault: the rule's code in siram:Erreur, its text in French."""
    who, subcode = _SUBCODES.get(manquement.code, _DEFAULT_SUBCODE)
    envelope, body = _envelope(dialecte)
    fault = etree.SubElement(body, f"{{{SOAP12}}}Fault")
    code = etree.SubElement(fault, f"{{{SOAP12}}}Code")
    etree.SubElement(code, f"{{{SOAP12}}}Value").text = f"{dialecte}:{who}"
    inner = etree.SubElement(code, f"{{{SOAP12}}}Subcode")
    etree.SubElement(inner, f"{{{SOAP12}}}Value").text = f"{dialecte}:{subcode}"
    reason = etree.SubElement(fault, f"{{{SOAP12}}}Reason")
    etree.SubElement(reason, f"{{{SOAP12}}}Text", {XML_LANG: "fr"}).text = manquement.texte
    detail = etree.SubElement(fault, f"{{{SOAP12}}}Detail")
    # the live service writes « fatal » for a failure of its own, against its schema
    severity = "fatal" if who == "Receiver" else "erreur"
    error = etree.SubElement(detail, f"{{{SIRAM}}}Erreur", nsmap={"siram": SIRAM})
    error.set("severite", severity)
    error.set("code", manquement.code)
    if message_id:
        error.set("messageID", message_id)
    error.text = manquement.texte
    return serialize(envelope)


def _envelope(dialecte: Dialecte) -> tuple[etree._Element, etree._Element]:
    """The real answers have no header, and another prefix on the Body than on the Envelope."""
    envelope = etree.Element(f"{{{SOAP12}}}Envelope", nsmap={"soap": SOAP12})
    body = etree.SubElement(envelope, f"{{{SOAP12}}}Body", nsmap={str(dialecte): SOAP12})
    return envelope, body


def _add_person(parent: etree._Element, personne: Personne, dialecte: Dialecte) -> None:
    active = MatriculePasse(personne.numero, personne.cle, personne.oid)
    _add_matricule(etree.SubElement(parent, _q("INSACTIF")), active, dialecte)
    for passe in personne.historique:
        _add_matricule(etree.SubElement(parent, _q("INSHISTO")), passe, dialecte)
    traits = etree.SubElement(parent, _q("TIQ"))
    _add(traits, "NomNaissance", personne.nom_naissance)
    if dialecte == "S":  # dropped by the live service, still in CNDA samples
        _add(traits, "Prenom", personne.premier_prenom)
    _add(traits, "ListePrenom", personne.prenoms)
    _add(traits, "Sexe", personne.sexe)
    _add(traits, "DateNaissance", personne.date_naissance)
    _add(traits, "LieuNaissance", personne.lieu_naissance)


def _add_matricule(parent: etree._Element, matricule: MatriculePasse, dialecte: Dialecte) -> None:
    dates = [(name, value) for name, value in (("DateDeb", matricule.debut), ("DateFin", matricule.fin)) if value]
    if dialecte == "S":  # a CNDA sample has the dates first, against the schema
        for name, value in dates:
            _add(parent, name, value)
    identifier = etree.SubElement(parent, _q("IdIndividu"))
    _add(identifier, "NumIdentifiant", matricule.numero)
    _add(identifier, "Cle", matricule.cle)
    _add(parent, "OID", matricule.oid)
    if dialecte != "S":
        for name, value in dates:
            _add(parent, name, value)


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, _q(name)).text = text


def _q(name: str) -> str:
    return f"{{{RESULTAT}}}{name}"
