"""The workstations of a structure: paired, sealed for, revoked; two agents against the same server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cabinet.personnages import Navigateur, make_compte, open_session, reread
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.postes import agent as notre
from opensegur.cabinet.postes.models import Poste
from opensegur.cabinet.structures.models import Structure
from opensegur.cps.testing import LecteursVirtuels, make_card
from opensegur.poste import defis, origines
from opensegur.poste.jumelage import SECRET_OCTETS, Carnet
from opensegur.poste.materiel_cps import MaterielCps
from opensegur.poste.page import answer_to
from opensegur.poste.requetes import Reponse, Requete
from opensegur.poste.service import Agent

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

SERVEUR = "http://localhost:8000"


class Bureau:
    """A workstation: the browser of somebody, and the agent beside it on loopback."""

    def __init__(self, compte: Compte, dossier: Path, id_nat: str, port: int) -> None:
        self.navigateur = open_session(compte)
        self.navigateur.defaults["HTTP_HOST"] = "localhost:8000"
        self._port = port
        self._carnet = Carnet(dossier / f"{port}.json")
        self._lecteurs = LecteursVirtuels(lecteur=make_card(id_nat))
        self.restart()

    def restart(self) -> None:
        self.agent = Agent(self._carnet, MaterielCps(lambda: self._lecteurs), self._port)

    def fetch(self, methode: str, chemin: str, corps: Any = None, sceau: str = "", origine: str = SERVEUR) -> Reponse:
        """What the script of our page asks the agent."""
        headers = {"host": f"127.0.0.1:{self._port}", "origin": origine, "content-type": "application/json"}
        if sceau:
            headers["authorization"] = f"Bearer {sceau}"
        return self.agent.handle(
            Requete(methode, chemin, headers, b"" if corps is None else json.dumps(corps).encode())
        )

    def pair(self, nom: str) -> None:
        """From the page to the agent, which shows its code; the person accepts there."""
        asked = self.envoyer("/postes/jumeler/", {"nom": nom}).json()
        assert self.fetch("POST", "/v1/jumelage", asked).statut == 202
        pending = self.agent._pending()
        assert pending is not None
        own = f"http://127.0.0.1:{self._port}"
        headers = {"host": f"127.0.0.1:{self._port}", "origin": own}
        assert self.agent.handle(Requete("POST", "/accepter", headers, answer_to(pending).encode())).statut == 303

    def seal(self) -> tuple[int, str]:
        """A challenge of the agent taken to the server: what it answers, and what to carry back."""
        hello = json.loads(self.fetch("GET", "/v1/bonjour").corps)
        answer = self.envoyer("/postes/sceau/", {"poste": hello["poste"], "defi": hello["defi"]})
        return answer.status_code, f"{hello['defi']}.{answer.json().get('sceau', '')}"

    def card(self) -> dict[str, Any]:
        _, sceau = self.seal()
        found: dict[str, Any] = json.loads(self.fetch("POST", "/v1/carte", {}, sceau).corps)
        return found

    def envoyer(self, path: str, data: dict[str, Any]) -> Any:
        headers = {"HTTP_REFERER": f"{SERVEUR}/postes/", "HTTP_ORIGIN": SERVEUR}
        self.navigateur.get("/postes/")
        token = self.navigateur.cookies["opensegur_csrf"].value
        return self.navigateur.post(path, {**data, "csrfmiddlewaretoken": token}, **headers)


@pytest.fixture
def comptoir(secretaire: Compte, tmp_path: Path) -> Bureau:
    return Bureau(secretaire, tmp_path, "899700218896", 41730)


@pytest.fixture
def bureau(medecin: Compte, tmp_path: Path) -> Bureau:
    return Bureau(medecin, tmp_path, "899700500012", 41731)


def test_both_sides_know_the_same_addresses_and_the_same_seal() -> None:
    assert tuple(notre.PORTS) == origines.PORTS
    assert notre.SECRET_OCTETS == SECRET_OCTETS
    secret = bytes(range(32))
    assert notre.seal(secret, SERVEUR, "defi") == defis.seal_of(secret, SERVEUR, "defi")


def test_two_workstations_each_read_their_own_card(comptoir: Bureau, bureau: Bureau) -> None:
    comptoir.pair("comptoir")
    bureau.pair("bureau du médecin")
    assert comptoir.card()["id_nat"] == "899700218896"
    assert bureau.card()["id_nat"] == "899700500012"
    page = bureau.navigateur.get("/postes/").text
    assert "comptoir" in page
    assert "bureau du médecin" in page
    assert page.count("vu le") == 2


def test_the_seal_of_one_workstation_opens_nothing_on_the_other(comptoir: Bureau, bureau: Bureau) -> None:
    comptoir.pair("comptoir")
    bureau.pair("bureau")
    _, sceau = comptoir.seal()
    assert bureau.fetch("POST", "/v1/carte", {}, sceau).statut == 401


def test_an_agent_started_again_still_serves(comptoir: Bureau) -> None:
    comptoir.pair("comptoir")
    comptoir.restart()
    assert comptoir.card()["id_nat"] == "899700218896"


def test_a_revoked_workstation_gets_no_more_seals(comptoir: Bureau) -> None:
    comptoir.pair("comptoir")
    poste = Poste.objects.get()
    answer = comptoir.envoyer(f"/postes/{poste.pk}/revoquer/", {})
    assert answer.url == "/postes/"
    assert bytes(reread(poste).secret) == b""
    status, sceau = comptoir.seal()
    assert status == 404
    assert comptoir.fetch("POST", "/v1/carte", {}, sceau).statut == 401
    assert "comptoir</strong>" not in comptoir.navigateur.get("/postes/").text


def test_the_manager_revokes_what_others_paired_and_others_do_not(
    comptoir: Bureau, bureau: Bureau, cabinet: Structure
) -> None:
    comptoir.pair("comptoir")
    poste = Poste.objects.get()
    assert bureau.envoyer(f"/postes/{poste.pk}/revoquer/", {}).status_code == 400
    assert reread(poste).revoque_le is None
    gestion = open_session(make_compte("gestion", cabinet, Role.GESTIONNAIRE))
    gestion.envoyer(f"/postes/{poste.pk}/revoquer/")
    assert reread(poste).revoque_le is not None


def test_another_structure_has_no_hand_on_it(comptoir: Bureau, pharmacienne: Compte) -> None:
    comptoir.pair("comptoir")
    poste = Poste.objects.get()
    ailleurs = open_session(pharmacienne)
    assert ailleurs.envoyer(f"/postes/{poste.pk}/revoquer/").status_code == 404
    assert ailleurs.envoyer("/postes/sceau/", {"poste": str(poste.pk), "defi": "d" * 32}).status_code == 404
    assert "Aucun poste n’est encore jumelé" in ailleurs.get("/postes/").text


@pytest.mark.parametrize(
    ("poste", "defi", "code"),
    [("rien", "d" * 32, "POSTE_INCONNU"), ("", "d" * 32, "POSTE_INCONNU"), ("3f1c8a52-7d0e-4d0b-9a44-5b8f2f1f6f10", "d" * 32, "POSTE_INCONNU"),
     ("3f1c8a52-7d0e-4d0b-9a44-5b8f2f1f6f10", "court", "POSTE_DEFI"), ("3f1c8a52-7d0e-4d0b-9a44-5b8f2f1f6f10", "d" * 30 + "\0x", "POSTE_DEFI")],
    ids=["no identifier", "empty", "nobody", "short", "control"],
)  # fmt: skip
def test_what_is_no_workstation_of_ours_gets_no_seal(
    au_comptoir: Navigateur, poste: str, defi: str, code: str
) -> None:
    answer = au_comptoir.envoyer("/postes/sceau/", {"poste": poste, "defi": defi})
    assert (answer.status_code, json.loads(answer.text)["code"]) == (404, code)


@pytest.mark.parametrize("nom", ["", "   ", "x" * 61, "a\u202eb"], ids=["empty", "spaces", "long", "hidden"])
def test_a_workstation_has_a_name(au_comptoir: Navigateur, nom: str) -> None:
    answer = au_comptoir.envoyer("/postes/jumeler/", {"nom": nom})
    assert (answer.status_code, json.loads(answer.text)["code"]) == (422, "POSTE_NOM")


def test_a_pairing_that_was_never_accepted_leaves_nothing(au_comptoir: Navigateur) -> None:
    for nom in ("un", "deux"):
        au_comptoir.envoyer("/postes/jumeler/", {"nom": nom})
    assert [each.nom for each in Poste.objects.all()] == ["deux"]


def test_pairing_and_revoking_leave_their_lines_and_a_seal_none(comptoir: Bureau) -> None:
    comptoir.pair("comptoir")
    comptoir.seal()
    poste = Poste.objects.get()
    comptoir.envoyer(f"/postes/{poste.pk}/revoquer/", {})
    lines = [(each.action, each.objet, each.resultat) for each in Ligne.objects.order_by("pk")]
    assert lines == [
        ("poste.jumeler", f"poste {poste.pk}", "succes"),
        ("poste.revoquer", f"poste {poste.pk}", "succes"),
    ]


def test_pages_may_reach_the_agent_of_their_workstation_and_nothing_else(au_comptoir: Navigateur) -> None:
    policy = au_comptoir.get("/").headers["Content-Security-Policy"]
    allowed = next(part for part in policy.split("; ") if part.startswith("connect-src")).split()[1:]
    assert allowed == ["'self'", *(f"http://127.0.0.1:{port}" for port in range(41730, 41735))]
    assert "camera=(self)" in au_comptoir.get("/").headers["Permissions-Policy"]
