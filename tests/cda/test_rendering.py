from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cda.surete import assert_safe
from opensegur.cda.document_lu import Horodatage
from opensegur.cda.html import image
from opensegur.cda.n1 import TEXT, build_n1
from opensegur.cda.reading_types import parse_timestamp
from opensegur.cda.rendering import render_html, render_page
from opensegur.cda.rendering_header import french_date
from opensegur.cda.testing import complete_entete, sample_entete, sample_n1, sample_n3


def narrative(text: str) -> bytes:
    """The structured sample with another narrative in its first section."""
    document = sample_n3().decode()
    start, end = document.index("<text><table>"), document.index("</text>") + len("</text>")
    return (document[:start] + f"<text>{text}</text>" + document[end:]).encode()


@pytest.mark.exigence("CDA/VISU.01")
def test_the_header_is_told_in_french() -> None:
    html = render_html(sample_n1(complete_entete()))
    assert_safe(html)
    for words in (
        "Nom de naissance",
        "DUPONT-EXEMPLE",
        "28/03/1979, Dompremy (51215)",
        "279035121518989 (NIR de test)",
        "12 mars 2026 à 10 h 30",
        "Dr Claire PERRIN",
        "Personne de confiance",
        "remplace 1.2.250.1.999.1.1.20260312.1",
    ):
        assert words in html


def test_a_text_body_is_shown_as_it_is() -> None:
    html = render_html(build_n1(sample_entete(), b"<b>pas gras</b> & \x00 \xe9t\xe9", TEXT))
    assert_safe(html)
    assert "&lt;b&gt;pas gras&lt;/b&gt; &amp; \ufffd été" in html


def test_a_pdf_has_its_place_and_a_link_when_the_application_serves_it() -> None:
    document = build_n1(sample_entete(), b"%PDF-1.4", "application/pdf")
    linked = render_html(document, file_url="/documents/7/fichier")
    assert_safe(linked, "/documents/7/fichier")
    assert 'data-cda-fichier="application/pdf"' in linked
    assert "<a " not in render_html(document)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//ailleurs.fr", "data:text/html,x", "JAVASCRIPT:x"])
def test_a_link_of_another_kind_is_never_written(url: str) -> None:
    assert "<a " not in render_html(build_n1(sample_entete(), b"%PDF-1.4", "application/pdf"), file_url=url)


def test_the_pdf_copy_comes_first_and_the_structure_on_demand() -> None:
    html = render_html(sample_n3(), file_url="/f")
    assert_safe(html, "/f")
    assert html.index("Ouvrir le document (PDF") < html.index("Voir le contenu structuré") < html.index("Asthme")
    assert "Copie du document" not in html


@pytest.mark.exigence("CDA/VISU.01")
def test_the_narrative_keeps_its_shape() -> None:
    html = render_html(sample_n3())
    assert '<th class="cda-gras">Problème</th>' in html
    assert '<td colspan="2"><span id="cda-p1">Asthme</span></td>' in html
    assert '<ol><li class="cda-legende"><strong>Liste</strong></li><li>Un</li><li>Deux</li></ol>' in html
    assert "<figcaption>Schéma</figcaption>" in html
    assert "data:image/png;base64," in html


