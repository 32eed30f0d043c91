"""Who may speak to the agent, and who may not."""

from __future__ import annotations

import pytest

from opensegur.poste.defis import seal_of
from poste.conftest import POSTE, SECRET, SERVEUR, Poste, said


def test_the_paired_server_with_its_seal_is_answered(jumele: Poste) -> None:
    response = jumele.sealed("GET", "/v1/etat")
    assert response.statut == 200
    assert response.entetes["access-control-allow-origin"] == SERVEUR
    assert said(response)["lecteurs"] == [{"nom": "comptoir", "carte": True}]


@pytest.mark.parametrize(
    "origine",
    ["", "null", "https://voleur.example", "http://cabinet.lan", "https://cabinet.lan:8443", "https://cabinet.lan/",
     "https://CABINET.lan", "https://cabinet.lan.voleur.example", "https://a.cabinet.lan", "http://127.0.0.1:41730"],
)  # fmt: skip
@pytest.mark.parametrize("chemin", ["/v1/bonjour", "/v1/etat"])
def test_another_origin_is_refused_and_reads_nothing(jumele: Poste, origine: str, chemin: str) -> None:
    response = jumele.ask("GET", chemin, origin=origine, authorization=jumele.seal())
    assert response.statut == 403
    assert "access-control-allow-origin" not in response.entetes


@pytest.mark.parametrize(
    "host",
    ["", "voleur.example", "voleur.example:41730", "127.0.0.1", "127.0.0.1:80", "cabinet.lan:41730", "localhost.voleur.example:41730",
     "192.168.1.20:41730", "[::2]:41730"],
)  # fmt: skip
def test_a_name_made_to_point_here_is_refused(jumele: Poste, host: str) -> None:
    assert jumele.ask("GET", "/v1/etat", host=host, authorization=jumele.seal()).statut == 421
    assert jumele.ask("GET", "/", host=host).statut == 421


@pytest.mark.parametrize("host", ["127.0.0.1:41730", "localhost:41730", "[::1]:41730"])
def test_the_names_of_loopback_are_ours(jumele: Poste, host: str) -> None:
    assert jumele.sealed("GET", "/v1/etat", host=host).statut == 200


def wrong_seals(poste: Poste) -> dict[str, str]:
    defi = said(poste.ask("GET", "/v1/bonjour"))["defi"]
    good = seal_of(SECRET, SERVEUR, defi)
    return {
        "none": "",
        "empty": "Bearer ",
        "no seal": f"Bearer {defi}",
        "another secret": f"Bearer {defi}.{seal_of(bytes(32), SERVEUR, defi)}",
        "another server": f"Bearer {defi}.{seal_of(SECRET, 'https://autre.lan', defi)}",
        "a challenge of nobody": f"Bearer invente.{seal_of(SECRET, SERVEUR, 'invente')}",
        "one letter off": f"Bearer {defi}.{good[:-1]}{'0' if good[-1] != '0' else '1'}",
        "too long": f"Bearer {defi}.{good}0",
        "basic": f"Basic {defi}.{good}",
        "not ascii": f"Bearer {defi}.é{good[1:]}",
    }


@pytest.mark.parametrize(
    "kind",
    ["none", "empty", "no seal", "another secret", "another server", "a challenge of nobody", "one letter off", "too long",
     "basic", "not ascii"],
)  # fmt: skip
@pytest.mark.parametrize(
    ("methode", "chemin"), [("GET", "/v1/etat"), ("POST", "/v1/carte"), ("POST", "/v1/carte/defi")]
)
def test_what_the_server_did_not_seal_is_refused(jumele: Poste, kind: str, methode: str, chemin: str) -> None:
    corps = {} if methode == "POST" else None
    response = jumele.ask(methode, chemin, corps, authorization=wrong_seals(jumele)[kind])
    assert (response.statut, said(response)["code"]) == (401, "POSTE_SCEAU")
    # the right page may tell its user why
    assert response.entetes["access-control-allow-origin"] == SERVEUR


