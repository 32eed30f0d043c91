"""PKCS#11 as a true library answers: steps of the code's counter, cards that go away, libraries that fail.

SoftHSM2 has no counter and no hand that takes a card out: here the binding is true and the library is played.
"""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pkcs11
import pytest

from opensegur.cps import CarteRetiree, CodeRefuse, CpsError, Essais, find_library, open_card
from opensegur.cps import module as adapter
from opensegur.cps.module import EMPLACEMENTS, ModulePkcs11

INITIALIZED = pkcs11.TokenFlag.TOKEN_INITIALIZED


class Chip:
    """A token: ``fails`` names the exception that each use of its session raises, ``pin_fails`` that of a login."""

    label, serial = "CPS3v1-1234", b"2800000001"

    def __init__(self):
        self.flags = INITIALIZED
        self.fails = self.pin_fails = None
        self.opened = 0

    def open(self, user_pin=None):
        if user_pin is not None and self.pin_fails:
            raise self.pin_fails
        self.opened += 1
        return SimpleNamespace(get_objects=self._objects, close=lambda: None)

    def _objects(self, _attributes):
        if self.fails:
            raise self.fails
        return iter(())


class Reader:
    slot_description = "Lecteur de carte 0"

    def __init__(self, number, chip):
        self.slot_id, self.chip = number, chip

    def get_token(self):
        if self.chip is None:
            raise pkcs11.TokenNotPresent
        if isinstance(self.chip, Exception):
            raise self.chip
        return self.chip


@pytest.fixture
def puce():
    return Chip()


@pytest.fixture
def lecteur(puce):
    return Reader(1, puce)


@pytest.fixture
def bibliotheque(lecteur, monkeypatch):
    library = SimpleNamespace(readers=[lecteur], loaded=0)
    library.get_slots = lambda: list(library.readers)

    def reinitialize():
        library.loaded += 1

    library.reinitialize = reinitialize
    library.initialize = lambda: None
    monkeypatch.setattr(pkcs11, "lib", lambda _path: library)
    return library


@pytest.fixture
def poste(bibliotheque, tmp_path):
    return ModulePkcs11(tmp_path / "libcps3_pkcs11.so")


@pytest.mark.parametrize(
    ("flags", "essais"),
    [
        (0, Essais.INTACTS),
        (pkcs11.TokenFlag.USER_PIN_COUNT_LOW, Essais.ENTAMES),
        (pkcs11.TokenFlag.USER_PIN_COUNT_LOW | pkcs11.TokenFlag.USER_PIN_FINAL_TRY, Essais.DERNIER),
        (pkcs11.TokenFlag.USER_PIN_FINAL_TRY | pkcs11.TokenFlag.USER_PIN_LOCKED, Essais.BLOQUE),
    ],
    ids=["untouched", "one lost", "last", "blocked"],
)
def test_what_is_left_to_try_is_what_the_card_flags(poste, puce, flags, essais):
    puce.flags |= flags
    (found,) = poste.readers()
    assert (found.essais, found.serie, found.label) == (essais, "2800000001", "CPS3v1-1234")


def test_the_last_try_is_announced_by_the_card_and_never_spent_unasked(poste, puce):
    puce.flags |= pkcs11.TokenFlag.USER_PIN_FINAL_TRY
    puce.pin_fails = AssertionError("the code reached the card")
    with pytest.raises(CodeRefuse) as warned:
        open_card(poste).login("1234")
    assert warned.value.code == "CPS_PIN_DERNIER"


def test_a_blocked_card_is_never_tried(poste, puce):
    puce.flags |= pkcs11.TokenFlag.USER_PIN_LOCKED
    puce.pin_fails = AssertionError("the code reached the card")
    with pytest.raises(CodeRefuse) as refused:
        open_card(poste).login("1234", last_try=True)
    assert refused.value.code == "CPS_PIN_BLOQUE"


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (pkcs11.PinIncorrect, "CPS_PIN_FAUX"),
        (pkcs11.PinLocked, "CPS_PIN_BLOQUE"),
        (pkcs11.PinLenRange, "CPS_PIN_FORME"),
        (pkcs11.PinInvalid, "CPS_PIN_FORME"),
    ],
    ids=lambda item: getattr(item, "__name__", item),
)
def test_what_the_card_says_of_a_code_is_said_without_the_code(poste, puce, raised, code):
    puce.pin_fails = raised
    with pytest.raises(CodeRefuse) as refused:
        open_card(poste).login("7391")
    assert refused.value.code == code
    assert refused.value.__cause__ is None
    assert "7391" not in repr(refused.value.__dict__)


@pytest.mark.parametrize("raised", [pkcs11.PinLocked, pkcs11.PinIncorrect], ids=lambda item: item.__name__)
def test_a_code_that_is_refused_in_the_middle_is_said_as_one(poste, puce, raised):
    """Some keys want the code at each signature."""
    session = open_card(poste)
    puce.fails = raised
    with pytest.raises(CodeRefuse):
        session.read()


def test_a_card_opened_elsewhere_in_the_program_lends_nobody_its_keys(poste, puce):
    puce.pin_fails = pkcs11.UserAlreadyLoggedIn
    with pytest.raises(CpsError) as refused:
        open_card(poste).login("1234")
    assert refused.value.code == "CPS_DEJA_OUVERTE"


