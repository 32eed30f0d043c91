"""Verifying INS that are already held: one by one, or in lots whose answers come later.

What is sure: the unitary operation exists (WS_INS3), with the elements ``RequeteUnitaire/IndividuVerifie`` and an
answer in ``…/REPUnitaire``. What is deduced or ours: the shape of that answer, the lots (WS_INS4 and WS_INS5), their
namespaces. No conformance is claimed: callers depend on the ``Verificateur`` protocol, and this client speaks to the
sandbox.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol, Self

from lxml import etree

from opensegur.foundation.certificates import check_period
from opensegur.foundation.configuration import Configuration
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.points import given
from opensegur.foundation.ports import Clock, SystemClock, Transport
from opensegur.ins.appel import AppelInsi
from opensegur.ins.certificat import emetteur_of, read_certificate
from opensegur.ins.errors import InsiError
from opensegur.ins.insi import point_of
from opensegur.ins.matricule import Matricule
from opensegur.ins.traits import Traits

_ACTION = "urn:ServiceIdentiteCertifiee:1.0.0:"
_LOT2 = "http://www.cnamts.fr/INSiLot2/"
NS_REQ, NS_REP = f"{_LOT2}REQUnitaire", f"{_LOT2}REPUnitaire"
NS_REQ_LOT, NS_REP_LOT = f"{_LOT2}REQLot", f"{_LOT2}REPLot"
LOT_MAXIMUM = 10_000
_VERDICTS = {"OK": True, "KO": False}


class EtatLot(StrEnum):
    EN_COURS = "EN_COURS"
    TERMINE = "TERMINE"


@dataclass(frozen=True, slots=True, repr=False)
class LigneAVerifier:
    """``reference``: how the caller finds the line again in the answers."""

    reference: str
    matricule: Matricule
    traits: Traits

    def __repr__(self) -> str:
        return f"LigneAVerifier({self.reference!r})"


@dataclass(frozen=True, slots=True)
class ReponseVerification:
    """``confirmee``: INSi knows this identity under this matricule. Both messages hold a patient's data."""

    confirmee: bool
    code: str
    libelle: str
    raw_request: bytes = field(repr=False)
    raw_answer: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ResultatLot:
    """``verdicts``: for each reference, whether it is confirmed; empty while the lot is under way."""

    etat: EtatLot
    traites: int
    total: int
    verdicts: Mapping[str, bool]


class Verificateur(Protocol):
    """Whatever can verify identities: this client, or the one that an editor writes over the current package."""

    def verify(self, matricule: Matricule, traits: Traits) -> ReponseVerification: ...

    def deposit(self, lignes: Sequence[LigneAVerifier]) -> str: ...

    def fetch(self, ticket: str) -> ResultatLot: ...


