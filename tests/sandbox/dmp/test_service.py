"""The whole service over the sandbox's application: dossiers of the start, exchanges, faults, contract, zeep."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
import zeep
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from lxml import etree
from zeep.transports import Transport

from opensegur.sandbox.dmp.depot import Depot
from opensegur.sandbox.dmp.enregistrement import read_stored
from opensegur.sandbox.dmp.metadonnees import check_object
from opensegur.sandbox.dmp.routes import CATALOGUE
from opensegur.sandbox.faults import Fault, Nature
from opensegur.sandbox.population.acteurs import CABINET, MEDECIN
from opensegur.sandbox.population.personnes import load_personnes
from opensegur.sandbox.state import SCENARIO_VIDE

BASE = "https://localhost:8443/si-dmp-server/v2/services"
FABRE, LE_GUILLOU, NDIAYE, COURTOIS = "222021207090089", "282055730490020", "296109939690079", "174024512390057"


@pytest.fixture
def bac(contexte, tls_client, trousseau, outils):
    """A caller of the running application, with the certificates that the sandbox gives."""

    class Bac:
        def __init__(self):
            connection = sqlite3.connect(":memory:", isolation_level=None)
            self.atelier = outils.Atelier(trousseau, connection)
            for name, usage in (("bac-sign", "dmp-sign"), ("bac-auth", "dmp-auth")):
                pair = contexte.pki.client(CABINET.id_nat, usage)
                trousseau.paires[name] = (
                    load_pem_x509_certificate(pair.certificat.read_bytes()),
                    load_pem_private_key(pair.cle.read_bytes(), None),
                )
            self.client = tls_client(contexte.pki.dmp_auth(CABINET.id_nat))
            self.porteur = outils.Porteur(
                personne=MEDECIN,
                structure=CABINET,
                sign="bac-sign",
                auth="bac-auth",
                ins=FABRE,
                emis=contexte.clock.now(),
            )

        def post(self, service, data, content_type="application/soap+xml; charset=utf-8"):
            return self.client.post(f"{BASE}/{service}", content=data, headers={"Content-Type": content_type})

        def exists(self, ins):
            body = etree.fromstring(outils.demographics(ins))
            vihf = self.atelier.vihf(self.porteur.but(ins=ins, emis=contexte.clock.now()))
            message = self.atelier.envelope(outils.ACTIONS["patients"], body, vihf)
            return self.post("patients", etree.tostring(message))

    return Bac()


def test_the_dossiers_of_the_start(bac):
    assert 'code="VALIDE"' in bac.exists(FABRE).text
    assert 'code="INTERDIT"' in bac.exists(LE_GUILLOU).text
    assert 'code="terminated"' in bac.exists(NDIAYE).text
    assert 'code="DMPPatientNotFound"' in bac.exists(COURTOIS).text


def test_a_lot_goes_through_the_application(bac, contexte, outils):
    lot = outils.Lot(docs=[outils.Doc(ins=FABRE, uid="1.2.3.1")], ins=FABRE)
    body, content_type = bac.atelier.lot_message(lot, bac.porteur)
    answer = bac.post("repository", body, content_type)
    assert answer.status_code == 200
    assert "ResponseStatusType:Success" in answer.text
    exchange = contexte.exchanges.get(contexte.exchanges.search(service="dmp")[0].id)
    assert exchange.operation == "TD2.1"
    assert exchange.verdict.issue == "acceptee"
    assert exchange.resume["document"] == "1.2.3.1, type 11488-4"
    assert exchange.requete == body
    again = bac.post("repository", body, content_type)
    assert again.status_code == 500, "the same VIHF does not serve twice"
    refused = contexte.exchanges.search(service="dmp")[0]
    assert [item.regle.id for item in refused.verdict.refus] == ["vihf.rejeu"]


def test_the_documents_of_the_start_are_in_order(contexte):
    with closing(sqlite3.connect(contexte.store.path)) as connection:
        depot = Depot(connection)
        entries = [fiche for person in load_personnes("test") for fiche in depot.fiches_du_patient(person.ins)]
        contents = {fiche.unique_id: depot.contenu(fiche.entry_uuid) for fiche in entries}
    assert len(entries) >= 12
    for fiche in entries:
        assert list(check_object(read_stored(fiche))) == [], fiche.unique_id
        root = etree.fromstring(contents[fiche.unique_id])
        assert root.find("{*}id").get("root") == fiche.unique_id
        assert root.find("{*}recordTarget/{*}patientRole/{*}id").get("extension") == fiche.ins


def test_an_empty_scenario_has_dossiers_without_documents(contexte):
    contexte.store.reset(SCENARIO_VIDE)
    with closing(sqlite3.connect(contexte.store.path)) as connection:
        depot = Depot(connection)
        assert depot.dossier(FABRE) is not None
        assert depot.fiches_du_patient(FABRE) == []


@pytest.mark.parametrize(
    ("service", "code"), [("repository", "XDSRepositoryOutOfResources"), ("registry", "XDSRegistryBusy")]
)
def test_a_full_service_says_so_by_its_own_code(bac, contexte, service, code):
    contexte.faults.order(Fault("dmp", Nature.FULL))
    answer = bac.post(service, b"<a/>")
    assert answer.status_code == 500
    assert f"soap:{code}" in answer.text
    assert "soap:Receiver" in answer.text


def test_a_message_beyond_the_limit_is_not_read(bac, contexte):
    answer = bac.post("repository", b"x" * (contexte.settings.max_body + 1))
    assert answer.status_code == 413
    assert "MESSAGE_TOO_LARGE" in answer.text


def test_an_authorisation_wears_off_with_the_clock(bac, contexte):
    contexte.clock.advance(timedelta(days=366))
    assert 'code="EXPIRE"' in bac.exists(FABRE).text


def test_nothing_else_answers_here(bac):
    for address in ("registry", "registry/passwd", "registry/query.wsdl"):
        assert bac.client.get(f"{BASE}/{address}").status_code in {404, 405}
    assert bac.client.get(f"{BASE}/patients").status_code == 405


class InProcessTransport(Transport):
    """zeep's HTTP, carried to the application of this process."""

    def __init__(self, client):
        super().__init__()
        self._client = client

    def load(self, url):
        answer = self._client.get(url)
        answer.raise_for_status()
        return answer.content

    def post(self, address, message, headers):
        return self._client.post(address, content=message, headers=dict(headers))


