"""A document that shows itself: the same document inside, and a page without anything active."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from cda.attaques import attaques, narrative
from cda.n3.documents import VOLETS, draw
from cda.surete import inspect
from opensegur.cda import read_document, validate_document
from opensegur.cda.autopresentable import self_presenting
from opensegur.cda.locate import clinical_document
from opensegur.cda.testing import complete_entete, sample_n1, sample_n3
from opensegur.foundation.errors import RefusedInput

_ALONE = etree.XSLTAccessControl.DENY_ALL
_TAGS = frozenset(
    re.findall(
        r"\w+",
        "html head meta title style body header h1 h2 dl dt dd section div p span strong em br sub sup ul ol li table"
        " caption thead tbody tfoot tr td th img a",
    )
)
_ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "colspan", "rowspan", "alt", "src", "href", "download"}


def shown(document: bytes) -> str:
    """What a browser makes of the file: it applies the style sheet that the file is to the file itself."""
    tree = etree.fromstring(self_presenting(document), etree.XMLParser(huge_tree=True))
    page = etree.XSLT(tree, access_control=_ALONE)(tree)
    return str(etree.tostring(page, method="html", encoding="unicode"))


def assert_inert(html: str) -> None:
    seen = inspect(html)
    assert seen.tags <= _TAGS
    assert {name for name, _ in seen.attributes} <= _ATTRIBUTES
    for name, value in seen.attributes:
        if name == "src":
            assert re.match(r"data:image/(?:png|jpeg|gif);base64,", value)
        if name == "href":
            assert re.match(r"data:(?:application/pdf|text/plain);base64,", value)


@pytest.mark.parametrize("document", [sample_n1(), sample_n1(complete_entete()), sample_n3()])
def test_it_holds_the_same_document(document: bytes) -> None:
    presented = self_presenting(document)
    assert presented.startswith(
        b"<?xml version='1.0' encoding='UTF-8'?>\n<?xml-stylesheet type=\"text/xsl\" href=\"#\"?>"
    )
    assert read_document(presented) == read_document(document)
    assert validate_document(presented).findings == validate_document(document).findings
    assert etree.tostring(clinical_document(presented), method="c14n", exclusive=True) == etree.tostring(
        clinical_document(document), method="c14n", exclusive=True
    )
    assert self_presenting(presented) == presented


def test_the_page_tells_the_patient_the_author_and_the_sections() -> None:
    html = shown(sample_n3(complete_entete()))
    assert_inert(html)
    for words in (
        "DUPONT-EXEMPLE",
        "CAMILLE ANNE",
        "28/03/1979",
        "PERRIN",
        "Problèmes actifs",
        "Asthme",
        "<li>Deux</li>",
    ):
        assert words in html
    assert "CAMILLE ANNE CAMILLE" not in html
    assert "DR Claire PERRIN" in " ".join(html.split())
    assert 'src="data:image/png;base64,' in html
    assert 'href="data:application/pdf;base64,' in html


def test_an_unstructured_document_gives_its_file() -> None:
    html = shown(sample_n1())
    assert_inert(html)
    assert 'href="data:text/plain;base64,' in html


@pytest.mark.parametrize("volet", VOLETS, ids=lambda volet: volet.name)
def test_every_volet_shows_itself(volet: object) -> None:
    for document in draw(volet, 4):  # type: ignore[arg-type]
        html = shown(document)
        assert_inert(html)
        assert "<h2>" in html


def test_a_hostile_narrative_stays_words() -> None:
    for attack in attaques("/nulle-part"):
        try:
            clinical_document(attack.octets)
        except RefusedInput:
            continue
        assert_inert(shown(attack.octets))
    assert "alert(1)" in shown(narrative("<paragraph>&lt;script&gt;alert(1)&lt;/script&gt;</paragraph>"))


@pytest.mark.fixtures
def test_every_official_sample_shows_itself(official: Path) -> None:
    for path in sorted((official / "cda" / "samples").glob("*.xml")):
        assert_inert(shown(path.read_bytes()))
