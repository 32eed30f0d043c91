"""What a workstation can do, said before it fails."""

from __future__ import annotations

import pytest

from opensegur.cps.errors import cps_error
from opensegur.cps.testing import LecteursVirtuels, make_card
from opensegur.poste.capacites import Environnement, Niveau, Vue, is_flapping, look
from opensegur.poste.materiel import LecteurVu
from opensegur.poste.materiel_cps import MaterielCps
from opensegur.poste.seances import Genre, read_seance
from opensegur.poste.veille import Veille

_SEANCES = [
    ({}, (), Genre.LOCALE),
    ({"SESSIONNAME": "Console"}, (), Genre.LOCALE),
    ({"SESSIONNAME": "RDP-Tcp#12", "CLIENTNAME": "COMPTOIR"}, (), Genre.RDP),
    ({"sessionname": "rdp-tcp#0"}, (), Genre.RDP),
    ({"CLIENTNAME": "COMPTOIR"}, (), Genre.RDP),
    ({"SESSIONNAME": "Console", "CLIENTNAME": "COMPTOIR"}, (), Genre.LOCALE),
    ({"SESSIONNAME": "ICA-tcp#3", "CLIENTNAME": "COMPTOIR"}, (), Genre.CITRIX),
    ({"SESSIONNAME": "ICA-CGP#1"}, (), Genre.CITRIX),
    ({"ViewClient_Machine_Name": "COMPTOIR", "SESSIONNAME": "Console"}, (), Genre.HORIZON),
    ({"XRDP_SESSION": "1"}, (), Genre.XRDP),
    ({"VNCDESKTOP": "poste:1"}, (), Genre.VNC),
    ({"SSH_CONNECTION": "192.168.1.2 50000 192.168.1.3 22"}, (), Genre.SSH),
    ({"SESSIONNAME": "Console"}, ("explorer.exe", "TeamViewer_Desktop.exe"), Genre.AIDE),
    ({}, ("anydesk",), Genre.AIDE),
    ({}, ("TeamViewer_Service.exe", "teamviewerd"), Genre.LOCALE),
]


@pytest.mark.parametrize(
    ("variables", "programmes", "genre"), _SEANCES, ids=[str(rank) for rank in range(len(_SEANCES))]
)
def test_where_the_person_sits_is_recognised(variables, programmes, genre: Genre) -> None:
    seance = read_seance(variables, programmes)
    assert seance.genre is genre
    assert bool(seance.geste) is (genre is not Genre.LOCALE)


def constats(environnement: Environnement) -> dict[str, tuple[Niveau, str]]:
    return {each.sujet: (each.niveau, f"{each.dit} {each.geste}") for each in look(environnement)}


def test_a_workstation_that_works() -> None:
    found = constats(Environnement(lecteurs=(LecteurVu("Omnikey", carte=True),), scanners=("Canon DR",)))
    assert {niveau for niveau, _ in found.values()} == {Niveau.BON}


@pytest.mark.parametrize(
    ("environnement", "sujet", "niveau", "words"),
    [
        (Environnement(), "Lecteur de cartes", Niveau.ABSENT, "Branchez-le"),
        (Environnement(lecteurs=None, panne=cps_error("CPS_CRYPTOLIB")), "Lecteur de cartes", Niveau.ABSENT, "Cryptolib"),
        (Environnement(lecteurs=None, panne=cps_error("CPS_BIBLIOTHEQUE")), "Lecteur de cartes", Niveau.ABSENT, "pip install"),
        (Environnement(lecteurs=(LecteurVu("A", carte=False),)), "Carte", Niveau.ABSENT, "puce en avant"),
        (Environnement(lecteurs=(LecteurVu("A", carte=True), LecteurVu("B", carte=True))), "Carte", Niveau.ATTENTION, "qu’une"),
        (Environnement(scanners=()), "Scanner", Niveau.ABSENT, "fabricant"),
        (Environnement(scanners=None), "Scanner", Niveau.INCONNU, "ne permet pas de savoir"),
        (Environnement({"SESSIONNAME": "RDP-Tcp#1"}), "Session", Niveau.ATTENTION, "Cartes à puce"),
    ],
    ids=["no reader", "no library", "no binding", "no card", "two cards", "no driver", "not known", "remote"],
)  # fmt: skip
def test_what_is_missing_is_said_with_what_to_do(
    environnement: Environnement, sujet: str, niveau: Niveau, words: str
) -> None:
    found, said = constats(environnement)[sujet]
    assert found is niveau
    assert words in said


def vues(*pairs: tuple[float, bool]) -> list[Vue]:
    return [Vue(moment, carte) for moment, carte in pairs]


@pytest.mark.parametrize(
    ("seen", "flaps"),
    [
        (vues(), False),
        (vues((90, True)), False),
        (vues((80, False), (90, True)), False),
        (vues((60, True), (70, False), (80, True), (90, False)), False),
        (vues((60, True), (65, False), (70, True), (75, False), (80, True)), True),
        (vues((1, True), (5, False), (10, True), (15, False), (20, True), (95, True)), False),
    ],
    ids=["never seen", "once", "inserted", "changed twice", "comes and goes", "long ago"],
)
def test_a_card_that_comes_and_goes_faster_than_a_hand(seen: list[Vue], *, flaps: bool) -> None:
    assert is_flapping(seen, 100.0) is flaps


def test_a_wireless_reader_that_loses_its_card_is_explained() -> None:
    now = [0.0]
    readers = LecteursVirtuels(base=make_card())
    veille = Veille(MaterielCps(lambda: readers), lambda: now[0])
    for rank in range(6):
        now[0] += 3
        if rank % 2:
            readers.insert("base", make_card())
        else:
            readers.remove("base")
        veille.look()
    found = constats(Environnement(vues=veille.seen(), maintenant=now[0]))
    assert found["Lecteur instable"][0] is Niveau.ATTENTION
    assert "base" in found["Lecteur instable"][1]


def test_a_reader_that_is_unplugged_is_forgotten_in_time() -> None:
    now = [0.0]
    held = [LecteursVirtuels(base=make_card())]
    veille = Veille(MaterielCps(lambda: _Relay(held)), lambda: now[0])  # type: ignore[arg-type,return-value]
    veille.look()
    held[0] = LecteursVirtuels()
    for _ in range(3):
        now[0] += 40
        veille.look()
    assert veille.seen() == {}


class _Relay:
    def __init__(self, held: list[LecteursVirtuels]) -> None:
        self._held = held

    def readers(self):
        return self._held[0].readers()

    def refresh(self) -> None:
        return None
