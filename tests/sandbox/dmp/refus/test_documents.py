"""Lots whose documents are wrong: visibility, patient, bytes, content, uniqueness."""

from __future__ import annotations

import base64
import copy
import hashlib
from dataclasses import replace

import pytest

METADATA, CONTENT, SIGNATURE = "XDSRepositoryMetadataError", "InvalidDocumentContent", "DMPInvalidSignature"
D = "Document01"


# visibility


@pytest.mark.parametrize(
    ("codes", "rule"),
    [
        (("MASQUE_PS", "INVISIBLE_PATIENT"), "meta.visibilite"),
        (("INVISIBLE_REPRESENTANTS_LEGAUX",), "meta.mineur"),
        (("MASQUE_PSOCIAL",), "meta.code"),
    ],
)
def test_visibility(atelier, outils, refusee, codes, rule):
    refusee(lambda: atelier.feed(outils.Lot(docs=[outils.Doc(visibilite=codes)])), METADATA, rule)


def test_a_minor_may_hide_from_the_legal_representatives(atelier, outils):
    doc = outils.Doc(ins=outils.MINEUR, visibilite=("INVISIBLE_REPRESENTANTS_LEGAUX",))
    lot = outils.Lot(docs=[doc], ins=outils.MINEUR)
    assert outils.code_of(atelier.feed(lot, outils.Porteur(ins=outils.MINEUR))) == ""


# patient


def test_the_patient_of_the_lot_is_that_of_the_vihf(atelier, outils, refusee):
    lot = outils.Lot(docs=[outils.Doc(ins=outils.AUTRE_INS)], ins=outils.AUTRE_INS)
    refusee(lambda: atelier.feed(lot), "XDSPatientIdDoesNotMatch", "patient.vihf")


def test_the_patient_of_an_entry_is_that_of_the_lot(atelier, outils, refusee):
    lot = outils.Lot(docs=[outils.Doc(ins=outils.AUTRE_INS)])
    refusee(lambda: atelier.feed(lot), "XDSPatientIdDoesNotMatch", "patient.lot")


# bytes


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("uid", "1.2.3.99", "cda.identifiant"),
        ("ins", "184127645108946", "cda.patient"),
        ("type", "34112-3", "cda.type"),
        ("systeme", "1.2.3", "cda.type"),
        ("titre", "Un autre titre", "cda.titre"),
        ("creation", "20261124080000", "cda.date"),
        ("remplace_uid", "1.2.3.98", "cda.remplacement"),
    ],
)
def test_a_document_that_says_otherwise_than_its_entry(atelier, outils, refusee, field, value, rule):
    doc = outils.Doc(uid="1.2.3.1")
    doc = replace(doc, cda=outils.write_cda(replace(doc, **{field: value})))
    refusee(lambda: atelier.feed(outils.Lot(docs=[doc])), CONTENT, rule)


def raw_digest(outils, data):
    """The manifest signs the bytes themselves, as for a document that is no XML."""

    def change(root):
        reference = root.find(".//{*}Manifest").findall("{*}Reference")[1]
        reference.remove(reference.find("{*}Transforms"))
        reference.find("{*}DigestValue").text = base64.b64encode(hashlib.sha256(data).digest()).decode()

    return change


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.4 rien",
        b"<autre/>",
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
        b"<a>" * 3000 + b"</a>" * 3000,
        "<a/>".encode("utf-16"),
    ],
    ids=["not XML", "not a CDA", "external entity", "too deep", "UTF-16"],
)
@pytest.mark.parametrize("transformed", [False, True])
def test_content_that_is_no_cda(atelier, outils, refusee, sans_empreinte, data, transformed):
    def swap(contents):
        contents["Document01"] = data

    lot = outils.Lot(liste=sans_empreinte(D), documents=swap)
    if transformed and data == b"<autre/>":
        refusee(lambda: atelier.feed(lot), SIGNATURE, "signature.empreinte")
        return
    if not transformed:
        lot.coupe_signature = raw_digest(outils, data)
    refusee(lambda: atelier.feed(lot), CONTENT, "cda.lecture")


def test_an_empty_document(atelier, outils, refusee):
    lot = outils.Lot(documents=lambda contents: contents.update({"Document01": b""}))
    refusee(lambda: atelier.feed(lot), METADATA, "document.vide")


def request_without(name):
    def change(request):
        request.remove(next(item for item in request.findall("{*}Document") if item.get("id") == name))

    return change


def one_more(name):
    def change(request):
        again = copy.deepcopy(request.findall("{*}Document")[0])
        again.set("id", name)
        request.append(again)

    return change


def astray(request):
    request.find("{*}Document")[0].set("href", "cid:nulle-part@lps")


def to_a_file(request):
    request.find("{*}Document")[0].set("href", "file:///etc/hostname")


@pytest.mark.parametrize(
    ("change", "code", "rule"),
    [
        (request_without("Document01"), "XDSMissingDocument", "document.absent"),
        (request_without("Signature"), "XDSMissingDocument", "document.absent"),
        (astray, "XDSMissingDocument", "document.absent"),
        (to_a_file, "XDSMissingDocument", "document.absent"),
        (one_more("Document09"), "XDSMissingDocumentMetadata", "document.sans_fiche"),
        (one_more("document01"), "XDSMissingDocumentMetadata", "document.sans_fiche"),
        (one_more("Document01"), METADATA, "lot.identifiant_local"),
    ],
)
def test_documents_and_entries_go_together(atelier, outils, refusee, change, code, rule):
    refusee(lambda: atelier.feed(outils.Lot(requete=change)), code, rule)


def test_too_large(atelier, outils, refusee):
    settings = type(atelier.reglages)
    for limits in (settings(taille_document=300), settings(taille_lot=1000)):
        atelier.reglages = limits
        refusee(atelier.feed, "XDSRepositoryOutOfResources", "document.taille")


# uniqueness


def test_one_lot_twice(atelier, outils, refusee):
    assert outils.code_of(atelier.feed(outils.Lot(uid="1.2.3.100"))) == ""
    again = outils.Lot(uid="1.2.3.100")
    refusee(lambda: atelier.feed(again), "XDSDuplicateUniqueIdInRegistry", "unicite.lot")


def test_one_document_twice(atelier, outils, refusee):
    doc = outils.Doc(uid="1.2.3.1")
    assert outils.code_of(atelier.feed(outils.Lot(docs=[doc]))) == ""
    same, other = outils.Lot(docs=[doc]), outils.Lot(docs=[replace(doc, titre="Autre")])
    refusee(lambda: atelier.feed(same), "XDSDuplicateUniqueIdInRegistry", "unicite.document")
    refusee(lambda: atelier.feed(other), "XDSNonIdenticalHash", "unicite.contenu")


def test_one_identifier_twice_in_a_message(atelier, outils, refusee):
    doc = outils.Doc(uid="1.2.3.1")
    lot = outils.Lot(docs=[doc, doc])
    refusee(lambda: atelier.feed(lot), "XDSRepositoryDuplicateUniqueIdInMessage", "unicite.message")
    lot = outils.Lot(docs=[doc], uid="1.2.3.1")
    refusee(lambda: atelier.feed(lot), "XDSRepositoryDuplicateUniqueIdInMessage", "unicite.message")


def test_a_document_named_as_a_known_lot(atelier, outils, refusee):
    assert outils.code_of(atelier.feed(outils.Lot(uid="1.2.3.100"))) == ""
    lot = outils.Lot(docs=[outils.Doc(uid="1.2.3.100")])
    refusee(lambda: atelier.feed(lot), "XDSDuplicateUniqueIdInRegistry", "unicite.document")
