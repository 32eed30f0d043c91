"""The search with a carte Vitale, from the chip to the INS: the library's client against the sandbox."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from opensegur.foundation.errors import OpenSegurError, RefusedInput
from opensegur.foundation.points import Lps, Profil
from opensegur.foundation.ports import HttpRequest, HttpResponse
from opensegur.ins import CodeRetour, InsiClient, InsiFault
from opensegur.ins.requete_vitale import RequeteVitale
from opensegur.ins.vitale import CarteRefusee, NatureCarte, read_card
from opensegur.ins.vitale_assertion import sign_reading
from opensegur.ins.vitale_lecteur import LecteurVirtuel
from opensegur.sandbox.context import SandboxContext
from opensegur.sandbox.population.acteurs import CABINET
from opensegur.sandbox.vitale import fabrique

LPS = Lps("Logiciel fictif", "1.0", "1.2.3", "b3549edd-4ae9-472a-b26f-fd2fb4ef397f", "BAC-A-SABLE-0001")


class _Over:
    def __init__(self, client: Any) -> None:
        self._client = client

    def send(self, request: HttpRequest) -> HttpResponse:
        answer = self._client.post(request.url, content=request.body, headers=dict(request.headers))
        return HttpResponse(answer.status_code, dict(answer.headers), answer.content)


@pytest.fixture
def client(contexte: SandboxContext, tls_client: Callable[..., Any]) -> InsiClient:
    transport = _Over(tls_client(contexte.pki.insi(CABINET.id_nat)))
    url = "https://localhost:8443/lps"
    return InsiClient(transport, url, LPS, CABINET.id_nat, contexte.clock, profil=Profil.BAC_A_SABLE)


@pytest.fixture
def lecteur(contexte: SandboxContext) -> LecteurVirtuel:
    reader = LecteurVirtuel(fabrique.folder_of(contexte))
    reader.insert(reader.cards()[0])
    return reader


def search(client: InsiClient, lecteur: LecteurVirtuel, contexte: SandboxContext, rang: int = 1):
    carte = lecteur.read()
    return client.search_by_vitale(RequeteVitale.of(carte, rang), sign_reading(lecteur, carte, contexte.clock.now()))


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(OpenSegurError) as caught:
        call()
    assert caught.value.conseil
    return caught.value.code


def test_the_holder_and_each_child_have_their_own_ins(
    contexte: SandboxContext, client: InsiClient, lecteur: LecteurVirtuel
) -> None:
    for name in lecteur.cards():
        lecteur.insert(name)
        carte = lecteur.read()
        found = [search(client, lecteur, contexte, each.rang) for each in carte.beneficiaires]
        assert {answer.code for answer in found} == {CodeRetour.UNE}
        numbers = [answer.individu.matricule.nir for answer in found if answer.individu]
        assert len(set(numbers)) == len(carte.beneficiaires) > 1
        births = [answer.individu.traits.date_naissance for answer in found if answer.individu]
        assert births == [each.naissance for each in carte.beneficiaires]
        # the number of the card is the holder's: it is nobody else's INS
        assert numbers[0] == carte.assure.numero
        assert carte.assure.numero not in numbers[1:]


@pytest.mark.exigence("CNDA 1.02")
def test_a_reading_of_more_than_twenty_minutes_is_refused_here_and_there(
    contexte: SandboxContext, client: InsiClient, lecteur: LecteurVirtuel, monkeypatch: pytest.MonkeyPatch
) -> None:
    carte = lecteur.read()
    assertion = sign_reading(lecteur, carte, contexte.clock.now())
    contexte.clock.advance(timedelta(minutes=21))
    requete = RequeteVitale.of(carte, 1)
    assert refused(lambda: client.search_by_vitale(requete, assertion)) == "VITALE_PERIMEE"
    monkeypatch.setattr(type(assertion), "check", lambda self, carte, now: None)
    assert refused(lambda: client.search_by_vitale(requete, assertion)) == "bas_vitale_perimee"


@pytest.mark.exigence("CNDA 1.03")
def test_a_card_changed_in_between_is_refused_here_and_there(
    contexte: SandboxContext, client: InsiClient, lecteur: LecteurVirtuel, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = lecteur.read()
    requete = RequeteVitale.of(first, 1)
    lecteur.insert(lecteur.cards()[1])
    now = contexte.clock.now()
    assert refused(lambda: sign_reading(lecteur, first, now)) == "VITALE_CHANGEE"
    other = sign_reading(lecteur, lecteur.read(), now)
    assert refused(lambda: client.search_by_vitale(requete, other)) == "VITALE_CHANGEE"
    monkeypatch.setattr(type(other), "check", lambda self, carte, now: None)
    assert refused(lambda: client.search_by_vitale(requete, other)) == "bas_vitale_echangee"


def test_a_forged_assertion_is_refused(contexte: SandboxContext, client: InsiClient, lecteur: LecteurVirtuel) -> None:
    carte = lecteur.read()
    assertion = sign_reading(lecteur, carte, contexte.clock.now())
    conditions = assertion.element.find("{*}Conditions")
    assert conditions is not None
    conditions.set("NotOnOrAfter", "2099-01-01T00:00:00Z")
    with pytest.raises(InsiFault) as caught:
        client.search_by_vitale(RequeteVitale.of(carte, 1), assertion)
    assert caught.value.code == "bas_vitale_signature"


def test_a_card_whose_chip_is_another_ones_is_refused(
    contexte: SandboxContext, client: InsiClient, lecteur: LecteurVirtuel
) -> None:
    folder, (mine, theirs, *_) = fabrique.folder_of(contexte), lecteur.cards()
    for part in ("key", "cert"):
        shutil.copy(folder / f"{theirs}.vitale.{part}.pem", folder / f"{mine}.vitale.{part}.pem")
    assert refused(lambda: search(client, lecteur, contexte)) == "bas_vitale_puce"


def test_a_card_in_opposition_and_a_card_of_nobody(
    contexte: SandboxContext, client: InsiClient, lecteur: LecteurVirtuel
) -> None:
    fabrique.oppose(contexte, lecteur.nom, opposee=True)
    assert refused(lambda: search(client, lecteur, contexte)) == "bas_vitale_opposition"
    fabrique.oppose(contexte, lecteur.nom, opposee=False)
    assert search(client, lecteur, contexte).code is CodeRetour.UNE
    with contexte.store.transaction() as connection:
        connection.execute("DELETE FROM vitale_carte")
    assert refused(lambda: search(client, lecteur, contexte)) == "bas_vitale_inconnue"


def test_cards_of_test_and_demonstration_are_refused_in_production(
    contexte: SandboxContext, lecteur: LecteurVirtuel
) -> None:
    natures = set()
    for name in lecteur.cards():
        lecteur.insert(name)
        carte = lecteur.read()
        natures.add(carte.nature)
        carte.check_profil(Profil.BAC_A_SABLE)
        with pytest.raises(CarteRefusee) as caught:
            carte.check_profil(Profil.PRODUCTION)
        assert caught.value.code == "VITALE_DE_TEST"
        replace(carte, nature=NatureCarte.REELLE).check_profil(Profil.PRODUCTION)
    assert natures == {NatureCarte.TEST, NatureCarte.DEMONSTRATION}


def test_an_empty_reader_and_an_unknown_beneficiary(lecteur: LecteurVirtuel) -> None:
    carte = lecteur.read()
    assert refused(lambda: carte.beneficiaire(9)) == "VITALE_BENEFICIAIRE"
    lecteur.withdraw()
    assert refused(lecteur.read) == "VITALE_ABSENTE"
    assert refused(lambda: lecteur.insert("../pki/racine")) == "VITALE_INCONNUE"
    lecteur.nom = "../pki/racine"
    assert refused(lecteur.read) == "VITALE_ABSENTE"


def test_a_card_made_at_the_console_is_read(contexte: SandboxContext, client: InsiClient) -> None:
    holder = next(each for each in contexte.population.personnes if each.nom_utilise and each.date_naissance < "2000")
    name = fabrique.make_card(contexte, holder, certifies=False, noms_famille=True)
    reader = LecteurVirtuel(fabrique.folder_of(contexte))
    reader.insert(name)
    carte = reader.read()
    assert (carte.beneficiaires[0].nom_usuel, carte.beneficiaires[0].nom_famille) == (
        holder.nom_utilise[:27],
        holder.nom_naissance[:27],
    )
    answer = search(client, reader, contexte)
    assert answer.individu is not None
    assert answer.individu.matricule.nir == holder.numero


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<x/>",
        b'<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>',
        b'<donneesVitale xmlns="http://www.sesam-vitale.fr/XMLschemas/Vitale"/>',
        b'<donneesVitale xmlns="http://www.sesam-vitale.fr/XMLschemas/Vitale"><carte nature="autre"/></donneesVitale>',
    ],
)
def test_a_card_that_cannot_be_read_says_so_in_french(data: bytes) -> None:
    with pytest.raises(RefusedInput) as caught:
        read_card(data)
    assert caught.value.message


def test_no_number_shows_in_a_representation(lecteur: LecteurVirtuel) -> None:
    carte = lecteur.read()
    said = f"{carte!r} {carte.beneficiaires!r} {carte.assure!r} {RequeteVitale.of(carte, 1)!r}"
    assert carte.assure.numero not in said
    assert carte.beneficiaires[0].nom not in said
