"""The scenarios, played by an independent SOAP client on the official WSDL and by the library's own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from lxml import etree

from insi_scenarios import SCENARIOS, Question, Scenario
from opensegur.foundation.points import Lps, Profil
from opensegur.foundation.ports import Clock
from opensegur.foundation.tls import client_context
from opensegur.foundation.transport import HttpTransport
from opensegur.ins import InsiClient, InsiFault, RequeteTraits, Sexe
from opensegur.ins.requete import build_contexts
from opensegur.ins.requete_vitale import RequeteVitale, build_recvitale, fill_coverage
from opensegur.ins.vitale_assertion import AssertionVitale, sign_reading
from opensegur.ins.vitale_lecteur import LecteurVirtuel
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.insi.controle import CATALOGUE
from opensegur.sandbox.pki.magasin import ESSAIS
from opensegur.sandbox.population.acteurs import CABINET
from opensegur.sandbox.server import Addresses, SandboxServer
from opensegur.sandbox.vitale import fabrique

zeep = pytest.importorskip("zeep")

_IDAM = "BAC-A-SABLE-0001"
_R = "http://www.cnamts.fr/INSiResultat"
_TRAITS = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite"
_VITALE = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecCarteVitale"


@dataclass(frozen=True)
class Reponse:
    """What a client understood, in the words of the scenarios."""

    code: str
    numero: str = ""
    oid: str = ""
    historique: int = 0


@pytest.fixture
def served(donnees: Path) -> Iterator[tuple[SandboxContext, Addresses]]:
    server = SandboxServer(donnees)
    with server as addresses:
        yield server.context, addresses


def test_there_are_forty_scenarios_and_more() -> None:
    assert len({scenario.nom for scenario in SCENARIOS}) == len(SCENARIOS) >= 40


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.nom)
def test_the_library_plays_the_scenario(served: tuple[SandboxContext, Addresses], scenario: Scenario) -> None:
    context, addresses = served
    check(scenario, context, _play_with_library(scenario, context, addresses))


@pytest.mark.fixtures
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.nom)
def test_zeep_on_the_official_wsdl_plays_the_scenario(
    served: tuple[SandboxContext, Addresses], scenario: Scenario, official: Path
) -> None:
    context, addresses = served
    if scenario.hors_schema:
        with pytest.raises(zeep.exceptions.XMLParseError):
            _play_with_zeep(scenario, context, addresses, official)
    else:
        check(scenario, context, _play_with_zeep(scenario, context, addresses, official))


def check(scenario: Scenario, context: SandboxContext, answer: Reponse) -> None:
    code, _, numero = scenario.attendu.partition(" ")
    assert answer.code == (CATALOGUE[code].code if code in CATALOGUE else code)
    if numero == "carte":
        assert scenario.question.carte is not None
        carte = _reader(context, scenario.question.carte).read()
        expected = context.population.patient(carte.assure.numero + carte.assure.cle)
        assert expected is not None
        born = carte.beneficiaire(scenario.question.rang).naissance
        family = (expected, *context.population.relatives(expected))
        assert answer.numero in {each.numero for each in family if each.date_naissance == born}
    elif numero:
        assert answer.numero == numero
    if scenario.historique is not None:
        assert answer.historique == scenario.historique
    if scenario.oid:
        assert answer.oid == scenario.oid


def _prepared(scenario: Scenario, context: SandboxContext) -> tuple[RequeteVitale, AssertionVitale] | None:
    """The card's question and its assertion, signed before what the scenario then does to the clock."""
    signed = None
    question = scenario.question
    if question.carte is not None:
        reader = _reader(context, question.carte)
        requete = RequeteVitale.of(reader.read(), question.rang)
        signer = reader if scenario.carte_signee is None else _reader(context, scenario.carte_signee)
        assertion = sign_reading(signer, signer.read(), context.clock.now())
        if scenario.faux:
            assertion.element.set("Version", "2.1")
        signed = (requete, assertion)
    if scenario.prepare:
        scenario.prepare(context)
    context.clock.advance(scenario.attente)
    return signed


def _reader(context: SandboxContext, rank: int) -> LecteurVirtuel:
    reader = LecteurVirtuel(fabrique.folder_of(context))
    reader.insert(reader.cards()[rank])
    return reader


def _pair(context: SandboxContext, scenario: Scenario) -> Any:
    name = scenario.appelant.get("certificat")
    return context.pki.client(ESSAIS, name) if name else context.pki.insi(CABINET.id_nat)