class VerificationClient:
    """A ``Verificateur`` over SOAP."""

    def __init__(self, appel: AppelInsi) -> None:
        self._appel = appel

    @classmethod
    def from_configuration(
        cls, configuration: Configuration, transport: Transport, clock: Clock | None = None
    ) -> Self:
        """Raises ``ConfigurationError``: CONFIG_MANQUE, INSI_EMETTEUR, CERT_*."""
        point, clock = point_of(configuration), clock or SystemClock()
        certificate = read_certificate(given(point.certificat, "insi.certificat"))
        check_period(certificate, clock.now())
        return cls(AppelInsi(transport, point.url, configuration.lps, emetteur_of(certificate), clock))

    def verify(self, matricule: Matricule, traits: Traits) -> ReponseVerification:
        """Ask about one identity.

        Raises ``InsiFault``, ``InsiError`` (INSI_REPONSE), ``TransportError``, ``RefusedInput``.
        """
        body = etree.Element(f"{{{NS_REQ}}}RequeteUnitaire", nsmap={"ver": NS_REQ})
        _add_person(body, NS_REQ, matricule, traits)
        answer = self._appel.send(body, f"{_ACTION}verifierInsAvecTraitsIdentite")
        root = answer.envelope.body
        verdict = _VERDICTS.get(_text(root, NS_REP, "Identite"))
        if root.tag != f"{{{NS_REP}}}ReponseUnitaire" or verdict is None:
            raise _not_understood()
        code, libelle = (_text(root, NS_REP, f"CR/{{{NS_REP}}}{name}") for name in ("CodeCR", "LibelleCR"))
        return ReponseVerification(verdict, code, libelle, answer.request, answer.raw)

    def deposit(self, lignes: Sequence[LigneAVerifier]) -> str:
        """Deposit a lot; give the ticket by which its answers are fetched.

        Raises as ``verify`` does, and ``InvalidValue`` (LOT_TAILLE).
        """
        if not 1 <= len(lignes) <= LOT_MAXIMUM:
            raise InvalidValue(
                "LOT_TAILLE",
                f"Un lot de vérification a de 1 à {LOT_MAXIMUM} identités.",
                conseil="Découpez-le.",
                detail=str(len(lignes)),
            )
        body = etree.Element(f"{{{NS_REQ_LOT}}}RequeteLot", nsmap={"ver": NS_REQ_LOT})
        for ligne in lignes:
            person = _add_person(body, NS_REQ_LOT, ligne.matricule, ligne.traits)
            person.set("reference", ligne.reference)
        root = self._appel.send(body, f"{_ACTION}deposerLotVerification").envelope.body
        ticket = _text(root, NS_REP_LOT, "Ticket")
        if not ticket:
            raise _not_understood()
        return ticket

    def fetch(self, ticket: str) -> ResultatLot:
        """Where the lot stands, and its answers once it is done. Raises as ``verify`` does."""
        body = etree.Element(f"{{{NS_REQ_LOT}}}RequeteResultatLot", nsmap={"ver": NS_REQ_LOT})
        etree.SubElement(body, f"{{{NS_REQ_LOT}}}Ticket").text = ticket
        root = self._appel.send(body, f"{_ACTION}recupererResultatLot").envelope.body
        try:
            return ResultatLot(
                EtatLot(_text(root, NS_REP_LOT, "Etat")),
                int(_text(root, NS_REP_LOT, "Traites")),
                int(_text(root, NS_REP_LOT, "Total")),
                {
                    each.get("reference", ""): _VERDICTS[_text(each, NS_REP_LOT, "Identite")]
                    for each in root.findall(f"{{{NS_REP_LOT}}}Resultat")
                },
            )
        except (ValueError, KeyError):
            raise _not_understood() from None


def _add_person(parent: etree._Element, space: str, matricule: Matricule, traits: Traits) -> etree._Element:
    def add(to: etree._Element, name: str, text: str = "") -> etree._Element:
        element = etree.SubElement(to, f"{{{space}}}{name}")
        element.text = text or None
        return element

    person = add(parent, "IndividuVerifie")
    given = add(person, "INSFourni")
    identifier = add(given, "IdIndividu")
    add(identifier, "NumIdentifiant", matricule.nir)
    add(identifier, "Cle", matricule.cle)
    add(given, "OID", matricule.oid)
    held = add(person, "TraitsIdentiteIndividu")
    add(held, "NomNaissance", traits.nom_naissance)
    add(held, "Prenom", traits.premier_prenom)
    if traits.prenoms:
        add(held, "ListePrenom", traits.prenoms)
    add(held, "Sexe", traits.sexe.value)
    add(held, "DateNaissance", traits.date_naissance)
    if traits.lieu_naissance:
        add(held, "LieuNaissance", traits.lieu_naissance)
    return person


def _text(parent: etree._Element, space: str, path: str) -> str:
    return (parent.findtext(f"{{{space}}}{path}") or "").strip()


def _not_understood() -> InsiError:
    return InsiError(
        "INSI_REPONSE",
        "La réponse de l’INSi à la vérification n’est pas comprise.",
        conseil="Réessayez plus tard, et prévenez votre éditeur si cela continue.",
    )
