"""Lots whose signature is wrong: what it covers, what was changed afterwards, who signs."""

from __future__ import annotations

import copy

import pytest
from lxml import etree

METADATA, SIGNATURE = "XDSRepositoryMetadataError", "DMPInvalidSignature"
D = "Document01"


# signature of the lot


def manifest(change):
    return lambda root: change(root.find(".//{*}Manifest"))


def reference_removed(found):
    found.remove(found[-1])


def reference_doubled(found):
    found.append(copy.deepcopy(found[-1]))


def reference_to_another(found):
    found[-1].set("URI", "urn:oid:1.2.3.99")


def digest_of_another(found):
    found[-1].find("{*}DigestValue").text = "AAAA"


def other_lot(found):
    found[0].set("URI", "urn:oid:1.2.3.99")


def digest_of_the_lot(found):
    found[0].find("{*}DigestValue").text = "AAAA"


def weak_digest(found):
    found[-1].find("{*}DigestMethod").set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#md5")


def transform(algorithm):
    return lambda found: found[-1].find(".//{*}Transform").set("Algorithm", algorithm)


def second_manifest(root):
    root.append(copy.deepcopy(root.findall("{*}Object")[1]))


def other_certificate(root):
    root.find(".//{*}CertDigest/{*}DigestValue").text = "AAAA"


def without_properties(root):
    root.remove(root.findall("{*}Object")[-1])


@pytest.mark.parametrize(
    ("cut", "rule"),
    [
        (manifest(reference_removed), "signature.couverture"),
        (manifest(reference_doubled), "signature.couverture"),
        (manifest(reference_to_another), "signature.couverture"),
        (manifest(digest_of_another), "signature.empreinte"),
        (manifest(other_lot), "signature.lot"),
        (manifest(digest_of_the_lot), "signature.lot"),
        (manifest(weak_digest), "signature.forme"),
        (manifest(transform("http://www.w3.org/TR/1999/REC-xslt-19991116")), "signature.forme"),
        (second_manifest, "signature.forme"),
        (other_certificate, "signature.forme"),
    ],
)
def test_a_signature_that_covers_something_else(atelier, outils, refusee, cut, rule):
    refusee(lambda: atelier.feed(outils.Lot(coupe_signature=cut)), SIGNATURE, rule)


def after(change):
    """Alter the signature once it is made."""

    def swap(contents):
        root = etree.fromstring(contents["Signature"])
        change(root)
        contents["Signature"] = etree.tostring(root)

    return swap


def value_changed(root):
    root.find("{*}SignatureValue").text = "A" * 344


def key_removed(root):
    root.remove(root.find("{*}KeyInfo"))


def object_hidden(root):
    """The signed manifest is kept in a wrapper, another stands where it is looked for (signature wrapping)."""
    found = root.find(".//{*}Manifest")
    holder = found.getparent()
    forged = copy.deepcopy(found)
    forged.set("Id", "autre")
    forged[-1].find("{*}DigestValue").text = "AAAA"
    holder.insert(0, forged)


def reference_outside(root):
    root.find("{*}SignedInfo").findall("{*}Reference")[0].set("URI", "http://127.0.0.1:9/x")


@pytest.mark.parametrize(
    ("swap", "rule"),
    [
        (after(manifest(digest_of_another)), "signature.fausse"),
        (after(manifest(reference_doubled)), "signature.fausse"),
        (after(value_changed), "signature.fausse"),
        (after(key_removed), "signature.forme"),
        (after(without_properties), "signature.fausse"),
        (after(object_hidden), "signature.forme"),
        (after(reference_outside), "signature.forme"),
        (lambda contents: contents.update({"Signature": b"rien"}), "signature.forme"),
        (lambda contents: contents.update({"Signature": b"<!DOCTYPE a><a/>"}), "signature.forme"),
        (lambda contents: contents.update({"Signature": contents["Document01"]}), "signature.forme"),
        (
            lambda contents: contents.update(
                {"Document01": contents["Document01"].replace(b"libell", b"LIBELL") + b" "}
            ),
            "",
        ),
        (
            lambda contents: contents.update({"Document01": contents["Document01"].replace(b"CR de", b"CS de")}),
            "signature.empreinte",
        ),
    ],
)
def test_a_signature_or_a_document_changed_afterwards(atelier, outils, refusee, sans_empreinte, swap, rule):
    lot = outils.Lot(documents=swap, liste=sans_empreinte("Signature", D))
    if not rule:
        assert outils.code_of(atelier.feed(lot)) == "", "white space after the root is not in the canonical form"
        return
    refusee(lambda: atelier.feed(lot), SIGNATURE, rule)


@pytest.mark.parametrize(
    ("pair", "rule"),
    [
        ("es-auth", "signature.certificat"),
        ("expire", "signature.certificat"),
        ("futur", "signature.certificat"),
        ("revoque", "signature.certificat"),
        ("inconnu", "signature.certificat"),
        ("officine-sign", "signature.porteur"),
        ("dr-sign", "signature.porteur"),
    ],
)
def test_who_signs_the_lot(atelier, outils, refusee, pair, rule):
    refusee(lambda: atelier.feed(outils.Lot(sign=pair)), SIGNATURE, rule)


def test_an_unsigned_lot(atelier, outils, refusee):
    refusee(lambda: atelier.feed(outils.Lot(sans_signature=True)), SIGNATURE, "signature.absente")


def test_a_signature_alone(atelier, outils, refusee):
    refusee(lambda: atelier.feed(outils.Lot(docs=[])), METADATA, "lot.sans_document")


def test_sha1_is_read_unless_it_is_closed(atelier, outils, refusee):
    assert outils.code_of(atelier.feed(outils.Lot(sha1=True))) == ""
    atelier.reglages = type(atelier.reglages)(sha1_admis=False)
    refusee(lambda: atelier.feed(outils.Lot(sha1=True)), SIGNATURE, "signature.sha1")
