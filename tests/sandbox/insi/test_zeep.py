"""An independent SOAP client, driven by the WSDL alone, over TLS."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest
import requests
from lxml import etree

from opensegur.sandbox.population.acteurs import CABINET
from opensegur.sandbox.server import SandboxServer

zeep = pytest.importorskip("zeep")


@pytest.fixture
def service(donnees):
    """The proxy that zeep makes from the sandbox's own WSDL."""
    server = SandboxServer(donnees)
    with server as addresses:
        pair = server.context.pki.insi(CABINET.id_nat)
        with requests.Session() as session:
            session.trust_env = False
            session.verify = str(server.context.pki.racine)
            session.cert = (str(pair.certificat), str(pair.cle))
            yield zeep.Client(f"{addresses.insi}?wsdl", transport=zeep.Transport(session=session))


def headers(client):
    moment, number = datetime.now(UTC), str(uuid.uuid4())
    bam = client.get_element("{urn:siram:bam:ctxbam}ContexteBAM")
    lps = client.get_element("{urn:siram:lps:ctxlps}ContexteLPS")
    common = {"Id": number, "Temps": moment, "Emetteur": CABINET.id_nat}
    software = {
        "IDAM": {"_value_1": "BAC-A-SABLE-0001", "R": "4"},
        "Version": "1.0",
        "Instance": number,
        "Nom": "urn:lps:zeep:4",
    }
    action = etree.Element("{http://www.w3.org/2005/08/addressing}Action")
    action.text = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite"
    identifier = etree.Element("{http://www.w3.org/2005/08/addressing}MessageID")
    identifier.text = f"uuid:{number}"
    return [
        bam(Version="01_02", COUVERTURE={}, **common),
        lps(Nature="CTXLPS", Version="01_00", LPS=software, **common),
        action,
        identifier,
    ]


def search(client, **asked):
    return client.service.rechercherInsAvecTraitsIdentite(_soapheaders=headers(client), **asked)


def test_zeep_searches_and_reads_the_answer(service):
    found = search(service, NomNaissance="ADRUN", Prenom=["ZOE"], Sexe="F", DateNaissance="1975-12-31")
    assert found.CR.CodeCR == "00"
    assert found.INDIVIDU.INSACTIF.IdIndividu.NumIdentifiant == "2751263220749"
    assert found.INDIVIDU.TIQ.ListePrenom == "ZOE"


def test_zeep_reads_a_refusal(service):
    with pytest.raises(zeep.exceptions.Fault) as refused:
        search(service, NomNaissance="ADRUN", Prenom=["ZOE"], Sexe="X", DateNaissance="1975-12-31")
    assert "insi_24" in etree.tostring(refused.value.detail).decode()
