"""ADT messages, alone or by the hundred, as files and flows hold them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.imports_adt import message
from opensegur.cabinet.imports.candidats import read_person
from opensegur.cabinet.imports.hl7 import looks_like_hl7, parse_adt, split_messages
from opensegur.foundation.errors import InvalidValue
from opensegur.ins import OID_NIR_TEST


def test_an_identity_is_read_with_its_names_and_its_place() -> None:
    found = parse_adt(1, message().encode())
    person = read_person(1, found.champs)
    assert person.traits is not None
    assert (person.traits.nom_naissance, person.traits.premier_prenom, person.traits.prenoms) == (
        "LEVEQUE",
        "ALICE",
        "ALICE COLETTE",
    )
    assert (person.traits.nom_utilise, person.traits.prenom_utilise) == ("VALLEE", "ALI")
    assert (person.traits.date_naissance, person.traits.lieu_naissance) == ("1982-11-30", "14127")
    assert person.matricule is not None
    assert (person.matricule.oid, person.externe) == (OID_NIR_TEST, "12")
    assert (found.autorite, found.statuts, person.controle) == ("1.2.250.1.999", {"VALI"}, True)


@pytest.mark.parametrize(
    ("charset", "encoding"), [("8859/1", "cp1252"), ("UNICODE UTF-8", "utf-8"), ("", "cp1252"), ("", "utf-8")]
)
def test_msh_18_says_how_to_read_the_letters(charset: str, encoding: str) -> None:
    text = message(charset=charset).replace("LEVEQUE", "LÉVÊQUE")
    assert parse_adt(1, text.encode(encoding)).champs["nom_naissance"] == "LÉVÊQUE"


def test_escapes_are_undone() -> None:
    text = message().replace("LEVEQUE", r"D\T\E\F\X")
    assert parse_adt(1, text.encode()).champs["nom_naissance"] == "D&E|X"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PID|1", "HL7_ILLISIBLE"),
        (message().replace("ADT^A28", "ORU^R01"), "HL7_TYPE"),
        (message("A03"), "HL7_TYPE"),
        (message().replace("PID|", "ZID|"), "HL7_PID"),
    ],
)
def test_what_is_not_taken_says_why(text: str, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        parse_adt(1, text.encode())
    assert refused.value.code == code


@pytest.mark.parametrize("frame", ["{}", "\x0b{}\x1c\r", "{}\r\n"], ids=["plain", "mllp", "lines"])
@pytest.mark.parametrize("size", [1_000_000, 50])
def test_messages_are_cut_whatever_is_between_them(frame: str, size: int) -> None:
    data = "".join(frame.format(message(pi=str(number))) for number in range(5)).encode()
    found = list(split_messages(data[place : place + size] for place in range(0, len(data), size)))
    assert [parse_adt(line, each).champs["externe"] for line, each in found] == ["0", "1", "2", "3", "4"]
    assert found[0][0] == 1
    assert [line for line, _ in found] == sorted(line for line, _ in found)


def test_a_merge_names_the_number_that_goes() -> None:
    assert parse_adt(1, message("A40", mrg="99").encode()).ancien == "99"


def test_what_is_hl7_is_recognised() -> None:
    assert looks_like_hl7(b"\x0bMSH|^~\\&|")
    assert not looks_like_hl7(b"MSH;nom;prenom".replace(b";", b" "))
    assert not looks_like_hl7(b"nom;prenom")


@given(st.binary(max_size=300))
def test_no_message_breaks_the_reading(data: bytes) -> None:
    for line, each in split_messages([b"MSH|^~\\&|" + data]):
        try:
            parse_adt(line, each)
        except InvalidValue:
            continue
