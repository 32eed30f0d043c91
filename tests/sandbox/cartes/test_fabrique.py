"""Cards as the sandbox makes them, before any chip: who, which kind, with which defect."""

from __future__ import annotations

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from opensegur.foundation.errors import ConfigurationError, InvalidValue
from opensegur.sandbox.cartes.fabrique import find_holder, make_card
from opensegur.sandbox.cartes.modele import Defaut, Genre
from opensegur.sandbox.cartes.softhsm import find_softhsm
from opensegur.sandbox.pki.confiance import Defaut as Doute
from opensegur.sandbox.pki.confiance import is_authentication, is_signature, names
from opensegur.sandbox.pki.gabarits import OID_CARD_TYPE, OID_CATEGORY
from opensegur.sandbox.population.acteurs import MEDECIN, PROFESSIONNELS, REMPLACANT, SECRETAIRE


def made(contexte, person=MEDECIN, genre=None, **options):
    _, structures = find_holder(contexte, person.id_nat)
    return make_card(contexte, person, structures, genre, **options)


def number(certificate, oid):
    return certificate.extensions.get_extension_for_oid(oid).value.value


@pytest.mark.parametrize("person", PROFESSIONNELS, ids=lambda item: item.nom)
def test_everybody_may_have_a_card(contexte, person):
    card = made(contexte, person)
    for pair, suits in ((card.authentification, is_authentication), (card.signature, is_signature)):
        assert suits(pair[0])
        assert contexte.pki.confiance.fault(pair[0], contexte.clock.now()) is None
        assert names(pair[0], NameOID.COMMON_NAME) == (person.id_nat,)
    assert len(card.reservees) == len(find_holder(contexte, person.id_nat)[1])


@pytest.mark.parametrize(
    ("person", "genre", "value"),
    [
        (MEDECIN, None, 0),
        (MEDECIN, Genre.CPF, 1),
        (SECRETAIRE, None, 2),
        (SECRETAIRE, Genre.CDE, 2),
        (SECRETAIRE, Genre.CPA, 3),
    ],
    ids=["CPS", "CPF", "CPE", "CDE", "CPA"],
)
def test_the_kind_is_written_as_the_authority_writes_it(contexte, person, genre, value):
    certificate, _ = made(contexte, person, genre).authentification
    assert (number(certificate, OID_CARD_TYPE), number(certificate, OID_CATEGORY)) == (
        bytes((2, 1, value)),
        b"\x02\x01\x50",
    )


@pytest.mark.parametrize(
    ("defaut", "doute"),
    [
        (Defaut.AUCUN, None),
        (Defaut.EXPIREE, Doute.EXPIRE),
        (Defaut.FUTURE, Doute.EXPIRE),
        (Defaut.REVOQUEE, Doute.REVOQUE),
        (Defaut.INVERSEE, Doute.USAGE),
    ],
    ids=str,
)
def test_each_defect_is_what_the_services_refuse(contexte, defaut, doute):
    certificate, _ = made(contexte, defaut=defaut).signature
    assert contexte.pki.confiance.fault_of_signature(certificate, contexte.clock.now()) is doute


def test_a_locum_has_a_card_without_any_activity(contexte):
    assert made(contexte, REMPLACANT).reservees == {}


def test_the_names_of_before(contexte):
    certificate, _ = made(contexte, ancienne=True).signature
    assert names(certificate, NameOID.COMMON_NAME) == ("MARCHAND CLAIRE",)
    assert names(certificate, NameOID.SERIAL_NUMBER) == (MEDECIN.id_nat,)


def test_a_card_is_listed_among_what_was_issued(contexte):
    card = made(contexte)
    listed = {each.serie for each in contexte.registre.all() if card.serie in each.porteur}
    assert listed == {f"{pair[0].serial_number:x}" for pair in (card.authentification, card.signature)}


def test_the_addresses_of_a_card_are_those_of_the_running_sandbox(contexte):
    points = made(contexte).signature[0].extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    assert points[0].full_name[0].value.startswith(contexte.settings.http_url)


def test_nobody_of_that_number_has_a_card(contexte):
    with pytest.raises(InvalidValue) as refused:
        find_holder(contexte, "899700500999")
    assert refused.value.code == "CARTE_PORTEUR"


def test_without_softhsm_the_advice_is_to_install_it(tmp_path):
    with pytest.raises(ConfigurationError) as refused:
        find_softhsm(str(tmp_path / "absente.so"))
    assert refused.value.code == "SOFTHSM_ABSENT"
    assert "softhsm2" in refused.value.conseil
