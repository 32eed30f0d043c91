"""Distinguished names: the same one written in many ways, and others."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from opensegur.sandbox.dmp.noms_x500 import same_name

CARTE = x509.Name(
    [
        x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COUNTRY_NAME, "FR")]),
        x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.TITLE, "Médecin")]),
        x509.RelativeDistinguishedName(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, "899700123456"),
                x509.NameAttribute(NameOID.SURNAME, "LE GOFF, FILLE"),
                x509.NameAttribute(NameOID.GIVEN_NAME, "SOAZIG"),
            ]
        ),
    ]
)


@pytest.mark.parametrize(
    "text",
    [
        "CN=899700123456+SN=LE GOFF\\, FILLE+GN=SOAZIG,T=Médecin,C=FR",
        'C=FR, T=Médecin, GN=SOAZIG+CN=899700123456+SN="LE GOFF, FILLE"',
        "CN=899700123456+2.5.4.4=#0c0e4c4520474f46462c2046494c4c45+2.5.4.42=#1306534f415a4947,2.5.4.12=M\\C3\\A9decin,C=FR",
        "cn=899700123456 + surname=le goff\\2c fille + givenname=Soazig , title=médecin , c=fr",
    ],
)
def test_one_name_written_in_several_ways(text):
    assert same_name(text, CARTE)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "C=FR",
        "CN=899700123456,C=FR",
        "n’importe quoi",
        "CN=#ff,C=FR",
        "=,=",
        "CN=899700123456+SN=X+GN=SOAZIG,T=Médecin,C=FR",
    ],
)
def test_other_names(text):
    assert not same_name(text, CARTE)


@given(st.text(max_size=80))
def test_any_text_is_read_as_a_name(text):
    assert same_name(text, CARTE) in {True, False}
