"""The appli carte Vitale, from the token on the telephone to a qualified identity: our client against the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from opensegur.foundation.errors import InvalidValue, OpenSegurError, RefusedInput, TransportError
from opensegur.foundation.points import Profil
from opensegur.foundation.ports import HttpRequest, HttpResponse
from opensegur.ins import Nature, Preuve, Statut, compute_statut
from opensegur.ins.apcv import ApcvClient
from opensegur.sandbox.apcv.memoire import Memoire
from opensegur.sandbox.console.appli import open_appli
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.population.acteurs import CABINET, OFFICINE

URL = "https://localhost:8443/apcv"


class _Over:
    """Our port over the client of the tests."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def send(self, request: HttpRequest) -> HttpResponse:
        answer = self._client.post(request.url, content=request.body, headers=dict(request.headers))
        return HttpResponse(answer.status_code, dict(answer.headers), answer.content)


@pytest.fixture
def transport(contexte: SandboxContext, tls_client: Callable[..., Any]) -> Callable[..., _Over]:
    def make(structure: Any = CABINET) -> _Over:
        return _Over(tls_client(contexte.pki.dmp_auth(structure.id_nat) if structure else None))

    return make


@pytest.fixture
def client(transport: Callable[..., _Over]) -> ApcvClient:
    return ApcvClient(transport(), URL, profil=Profil.BAC_A_SABLE)


@pytest.fixture
def parent(contexte: SandboxContext) -> Any:
    """Somebody whose household has a child."""
    moment = contexte.clock.now()
    from opensegur.sandbox.apcv.foyer import household

    return next(
        each for each in contexte.population.personnes if len(household(contexte.population, each, moment)) > 1
    )


def issue(contexte: SandboxContext, ins: str) -> str:
    with contexte.store.transaction() as connection:
        return Memoire(connection, contexte.clock.now()).issue(ins)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(OpenSegurError) as caught:
        call()
    assert caught.value.conseil
    return caught.value.code


def test_the_holder_and_a_dependant_are_qualified_without_insi(
    contexte: SandboxContext, client: ApcvClient, parent: Any
) -> None:
    opened = client.open_context(issue(contexte, parent.ins))
    assert [each.qualite for each in opened.beneficiaires][:2] == ["assure", "enfant"]
    for rang in (1, 2):
        chosen = client.choose(opened.identifiant, rang)
        assert chosen == opened.beneficiaires[rang - 1]
        proof = Preuve(Nature.APPLI_VITALE, contexte.clock.now(), matricule=chosen.matricule)
        assert compute_statut([proof]) is Statut.QUALIFIEE
    assert chosen.matricule.valeur != parent.ins
    assert contexte.exchanges.search(service="insi", limit=1) == ()


def test_a_token_serves_once(contexte: SandboxContext, client: ApcvClient, parent: Any) -> None:
    token = issue(contexte, parent.ins)
    client.open_context(token)
    assert refused(lambda: client.open_context(token)) == "APCV_DEJA_UTILISE"


def test_a_token_lives_five_minutes(contexte: SandboxContext, client: ApcvClient, parent: Any) -> None:
    token = issue(contexte, parent.ins)
    contexte.clock.advance(timedelta(minutes=5, seconds=1))
    assert refused(lambda: client.open_context(token)) == "APCV_EXPIRE"


def test_a_context_lives_thirty_minutes(contexte: SandboxContext, client: ApcvClient, parent: Any) -> None:
    opened = client.open_context(issue(contexte, parent.ins))
    contexte.clock.advance(timedelta(minutes=31))
    assert refused(lambda: client.choose(opened.identifiant, 1)) == "APCV_EXPIRE"


def test_a_switched_off_appli_opens_nothing(contexte: SandboxContext, client: ApcvClient, parent: Any) -> None:
    token = issue(contexte, parent.ins)
    with contexte.store.transaction() as connection:
        Memoire(connection, contexte.clock.now()).switch(parent.ins, off=True)
    assert refused(lambda: client.open_context(token)) == "APCV_REVOQUE"