def test_zeep_reads_the_contract_and_searches(bac, contexte, outils):
    client = zeep.Client(
        f"{BASE}/registry?wsdl", transport=InProcessTransport(bac.client), settings=zeep.Settings(strict=False)
    )
    porteur = bac.porteur.but(mode="INDIRECTE_RENFORCEE", emis=contexte.clock.now())
    message = bac.atelier.envelope(outils.ACTIONS["iti18"], etree.Element("x"), bac.atelier.vihf(porteur))
    headers = [item for item in message[0] if etree.QName(item).localname == "Security"]

    def slot(name, value):
        return {"name": name, "ValueList": {"_value_1": [{"Value": value}]}}

    answer = client.service.RegistryStoredQuery(
        ResponseOption={"returnComposedObjects": True, "returnType": "LeafClass"},
        AdhocQuery={
            "id": "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d",
            "Slot": [
                slot("$XDSDocumentEntryPatientId", f"'{outils.cx(FABRE)}'"),
                slot("$XDSDocumentEntryStatus", f"('{outils.APPROVED}')"),
            ],
        },
        _soapheaders=headers,
    )
    assert answer.status.endswith("Success")
    # zeep knows no substitution groups: it hands the entries over as they are
    entries = answer.RegistryObjectList._raw_elements
    titles = {entry.find("{*}Name/{*}LocalizedString").get("value") for entry in entries}
    assert "Directives anticipées" in titles


def test_the_console_can_list_these_rules():
    assert all(rule.service == "dmp" for rule in CATALOGUE.values())
