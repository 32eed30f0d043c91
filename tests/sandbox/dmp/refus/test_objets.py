"""Lots whose objects are wrong: metadata, codes, owners, associations."""

from __future__ import annotations

import copy

import pytest
from lxml import etree

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