def test_an_unknown_token_and_an_unknown_reader(contexte: SandboxContext, client: ApcvClient, parent: Any) -> None:
    assert refused(lambda: client.open_context("APCV1:" + "x" * 43)) == "APCV_INCONNU"
    token = issue(contexte, parent.ins)
    assert refused(lambda: client.open_context(token, "fax")) == "APCV_LECTEUR"  # type: ignore[arg-type]
    client.open_context(token)


@pytest.mark.parametrize("rang", [0, 99, -1, True, "1", None])
def test_nobody_is_given_without_being_chosen(
    contexte: SandboxContext, client: ApcvClient, parent: Any, rang: Any
) -> None:
    opened = client.open_context(issue(contexte, parent.ins))
    assert refused(lambda: client.choose(opened.identifiant, rang)) == "APCV_BENEFICIAIRE_NON_CHOISI"


def test_a_context_belongs_to_the_structure_that_opened_it(
    contexte: SandboxContext, client: ApcvClient, transport: Callable[..., _Over], parent: Any
) -> None:
    opened = client.open_context(issue(contexte, parent.ins))
    other = ApcvClient(transport(OFFICINE), URL, profil=Profil.BAC_A_SABLE)
    assert refused(lambda: other.choose(opened.identifiant, 1)) == "APCV_INCONNU"


def test_without_a_certificate_nothing_is_answered(
    contexte: SandboxContext, transport: Callable[..., _Over], parent: Any
) -> None:
    nobody = ApcvClient(transport(None), URL, profil=Profil.BAC_A_SABLE)
    token = issue(contexte, parent.ins)
    assert refused(lambda: nobody.open_context(token)) == "APCV_REFUS"


def test_a_matricule_of_test_is_refused_in_production(
    contexte: SandboxContext, transport: Callable[..., _Over], parent: Any
) -> None:
    production = ApcvClient(transport(), URL)
    with pytest.raises(InvalidValue) as caught:
        production.open_context(issue(contexte, parent.ins))
    assert caught.value.code == "INS_OID_DE_TEST"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"jeton": 1}', b'{"lecteur": "qr"}', b"[" * 10_000])
def test_a_message_that_is_not_understood_is_refused(
    contexte: SandboxContext, transport: Callable[..., _Over], body: bytes
) -> None:
    answer = transport().send(HttpRequest("POST", f"{URL}/contextes", {}, body))
    assert answer.status == 400
    assert b"APCV_MESSAGE" in answer.body


class _Says:
    def __init__(self, status: int, body: bytes) -> None:
        self._answer = HttpResponse(status, {"content-type": "application/json"}, body)

    def send(self, request: HttpRequest) -> HttpResponse:
        return self._answer


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"contexte_id": "a", "expire": "b", "beneficiaires": []}'])
def test_an_answer_that_is_not_understood_is_told_in_french(body: bytes) -> None:
    with pytest.raises(RefusedInput) as caught:
        ApcvClient(_Says(201, body), URL).open_context("APCV1:x")
    assert caught.value.code == "APCV_REPONSE"


def test_a_service_that_is_down_may_be_tried_again() -> None:
    with pytest.raises(TransportError) as caught:
        ApcvClient(_Says(503, b""), URL).open_context("APCV1:x")
    assert caught.value.retryable


@pytest.fixture(autouse=True)
def _the_console_shows_the_rule_of_each_refusal(contexte: SandboxContext) -> Iterator[None]:
    yield
    for each in contexte.exchanges.search(service="apcv", limit=20):
        found = contexte.exchanges.get(each.id)
        assert found is not None
        for manquement in found.verdict.refus:
            assert manquement.regle.source


def test_the_telephone_of_the_console_shows_a_code_that_opens(
    contexte: SandboxContext, client: ApcvClient, parent: Any
) -> None:
    shown = open_appli(contexte, {"ins": parent.ins})
    assert shown is not None
    assert shown.qr.startswith("<svg ")
    assert client.open_context(shown.jeton).beneficiaires
    off = open_appli(contexte, {"ins": parent.ins, "geste": "eteindre"})
    assert off is not None
    assert (off.eteinte, off.jeton) == (True, "")
    again = open_appli(contexte, {"ins": parent.ins, "geste": "rallumer"})
    assert again is not None
    assert client.open_context(again.jeton).beneficiaires
    assert open_appli(contexte, {"ins": "0"}) is None
