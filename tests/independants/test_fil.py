"""What travelled, judged by others: xmlsec1 for the signatures, the published schemas for every message."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest
from lxml import etree

from opensegur.dmp import Habilitation, prepare_submission
from opensegur.foundation.identifiers import new_oid
from opensegur.foundation.mtom import unpack
from opensegur.ins import InsiClient, RequeteTraits, Sexe, insi_transport

_SOAP = "{http://www.w3.org/2003/05/soap-envelope}"
_XDSIG = "http://www.w3.org/2000/09/xmldsig#"
_REMOTE = {
    "http://www.w3.org/2001/xml.xsd": "xml.xsd",
    "http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd": "xmldsig-core-schema.xsd",
    "http://www.w3.org/TR/2002/REC-xmlenc-core-20021210/xenc-schema.xsd": "xenc-schema.xsd",
}
needs_xmlsec1 = pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="needs xmlsec1")


@pytest.fixture
def parcours(dmp, document, emetteur, lecteur):
    """A whole journey on the wire: deposit, authorisation, search, reading."""
    client, recorder = dmp
    uid, matricule, data = document
    client.check_existence(matricule, emetteur)
    client.submit(prepare_submission(data, uid=new_oid(), uid_signature=new_oid()), emetteur)
    client.set_authorization(matricule, lecteur, Habilitation.AJOUT)
    assert uid in {entry.unique_id for entry in client.find_documents(matricule, lecteur)}
    assert client.retrieve(uid, matricule, lecteur) == data
    return recorder.echanges


def test_the_deposited_bytes_are_those_that_come_back(parcours, document):
    *_, data = document
    deposit = next(request for request, _ in parcours if request.url.endswith("/repository"))
    _, parts = unpack(deposit.body, deposit.headers["Content-Type"])
    assert data in [part.data for part in parts.values()]


@needs_xmlsec1
def test_xmlsec1_verifies_each_token_with_the_sandbox_root(parcours, bac, tmp_path):
    for index, root in enumerate(roots(request for request, _ in parcours)):
        path = tmp_path / f"message-{index}.xml"
        path.write_bytes(etree.tostring(root))
        verify(path, bac, "--id-attr:ID", "urn:oasis:names:tc:SAML:2.0:assertion:Assertion")
    assert index >= 4


@needs_xmlsec1
def test_xmlsec1_verifies_the_signature_of_the_lot(parcours, bac, tmp_path):
    deposit = next(request for request, _ in parcours if request.url.endswith("/repository"))
    _, parts = unpack(deposit.body, deposit.headers["Content-Type"])
    signature = next(part.data for part in parts.values() if _XDSIG.encode() in part.data[:400])
    path = tmp_path / "signature.xml"
    path.write_bytes(signature)
    verify(
        path, bac, "--ignore-manifests", "--id-attr:Id", f"{_XDSIG}:Manifest",
        "--id-attr:Id", "http://uri.etsi.org/01903/v1.1.1#:SignedProperties",
    )  # fmt: skip


def verify(path, bac, *options):
    """The chain is verified too, up to the sandbox's root."""
    command = ["xmlsec1", "--verify", "--enabled-key-data", "x509,rsa"]
    anchors = ["--trusted-pem", str(bac.contexte.pki.racine)]
    for certificate in split_pem(bac.contexte.pki.ancres.read_text(encoding="ascii")):
        intermediate = path.with_suffix(f".{len(certificate)}.{hash(certificate)}.pem")
        intermediate.write_text(certificate, encoding="ascii")
        anchors += ["--untrusted-pem", str(intermediate)]
    done = subprocess.run([*command, *anchors, *options, str(path)], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")


def split_pem(text):
    end = "-----END CERTIFICATE-----\n"
    return [part + end for part in text.split(end) if part.strip()]


@pytest.mark.fixtures
def test_every_message_of_the_dmp_satisfies_the_published_schemas(parcours, official):
    xds = schema(official / "dmp/xsd/xds/XDS.b_DocumentRepository.xsd")
    saml = schema(official / "dmp/xsd/saml/saml-schema-assertion-2.0.xsd")
    seen = set()
    for request, response in parcours:
        for message, is_request in ((request, True), (response, False)):
            root = root_of(message)
            body = root.find(f"{_SOAP}Body")[0]
            if body.tag.startswith(("{urn:ihe:iti:xds-b", "{urn:oasis:names:tc:ebxml-regrep")):
                seen.add(etree.QName(body).localname)
                assert_valid(xds, body)
            if is_request:
                assert_valid(saml, root.find(".//{urn:oasis:names:tc:SAML:2.0:assertion}Assertion"))
    assert seen == {
        "ProvideAndRegisterDocumentSetRequest", "RegistryResponse", "AdhocQueryRequest", "AdhocQueryResponse",
        "RetrieveDocumentSetRequest", "RetrieveDocumentSetResponse",
    }  # fmt: skip


@pytest.mark.fixtures
def test_both_messages_of_insi_satisfy_the_published_schemas(bac, official):
    folder = official / "ins/wsdl/xsd"
    with insi_transport(bac.configuration) as transport:
        client = InsiClient.from_configuration(bac.configuration, transport)
        answer = client.search_by_traits(RequeteTraits("ADRTROIS", "DOMINIQUE", Sexe.F, "1997-02-26"))
    request, response = etree.fromstring(answer.raw_request), etree.fromstring(answer.raw_answer)
    header, body = request.find(f"{_SOAP}Header"), request.find(f"{_SOAP}Body")
    parts = (
        (header.find("{urn:siram:bam:ctxbam}ContexteBAM"), "CTX/ROOT_ctxbam_CTXBAM_V01_02.xsd"),
        (header.find("{urn:siram:lps:ctxlps}ContexteLPS"), "CTX/ROOT_ctxlps_CTXLPS_V01_00.xsd"),
        (body[0], "ServiceIdentiteCertifiee/INSi_RECSANS_INS.xsd"),
        (response.find(f"{_SOAP}Body")[0], "ServiceIdentiteCertifiee/INSi_RESULTAT_INS.xsd"),
    )
    for element, path in parts:
        assert_valid(schema(folder / path), element)


def roots(messages) -> Iterator[etree._Element]:
    return (root_of(message) for message in messages)


def root_of(message):
    content_type = next(value for name, value in message.headers.items() if name.lower() == "content-type")
    data = unpack(message.body, content_type)[0] if content_type.startswith("multipart/") else message.body
    return etree.fromstring(data)


class _Beside(etree.Resolver):
    """Imports by absolute address are answered from the schema's own folder."""

    def __init__(self, folder):
        super().__init__()
        self._folder = folder

    def resolve(self, url, _public_id, context):
        local = _REMOTE.get(url)
        return self.resolve_filename(str(self._folder / local), context) if local else None


def schema(path):
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Beside(path.parent))
    return etree.XMLSchema(etree.parse(str(path), parser))


def assert_valid(judge, element):
    """A part that travels beside the message stands for its bytes (XOP)."""
    whole = etree.fromstring(etree.tostring(element))
    for include in list(whole.iter("{http://www.w3.org/2004/08/xop/include}Include")):
        include.getparent().remove(include)
    if not judge.validate(whole):
        # HL7 values inside SAML name their data type, which the SAML schema does not know
        foreign = [error for error in judge.error_log if "{urn:hl7-org:v3}" not in error.message]
        assert not foreign, [(error.type_name, error.message) for error in foreign]
