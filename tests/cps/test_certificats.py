"""The certificates of a card: both shapes of the name, the kind, test or real, and what each one is for."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atelier_igc import make
from opensegur.cps import CpsError, TypeCarte
from opensegur.cps.certificats import (
    is_for_authentication,
    is_for_signature,
    is_test,
    read_certificate,
    read_porteur,
    read_type,
)
from opensegur.cps.testing import make_card
from opensegur.foundation.testing import Authority


def pair(**options: object) -> tuple[x509.Certificate, x509.Certificate]:
    card = make_card(**options)  # type: ignore[arg-type]
    return card.paires[0x20][1], card.paires[0x10][1]


def _expect(error: CpsError, *codes: str) -> None:
    assert error.code in codes


def test_the_two_certificates_are_told_apart():
    auth, sign = pair()
    assert (is_for_authentication(auth), is_for_signature(auth)) == (True, False)
    assert (is_for_authentication(sign), is_for_signature(sign)) == (False, True)


def _usage(*, signature: bool, commitment: bool, client: bool) -> x509.Certificate:
    usage = x509.KeyUsage(signature, commitment, *[False] * 7)
    extended = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    return make("CARTE", None, extra=((usage, True), *(((extended, False),) if client else ()))).certificate


@pytest.mark.parametrize(
    ("usage", "authentication", "signature"),
    [
        ({"signature": True, "commitment": False, "client": True}, True, False),
        ({"signature": True, "commitment": False, "client": False}, True, False),
        ({"signature": False, "commitment": True, "client": False}, False, True),
        ({"signature": True, "commitment": True, "client": False}, False, True),
        ({"signature": True, "commitment": True, "client": True}, False, False),
        ({"signature": False, "commitment": False, "client": True}, False, False),
    ],
    ids=["client", "bare", "commitment", "both", "both and client", "neither"],
)
def test_a_pair_is_known_by_what_its_certificate_allows(usage, authentication, signature):
    found = _usage(**usage)
    assert (is_for_authentication(found), is_for_signature(found)) == (authentication, signature)


def test_a_name_in_one_part_is_read_whole():
    auth, _ = pair(id_nat="899700218896", nom="LE GOFF", prenom="SOAZIG", titre="Infirmier")
    assert max(len(part) for part in auth.subject.rdns) == 3
    porteur = read_porteur(auth)
    assert (porteur.nom, porteur.prenom, porteur.profession) == ("LE GOFF", "SOAZIG", "60")


@pytest.mark.parametrize(
    ("number", "titre", "kind"),
    [
        (0, "Médecin", TypeCarte.CPS),
        (1, "Étudiant en médecine", TypeCarte.CPF),
        (2, "Secrétaire", TypeCarte.CPE),
        (2, "Directrice", TypeCarte.CDE),
        (3, "Agent", TypeCarte.CPA),
        (3, "Directeur", TypeCarte.CDA),
    ],
    ids=str,
)
def test_the_kind_is_the_extensions_and_a_director_the_titles(number, titre, kind):
    auth, _ = pair(type_carte=number, titre=titre)
    assert read_type(auth, read_porteur(auth)) is kind


def test_a_kind_that_does_not_exist_is_refused():
    auth, _ = pair(type_carte=9)
    with pytest.raises(CpsError) as refused:
        read_type(auth, read_porteur(auth))
    assert refused.value.code == "CPS_CARTE_INCONNUE"


def test_a_certificate_of_a_structure_is_no_card():
    found = Authority().issue("DMP SIGN", organization="CH EXEMPLE", unit="1750099990").certificate
    with pytest.raises(CpsError) as refused:
        read_porteur(found)
    assert refused.value.code == "CPS_CERTIFICAT"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_named_error(data):
    with pytest.raises(CpsError) as refused:
        read_certificate(data)
    assert refused.value.code == "CPS_CERTIFICAT"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(position=st.integers(0, 4000), octet=st.integers(0, 255))
def test_one_spoilt_byte_never_breaks_the_reader(position, octet):
    der = bytearray(pair()[0].public_bytes(Encoding.DER))
    der[position % len(der)] = octet
    try:
        found = read_certificate(bytes(der))
        porteur = read_porteur(found)
        read_type(found, porteur)
        is_test(found)
        is_for_signature(found)
    except CpsError as error:
        _expect(error, "CPS_CERTIFICAT", "CPS_CARTE_INCONNUE")