def test_a_seal_grows_old(jumele: Poste) -> None:
    seal = jumele.seal()
    jumele.horloge.moment += 599
    assert jumele.ask("GET", "/v1/etat", authorization=seal).statut == 200
    jumele.horloge.moment += 2
    assert jumele.ask("GET", "/v1/etat", authorization=seal).statut == 401


def test_a_guesser_is_made_to_wait_then_the_server_is_answered_again(jumele: Poste) -> None:
    good = jumele.seal()
    for _ in range(10):
        assert jumele.ask("GET", "/v1/etat", authorization="Bearer x.y").statut == 401
    assert jumele.ask("GET", "/v1/etat", authorization=good).statut == 429
    jumele.horloge.moment += 61
    assert jumele.ask("GET", "/v1/etat", authorization=good).statut == 200


def test_a_page_that_runs_wild_is_stopped(jumele: Poste) -> None:
    answers = {jumele.ask("GET", "/v1/bonjour").statut for _ in range(130)}
    assert answers == {200, 429}


def test_pages_of_elsewhere_do_not_use_up_what_the_server_may_ask(jumele: Poste) -> None:
    for _ in range(500):
        jumele.ask("GET", "/v1/bonjour", origin="https://voleur.example")
    assert jumele.sealed("GET", "/v1/etat").statut == 200


def test_an_agent_that_is_not_paired_answers_nobody(comptoir: Poste) -> None:
    assert comptoir.ask("GET", "/v1/bonjour").statut == 403


# the preflight


def test_the_browser_is_told_what_the_server_may_send(jumele: Poste) -> None:
    response = jumele.ask(
        "OPTIONS", "/v1/carte/defi", access_control_request_method="POST",
        access_control_request_headers="authorization,content-type", access_control_request_private_network="true",
    )  # fmt: skip
    assert (response.statut, response.corps) == (204, b"")
    assert response.entetes["access-control-allow-origin"] == SERVEUR
    assert response.entetes["access-control-allow-private-network"] == "true"
    assert response.entetes["access-control-allow-headers"] == "authorization, content-type"
    assert "access-control-allow-credentials" not in response.entetes


def test_the_private_network_is_allowed_only_when_it_is_asked(jumele: Poste) -> None:
    response = jumele.ask("OPTIONS", "/v1/etat", access_control_request_method="GET")
    assert response.statut == 204
    assert "access-control-allow-private-network" not in response.entetes


@pytest.mark.parametrize(
    "asked",
    [{"origin": "https://voleur.example"}, {"origin": "null"}, {"access_control_request_method": "DELETE"},
     {"access_control_request_headers": "authorization, x-autre"}, {"host": "voleur.example:41730"}],
    ids=["origin", "null", "method", "header", "host"],
)  # fmt: skip
def test_a_preflight_of_anything_else_is_refused(jumele: Poste, asked: dict[str, str]) -> None:
    response = jumele.ask("OPTIONS", "/v1/etat", **{"access_control_request_method": "GET", **asked})
    assert response.statut in {403, 421}
    assert "access-control-allow-methods" not in response.entetes


@pytest.mark.parametrize(
    ("methode", "chemin"),
    [("GET", "/v1/carte"), ("PUT", "/v1/etat"), ("GET", "/v1/"), ("GET", "/../etc/passwd"), ("GET", "/v1/etat?x=1"),
     ("GET", "//127.0.0.1/v1/etat"), ("DELETE", "/")],
)  # fmt: skip
def test_any_other_address_is_not_found(jumele: Poste, methode: str, chemin: str) -> None:
    assert jumele.sealed(methode, chemin).statut == 404


def test_the_secret_is_not_shown(jumele: Poste) -> None:
    assert repr(jumele.agent.jumelage) == f"Jumelage('{SERVEUR}', '{POSTE}')"
