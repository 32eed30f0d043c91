"""Pairing: asked by the page of a server, accepted by a person, kept, undone."""

from __future__ import annotations

import re
import stat
import sys

import pytest

from opensegur.foundation.errors import ConfigurationError
from opensegur.poste.jumelage import Carnet
from poste.conftest import POSTE, SERVEUR, Poste, pairing, said

MAISON = "http://127.0.0.1:41730"


def ask_pairing(poste: Poste, origine: str = SERVEUR, **corps: str) -> str:
    response = poste.ask("POST", "/v1/jumelage", {**pairing(), **corps}, origin=origine)
    assert response.statut == 202
    return str(said(response)["code"])


def shown(poste: Poste) -> str:
    return poste.ask("GET", "/", origin="").corps.decode()


def answer(poste: Poste, chemin: str, code: str, *, demandeur: str = SERVEUR, origine: str = MAISON) -> int:
    from urllib.parse import urlencode

    from opensegur.poste.requetes import Requete

    body = urlencode({"code": code, "origine": demandeur}).encode()
    headers = {"host": "127.0.0.1:41730", "origin": origine, "content-type": "application/x-www-form-urlencoded"}
    return poste.agent.handle(Requete("POST", chemin, headers, body)).statut


def test_the_person_sees_who_asks_and_the_same_code(comptoir: Poste) -> None:
    code = ask_pairing(comptoir)
    assert re.fullmatch(r"\d{3} \d{3}", code)
    page = shown(comptoir)
    assert code in page
    assert SERVEUR in page
    assert comptoir.agent.jumelage is None


def test_once_accepted_the_server_is_answered(comptoir: Poste) -> None:
    code = ask_pairing(comptoir)
    assert answer(comptoir, "/accepter", code) == 303
    assert said(comptoir.ask("GET", "/v1/bonjour"))["poste"] == POSTE
    assert comptoir.sealed("GET", "/v1/etat").statut == 200


def test_refused_or_late_it_is_nobodys(comptoir: Poste) -> None:
    assert answer(comptoir, "/refuser", ask_pairing(comptoir)) == 303
    assert "Jumeler ce poste ?" not in shown(comptoir)
    code = ask_pairing(comptoir)
    comptoir.horloge.moment += 301
    answer(comptoir, "/accepter", code)
    assert comptoir.agent.jumelage is None


def test_a_page_of_elsewhere_cannot_answer_for_the_person(comptoir: Poste) -> None:
    code = ask_pairing(comptoir)
    for origine in (SERVEUR, "https://voleur.example", "null", ""):
        assert answer(comptoir, "/accepter", code, origine=origine) == 403
    assert comptoir.agent.jumelage is None


def test_the_answer_is_to_the_demand_that_was_shown(comptoir: Poste) -> None:
    first = ask_pairing(comptoir)
    ask_pairing(comptoir)
    if first not in shown(comptoir):
        answer(comptoir, "/accepter", first)
        assert comptoir.agent.jumelage is None
    answer(comptoir, "/accepter", first, demandeur="https://autre.lan")
    assert comptoir.agent.jumelage is None


def test_another_server_does_not_take_the_place_of_the_one_that_waits(comptoir: Poste) -> None:
    ask_pairing(comptoir)
    response = comptoir.ask("POST", "/v1/jumelage", pairing(), origin="https://voleur.example")
    assert (response.statut, said(response)["code"]) == (409, "POSTE_ATTENTE")
    assert "voleur" not in shown(comptoir)


@pytest.mark.parametrize("origine", ["", "null", "http://cabinet.lan", "https://moi@cabinet.lan", "https://cabinet.lan/x", "ftp://cabinet.lan", "file://"])  # fmt: skip
def test_a_page_in_clear_cannot_even_ask(comptoir: Poste, origine: str) -> None:
    assert comptoir.ask("POST", "/v1/jumelage", pairing(), origin=origine).statut == 403
    assert comptoir.ask("OPTIONS", "/v1/jumelage", origin=origine, access_control_request_method="POST").statut == 403


def test_the_demonstration_on_this_very_machine_may(comptoir: Poste) -> None:
    ask_pairing(comptoir, origine="http://127.0.0.1:8000")


@pytest.mark.parametrize(
    "corps",
    [{"poste": "3"}, {"secret": "AAAA"}, {"secret": "%%%"}, {"structure": ""}, {"structure": "a\u202eb"}, {"poste": None}, []],
    ids=["name", "short", "no base64", "nobody", "hidden characters", "absent", "a list"],
)  # fmt: skip
def test_half_a_demand_is_refused(comptoir: Poste, corps) -> None:
    body = {**pairing(), **corps} if isinstance(corps, dict) else corps
    assert comptoir.ask("POST", "/v1/jumelage", body).statut == 400


def test_a_page_that_asks_without_end_is_stopped(comptoir: Poste) -> None:
    statuses = [comptoir.ask("POST", "/v1/jumelage", pairing()).statut for _ in range(12)]
    assert statuses[-1] == 429


def test_what_a_server_says_of_itself_is_only_text(comptoir: Poste) -> None:
    ask_pairing(comptoir, structure="<script>alert(1)</script>")
    page = comptoir.ask("GET", "/", origin="")
    assert b"<script" not in page.corps
    assert "script-src" not in page.entetes["content-security-policy"]
    assert "frame-ancestors 'none'" in page.entetes["content-security-policy"]


def test_an_agent_started_again_keeps_its_pairing(comptoir: Poste) -> None:
    answer(comptoir, "/accepter", ask_pairing(comptoir))
    before = comptoir.seal()
    comptoir.restart()
    assert comptoir.ask("GET", "/v1/etat", authorization=before).statut == 401
    assert comptoir.sealed("GET", "/v1/etat").statut == 200


@pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")
def test_nobody_else_reads_the_pairing(jumele: Poste) -> None:
    file = jumele.dossier / "jumelage.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_forgotten_the_server_is_a_stranger_at_once(jumele: Poste) -> None:
    seal = jumele.seal()
    assert answer(jumele, "/oublier", "") == 303
    assert jumele.ask("GET", "/v1/etat", authorization=seal).statut == 403
    jumele.restart()
    assert jumele.agent.jumelage is None


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"origine": "https://cabinet.lan"}', "\x00"])
def test_a_damaged_pairing_is_said(jumele: Poste, text: str) -> None:
    (jumele.dossier / "jumelage.json").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        Carnet(jumele.dossier / "jumelage.json").read()
    assert caught.value.code == "POSTE_CARNET"
