"""The demonstration's authorities and certificates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from opensegur.foundation.certificates import SoftwareSigner
from opensegur.foundation.errors import ConfigurationError
from opensegur.sandbox.pki.confiance import Confiance, Defaut, is_authentication, is_signature, names
from opensegur.sandbox.pki.gabarits import Usage, authority_name, issue, issue_authority
from opensegur.sandbox.pki.magasin import ESSAIS, ORGANISATIONS_NAME, ROOT_NAME, open_pki
from opensegur.sandbox.population.acteurs import CABINET, MEDECIN, PROFESSIONNELS, STRUCTURES

NOW = datetime.now(UTC)


@pytest.fixture
def pki(donnees):
    return open_pki(donnees / "pki")


def certificate(pair):
    return x509.load_pem_x509_certificates(pair.certificat.read_bytes())[0]


@pytest.mark.parametrize("structure", STRUCTURES, ids=lambda item: item.id_nat)
def test_a_structure_has_its_three_pairs(pki, structure):
    for pair in (pki.insi(structure.id_nat), pki.dmp_auth(structure.id_nat), pki.dmp_sign(structure.id_nat)):
        found = certificate(pair)
        assert names(found, NameOID.ORGANIZATIONAL_UNIT_NAME) == (structure.id_nat,)
        assert found.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == ORGANISATIONS_NAME
        assert pki.confiance.fault(found, NOW) is None
        SoftwareSigner.from_pem(pair.certificat.read_bytes(), pair.cle.read_bytes())
    assert names(certificate(pki.insi(structure.id_nat)), NameOID.COMMON_NAME) == ("INSI-MANU",)


def test_the_two_uses_are_never_swapped(pki):
    auth, sign = certificate(pki.dmp_auth(CABINET.id_nat)), certificate(pki.dmp_sign(CABINET.id_nat))
    assert is_authentication(auth)
    assert not is_signature(auth)
    assert is_signature(sign)
    assert not is_authentication(sign)
    assert pki.confiance.fault_of_signature(auth, NOW) is Defaut.USAGE
    assert pki.confiance.fault_of_authentication(sign, NOW) is Defaut.USAGE


def test_a_card_has_one_multi_valued_name(pki):
    found = certificate(pki.client(MEDECIN.id_nat, "cps-sign"))
    last = found.subject.rdns[-1]
    assert len(last) == 3
    assert names(found, NameOID.COMMON_NAME) == (MEDECIN.id_nat,)
    assert pki.confiance.fault_of_signature(found, NOW) is None


def test_every_professional_with_a_rpps_has_a_card(pki):
    for person in PROFESSIONNELS:
        if person.rpps:
            assert pki.client(person.id_nat, "cps-auth").cle.is_file()


@pytest.mark.parametrize(
    ("usage", "fault"), [("expire", Defaut.EXPIRE), ("revoque", Defaut.REVOQUE), ("autre-cn", None)]
)
def test_the_certificates_made_to_be_refused(pki, usage, fault):
    assert pki.confiance.fault_of_authentication(certificate(pki.client(ESSAIS, usage)), NOW) is fault


def test_a_certificate_of_another_authority_of_the_same_name(pki):
    start = NOW - timedelta(days=1)
    root = issue_authority(ROOT_NAME, None, start, 10)
    other = issue_authority(ORGANISATIONS_NAME, root, start, 10)
    forged, _ = issue(authority_name("INSI-MANU"), Usage.AUTHENTIFICATION, other, start, 5)
    assert pki.confiance.fault(forged, NOW) is Defaut.CHAINE


def test_an_end_certificate_cannot_issue(pki):
    start = NOW - timedelta(days=1)
    root = issue_authority("R", None, start, 10)
    middle, key = issue(authority_name("FIN"), Usage.AUTHENTIFICATION, root, start, 5)
    from opensegur.sandbox.pki.gabarits import Autorite

    forged, _ = issue(authority_name("X"), Usage.AUTHENTIFICATION, Autorite(middle, key), start, 5)
    trust = Confiance((root.certificat, middle), frozenset())
    assert trust.fault(forged, NOW) is Defaut.CHAINE
    assert trust.fault(middle, NOW) is None
    assert trust.fault(root.certificat, NOW) is Defaut.CHAINE


def test_an_authority_out_of_its_period_issues_nothing(pki):
    found = certificate(pki.insi(CABINET.id_nat))
    assert pki.confiance.fault(found, NOW + timedelta(days=4000)) is Defaut.CHAINE


def test_the_folder_is_read_again_as_it_is(pki, donnees):
    before = pki.racine.read_bytes()
    assert open_pki(donnees / "pki").racine.read_bytes() == before


def test_a_damaged_folder_says_so(pki, donnees):
    (donnees / "pki" / "ancres.pem").write_text("rien", encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        open_pki(donnees / "pki")
    assert refused.value.code == "SANDBOX_PKI"


def test_a_pair_that_does_not_exist(pki):
    with pytest.raises(ConfigurationError) as refused:
        pki.client("399999999900000", "insi")
    assert refused.value.code == "SANDBOX_CERTIFICAT"
