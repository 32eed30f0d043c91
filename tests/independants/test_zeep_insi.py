"""zeep on the published INSi contract, over mutual TLS: a client that nobody here wrote."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
import zeep
from lxml import etree
from lxml.builder import ElementMaker
from zeep.exceptions import Fault
from zeep.plugins import Plugin
from zeep.transports import Transport

pytestmark = pytest.mark.fixtures
_WS_ADDR = "http://www.w3.org/2006/03/addressing/ws-addr.xsd"


class _Local(Transport):
    """The one import by absolute address is answered by the copy beside the WSDL."""

    def __init__(self, folder, session):
        super().__init__(session=session)
        self._folder = folder

    def load(self, url):
        return (self._folder / "xsd/ws-addr.xsd").read_bytes() if url == _WS_ADDR else super().load(url)


class _Adressage(Plugin):
    """WS-Addressing as INSi has it: its MessageID is ``uuid:…``, where zeep's own plugin writes ``urn:uuid:…``."""

    def egress(self, envelope, http_headers, operation, binding_options):
        wsa = ElementMaker(namespace="http://www.w3.org/2005/08/addressing")
        header = zeep.wsdl.utils.get_or_create_header(envelope)
        header.extend([wsa.Action(operation.soapaction), wsa.MessageID(f"uuid:{uuid.uuid4()}")])
        return envelope, http_headers


@pytest.fixture(scope="module")
def client(bac, official):
    point = bac.configuration.insi
    with bac.session(point.certificat, point.cle) as session:
        folder = official / "ins/wsdl"
        yield zeep.Client(
            str(folder / "DESIR_ICIR_EXP_1.5.0.wsdl"), transport=_Local(folder, session), plugins=[_Adressage()]
        )


@pytest.fixture(scope="module")
def insi(bac, client):
    return client.create_service(next(iter(client.wsdl.bindings)), bac.configuration.insi.url)


@pytest.fixture
def entetes(bac, client, emetteur_insi):
    """The header blocks, each built by zeep from its own schema."""

    def build(idam=bac.configuration.lps.idam):
        bam = client.get_element("{urn:siram:bam:ctxbam}ContexteBAM")
        lps = client.get_element("{urn:siram:lps:ctxlps}ContexteLPS")
        commun = {"Id": str(uuid.uuid4()), "Temps": datetime.now(UTC), "Emetteur": emetteur_insi}
        logiciel = {
            "IDAM": {"_value_1": idam, "R": "4"},
            "Version": "1",
            "Instance": bac.configuration.lps.instance,
            "Nom": "urn:lps:zeep:4",
        }
        return [
            bam(**commun, Version="01_02", COUVERTURE={}),
            lps(**commun, Nature="CTXLPS", Version="01_00", LPS=logiciel),
        ]

    return build


TRAITS = {"NomNaissance": "ADRTROIS", "Prenom": "DOMINIQUE", "Sexe": "F", "DateNaissance": "1997-02-26"}


@pytest.mark.exigence("INS/va1.07")
def test_an_identity_is_found(insi, entetes):
    answer = insi.rechercherInsAvecTraitsIdentite(**TRAITS, _soapheaders=entetes())
    assert answer.CR.CodeCR == "00"
    active = answer.INDIVIDU.INSACTIF
    assert active.IdIndividu.NumIdentifiant + active.IdIndividu.Cle == "297022A02077878"
    assert active.OID == "1.2.250.1.213.1.4.10"
    assert (answer.INDIVIDU.TIQ.NomNaissance, answer.INDIVIDU.TIQ.ListePrenom) == ("ADRTROIS", "DOMINIQUE")


def test_several_identities_and_none_are_answers_too(insi, entetes):
    de_vinci = {"NomNaissance": "DE VINCI", "Prenom": "LEONARDO", "Sexe": "M", "DateNaissance": "2014-02-01"}
    for traits, code in ((de_vinci, "02"), ({**TRAITS, "NomNaissance": "PERSONNE"}, "01")):
        answer = insi.rechercherInsAvecTraitsIdentite(**traits, _soapheaders=entetes())
        assert (answer.CR.CodeCR, answer.INDIVIDU) == (code, None)


def test_an_unknown_software_is_refused_by_a_fault_of_the_contract(insi, entetes, official):
    with pytest.raises(Fault) as refused:
        insi.rechercherInsAvecTraitsIdentite(**TRAITS, _soapheaders=entetes("INCONNU"))
    detail = next(iter(refused.value.detail))
    schema = etree.XMLSchema(file=str(official / "ins/wsdl/xsd/schema_faultSOAP_V01_01.xsd"))
    schema.assertValid(detail)