HOSTILE = {
    "script": "<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>",
    "escaped script": "<paragraph>&lt;script&gt;alert(1)&lt;/script&gt;</paragraph>",
    "event": "<paragraph onclick='alert(1)' style='background:url(http://ailleurs)'>a</paragraph>",
    "iframe": "<iframe src='http://ailleurs'>a</iframe>",
    "script link": "<linkHtml href='javascript:alert(1)'>a</linkHtml>",
    "outside link": "<linkHtml href='https://ailleurs.fr/x?y'>a</linkHtml>",
    "outside image": "<renderMultiMedia referencedObject='http://ailleurs.fr/a.png'/>",
    "cdata": "<paragraph><![CDATA[<img src=x onerror=alert(1)>]]></paragraph>",
    "id": "<content ID='x&quot; onmouseover=&quot;alert(1)'>a</content>",
    "style code": "<content styleCode='Bold &quot;&gt;&lt;script&gt;'>a</content>",
    "span": "<table><tbody><tr><td colspan='99999999'>a</td><td rowspan='1e9'>b</td></tr></tbody></table>",
    "svg": "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><a href='http://ailleurs'>a</a></svg>",
    "comment": "<paragraph>a<!-- <script>alert(1)</script> -->b</paragraph>",
    "instruction": "<paragraph>a<?php echo 1 ?>b</paragraph>",
    "misplaced": "<tr><td>seul</td></tr><item>seul</item><caption>seule</caption>",
    "deep": "<content>" * 80 + "fond" + "</content>" * 80,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_narrative_stays_text(text: str) -> None:
    assert_safe(render_html(narrative(text)))


def test_what_is_unknown_gives_its_words() -> None:
    assert "mot" in render_html(narrative("<inconnu><autre>mot</autre></inconnu>"))
    assert "a (https://ailleurs.fr)" in render_html(narrative("<linkHtml href='https://ailleurs.fr'>a</linkHtml>"))
    assert '<a href="#cda-p9">a</a>' in render_html(narrative("<linkHtml href='#p9'>a</linkHtml>"))
    assert '<a href="#cda-n1">*</a>' in render_html(narrative("<footnoteRef IDREF='n1'/>"))
    assert "<del>faux</del>" in render_html(narrative("<content revised='delete'>faux</content>"))


@pytest.mark.parametrize(
    ("media_type", "data"),
    [
        ("image/png", b"<svg onload=alert(1)>"),
        ("image/svg+xml", b"<svg/>"),
        ("text/html", b"<p>"),
        ("", b"\xff\xd8\xff"),
    ],
)
def test_an_image_that_is_not_what_it_says_is_not_shown(media_type: str, data: bytes) -> None:
    assert image(media_type, data, "") is None


def test_a_medium_of_another_type_is_said() -> None:
    svg = base64.b64encode(b"<svg onload='alert(1)'/>").decode()
    document = re.sub(
        r'mediaType="image/png" representation="B64">[^<]*',
        f'mediaType="image/svg+xml" representation="B64">{svg}',
        sample_n3().decode(),
    )
    html = render_html(document.encode())
    assert_safe(html)
    assert "[image d’un format qui ne s’affiche pas]" in html


def test_an_image_named_again_is_not_written_again() -> None:
    html = render_html(narrative("<renderMultiMedia referencedObject='img1'/>" * 500))
    assert_safe(html)
    assert html.count("data:image/png") == 1
    assert html.count("[image déjà montrée]") == 499


@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="<&\ufffe\uffff"), max_size=60))
def test_no_words_become_markup(words: str) -> None:
    assert_safe(render_html(narrative(f"<paragraph>{words}</paragraph>")))


def test_a_whole_page_forbids_scripts_and_requests() -> None:
    page = render_page(sample_n3())
    assert page.startswith("<!DOCTYPE html>")
    assert "default-src 'none'; img-src data:; style-src 'sha256-" in page
    assert 'lang="fr"' in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("20260101", "1er janvier 2026"),
        ("20260812143005+0200", "12 août 2026 à 14 h 30"),
        ("n’importe quoi", "n’importe quoi"),
        ("", ""),
    ],
)
def test_dates_are_told_in_french(written: str, shown: str) -> None:
    assert french_date(Horodatage(written, parse_timestamp(written))) == shown


@pytest.mark.fixtures
def test_every_official_sample_is_shown_safely(official: Path) -> None:
    for path in sorted((official / "cda" / "samples").glob("*.xml")):
        html = render_html(path.read_bytes(), file_url="/fichier")
        assert_safe(html, "/fichier")
        assert "<dt>Nom de naissance</dt>" in html
