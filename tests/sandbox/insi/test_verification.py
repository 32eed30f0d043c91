"""Verification of INS, one by one and in lots: the library's client against the sandbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from opensegur.foundation.errors import InvalidValue, OpenSegurError
from opensegur.foundation.points import Lps
from opensegur.foundation.ports import HttpRequest, HttpResponse
from opensegur.ins import InsiError, InsiFault, Matricule, Sexe, Traits
from opensegur.ins.appel import AppelInsi
from opensegur.ins.verification import LOT_MAXIMUM, EtatLot, LigneAVerifier, VerificationClient
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.insi.verification import DELAI
from opensegur.sandbox.population.acteurs import CABINET, OFFICINE

LPS = Lps("Logiciel fictif", "1.0", "1.2.3", "b3549edd-4ae9-472a-b26f-fd2fb4ef397f", "BAC-A-SABLE-0001")
URL = "https://localhost:8443/lps"


class _Over:
    def __init__(self, client: Any) -> None:
        self._client = client

    def send(self, request: HttpRequest) -> HttpResponse:
        answer = self._client.post(request.url, content=request.body, headers=dict(request.headers))
        return HttpResponse(answer.status_code, dict(answer.headers), answer.content)


@pytest.fixture
def make(contexte: SandboxContext, tls_client: Callable[..., Any]) -> Callable[..., VerificationClient]:
    def made(structure: Any = CABINET) -> VerificationClient:
        transport = _Over(tls_client(contexte.pki.insi(structure.id_nat)))
        return VerificationClient(AppelInsi(transport, URL, LPS, structure.id_nat, contexte.clock))

    return made


@pytest.fixture
def client(make: Callable[..., VerificationClient]) -> VerificationClient:
    return make()


def held(contexte: SandboxContext, count: int) -> list[tuple[Matricule, Traits]]:
    """Identities as a practice holds them after a recovery."""
    people = [each for each in contexte.population.personnes if not each.trait][:count]
    return [
        (
            Matricule(each.ins, each.oid),
            Traits(
                each.nom_naissance,
                each.prenoms,
                each.premier_prenom,
                each.date_naissance,
                Sexe(each.sexe),
                each.lieu_naissance,
            ),
        )
        for each in people
    ]


@pytest.mark.exigence("INS/va1.08")
def test_an_identity_that_insi_knows_is_confirmed(contexte: SandboxContext, client: VerificationClient) -> None:
    for matricule, traits in held(contexte, 5):
        answer = client.verify(matricule, traits)
        assert (answer.confirmee, answer.code) == (True, "00")


@pytest.mark.parametrize(
    "change",
    [
        {"nom_naissance": "AUTRE"},
        {"premier_prenom": "AUTRE", "prenoms": "AUTRE"},
        {"date_naissance": "1901-01-01"},
        {"lieu_naissance": "99132"},
    ],
)
def test_a_trait_that_is_not_the_one_held_is_refused(
    contexte: SandboxContext, client: VerificationClient, change: dict[str, str]
) -> None:
    ((matricule, traits),) = held(contexte, 1)
    assert not client.verify(matricule, replace(traits, **change)).confirmee


def test_a_matricule_of_somebody_else_or_of_nobody_is_refused(
    contexte: SandboxContext, client: VerificationClient
) -> None:
    (mine, traits), (theirs, _) = held(contexte, 2)
    assert not client.verify(theirs, traits).confirmee
    assert not client.verify(Matricule("199019900199935", mine.oid), traits).confirmee
    assert not client.verify(Matricule(mine.valeur, "1.2.250.1.213.1.4.8"), traits).confirmee


def test_a_lot_is_deposited_waited_for_and_fetched(contexte: SandboxContext, client: VerificationClient) -> None:
    people = held(contexte, 40)
    lines = [LigneAVerifier(f"ligne-{rank}", *each) for rank, each in enumerate(people)]
    lines[3] = replace(lines[3], traits=replace(lines[3].traits, nom_naissance="AUTRE"))
    ticket = client.deposit(lines)
    waiting = client.fetch(ticket)
    assert (waiting.etat, waiting.traites, waiting.total, dict(waiting.verdicts)) == (EtatLot.EN_COURS, 0, 40, {})
    contexte.clock.advance(DELAI + timedelta(seconds=1))
    done = client.fetch(ticket)
    assert (done.etat, done.traites) == (EtatLot.TERMINE, 40)
    assert [reference for reference, verdict in done.verdicts.items() if not verdict] == ["ligne-3"]
    # the answers stay: a client that stopped in between fetches them again
    assert client.fetch(ticket) == done


def test_a_lot_belongs_to_the_structure_that_deposited_it(
    contexte: SandboxContext, client: VerificationClient, make: Callable[..., VerificationClient]
) -> None:
    ticket = client.deposit([LigneAVerifier("a", *held(contexte, 1)[0])])
    with pytest.raises(InsiFault) as caught:
        make(OFFICINE).fetch(ticket)
    assert caught.value.code == "bas_verification_ticket"


def test_an_empty_or_oversized_lot_does_not_leave(contexte: SandboxContext, client: VerificationClient) -> None:
    line = LigneAVerifier("a", *held(contexte, 1)[0])
    for lines in ([], [line] * (LOT_MAXIMUM + 1)):
        with pytest.raises(InvalidValue) as caught:
            client.deposit(lines)
        assert caught.value.code == "LOT_TAILLE"


def test_a_reference_used_twice_is_refused(contexte: SandboxContext, client: VerificationClient) -> None:
    line = LigneAVerifier("a", *held(contexte, 1)[0])
    with pytest.raises(InsiFault) as caught:
        client.deposit([line, line])
    assert caught.value.code == "bas_verification_reference"


class _Says:
    def __init__(self, body: str) -> None:
        self._body = (
            f'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>{body}</s:Body></s:Envelope>'
        ).encode()

    def send(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(200, {"content-type": "application/soap+xml;charset=utf-8"}, self._body)


@pytest.mark.parametrize(
    "body",
    [
        '<ReponseUnitaire xmlns="http://www.cnamts.fr/INSiLot2/REPUnitaire"/>',
        '<ReponseLot xmlns="http://www.cnamts.fr/INSiLot2/REPLot"><Etat>DEMAIN</Etat></ReponseLot>',
        "<x/>",
    ],
)
def test_an_answer_that_is_not_understood_is_told(contexte: SandboxContext, body: str) -> None:
    client = VerificationClient(AppelInsi(_Says(body), URL, LPS, "x", contexte.clock))
    line = LigneAVerifier("a", *held(contexte, 1)[0])
    for call in (lambda: client.verify(line.matricule, line.traits), lambda: client.deposit([line])):
        with pytest.raises(InsiError) as caught:
            call()
        assert caught.value.code == "INSI_REPONSE"
    with pytest.raises(OpenSegurError):
        client.fetch("ticket")
