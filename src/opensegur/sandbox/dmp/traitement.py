"""One request through all the doors: MIME, XML, SOAP, VIHF, rights, transaction; one answer in every case.

Nothing here knows of HTTP's server: the bytes and the Content-Type come in, the same go out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Final

from lxml import etree

from opensegur.foundation.errors import RefusedInput
from opensegur.foundation.mime import parse_media_type
from opensegur.foundation.mtom import MtomLimits, Part, pack, unpack
from opensegur.sandbox.dmp import noms
from opensegur.sandbox.dmp.catalogue import CATALOGUE, refuse
from opensegur.sandbox.dmp.contexte import Contexte
from opensegur.sandbox.dmp.enveloppe import (
    Enveloppe,
    build_answer,
    build_fault,
    is_urn_uuid,
    message_id_of,
    read_envelope,
    read_xml,
)
from opensegur.sandbox.dmp.identification import Appelant, identify
from opensegur.sandbox.dmp.noms import q
from opensegur.sandbox.dmp.transaction import Demande, Resume
from opensegur.sandbox.dmp.transactions_habilitation import list_authorizations, set_authorization
from opensegur.sandbox.dmp.transactions_patient import get_demographics, list_patients
from opensegur.sandbox.dmp.transactions_xds import provide_and_register, retrieve, stored_query
from opensegur.sandbox.regles import Manquement, Refus

_SOAP_TYPE: Final = "application/soap+xml"
_TOUTES: Final = ("message", "xml", "soap", "wsa", "vihf", "tls", "droits.transaction")
_DEPOT: Final = (
    "dossier",
    "xds.schema",
    "lot",
    "meta",
    "patient",
    "document",
    "unicite",
    "signature",
    "association",
    "remplacement",
    "cda",
)


@dataclass(frozen=True, slots=True)
class Transaction:
    """``mtom``: True when the request must be MTOM, None when both are read. The answer's form is ``mtom_out``.

    ``familles``: the rules that an accepted request has passed, besides those of every request, by the beginning of
    their ids.
    """

    service: str
    corps: str
    reponse: str
    traite: Callable[[Demande, Appelant, Contexte], Resume]
    familles: tuple[str, ...]
    mtom: bool | None = False
    mtom_out: bool = False


TRANSACTIONS: Final[Mapping[str, Transaction]] = {
    noms.ACTION_TD02: Transaction(
        "patients",
        q(noms.HL7, "PRPA_IN201307UV02"),
        "urn:hl7-org:v3:PRPA_IN201308UV02",
        get_demographics,
        ("dossier", "td02"),
    ),
    noms.ACTION_TD04: Transaction(
        "patients", q(noms.PATIENTS, "patientList"), f"{noms.ACTION_TD04}Response", list_patients, ("patients",)
    ),
    noms.ACTION_TD03: Transaction(
        "habilitations",
        q(noms.HABILITATIONS, "setAuthorization"),
        f"{noms.ACTION_TD03}Response",
        set_authorization,
        ("dossier", "habilitation"),
    ),
    noms.ACTION_TD16: Transaction(
        "habilitations",
        q(noms.HABILITATIONS, "listAuthorizationByPatient"),
        f"{noms.ACTION_TD16}Response",
        list_authorizations,
        ("dossier", "habilitation"),
    ),
    noms.ACTION_ITI41: Transaction(
        "repository",
        q(noms.XDS, "ProvideAndRegisterDocumentSetRequest"),
        f"{noms.ACTION_ITI41}Response",
        provide_and_register,
        _DEPOT,
        mtom=True,
        mtom_out=True,
    ),
    noms.ACTION_ITI43: Transaction(
        "repository",
        q(noms.XDS, "RetrieveDocumentSetRequest"),
        f"{noms.ACTION_ITI43}Response",
        retrieve,
        ("dossier", "xds.schema_retrait", "retrait"),
        mtom=None,
        mtom_out=True,
    ),
    noms.ACTION_ITI18: Transaction(
        "registry",
        q(noms.QUERY, "AdhocQueryRequest"),
        f"{noms.ACTION_ITI18}Response",
        stored_query,
        ("dossier", "xds.schema_requete", "requete"),
    ),
}
SERVICES: Final = tuple(dict.fromkeys(item.service for item in TRANSACTIONS.values()))


@dataclass(frozen=True, slots=True)
class Reponse:
    """What goes back, and what the console shows of it."""

    statut: int
    content_type: str
    corps: bytes
    operation: str
    refus: tuple[Manquement, ...] = ()
    resume: Mapping[str, str] = field(default_factory=dict)
    passees: tuple[str, ...] = ()


def treat(service: str, content_type: str, body: bytes, contexte: Contexte) -> Reponse:
    """Answer the request ``body`` received by ``service`` (one of ``SERVICES``)."""
    relates_to = action = ""
    try:
        root, parts, media_action = _open(content_type, body)
        relates_to = message_id_of(root)
        enveloppe = read_envelope(root)
        action = enveloppe.action
        transaction = _transaction(service, enveloppe)
        _check_form(transaction, enveloppe, content_type, media_action, contexte)
        appelant = identify(enveloppe.securite, contexte)
        resume = transaction.traite(Demande(enveloppe.corps, parts), appelant, contexte)
    except Refus as refus:
        return _fault(refus, relates_to, action)
    return _answer(transaction, resume, relates_to, appelant)


def saturated(service: str, body: bytes, content_type: str) -> Reponse:
    """The answer of a service that is ordered to be full: what its own national code says."""
    relates_to = action = ""
    try:
        root, _, _ = _open(content_type, body)
        relates_to = message_id_of(root)
        action = read_envelope(root).action
    except Refus:
        pass
    rule = "service.depot_sature" if service == "repository" else "service.registre_sature"
    refus = refuse(rule)
    return _fault(refus, relates_to, action, receiver=True)


def fault_of(regle: str, statut: int) -> Reponse:
    """The answer to a request that was not even read, such as one that is too large."""
    return replace(_fault(refuse(regle), "", ""), statut=statut)


def broken(service: str) -> Reponse:
    """The answer when the simulator itself fails."""
    return _fault(
        refuse("service.depot_erreur" if service == "repository" else "service.registre_erreur"),
        "",
        "",
        receiver=True,
    )


def _open(content_type: str, body: bytes) -> tuple[etree._Element, Mapping[str, Part], str]:
    """The root of the message, its other parts, and the action that its Content-Type names."""
    if not content_type.strip():
        raise refuse("message.type", "absent")
    try:
        media = parse_media_type(content_type)
        action = media.parameters.get("action", "")
        if media.type == "multipart/related":
            data, parts = unpack(body, content_type, MtomLimits())
            return read_xml(data), parts, action
    except RefusedInput as error:
        raise refuse("message.mime", error.code) from error
    if media.type != _SOAP_TYPE:
        raise refuse("message.type")
    if media.parameters.get("charset", "utf-8").lower().strip('"') not in {"utf-8", "utf8", "us-ascii"}:
        raise refuse("xml.codage", "charset")
    return read_xml(body), {}, action


def _transaction(service: str, enveloppe: Enveloppe) -> Transaction:
    transaction = TRANSACTIONS.get(enveloppe.action)
    if transaction is None or transaction.service != service:
        raise refuse("wsa.action")
    if enveloppe.corps.tag != transaction.corps:
        raise refuse("wsa.action_corps")
    return transaction


def _check_form(
    transaction: Transaction, enveloppe: Enveloppe, content_type: str, media_action: str, contexte: Contexte
) -> None:
    multipart = content_type.lower().lstrip().startswith("multipart/")
    if transaction.mtom is True:
        contexte.require(multipart, "message.mtom")
    if transaction.mtom is False:
        contexte.require(not multipart, "message.mtom_exclu")
    contexte.require(media_action in {"", enveloppe.action}, "wsa.action_http")
    contexte.require(is_urn_uuid(enveloppe.message_id), "wsa.message_id")


def _fault(refus: Refus, relates_to: str, action: str, *, receiver: bool = False) -> Reponse:
    body = build_fault(refus.premier, relates_to=relates_to, receiver=receiver)
    content_type = f"{_SOAP_TYPE}; charset=utf-8"
    transaction = TRANSACTIONS.get(action)
    if transaction is not None and transaction.mtom_out:
        # the real repository answers in several parts even when it refuses
        body, content_type = pack(read_xml(body), [], action="")
    operation = action.rpartition(":")[2]
    return Reponse(500, content_type, body, operation, refus.manquements)


def _answer(transaction: Transaction, resume: Resume, relates_to: str, appelant: Appelant) -> Reponse:
    if resume.corps is None:
        raise AssertionError("a transaction always answers a body")
    body = build_answer(resume.corps, action=transaction.reponse, relates_to=relates_to)
    content_type = f'{_SOAP_TYPE}; charset=utf-8; action="{transaction.reponse}"'
    if transaction.mtom_out:
        body, content_type = pack(read_xml(body), resume.parts, action="")
    vihf = appelant.vihf
    summary = {
        "transaction": resume.td,
        "mode": vihf.mode,
        "accès": vihf.usage,
        "acteur": vihf.acteur,
        "structure": vihf.structure,
        "logiciel": vihf.logiciel,
    }
    for name, value in resume.lignes:
        summary[name] = f"{summary[name]} ; {value}" if name in summary else value
    passed = () if resume.manquements else _rules_of((*_TOUTES, *transaction.familles))
    return Reponse(200, content_type, body, resume.td, resume.manquements, summary, passed)


@cache
def _rules_of(families: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(rule for rule in CATALOGUE if any(rule == name or rule.startswith(f"{name}.") for name in families))