def _play_with_library(scenario: Scenario, context: SandboxContext, addresses: Addresses) -> Reponse:
    signed = _prepared(scenario, context)
    pair = _pair(context, scenario)
    tls = client_context(certificate=pair.certificat, key=pair.cle, password=None, anchors=context.pki.racine)
    idam = scenario.appelant.get("idam", _IDAM)
    lps = Lps("Scénarios", "1.0", "1.2.3", "b3549edd-4ae9-472a-b26f-fd2fb4ef397f", idam)
    emetteur = scenario.appelant.get("emetteur", CABINET.id_nat)
    clock: Clock = context.clock
    with HttpTransport(tls) as transport:
        client = InsiClient(transport, addresses.insi, lps, emetteur, clock, profil=Profil.BAC_A_SABLE)
        try:
            if signed:
                requete, assertion = signed
                # what the client refuses by itself is tested elsewhere: here the service judges
                tolerant = AssertionVitale(assertion.element, requete.carte.serie, clock.now())
                answer = client.search_by_vitale(requete, tolerant)
            else:
                answer = client.search_by_traits(_traits(scenario.question))
        except InsiFault as fault:
            return Reponse(fault.code)
    individu = answer.individu
    if individu is None:
        return Reponse(answer.code.value)
    return Reponse(answer.code.value, individu.matricule.nir, individu.matricule.oid, len(individu.anciens))


def _traits(question: Question) -> RequeteTraits:
    return RequeteTraits(question.nom, question.prenom, Sexe(question.sexe), question.naissance, question.lieu)


class _Local(zeep.Transport):
    """The WSDL's imports of the W3C come from the folder beside it: nothing is fetched."""

    def __init__(self, folder: Path, **options: Any) -> None:
        super().__init__(**options)
        self._folder = folder

    def load(self, url: str) -> bytes:
        if "w3.org" in url:
            name = url.rpartition("/")[2]
            found = next(self._folder.rglob(name if name.endswith(".xsd") else f"{name}.xsd"))
            return found.read_bytes()
        return bytes(super().load(url))


def _play_with_zeep(scenario: Scenario, context: SandboxContext, addresses: Addresses, official: Path) -> Reponse:
    signed = _prepared(scenario, context)
    pair = _pair(context, scenario)
    folder = official / "ins/wsdl"
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(context.pki.racine)
        session.cert = (str(pair.certificat), str(pair.cle))
        client = zeep.Client(str(folder / "DESIR_ICIR_EXP_1.5.0.wsdl"), transport=_Local(folder, session=session))
        binding = next(iter(client.wsdl.bindings))
        service = client.create_service(str(binding), addresses.insi)
        action = _VITALE if signed else _TRAITS
        headers = _headers(scenario, context, action, signed)
        try:
            if signed:
                values = _values(build_recvitale(signed[0]))
                found = service.rechercherInsAvecCarteVitale(_soapheaders=headers, **values)
            else:
                question = scenario.question
                asked = {
                    "NomNaissance": question.nom,
                    "Prenom": [question.prenom],
                    "Sexe": question.sexe,
                    "DateNaissance": question.naissance,
                }
                if question.lieu:
                    asked["LieuNaissance"] = question.lieu
                found = service.rechercherInsAvecTraitsIdentite(_soapheaders=headers, **asked)
        except zeep.exceptions.Fault as fault:
            error = fault.detail.find("{urn:siram}Erreur")
            return Reponse(error.get("code"))
    return _understood(found)


def _understood(found: Any) -> Reponse:
    code = found.CR.CodeCR
    person = found.INDIVIDU
    if person is None:
        return Reponse(code)
    active = person.INSACTIF
    mine = active.IdIndividu
    former = {(each.IdIndividu.NumIdentifiant, each.IdIndividu.Cle) for each in person.INSHISTO or ()}
    return Reponse(code, mine.NumIdentifiant, active.OID, len(former - {(mine.NumIdentifiant, mine.Cle)}))


def _headers(
    scenario: Scenario,
    context: SandboxContext,
    action: str,
    signed: tuple[RequeteVitale, AssertionVitale] | None,
) -> list[etree._Element]:
    now, number = context.clock.now(), str(uuid.uuid4())
    lps = Lps("Zeep", "4", "1.2.3", "b3549edd-4ae9-472a-b26f-fd2fb4ef397f", scenario.appelant.get("idam", _IDAM))
    emetteur = scenario.appelant.get("emetteur", CABINET.id_nat)
    bam, software = build_contexts(lps, emetteur, now, number)
    headers = [bam, software]
    if signed:
        fill_coverage(bam, signed[0])
        wsse = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
        security = etree.Element(f"{{{wsse}}}Security")
        security.append(signed[1].element)
        headers.append(security)
    for name, value in (("Action", action), ("MessageID", f"uuid:{number}")):
        element = etree.Element(f"{{http://www.w3.org/2005/08/addressing}}{name}")
        element.text = value
        headers.append(element)
    return headers


def _values(element: etree._Element) -> dict[str, Any]:
    """The body as zeep takes it: by names."""
    return {etree.QName(child).localname: _values(child) if len(child) else (child.text or "") for child in element}
