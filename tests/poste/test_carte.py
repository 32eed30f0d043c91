"""The card, through the agent: read, made to answer a challenge, its code never told to anybody."""

from __future__ import annotations

import base64
import logging
import os

import pytest
from cryptography import x509

from opensegur.cps import check_challenge
from opensegur.cps.testing import PIN, LecteursVirtuels, make_card
from opensegur.poste.defis import bound
from poste.conftest import SERVEUR, Poste, said

DEFI = base64.b64encode(bytes(range(32))).decode()


def test_the_holder_is_read_without_the_code(jumele: Poste) -> None:
    card = said(jumele.sealed("POST", "/v1/carte", {}))
    assert (card["type"], card["id_nat"], card["nom"], card["test"]) == ("CPS", "899700218896", "ESSAI", True)
    assert x509.load_der_x509_certificate(base64.b64decode(card["certificat"]))


def test_a_challenge_is_answered_with_the_code(jumele: Poste) -> None:
    answer = said(jumele.sealed("POST", "/v1/carte/defi", {"defi": DEFI, "code": PIN}))
    certificate = x509.load_der_x509_certificate(base64.b64decode(answer["certificat"]))
    signature = base64.b64decode(answer["signature"])
    assert check_challenge(certificate, bound(SERVEUR, bytes(range(32))), signature)
    # a server that would pass on the challenge of another gets an answer that is good for itself alone
    assert not check_challenge(certificate, bound("https://autre.lan", bytes(range(32))), signature)
    assert not check_challenge(certificate, bytes(range(32)), signature)


def test_a_code_given_once_does_not_serve_the_next_page(jumele: Poste) -> None:
    jumele.sealed("POST", "/v1/carte/defi", {"defi": DEFI, "code": PIN})
    response = jumele.sealed("POST", "/v1/carte/defi", {"defi": DEFI, "code": ""})
    assert (response.statut, said(response)["code"]) == (409, "CPS_PIN_FORME")


def test_the_last_try_is_not_spent_without_asking(jumele: Poste) -> None:
    for code in ("0000", "0001"):
        assert said(jumele.sealed("POST", "/v1/carte/defi", {"defi": DEFI, "code": code}))["code"] == "CPS_PIN_FAUX"
    refused = said(jumele.sealed("POST", "/v1/carte/defi", {"defi": DEFI, "code": PIN}))
    assert (refused["code"], refused["essais"]) == ("CPS_PIN_DERNIER", "dernier")
    assert jumele.sealed("POST", "/v1/carte/defi", {"defi": DEFI, "code": PIN, "dernier": True}).statut == 200


def test_the_state_says_where_the_person_sits(jumele: Poste) -> None:
    assert said(jumele.sealed("GET", "/v1/etat"))["session"] == "locale"
    jumele.variables = {"SESSIONNAME": "RDP-Tcp#3"}
    state = said(jumele.sealed("GET", "/v1/etat"))
    assert state["session"] == "bureau à distance"
    assert any("Cartes à puce" in each["geste"] for each in state["constats"])


def test_no_card_and_no_reader_are_told_in_words(jumele: Poste) -> None:
    jumele.lecteurs.remove("comptoir")
    assert said(jumele.sealed("POST", "/v1/carte", {}))["code"] == "CPS_CARTE_ABSENTE"
    jumele.lecteurs = LecteursVirtuels()
    jumele.restart()
    refused = jumele.sealed("POST", "/v1/carte", {})
    assert said(refused)["code"] == "CPS_LECTEUR_ABSENT"
    assert said(refused)["conseil"]


def test_one_reader_among_several_is_named(jumele: Poste) -> None:
    jumele.lecteurs.insert("bureau", make_card("899700500038", "ROY", "LEA", "Pharmacien", serie="2800000002"))
    assert said(jumele.sealed("POST", "/v1/carte", {}))["code"] == "CPS_PLUSIEURS_CARTES"
    assert said(jumele.sealed("POST", "/v1/carte", {"lecteur": "bureau"}))["nom"] == "ROY"


@pytest.mark.parametrize(
    "corps",
    [{}, {"defi": "", "code": PIN}, {"defi": "AAAA", "code": PIN}, {"defi": DEFI * 8, "code": PIN}, {"defi": "!", "code": PIN},
     {"defi": DEFI, "code": 1234}, {"defi": [], "code": PIN}],
    ids=["nothing", "empty", "short", "long", "no base64", "a number", "a list"],
)  # fmt: skip
def test_what_is_no_demand_never_reaches_the_card(jumele: Poste, corps: dict[str, object]) -> None:
    response = jumele.sealed("POST", "/v1/carte/defi", corps)
    assert (response.statut, said(response)["code"]) == (400, "POSTE_CORPS")
    assert said(jumele.sealed("POST", "/v1/carte", {}))["essais"] == "intacts"


def test_the_code_is_in_no_log_and_in_no_answer(
    jumele: Poste,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "73519"
    answers = [jumele.sealed("POST", "/v1/carte/defi", {"defi": DEFI, "code": secret})]

    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError(f"presented {secret}")

    monkeypatch.setattr(jumele.lecteurs, "connect", broken)
    answers.append(jumele.sealed("POST", "/v1/carte/defi", {"defi": DEFI, "code": secret}))
    answers.append(jumele.sealed("POST", f"/v1/carte/{secret}", {"code": secret}))
    assert [each.statut for each in answers] == [409, 500, 404]
    printed = capfd.readouterr()
    told = caplog.text + printed.out + printed.err + "".join(each.corps.decode() for each in answers)
    assert "POST /v1/carte/defi 409" in told
    assert secret not in told


def test_two_workstations_have_each_their_card(tmp_path_factory: pytest.TempPathFactory) -> None:
    first = Poste(tmp_path_factory.mktemp("a"), LecteursVirtuels(a=make_card("899700218896")))
    second = Poste(tmp_path_factory.mktemp("b"), LecteursVirtuels(b=make_card("899700500038", "ROY", "LEA")))
    other = "9b2d1c00-0000-4000-8000-000000000002"
    first.pair()
    second.pair(poste=other, secret=os.urandom(32))
    assert said(first.sealed("POST", "/v1/carte", {}))["id_nat"] == "899700218896"
    # a seal made for one opens nothing on the other
    assert second.ask("POST", "/v1/carte", {}, authorization=first.seal()).statut == 401
