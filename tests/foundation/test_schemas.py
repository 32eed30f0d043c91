"""The published schemas load without a network and answer in French, without a patient's data."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from lxml import etree

from opensegur.foundation import schemas
from opensegur.foundation.errors import ConfigurationError, OpenSegurError
from opensegur.foundation.schemas import NAMES, load_schema
from opensegur.foundation.soap import NS_SOAP12
from opensegur.foundation.xml import parse

_BODY = f"{{{NS_SOAP12}}}Body"
_VALID = {
    "xds": '<r:RegistryResponse xmlns:r="urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0" status="urn:x"/>',
    "saml": '<s:Assertion xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" IssueInstant="2026-01-15T09:00:00Z"'
    ' Version="2.0"><s:Issuer>CN=X</s:Issuer></s:Assertion>',
    "soap": f'<s:Envelope xmlns:s="{NS_SOAP12}"><s:Body><x/></s:Body></s:Envelope>',
    "wsa": '<a:Action xmlns:a="http://www.w3.org/2005/08/addressing">urn:x</a:Action>',
    "insi/recsans": '<i:RECSANSVITALE xmlns:i="http://www.cnamts.fr/INSiRecSans"/>',
    "insi/resultat": '<RESULTAT xmlns="http://www.cnamts.fr/INSiResultat"><CR><CodeCR>01</CodeCR>'
    "<LibelleCR>Aucune identite trouvee</LibelleCR></CR></RESULTAT>",
}


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_loads_once(name: str) -> None:
    assert load_schema(name) is load_schema(name)


@pytest.mark.parametrize("name", _VALID)
def test_what_is_valid_has_no_finding(name: str) -> None:
    assert load_schema(name).findings(etree.fromstring(_VALID[name])) == []


@pytest.mark.parametrize("name", NAMES)
def test_another_vocabulary_is_not_declared(name: str) -> None:
    (finding,) = load_schema(name).findings(etree.fromstring("<autre/>"))
    assert finding.rule == "XSD/CVC_ELT_1"
    assert "autre" in finding.message


@pytest.mark.parametrize(
    ("name", "source", "rule", "said"),
    [
        ("xds", _VALID["xds"].replace(' status="urn:x"', ""), "CVC_COMPLEX_TYPE_4", "status"),
        ("saml", _VALID["saml"].replace("2026-01-15T09:00:00Z", "hier"), "CVC_DATATYPE_VALID_1_2_1", "IssueInstant"),
        ("saml", _VALID["saml"].replace("<s:Issuer>CN=X</s:Issuer>", ""), "ELEMENT_CONTENT", "Issuer"),
        ("soap", _VALID["soap"].replace("Body", "Corps"), "ELEMENT_CONTENT", "Header, Body"),
        ("insi/resultat", _VALID["insi/resultat"].replace("CodeCR", "Code"), "ELEMENT_CONTENT", "CodeCR"),
        ("soap", _VALID["soap"].replace("<s:Body>", '<s:Body x="1">'), "", ""),
    ],
)
def test_what_is_wrong_is_said(name: str, source: str, rule: str, said: str) -> None:
    found = load_schema(name).findings(etree.fromstring(source))
    if rule:
        assert found[0].rule == f"XSD/{rule}"
        assert said in found[0].message + found[0].repair
    assert all(finding.message.endswith(".") and "Element" not in finding.message for finding in found)


def test_a_finding_repeats_no_value() -> None:
    found = load_schema("saml").findings(etree.fromstring(_VALID["saml"].replace("2026-01-15T09:00:00Z", "MARTIN")))
    assert found
    assert "MARTIN" not in repr(found)


def test_a_document_that_is_attached_counts_as_present() -> None:
    source = (
        '<x:RetrieveDocumentSetResponse xmlns:x="urn:ihe:iti:xds-b:2007">'
        '<r:RegistryResponse xmlns:r="urn:oasis:names:tc:ebxml-regrep:xsd:rs:3.0" status="urn:x"/>'
        "<x:DocumentResponse><x:RepositoryUniqueId>1</x:RepositoryUniqueId><x:DocumentUniqueId>2</x:DocumentUniqueId>"
        '<x:mimeType>text/xml</x:mimeType><x:Document><o:Include xmlns:o="http://www.w3.org/2004/08/xop/include" '
        'href="cid:d"/></x:Document></x:DocumentResponse></x:RetrieveDocumentSetResponse>'
    )
    element = etree.fromstring(source)
    assert load_schema("xds").findings(element) == []
    assert b"Include" in etree.tostring(element)


def test_one_schema_serves_many_threads() -> None:
    schema = load_schema("soap")
    wrong: list[object] = []

    def check(valid: bool) -> None:
        source = _VALID["soap"] if valid else _VALID["soap"].replace("Body", "Corps")
        verdicts = [schema.findings(etree.fromstring(source)) == [] for _ in range(50)]
        wrong.extend(verdict for verdict in verdicts if verdict is not valid)

    threads = [threading.Thread(target=check, args=(index % 2 == 0,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_an_unknown_schema_is_a_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="SCHEMA_UNKNOWN"):
        load_schema("cda")


@pytest.mark.parametrize(
    "address", ["http://192.0.2.1/autre.xsd", "file:///etc/passwd", "../../errors.py", "autre.xsd"]
)
def test_an_import_from_elsewhere_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Fake:
        def read_bytes(self) -> bytes:
            return (
                '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
                f'<xs:import namespace="urn:x" schemaLocation="{address}"/></xs:schema>'
            ).encode()

        def is_file(self) -> bool:
            return True

    genuine = schemas._file
    monkeypatch.setattr(schemas, "_file", lambda path: Fake() if path == "saml/faux.xsd" else genuine(path))
    monkeypatch.setitem(schemas._FILES, "faux", "saml/faux.xsd")
    with pytest.raises(OpenSegurError):
        load_schema("faux")


@pytest.mark.fixtures
def test_the_sample_messages_of_the_dmp_are_valid(official: Path) -> None:
    checked = 0
    for sample in sorted((official / "dmp" / "samples-dmp").glob("*.xml")):
        root = parse(sample.read_bytes())
        if root.tag != f"{{{NS_SOAP12}}}Envelope":
            continue
        assert load_schema("soap").findings(root) == [], sample.name
        body = root.find(_BODY)
        assert body is not None
        if "ebxml" in str(body[0].tag) or "xds-b" in str(body[0].tag):
            assert load_schema("xds").findings(body[0]) == [], sample.name
            checked += 1
    assert checked > 30


@pytest.mark.fixtures
def test_the_sample_vihf_are_valid(official: Path) -> None:
    samples = sorted((official / "dmp" / "samples-dmp").glob("vihf-*.xml"))
    assert samples
    for sample in samples:
        assert load_schema("saml").findings(parse(sample.read_bytes())) == [], sample.name
