"""LIKE patterns of authorPerson, and lists that are longer than one Value may be."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from opensegur.sandbox.dmp.recherche import is_like

FIND, GET = "14d4debf-8f97-4251-9a74-a90016b0af0d", "5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"
LETTERS = st.text(alphabet="ab%_", max_size=12)


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("MARCHAND", "MARCHAND", True),
        ("MARCHAND", "MAR%", True),
        ("MARCHAND", "%AND", True),
        ("MARCHAND", "%ARC%", True),
        ("MARCHAND", "M_RCH_ND", True),
        ("MARCHAND", "MARCHAN", False),
        ("MARCHAND", "MARCHAND_", False),
        ("MARCHAND", "marchand", False),
        ("O.HARA", "O_HARA", True),
        ("OXHARA", "O.HARA", False),
        ("", "%", True),
        ("", "", True),
        ("a", "", False),
        ("abab", "%ab", True),
        ("a\nb", "a%b", True),
    ],
)
def test_like(text, pattern, expected):
    assert is_like(text, pattern) is expected


@given(text=st.text(alphabet="ab", max_size=12), pattern=LETTERS)
def test_like_is_what_a_regular_expression_says(text, pattern):
    expression = "".join({"%": ".*", "_": "."}.get(letter, letter) for letter in pattern)
    assert is_like(text, pattern) is (re.fullmatch(expression, text) is not None)


def test_a_pattern_of_many_wildcards_does_not_hang(atelier, outils):
    atelier.feed()
    atelier.authorize()
    assert atelier.find(AuthorPerson=f"('{'%_' * 100}%Z')") == []
    assert not is_like("a" * 2000, "%a" * 100 + "b")


def request(outils, identifiant, slots):
    inner = "".join(
        f'<rim:Slot name="{name}"><rim:ValueList>'
        + "".join(f"<rim:Value>{value}</rim:Value>" for value in values)
        + "</rim:ValueList></rim:Slot>"
        for name, values in slots.items()
    )
    return (
        f'<query:AdhocQueryRequest {outils.NAMESPACES}><query:ResponseOption returnComposedObjects="true"'
        f' returnType="LeafClass"/><rim:AdhocQuery id="urn:uuid:{identifiant}">{inner}</rim:AdhocQuery>'
        "</query:AdhocQueryRequest>"
    )


def test_a_long_list_is_cut_into_several_values(atelier, outils):
    docs = [outils.Doc(uid=f"1.2.3.{number}") for number in range(1, 9)]
    assert outils.code_of(atelier.feed(outils.Lot(docs=docs))) == ""
    atelier.authorize()
    uuids = [fiche.entry_uuid for fiche in atelier.depot.fiches(uids=[doc.uid for doc in docs])]
    name = "$XDSDocumentEntryEntryUUID"
    several = request(outils, GET, {name: [f"('{uuid}')" for uuid in uuids]})
    found = etree.fromstring(atelier.send("iti18", several, outils.AIR).corps).findall(".//{*}ExtrinsicObject")
    assert {entry.get("id") for entry in found} == set(uuids)
    pairs = [f"('{one}','{other}')" for one, other in zip(uuids[::2], uuids[1::2], strict=True)]
    two_by_two = request(outils, GET, {name: pairs})
    found = etree.fromstring(atelier.send("iti18", two_by_two, outils.AIR).corps).findall(".//{*}ExtrinsicObject")
    assert {entry.get("id") for entry in found} == set(uuids)
    at_once = request(outils, GET, {name: ["('" + "','".join(uuids) + "')"]})
    assert outils.rule_of(atelier.send("iti18", at_once, outils.AIR)) == "xds.schema_requete", "ebRIM: 256 characters"
