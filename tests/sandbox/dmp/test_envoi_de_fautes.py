"""A fault's subcode is a name that any reader can resolve, whatever space its code comes from."""

from __future__ import annotations

import pytest
from lxml import etree

from opensegur.foundation.xml import parse
from opensegur.sandbox.dmp.catalogue import CATALOGUE, manque
from opensegur.sandbox.dmp.enveloppe import build_fault

_SOAP = "{http://www.w3.org/2003/05/soap-envelope}"


@pytest.mark.parametrize(
    "regle", ["wsa.action", "wsa.action_http", "vihf.absent", "vihf.certificat_usage", "message.type"]
)
def test_the_prefix_of_a_subcode_is_declared_where_it_stands(regle: str) -> None:
    root = parse(build_fault(manque(regle), relates_to="urn:uuid:1"))
    value = root.find(f".//{_SOAP}Subcode/{_SOAP}Value")
    assert value is not None
    prefix, _, name = (value.text or "").partition(":")
    assert name == CATALOGUE[regle].code
    assert prefix in value.nsmap, etree.tostring(root)
