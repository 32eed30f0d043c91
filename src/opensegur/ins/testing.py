"""For the tests of those who use this library: ready identities, ready INSi answers, and a scripted client.

The people are the fictitious ones of the national test service and of the CNDA's cases; they exist nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from lxml import etree

from opensegur.foundation.configuration import Lps, Profil
from opensegur.foundation.ports import FixedClock, HttpResponse
from opensegur.foundation.soap import NS_SOAP12, build_fault
from opensegur.foundation.testing import ScriptedTransport
from opensegur.foundation.xml import serialize
from opensegur.ins.insi import InsiClient
from opensegur.ins.matricule import Matricule
from opensegur.ins.oids import OID_NIA, OID_NIR, OID_NIR_TEST
from opensegur.ins.resultat import NS_RESULTAT, CodeRetour, Individu, InsAncien, TraitsRecus
from opensegur.ins.traits import Sexe, Traits

MOMENT = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
URL = "https://insi.example/lps"
LPS = Lps(
    nom="logiciel-test",
    version="1.0",
    oid="1.2.250.1.999.1",
    instance="b3549edd-4ae9-472a-b26f-fd2fb4ef397f",
    idam="IDAM-TEST",
)

_LABELS = {"00": "OK", "01": "Aucune identite trouvee", "02": "Plusieurs identites trouvees"}
_SOAP_XML = "application/soap+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class IdentiteTest:
    """A fictitious person: the traits, and the matricule that INSi gives for them."""

    traits: Traits
    matricule: Matricule

    @property
    def individu(self) -> Individu:
        """What INSi answers for this person, without history."""
        traits = self.traits
        return Individu(
            self.matricule,
            TraitsRecus(
                traits.nom_naissance, traits.prenoms, traits.sexe.value, traits.date_naissance, traits.lieu_naissance
            ),
        )


def _person(
    matricule: str, oid: str, nom: str, prenoms: str, *, sexe: Sexe, date: str, lieu: str = "63220"
) -> IdentiteTest:
    premier = prenoms.split(maxsplit=1)[0]
    return IdentiteTest(Traits(nom, prenoms, premier, date, sexe, lieu), Matricule(matricule, oid))


ADRUN = _person("275126322074974", OID_NIR, "ADRUN", "ZOE", sexe=Sexe.F, date="1975-12-31")
ADRTROIS = _person("297022A02077878", OID_NIR, "ADRTROIS", "DOMINIQUE", sexe=Sexe.F, date="1997-02-26", lieu="2A020")
TCHITCHI = _person("236066322083656", OID_NIR, "TCHITCHI", "CATARINA BELLA", sexe=Sexe.F, date="1936-06-21")
ECETINSI = _person(
    "109076322083489", OID_NIR, "ECETINSI", "PIERRE-ALAIN MURIEL FLORIANT", sexe=Sexe.M, date="2009-07-14"
)
PROVISOIRE = _person("109076322088835", OID_NIA, "PROVISOIRE", "MATRICULE", sexe=Sexe.M, date="2009-07-01")
PAT_TROIS = _person(
    "279035121518989",
    OID_NIR_TEST,
    "PAT-TROIS",
    "DOMINIQUE MARIE-LOUISE",
    sexe=Sexe.F,
    date="1979-03-28",
    lieu="51215",
)
IDENTITES = (ADRUN, ADRTROIS, TCHITCHI, ECETINSI, PROVISOIRE, PAT_TROIS)


def answer(code: CodeRetour | str, individu: Individu | None = None, *, dialect: Literal["S", "env"] = "S") -> bytes:
    """An envelope with ``RESULTAT``, in one of the two dialects of the service (``S`` or ``env``).

    ``code`` may be any text: an unknown one is part of what a client must survive.
    """
    result = etree.Element(f"{{{NS_RESULTAT}}}RESULTAT", nsmap={None: NS_RESULTAT})
    compte_rendu = _child(result, "CR")
    _child(compte_rendu, "CodeCR", str(code))
    _child(compte_rendu, "LibelleCR", _LABELS.get(str(code), "Libelle inconnu"))
    if individu is not None:
        _write_individu(_child(result, "INDIVIDU"), individu)
    return serialize(_envelope(result, dialect))


def fault(subcode: str, code: str, text: str = "", *, sender: bool = True, severite: str = "erreur") -> bytes:
    """A fault as INSi writes it: ``fault("siram_40", "insi_102", sender=False)``."""
    erreur = etree.Element("{urn:siram}Erreur", {"severite": severite, "code": code}, nsmap={"siram": "urn:siram"})
    erreur.text = text
    return serialize(_envelope(build_fault("Sender" if sender else "Receiver", subcode, text, erreur), "S"))


def response(envelope: bytes) -> HttpResponse:
    """The HTTP answer that carries ``envelope``: a fault goes with status 500."""
    return HttpResponse(500 if b"Fault>" in envelope else 200, {"content-type": _SOAP_XML}, envelope)


def scripted_client(
    *answers: bytes | HttpResponse | Exception, profil: Profil = Profil.TEST
) -> tuple[InsiClient, ScriptedTransport]:
    """A client with a fixed clock, to which ``answers`` come one by one, and the transport that keeps its requests.

    An answer is the bytes of an envelope, a whole ``HttpResponse``, or an exception to raise.
    """
    script = ScriptedTransport(response(each) if isinstance(each, bytes) else each for each in answers)
    return InsiClient(script, URL, LPS, "EMETTEUR-TEST", FixedClock(MOMENT), profil=profil), script


def _envelope(body: etree._Element, prefix: str) -> etree._Element:
    envelope = etree.Element(f"{{{NS_SOAP12}}}Envelope", nsmap={"soap": NS_SOAP12})
    etree.SubElement(envelope, f"{{{NS_SOAP12}}}Body", nsmap={prefix: NS_SOAP12}).append(body)
    return envelope


def _write_individu(parent: etree._Element, individu: Individu) -> None:
    active = InsAncien(individu.matricule.nir, individu.matricule.cle, individu.matricule.oid)
    _write_ins(_child(parent, "INSACTIF"), active)
    for line in individu.historique:
        _write_ins(_child(parent, "INSHISTO"), line)
    traits = _child(parent, "TIQ")
    for name, value in (
        ("NomNaissance", individu.traits.nom_naissance),
        ("ListePrenom", individu.traits.liste_prenoms),
        ("Sexe", individu.traits.sexe),
        ("DateNaissance", individu.traits.date_naissance),
        ("LieuNaissance", individu.traits.lieu_naissance),
    ):
        _child(traits, name, value)


def _write_ins(parent: etree._Element, line: InsAncien) -> None:
    identifiant = _child(parent, "IdIndividu")
    _child(identifiant, "NumIdentifiant", line.numero)
    if line.cle:
        _child(identifiant, "Cle", line.cle)
    _child(parent, "OID", line.oid)
    for name, value in (("DateDeb", line.debut), ("DateFin", line.fin)):
        if value:
            _child(parent, name, value)


def _child(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    child = etree.SubElement(parent, f"{{{NS_RESULTAT}}}{name}")
    child.text = text or None
    return child
