"""Lots that are wrong: metadata, patient, bytes, uniqueness, associations, signature, content, replacement."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest
from lxml import etree

from opensegur.sandbox.dmp.depot import Dossier

METADATA, CONTENT, SIGNATURE = "XDSRepositoryMetadataError", "InvalidDocumentContent", "DMPInvalidSignature"
CLASSE = "41a5887f-8865-4c09-adf7-e362475b143a"
TYPE = "f0306f51-975f-434e-a61c-c59651d33983"
FORMAT = "a09d5840-386c-46f2-b5ad-9c3699a4309d"
VISIBILITE = "f4f85eac-e6cb-4883-b524-f2705394840f"
SECTEUR = "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"
CADRE = "cccf5598-8b07-4b77-a05e-ae952c785ead"
AUTEUR, LOT_AUTEUR = "93606bcf-9494-43ec-9b4e-a7748d1a838d", "a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"
CONTENU = "aa543740-bdda-424e-8c96-df4873be8500"
UID, PATIENT = "2e82c1f6-a085-4c72-9da3-8640a32e42ab", "58a6f841-87b3-4a3e-92fd-a8ffeff98427"
LOT_UID, LOT_SOURCE = "96fdda7c-d067-4183-912e-bf5ee74998a8", "554ac39e-e3fe-47fe-b233-965d2a147832"
LOT_PATIENT = "6b5aea1a-874d-4603-a4bc-96a0a7b38446"
ARCHIVED = "urn:asip:ci-sis:2010:StatusType:Archived"
RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}"


# what alters the list of objects; ``owner`` is the symbolic id of an object


def owned(liste, owner):
    return next(child for child in liste if child.get("id") == owner)


def slot(owner, name):
    return f"{{*}}Slot[@name='{name}']"


def without(owner, path):
    def change(liste):
        found = owned(liste, owner).find(path)
        found.getparent().remove(found)

    return change


def doubled(owner, path):
    def change(liste):
        found = owned(liste, owner).find(path)
        again = copy.deepcopy(found)
        if again.get("id"):
            again.set("id", "encore")
        found.addnext(again)

    return change


def put(owner, path, name, value):
    def change(liste):
        element = owned(liste, owner)
        (element.find(path) if path else element).set(name, value)

    return change


def written(owner, path, text):
    def change(liste):
        owned(liste, owner).find(path).text = text

    return change


def scheme(uuid, rest=""):
    return f"{{*}}Classification[@classificationScheme='urn:uuid:{uuid}']{rest}"


def identifier(uuid):
    return f"{{*}}ExternalIdentifier[@identificationScheme='urn:uuid:{uuid}']"


def dropped(owner):
    return lambda liste: liste.remove(owned(liste, owner))


def appended(xml):
    return lambda liste: liste.append(etree.fromstring(xml))


def association(kind, source, target, name="encore"):
    return appended(
        f'<rim:Association xmlns:rim="{RIM[1:-1]}" id="{name}" associationType="{kind}" sourceObject="{source}"'
        f' targetObject="{target}"><rim:Slot name="SubmissionSetStatus"><rim:ValueList><rim:Value>Original</rim:Value>'
        "</rim:ValueList></rim:Slot></rim:Association>"
    )


def unlinked(kind, target):
    def change(liste):
        for child in list(liste):
            if child.get("associationType", "").endswith(kind) and child.get("targetObject") == target:
                liste.remove(child)

    return change


def no_hash(*owners):
    """The digests of the entry are left to the server, so that another rule is reached."""

    def change(liste):
        for owner in owners:
            for name in ("hash", "size"):
                without(owner, slot(owner, name))(liste)

    return change


def second_package(liste):
    again = copy.deepcopy(owned(liste, "Lot"))
    again.set("id", "Lot2")
    for child in again.iter("{*}Classification", "{*}ExternalIdentifier"):
        child.set("id", f"{child.get('id')}b")
    liste.insert(1, again)


def twin(liste):
    liste.insert(2, copy.deepcopy(owned(liste, "Document01")))


def only_package(liste):
    for child in list(liste)[1:]:
        liste.remove(child)


PERSON, INSTITUTION = "/{*}Slot[@name='authorPerson']", "/{*}Slot[@name='authorInstitution']"
VALUE = "/{*}ValueList/{*}Value"
HM = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
SIGNS = "urn:ihe:iti:2007:AssociationType:signs"
D, L = "Document01", "Lot"
LISTS = {
    **{
        f"no {name} in the entry": (without(D, slot(D, name)), METADATA, "meta.absente")
        for name in ("creationTime", "languageCode", "legalAuthenticator", "serviceStartTime", "sourcePatientId")
    },
    **{
        f"{name} twice in the entry": (doubled(D, slot(D, name)), METADATA, "meta.repetee")
        for name in ("creationTime", "languageCode", "hash", "size", "legalAuthenticator")
    },
    **{
        f"{name} badly written": (written(D, slot(D, name) + VALUE, text), METADATA, "meta.forme")
        for name, text in (
            ("creationTime", "2026-11-25"),
            ("creationTime", "20261325080000"),
            ("languageCode", "français"),
            ("legalAuthenticator", "DR MARCHAND"),
            ("serviceStartTime", "hier"),
            ("sourcePatientId", "12345"),
            ("hash", "abc"),
            ("size", "-1"),
        )
    },
    **{
        f"no code of {uuid[:8]}": (without(D, scheme(uuid)), METADATA, "meta.absente")
        for uuid in (CLASSE, TYPE, FORMAT, VISIBILITE, SECTEUR, CADRE, AUTEUR)
    },
    **{
        f"two codes of {uuid[:8]}": (doubled(D, scheme(uuid)), METADATA, "meta.repetee")
        for uuid in (CLASSE, TYPE, FORMAT, SECTEUR, CADRE)
    },
    **{
        f"unknown code of {uuid[:8]}": (put(D, scheme(uuid), "nodeRepresentation", "ZZ-9"), METADATA, "meta.code")
        for uuid in (CLASSE, TYPE, FORMAT, VISIBILITE, SECTEUR, CADRE)
    },
    **{
        f"unknown system of {uuid[:8]}": (
            written(D, scheme(uuid, "/{*}Slot") + VALUE, "1.2.3"),
            METADATA,
            "meta.code",
        )
        for uuid in (CLASSE, TYPE, FORMAT, SECTEUR, CADRE)
    },
    "unknown content type": (put(L, scheme(CONTENU), "nodeRepresentation", "ZZ"), METADATA, "meta.code"),
    "no content type": (without(L, scheme(CONTENU)), METADATA, "meta.absente"),
    "no submission time": (without(L, slot(L, "submissionTime")), METADATA, "meta.absente"),
    "no author of the lot": (without(L, scheme(LOT_AUTEUR)), METADATA, "meta.absente"),
    "two authors of the lot": (doubled(L, scheme(LOT_AUTEUR)), METADATA, "meta.repetee"),
    "no unique id of the lot": (without(L, identifier(LOT_UID)), METADATA, "meta.absente"),
    "no source of the lot": (without(L, identifier(LOT_SOURCE)), METADATA, "meta.absente"),
    "no patient of the lot": (without(L, identifier(LOT_PATIENT)), METADATA, "meta.absente"),
    "source that is no OID": (put(L, identifier(LOT_SOURCE), "value", "urn:x"), METADATA, "meta.forme"),
    "no unique id": (without(D, identifier(UID)), METADATA, "meta.absente"),
    "two unique ids": (doubled(D, identifier(UID)), METADATA, "meta.repetee"),
    "unique id that is no OID": (put(D, identifier(UID), "value", "1.2.3^4"), METADATA, "meta.forme"),
    "unique id in other digits": (put(D, identifier(UID), "value", "1.2.\u0663"), METADATA, "meta.forme"),
    "size in other digits": (written(D, slot(D, "size") + VALUE, "\u0661\u0662"), METADATA, "meta.forme"),
    "unique id too long": (put(D, identifier(UID), "value", "1." + "2" * 63), METADATA, "meta.forme"),
    "no patient": (without(D, identifier(PATIENT)), METADATA, "meta.absente"),
    "patient badly written": (put(D, identifier(PATIENT), "value", "279035121518989"), METADATA, "meta.forme"),
    "no title": (without(D, "{*}Name"), METADATA, "meta.absente"),
    "author without person": (without(D, scheme(AUTEUR, PERSON)), METADATA, "meta.absente"),
    "author badly written": (written(D, scheme(AUTEUR, PERSON) + VALUE, "DR MARCHAND"), METADATA, "meta.forme"),
    "institution badly written": (written(D, scheme(AUTEUR, INSTITUTION) + VALUE, "CABINET"), METADATA, "meta.forme"),
    "unknown specialty": (
        written(D, scheme(AUTEUR, "/{*}Slot[@name='authorSpecialty']") + VALUE, "ZZ^x^1.2.250.1.213.1.1.4.5"),
        METADATA,
        "meta.code",
    ),
    "code without label": (without(D, scheme(CLASSE, "/{*}Name")), METADATA, "meta.libelle"),
    "code without system": (without(D, scheme(CLASSE, "/{*}Slot")), METADATA, "meta.libelle"),
    "metadata of one's own": (put(D, slot(D, "size"), "name", "taille"), METADATA, "meta.inconnue"),
    "type of file": (put(D, "", "mimeType", "application/pdf"), METADATA, "meta.type_mime"),
    "class of another type": (put(D, scheme(CLASSE), "nodeRepresentation", "11"), METADATA, "meta.x16"),
    "false hash": (written(D, slot(D, "hash") + VALUE, "0" * 40), METADATA, "meta.hash"),
    "false size": (written(D, slot(D, "size") + VALUE, "12"), METADATA, "meta.size"),
    "classification of another": (put(D, scheme(CLASSE), "classifiedObject", "Lot"), METADATA, "lot.classification"),
    "identifier of another": (put(D, identifier(UID), "registryObject", "Lot"), METADATA, "lot.classification"),
    "no mark of the lot": (without(L, "{*}Classification[@id='marque']"), METADATA, "lot.unique"),
    "no lot": (dropped(L), METADATA, "lot.unique"),
    "two lots": (second_package, METADATA, "lot.objet"),
    "an object by reference": (
        appended(f'<rim:ObjectRef xmlns:rim="{RIM[1:-1]}" id="urn:uuid:1"/>'),
        METADATA,
        "lot.objet",
    ),
    "another kind of object": (
        put(D, "", "objectType", "urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248"),
        METADATA,
        "lot.objet",
    ),
    "no entry": (only_package, METADATA, "lot.sans_document"),
    "one local id twice": (twin, METADATA, "lot.identifiant_local"),
    "entry out of the lot": (unlinked("HasMember", D), METADATA, "association.membre"),
    "entry twice in the lot": (association(HM, L, D), METADATA, "association.membre"),
    "member that is not there": (association(HM, L, "Absent"), METADATA, "association.forme"),
    "member of another": (association(HM, "urn:uuid:1", D), METADATA, "association.forme"),
    "a transformation": (
        association("urn:ihe:iti:2007:AssociationType:XFRM", D, "urn:uuid:1"),
        METADATA,
        "association.forme",
    ),
    "replaces by symbolic id": (
        association("urn:ihe:iti:2007:AssociationType:RPLC", D, "Signature"),
        METADATA,
        "association.forme",
    ),
    "signature that signs nothing": (unlinked("signs", L), SIGNATURE, "signature.absente"),
    "two signatures": (association(SIGNS, D, L), SIGNATURE, "signature.absente"),
    "signature visible to all": (
        without("Signature", scheme(VISIBILITE) + "[@nodeRepresentation='MASQUE_PS']"),
        METADATA,
        "signature.fiche",
    ),
    "signature in French": (
        written("Signature", slot("", "languageCode") + VALUE, "fr-FR"),
        METADATA,
        "signature.fiche",
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_wrong_objects(atelier, outils, refusee, name):
    change, code, rule = LISTS[name]
    refusee(lambda: atelier.feed(outils.Lot(liste=change)), code, rule)


def test_all_the_faults_of_one_family_are_told_at_once(atelier, outils):
    def change(liste):
        without(D, slot(D, "languageCode"))(liste)
        written(D, slot(D, "creationTime") + VALUE, "hier")(liste)

    answer = atelier.feed(outils.Lot(liste=change))
    assert {item.regle.id for item in answer.refus} == {"meta.absente", "meta.forme"}
    assert len(outils.root_of(answer).findall(".//{*}RegistryError")) == len(answer.refus)


def test_not_of_the_schema(atelier, outils, refusee):
    lot = outils.Lot(requete=lambda request: request.append(etree.fromstring("<autre xmlns='urn:x'/>")))
    refusee(lambda: atelier.feed(lot), METADATA, "xds.schema")


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
    import base64
    import hashlib

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
def test_content_that_is_no_cda(atelier, outils, refusee, data, transformed):
    def swap(contents):
        contents["Document01"] = data

    lot = outils.Lot(liste=no_hash(D), documents=swap)
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
def test_a_signature_or_a_document_changed_afterwards(atelier, outils, refusee, swap, rule):
    lot = outils.Lot(documents=swap, liste=no_hash("Signature", D))
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


# replacement


@pytest.fixture
def known(atelier, outils):
    """The entryUUID of a document already fed."""
    assert outils.code_of(atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1")]))) == ""
    return atelier.depot.fiches(uids=["1.2.3.1"])[0].entry_uuid


def replacing(outils, uuid, **changes):
    return outils.Lot(docs=[outils.Doc(remplace=uuid, remplace_uid="1.2.3.1", **changes)])


@pytest.mark.parametrize(
    ("statut", "code", "rule"),
    [
        (
            "urn:oasis:names:tc:ebxml-regrep:StatusType:Deprecated",
            "XDSRegistryDeprecatedDocumentError",
            "remplacement.statut",
        ),
        (ARCHIVED, "XDSReplaceFailed", "remplacement.archive"),
        ("urn:asip:ci-sis:2010:StatusType:Deleted", "XDSReplaceFailed", "remplacement.archive"),
    ],
)
def test_only_what_is_approved_is_replaced(atelier, outils, refusee, known, statut, code, rule):
    atelier.depot.set_statut(known, statut)
    refusee(lambda: atelier.feed(replacing(outils, known)), code, rule)


def test_an_unknown_target(atelier, outils, refusee, known):
    unknown = "urn:uuid:00000000-0000-4000-8000-000000000000"
    refusee(lambda: atelier.feed(replacing(outils, unknown)), "XDSReplaceFailed", "remplacement.cible")


def test_the_document_of_another_patient(atelier, outils, refusee, known):
    doc = outils.Doc(ins=outils.AUTRE_INS, remplace=known, remplace_uid="1.2.3.1")
    lot = outils.Lot(docs=[doc], ins=outils.AUTRE_INS)
    porteur = outils.Porteur(ins=outils.AUTRE_INS)
    refusee(lambda: atelier.feed(lot, porteur), "XDSReplaceFailed", "remplacement.cible")


def test_the_document_of_another_structure(atelier, outils, refusee, known):
    porteur = outils.Porteur(
        personne=outils.PHARMACIENNE, structure=outils.OFFICINE, sign="officine-sign", auth="officine-auth"
    )
    lot = replacing(outils, known)
    refusee(lambda: atelier.feed(lot, porteur), "XDSReplaceFailed", "remplacement.auteur")


def test_one_target_replaced_by_two(atelier, outils, refusee, known):
    doc = outils.Doc(remplace=known, remplace_uid="1.2.3.1")
    refusee(lambda: atelier.feed(outils.Lot(docs=[doc, doc])), "XDSReplaceFailed", "remplacement.cible")


# the dossier, the rights


@pytest.mark.parametrize(
    ("name", "code", "rule"),
    [("FERME", "DMPClosed", "dossier.ferme"), ("ABSENT", "XDSUnknownPatientId", "dossier.inconnu_xds")],
)
def test_no_open_dossier(atelier, outils, refusee, name, code, rule):
    ins = getattr(outils, name)
    lot = outils.Lot(docs=[outils.Doc(ins=ins)], ins=ins)
    refusee(lambda: atelier.feed(lot, outils.Porteur(ins=ins)), code, rule)


def test_the_patient_opposes(atelier, outils, refusee):
    atelier.depot.save_dossier(Dossier(outils.INS, opposition_alimentation=True))
    refusee(atelier.feed, "DMPAccessDeniedByRightsService", "droits.opposition_alimentation")


@pytest.mark.parametrize("usage", ["normal", "centre_15", "bris_de_glace"])
def test_reinforced_access_never_feeds(atelier, outils, refusee, usage):
    porteur = outils.AIR.but(usage=usage, motif="urgence")
    refusee(lambda: atelier.feed(porteur=porteur), "DMPAccessDeniedByRightsService", "droits.transaction")
