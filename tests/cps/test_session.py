"""A card at work, in memory: what it tells before and after the code, and what it refuses."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from opensegur.cps import (
    CardSigner,
    CarteRetiree,
    CodeRefuse,
    CpsError,
    Essais,
    Paire,
    TypeCarte,
    answer_challenge,
    check_challenge,
    new_challenge,
    open_card,
)
from opensegur.cps.testing import PIN, CarteVirtuelle, LecteursVirtuels, make_card


def test_before_the_code_a_card_tells_its_holder_and_no_activity(session):
    found = session.read()
    assert (found.type, found.test, found.activites) == (TypeCarte.CPS, True, None)
    porteur = found.porteur
    assert (porteur.id_nat, porteur.nom, porteur.prenom, porteur.profession, porteur.savoir_faire) == (
        "899700218896",
        "ESSAI",
        "CLAUDE",
        "10",
        "SM26",
    )


def test_after_the_code_it_tells_where_its_holder_practises(session):
    session.login(PIN)
    (activite,) = session.read().activites
    structure = activite.structure()
    assert (structure.id_nat, structure.nom, structure.secteur) == ("1750009995", "CABINET D’ESSAI", "SA07")


def test_a_structure_and_its_sector_come_from_the_same_activity(lecteurs):
    from opensegur.cps import SituationExercice

    lecteurs.insert("Lecteur", make_card(activites=(SituationExercice(3, "SANS SECTEUR", "1750009995", ""),)))
    with open_card(lecteurs) as session:
        session.login(PIN)
        (activite,) = session.read().activites
    assert activite.rang == 3
    with pytest.raises(CpsError) as refused:
        activite.structure()
    assert refused.value.code == "CPS_ACTIVITE"


def test_the_holder_becomes_the_professional_that_messages_name(session):
    assert session.read().porteur.professionnel().specialite == "G15_10/SM26"


def test_a_cpe_is_read_as_one_and_its_profession_is_asked(lecteurs):
    lecteurs.insert(
        "Lecteur",
        make_card("500000099200016/CPAT00001", "FAUREL", "LOU", "Secrétaire", type_carte=2, savoir_faire=""),
    )
    found = open_card(lecteurs).read()
    assert (found.type, found.type.soignant, found.porteur.savoir_faire) == (TypeCarte.CPE, False, "")
    with pytest.raises(CpsError) as refused:
        found.porteur.professionnel()
    assert refused.value.code == "CPS_PROFESSION"
    person = found.porteur.professionnel("SECRETARIAT_MEDICAL", "1.2.250.1.213.1.1.4.6")
    assert person.specialite == "SECRETARIAT_MEDICAL"


def test_three_wrong_codes_block_the_card_and_the_last_try_is_announced(session, carte):
    told = []
    for _ in range(2):
        with pytest.raises(CodeRefuse) as refused:
            session.login("0000")
        told.append((refused.value.code, refused.value.essais))
    assert told == [("CPS_PIN_FAUX", Essais.ENTAMES), ("CPS_PIN_FAUX", Essais.DERNIER)]
    assert "qu’un essai" in refused.value.message
    with pytest.raises(CodeRefuse) as warned:
        session.login("0000")
    assert (warned.value.code, carte.restants) == ("CPS_PIN_DERNIER", 1)
    with pytest.raises(CodeRefuse) as blocked:
        session.login("0000", last_try=True)
    assert (blocked.value.code, blocked.value.essais) == ("CPS_PIN_BLOQUE", Essais.BLOQUE)
    with pytest.raises(CodeRefuse) as still:
        session.login(PIN, last_try=True)
    assert still.value.code == "CPS_PIN_BLOQUE"


@pytest.mark.parametrize("pin", ["", "12", "12a4", "１２３４", "123456789", "1234\n"])
def test_what_is_no_code_is_never_tried_on_the_card(session, carte, pin):
    with pytest.raises(CodeRefuse) as refused:
        session.login(pin)
    assert (refused.value.code, carte.restants) == ("CPS_PIN_FORME", 3)


def test_a_good_code_gives_the_tries_back(session, carte):
    with pytest.raises(CodeRefuse):
        session.login("0000")
    session.login(PIN)
    assert (session.essais, carte.restants) == (Essais.INTACTS, 3)


def test_the_code_is_in_no_error(session):
    with pytest.raises(CodeRefuse) as refused:
        session.login("7391")
    said = f"{refused.value} {refused.value.conseil} {refused.value.detail} {refused.value.__dict__}"
    assert "7391" not in said


def test_nothing_is_signed_before_the_code(session):
    with pytest.raises(CpsError) as refused:
        CardSigner(session).sign(b"message")
    assert refused.value.code == "CPS_PIN_DEMANDE"


def test_a_card_taken_out_ends_the_session_and_its_code_is_asked_again(session, lecteurs, carte):
    session.login(PIN)
    signer = CardSigner(session)
    signer.sign(b"avant")
    lecteurs.remove("Lecteur")
    for _ in range(2):
        with pytest.raises(CarteRetiree) as refused:
            signer.sign(b"pendant")
        assert refused.value.retryable
    lecteurs.insert("Lecteur", carte)
    assert not session.code_present
    assert session.read().porteur.nom == "ESSAI"
    with pytest.raises(CpsError) as asked:
        signer.sign(b"apres")
    assert asked.value.code == "CPS_PIN_DEMANDE"
    session.login(PIN)
    assert signer.sign(b"apres")


def test_a_card_taken_out_and_put_back_at_once_does_not_keep_its_code(session, lecteurs, carte):
    session.login(PIN)
    lecteurs.remove("Lecteur")
    lecteurs.insert("Lecteur", carte)
    with pytest.raises(CarteRetiree):
        session.sign(Paire.SIGNATURE, b"message")
    with pytest.raises(CpsError) as asked:
        session.sign(Paire.SIGNATURE, b"message")
    assert asked.value.code == "CPS_PIN_DEMANDE"


def test_another_card_in_the_reader_never_signs_for_the_first(session, lecteurs):
    session.login(PIN)
    lecteurs.insert("Lecteur", make_card("899700218920", "AUTRE", serie="2800000002"))
    with pytest.raises(CarteRetiree):
        session.sign(Paire.SIGNATURE, b"message")
    with pytest.raises(CpsError) as refused:
        session.login(PIN)
    assert refused.value.code == "CPS_AUTRE_CARTE"


def test_a_card_whose_certificates_are_swapped_signs_nothing(lecteurs):
    lecteurs.insert("Lecteur", make_card(inversee=True))
    with open_card(lecteurs) as session:
        session.login(PIN)
        with pytest.raises(CpsError) as signature:
            CardSigner(session)
        with pytest.raises(CpsError) as authentication:
            answer_challenge(session, new_challenge())
    assert {signature.value.code, authentication.value.code} == {"CPS_CLES_INVERSEES"}


def _without(card: CarteVirtuelle, **changes: object) -> CarteVirtuelle:
    for name, value in changes.items():
        setattr(card, name, value)
    return card


@pytest.mark.parametrize(
    ("changement", "code"),
    [
        ({"etiquettes": {0x20: "CPS_PRIV_SIG", 0x10: "CPS_PRIV_AUT"}}, "CPS_CLES_INVERSEES"),
        ({"etiquettes": {0x20: "CPS_PRIV_SIG", 0x10: "CPS_PRIV_SIG"}}, "CPS_CLE_AMBIGUE"),
        ({"etiquettes": {0x20: "AUTRE", 0x10: "CPS_PRIV_AUT"}}, "CPS_CLES_INVERSEES"),
    ],
    ids=["labels swapped", "one label twice", "signature key called otherwise"],
)
def test_keys_whose_names_disagree_are_refused_by_name(lecteurs, changement, code):
    lecteurs.insert("Lecteur", _without(make_card(), **changement))
    with open_card(lecteurs) as session:
        session.login(PIN)
        with pytest.raises(CpsError) as refused:
            session.sign(Paire.SIGNATURE, b"message")
    assert refused.value.code == code


def test_a_key_that_is_not_its_certificates_is_refused(lecteurs):
    card = make_card()
    (auth_key, _), (_, sign_certificate) = card.paires[0x20], card.paires[0x10]
    lecteurs.insert("Lecteur", _without(card, paires={**card.paires, 0x10: (auth_key, sign_certificate)}))
    with open_card(lecteurs) as session:
        session.login(PIN)
        with pytest.raises(CpsError) as refused:
            session.sign(Paire.SIGNATURE, b"message")
    assert refused.value.code == "CPS_CLE_CERTIFICAT"


def test_a_chip_that_says_less_is_still_read_by_what_its_certificates_allow(lecteurs):
    lecteurs.insert("Lecteur", _without(make_card(), discrete=True))
    with open_card(lecteurs) as session:
        session.login(PIN)
        assert session.read().type is TypeCarte.CPS
        assert CardSigner(session).sign(b"message")
        assert answer_challenge(session, new_challenge())


def test_a_chip_that_hides_a_wrong_key_is_found_out_by_its_signature(lecteurs):
    card = make_card()
    (auth_key, _), (_, sign_certificate) = card.paires[0x20], card.paires[0x10]
    wrong = {**card.paires, 0x10: (auth_key, sign_certificate)}
    lecteurs.insert("Lecteur", _without(card, discrete=True, paires=wrong))
    with open_card(lecteurs) as session:
        session.login(PIN)
        with pytest.raises(CpsError) as refused:
            CardSigner(session).sign(b"message")
    assert refused.value.code == "CPS_CLE_CERTIFICAT"


def test_two_certificates_for_one_use_are_never_chosen_between(lecteurs):
    card, other = make_card(), make_card(jours=10)
    card.paires = {**card.paires, 0x11: other.paires[0x10]}
    card.etiquettes = {**card.etiquettes, 0x11: "AUTRE"}
    card.discrete = True
    lecteurs.insert("Lecteur", card)
    with pytest.raises(CpsError) as refused:
        open_card(lecteurs).read()
    assert refused.value.code == "CPS_CERTIFICAT_AMBIGU"


@pytest.mark.parametrize(
    ("absente", "code"), [(0x10, "CPS_CERTIFICAT_ABSENT"), (0x20, "CPS_CERTIFICAT_ABSENT")], ids=["SIG", "AUT"]
)
def test_a_card_without_one_of_its_pairs_is_told(lecteurs, absente, code):
    card = make_card()
    lecteurs.insert("Lecteur", _without(card, paires={k: v for k, v in card.paires.items() if k != absente}))
    with pytest.raises(CpsError) as refused:
        open_card(lecteurs).read()
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("cartes", "lecteur", "code"),
    [
        ({}, "", "CPS_LECTEUR_ABSENT"),
        ({"A": None}, "", "CPS_CARTE_ABSENTE"),
        ({"A": make_card(), "B": make_card()}, "", "CPS_PLUSIEURS_CARTES"),
        ({"A": make_card()}, "B", "CPS_LECTEUR_ABSENT"),
    ],
    ids=["no reader", "no card", "two cards", "another reader"],
)
def test_the_card_to_open_is_never_guessed(cartes, lecteur, code):
    with pytest.raises(CpsError) as refused:
        open_card(LecteursVirtuels(**cartes), lecteur)
    assert refused.value.code == code


def test_a_challenge_is_answered_by_the_authentication_pair_alone(session):
    session.login(PIN)
    challenge = new_challenge()
    answer = answer_challenge(session, challenge)
    found = session.read()
    assert check_challenge(found.authentification, challenge, answer)
    assert not check_challenge(found.signature, challenge, answer)
    assert not check_challenge(found.authentification, new_challenge(), answer)


def test_a_challenge_is_never_signed_bare(session, carte):
    """Else whoever sends the challenge would choose what the card signs."""
    session.login(PIN)
    challenge = new_challenge()
    answer = answer_challenge(session, challenge)
    with pytest.raises(InvalidSignature):
        carte.paires[0x20][0].public_key().verify(answer, challenge, padding.PKCS1v15(), hashes.SHA256())
    with pytest.raises(ValueError, match="16 bytes"):
        answer_challenge(session, b"court")


def test_a_card_already_open_opens_to_no_other_code(session):
    session.login(PIN)
    with pytest.raises(CodeRefuse) as refused:
        session.login("0000")
    assert refused.value.code == "CPS_PIN_FAUX"
    with pytest.raises(CpsError) as asked:
        session.sign(Paire.SIGNATURE, b"message")
    assert asked.value.code == "CPS_PIN_DEMANDE"


def test_a_card_closed_by_somebody_else_asks_its_code_again(session):
    session.login(PIN)
    session._puce.logout()  # another part of the program, or the library itself
    with pytest.raises(CpsError) as asked:
        session.sign(Paire.SIGNATURE, b"message")
    assert (asked.value.code, session.code_present) == ("CPS_PIN_DEMANDE", False)
    session.login(PIN)
    assert session.sign(Paire.SIGNATURE, b"message")


def test_leaving_closes_the_keys(session):
    session.login(PIN)
    session.logout()
    with pytest.raises(CpsError) as refused:
        session.sign(Paire.SIGNATURE, b"message")
    assert (refused.value.code, session.read().activites) == ("CPS_PIN_DEMANDE", None)