@pytest.mark.parametrize(
    "raised",
    [pkcs11.TokenNotPresent, pkcs11.SessionHandleInvalid, pkcs11.DeviceRemoved, pkcs11.SessionClosed],
    ids=lambda item: item.__name__,
)
def test_each_way_of_saying_that_the_card_is_gone(poste, puce, raised):
    session = open_card(poste)
    session.login("1234")
    puce.fails = raised
    with pytest.raises(CarteRetiree):
        session.read()
    assert not session.code_present


@pytest.mark.parametrize(
    "raised", [pkcs11.GeneralError, pkcs11.DeviceError, pkcs11.FunctionFailed], ids=lambda item: item.__name__
)
def test_a_vague_failure_is_a_card_gone_when_the_reader_is_empty(poste, puce, lecteur, raised):
    session = open_card(poste)
    puce.fails = raised
    with pytest.raises(CpsError) as vague:
        session.read()
    assert vague.value.code == "CPS_LECTURE"
    lecteur.chip = None
    with pytest.raises(CarteRetiree):
        session.read()


def test_a_card_that_shows_nothing_any_more_is_a_card_gone(poste, lecteur):
    session = open_card(poste)
    with pytest.raises(CpsError) as bare:
        session.read()
    assert bare.value.code == "CPS_CARTE_INCONNUE"
    lecteur.chip = None
    with pytest.raises(CarteRetiree):
        session.read()


def test_another_card_in_the_reader_is_not_the_first(poste, lecteur):
    session = open_card(poste)
    session.login("1234")
    other = Chip()
    other.serial = b"2800000002"
    lecteur.chip = other
    with pytest.raises(CarteRetiree):
        _ = session.lecteur
    with pytest.raises(CpsError) as refused:
        session.login("1234")
    assert refused.value.code == "CPS_AUTRE_CARTE"


def test_the_same_card_put_back_asks_its_code_again(poste, puce, lecteur):
    session = open_card(poste)
    session.login("1234")
    lecteur.chip = None
    with pytest.raises(CarteRetiree):
        _ = session.essais
    lecteur.chip = puce
    assert session.essais is Essais.INTACTS
    assert not session.code_present


def test_the_library_is_never_loaded_afresh_under_an_open_card(poste, bibliotheque):
    session = open_card(poste)
    poste.refresh()
    assert bibliotheque.loaded == 0
    session.close()
    poste.refresh()
    assert bibliotheque.loaded == 1


@pytest.mark.parametrize(
    "chip",
    [None, pkcs11.TokenNotRecognised(), SimpleNamespace(flags=0)],
    ids=["empty", "a bank card", "a blank token"],
)
def test_a_reader_without_a_card_of_ours_is_an_empty_reader(poste, lecteur, chip):
    lecteur.chip = chip
    (found,) = poste.readers()
    assert not found.carte_presente
    with pytest.raises(CpsError) as refused:
        open_card(poste)
    assert refused.value.code == "CPS_CARTE_ABSENTE"


def test_a_reader_that_was_unplugged_meanwhile(poste, bibliotheque):
    (known,) = poste.readers()
    bibliotheque.readers = []
    with pytest.raises(CpsError) as refused:
        poste.connect(known)
    assert refused.value.code == "CPS_LECTEUR_ABSENT"


def test_a_library_that_fails_is_said(monkeypatch, tmp_path):
    def broken(_path):
        raise RuntimeError("not a shared object")

    monkeypatch.setattr(pkcs11, "lib", broken)
    with pytest.raises(CpsError) as refused:
        ModulePkcs11(tmp_path / "fausse.so")
    assert (refused.value.code, refused.value.detail) == ("CPS_CRYPTOLIB", "fausse.so: RuntimeError")


def test_without_the_binding_the_advice_is_to_install_it(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "pkcs11", None)
    with pytest.raises(CpsError) as refused:
        ModulePkcs11(tmp_path / "libcps3_pkcs11.so")
    assert refused.value.code == "CPS_BIBLIOTHEQUE"
    assert "opensegur[cps]" in refused.value.conseil


@pytest.mark.parametrize("platform", sorted(EMPLACEMENTS))
def test_the_library_is_looked_for_where_the_cryptolib_puts_it(monkeypatch, platform):
    looked = []
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(adapter.Path, "is_file", lambda self: looked.append(str(self)) or False)
    with pytest.raises(CpsError) as refused:
        find_library(environ={})
    assert (refused.value.code, len(looked)) == ("CPS_CRYPTOLIB", len(EMPLACEMENTS[platform]))


def test_a_library_that_is_named_is_the_only_one_looked_for(tmp_path):
    named, other = tmp_path / "nommee.so", tmp_path / "autre.so"
    other.touch()
    with pytest.raises(CpsError):
        find_library(named, {"OPENSEGUR_PKCS11": str(other)})
    named.touch()
    assert find_library(named, {"OPENSEGUR_PKCS11": str(other)}) == named
    assert find_library(None, {"OPENSEGUR_PKCS11": str(other)}) == other
