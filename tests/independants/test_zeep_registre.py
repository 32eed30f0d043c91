"""zeep on the IHE contract of the registry (ITI-18), with our VIHF in its header."""

from __future__ import annotations

import pytest
import zeep
from lxml import etree
from zeep.exceptions import Fault
from zeep.plugins import Plugin
from zeep.transports import Transport

from opensegur.dmp import Acteur, Habilitation, prepare_submission
from opensegur.dmp.connexion import dmp_signer
from opensegur.dmp.vihf import build_security_header
from opensegur.foundation.identifiers import new_oid
from opensegur.foundation.ports import SystemClock

pytestmark = pytest.mark.fixtures
_UNIQUE_ID = (
    "*[local-name() = 'ExternalIdentifier']"
    "[@identificationScheme = 'urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab']/@value"
)
_FIND_DOCUMENTS = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"


class _Action(Plugin):
    """The contract names no SOAPAction: zeep then writes the action « None » in the Content-Type."""

    def egress(self, envelope, http_headers, operation, binding_options):
        http_headers["Content-Type"] = "application/soap+xml; charset=utf-8"
        return envelope, http_headers


@pytest.fixture(scope="module")
def registre(bac, official):
    point = bac.configuration.dmp
    with bac.session(point.certificat, point.cle) as session:
        client = zeep.Client(
            str(official / "dmp/wsdl/iti18.wsdl"),
            transport=Transport(session=session),
            plugins=[_Action()],
            settings=zeep.Settings(strict=False),
        )
        yield client.create_service(next(iter(client.wsdl.bindings)), f"{point.url}/registry")


@pytest.fixture
def vihf(bac):
    def build(acteur: Acteur, matricule):
        configuration = bac.configuration
        return build_security_header(
            acteur, configuration.structure, configuration.lps, matricule,
            signer=dmp_signer(configuration), moment=SystemClock().now(),
        )  # fmt: skip

    return build


def find_documents(registre, matricule, entete):
    def slot(name, value):
        return {"name": name, "ValueList": {"_value_1": [{"Value": value}]}}

    return registre.DocumentRegistry_RegistryStoredQuery(
        ResponseOption={"returnType": "LeafClass", "returnComposedObjects": True},
        AdhocQuery={
            "id": _FIND_DOCUMENTS,
            "Slot": [
                slot("$XDSDocumentEntryPatientId", f"'{matricule.valeur}^^^&{matricule.oid}&ISO^NH'"),
                slot("$XDSDocumentEntryStatus", "('urn:oasis:names:tc:ebxml-regrep:StatusType:Approved')"),
            ],
        },
        _soapheaders=[entete],
    )


@pytest.fixture
def depose(dmp, document, emetteur, lecteur):
    """A document in the DMP of a patient who has authorised the reader: its OID and the matricule."""
    client, _ = dmp
    uid, matricule, data = document
    client.submit(prepare_submission(data, uid=new_oid(), uid_signature=new_oid()), emetteur)
    client.set_authorization(matricule, lecteur, Habilitation.AJOUT)
    return uid, matricule


def test_a_deposited_document_is_listed(registre, vihf, depose, lecteur):
    uid, matricule = depose
    answer = find_documents(registre, matricule, vihf(lecteur, matricule))
    assert answer.status == "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"
    # zeep knows no substitution groups: it hands the entries over as they are
    entries = answer.RegistryObjectList._raw_elements
    assert {etree.QName(entry).localname for entry in entries} == {"ExtrinsicObject"}
    found = [entry.xpath(_UNIQUE_ID)[0] for entry in entries]
    assert found.count(uid) == 1


def test_whoever_may_not_consult_gets_the_national_fault(registre, vihf, document, emetteur):
    _, matricule, _ = document
    with pytest.raises(Fault) as refused:
        find_documents(registre, matricule, vihf(emetteur, matricule))
    assert refused.value.subcodes


def test_a_token_serves_once(registre, vihf, depose, lecteur):
    _, matricule = depose
    token = vihf(lecteur, matricule)
    find_documents(registre, matricule, token)
    with pytest.raises(Fault):
        find_documents(registre, matricule, token)
