"""What is written in a structured document is read back as it was, and the published schema takes it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from cda.n3.documents import BY_NAME, VOLETS, Volet
from opensegur.cda import render_html, validate_document
from opensegur.cda.locate import clinical_document
from opensegur.cda.validation import validate_official

_FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("volet", VOLETS, ids=lambda volet: volet.name)
def test_what_is_written_is_read_back(volet: Volet) -> None:
    @_FEW
    @given(volet.drawn)
    def check(content: Any) -> None:
        data = volet.build(volet.entete, content)
        assert volet.read(clinical_document(data)) == content
        assert volet.build(volet.entete, content) == data

    check()


@pytest.mark.fixtures
@pytest.mark.parametrize("volet", VOLETS, ids=lambda volet: volet.name)
def test_the_schema_takes_it_and_so_do_our_rules(volet: Volet, schema: etree.XMLSchema) -> None:
    @_FEW
    @given(volet.drawn)
    def check(content: Any) -> None:
        data = volet.build(volet.entete, content)
        schema.assertValid(clinical_document(data))
        assert validate_document(data).findings == ()
        assert "<script" not in render_html(data)

    check()


@pytest.mark.parametrize("volet", VOLETS, ids=lambda volet: volet.name)
def test_the_official_schematrons_find_nothing(volet: Volet, official_tree_folder: Path) -> None:
    @settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
    @given(volet.drawn)
    def check(content: Any) -> None:
        assert validate_official(volet.build(volet.entete, content), official_tree_folder).findings == ()

    check()


@given(st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_word_said_is_in_the_narrative(data: st.DataObject) -> None:
    volet = BY_NAME["vsm"]
    content = data.draw(volet.drawn)
    root = clinical_document(volet.build(volet.entete, content))
    read = " ".join("".join(str(piece) for text in root.iter("{*}text") for piece in text.itertext()).split())
    for each in (*content.problemes, *content.antecedents):
        assert " ".join(each.diagnostic.texte.split()) in read
    for each in content.traitements:
        assert " ".join(each.produit.nom.split()) in read
