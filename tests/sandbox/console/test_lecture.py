"""Whatever was exchanged can be shown: no bytes make the console fail."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from opensegur.sandbox.console.lecture import decode, extension
from opensegur.sandbox.console.vihf import read_vihf
from opensegur.sandbox.pages import short_name

TYPES = st.sampled_from(
    [
        "application/soap+xml",
        "application/json",
        "application/x-www-form-urlencoded",
        'multipart/related; boundary="x"; type="application/xop+xml"',
        "text/plain",
        "",
        ";;",
    ]
)
XML = st.recursive(
    st.sampled_from(["<a/>", "<a b='c'>d</a>", "<p:a xmlns:p='urn:p' p:x='1'/>", "<!-- c --><b/>", "<?pi x?><c/>"]),
    lambda inner: st.lists(inner, max_size=3).map(lambda items: f"<e>{''.join(items)}</e>"),
)


@given(kind=TYPES, data=st.binary(max_size=300))
def test_any_bytes_are_decoded(kind, data):
    parts = decode((("content-type", kind),), data)
    assert bool(parts) == bool(data)
    assert sum(part.taille for part in parts) >= 0


@given(text=XML)
def test_every_element_of_a_document_is_in_the_tree(text):
    part = decode((("Content-Type", "text/xml"),), f"<racine>{text}</racine>".encode())[0]

    def count(node):
        return 1 + sum(count(child) for child in node.enfants)

    assert count(part.arbre) == sum(1 for _ in part.racine.iter("*"))
    assert read_vihf(part.racine) == ()


def test_a_huge_tree_is_cut_and_says_so():
    part = decode((("content-type", "text/xml"),), b"<a>" + b"<b/>" * 10_000 + b"</a>")[0]
    assert len(part.arbre.enfants) < 5_000
    assert "premiers éléments" in part.note


def test_a_mime_message_is_shown_part_by_part():
    body = (
        b'--x\r\nContent-Type: application/xop+xml; type="application/soap+xml"\r\nContent-ID: <r>\r\n\r\n<a>1</a>\r\n'
        b"--x\r\nContent-Type: application/pdf\r\nContent-ID: <d>\r\n\r\n%PDF\r\n--x--\r\n"
    )
    kind = 'multipart/related; type="application/xop+xml"; start="<r>"; boundary="x"'
    root, document = decode((("content-type", kind),), body)
    assert root.arbre.nom == "a"
    assert "binaire" in document.note
    assert document.taille == 4


def test_the_extension_of_an_exported_body():
    found = {
        "application/soap+xml; charset=utf-8": "xml",
        "multipart/related": "mime",
        "application/json": "json",
        "text/html": "html",
        "application/x-www-form-urlencoded": "txt",
        "application/pdf": "bin",
        "": "bin",
    }
    for kind, expected in found.items():
        assert extension({"content-type": kind}) == expected


def test_the_short_name_of_a_certificate():
    assert short_name("CN=INSI-MANU,OU=3123,O=CABINET,C=FR") == "INSI-MANU · 3123"
    assert short_name("CN=8997+SN=X+GN=Y,T=Médecin,C=FR") == "8997"
    assert short_name("") == ""
