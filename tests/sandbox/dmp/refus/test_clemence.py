"""Lenience: the soft rules pass and are noted, each of the others still refuses."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from opensegur.sandbox.dmp.catalogue import CATALOGUE

CADRE = ".//{*}Classification[@classificationScheme='urn:uuid:41a5887f-8865-4c09-adf7-e362475b143a']"
FIND = "14d4debf-8f97-4251-9a74-a90016b0af0d"


@pytest.fixture
def clement(atelier):
    atelier.reglages = replace(atelier.reglages, strict=False)
    return atelier


def slot_of_ones_own(liste):
    liste.find(".//{*}ExtrinsicObject/{*}Slot[@name='size']").set("name", "taille")


def no_language(liste):
    found = liste.find(".//{*}ExtrinsicObject/{*}Slot[@name='languageCode']")
    found.getparent().remove(found)


def no_uuid(envelope):
    envelope.find(".//{*}MessageID").text = "m1"


def document_saying(outils, **changes):
    doc = outils.Doc(uid="1.2.3.1")
    return outils.Lot(docs=[replace(doc, cda=outils.write_cda(replace(doc, **changes)))])


def list_of_patients(atelier, outils):
    body = (
        '<patientList xmlns="urn:si-dmp-patients"><startDate>20260101000000</startDate><dateType>LASTDOC</dateType>'
        "</patientList>"
    )
    return atelier.send("patientList", body, outils.AIR)


def read_by_breaking_glass(atelier, outils):
    atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1")]))
    return atelier.retrieve(["1.2.3.1"], outils.AIR.but(usage="bris_de_glace"))


def search_without_status(atelier, outils):
    atelier.authorize()
    return atelier.query(FIND, {"$XDSDocumentEntryPatientId": f"'{outils.cx(outils.INS)}'"}, outils.AIR)


def of_another_structure(atelier, outils):
    atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1")]))
    uuid = atelier.depot.fiches(uids=["1.2.3.1"])[0].entry_uuid
    porteur = outils.Porteur(
        personne=outils.PHARMACIENNE, structure=outils.OFFICINE, sign="officine-sign", auth="officine-auth"
    )
    return atelier.feed(outils.Lot(docs=[outils.Doc(remplace=uuid, remplace_uid="1.2.3.1")]), porteur)


def in_line(atelier, outils):
    body, _ = atelier.lot_message(outils.Lot(en_ligne=True), outils.Porteur())
    root = body.partition(b"\r\n\r\n")[2]
    return atelier.post("repository", root[: root.rindex(b"\r\n--")])


def plain_in_parts(atelier, outils):
    content = etree.fromstring(outils.demographics(outils.INS))
    data = etree.tostring(atelier.envelope(outils.ACTIONS["patients"], content, atelier.vihf()))
    return atelier.post("patients", *outils.multipart(data, {}, action=outils.ACTIONS["patients"]))


def other_action_of_http(atelier, outils):
    content = etree.fromstring(outils.demographics(outils.INS))
    data = etree.tostring(atelier.envelope(outils.ACTIONS["patients"], content, atelier.vihf()))
    return atelier.post("patients", data, 'application/soap+xml; action="urn:autre"')


SOFT = {
    "message.mtom": in_line,
    "message.mtom_exclu": plain_in_parts,
    "wsa.action_http": other_action_of_http,
    "wsa.message_id": lambda a, o: a.exists(altere=no_uuid),
    "vihf.secteur_structure": lambda a, o: a.exists(
        o.Porteur(changements={"Secteur_Activite": "SA33^1.2.250.1.71.4.2.4"})
    ),
    "vihf.acteur_profession": lambda a, o: a.exists(o.AIR.but(roles=(("60", o.G15),))),
    "vihf.patient_exclu": list_of_patients,
    "vihf.motif": read_by_breaking_glass,
    "meta.inconnue": lambda a, o: a.feed(o.Lot(liste=slot_of_ones_own)),
    "meta.type_mime": lambda a, o: a.feed(o.Lot(docs=[o.Doc(mime="application/xml")])),
    "meta.visibilite": lambda a, o: a.feed(o.Lot(docs=[o.Doc(visibilite=("MASQUE_PS", "INVISIBLE_PATIENT"))])),
    "cda.titre": lambda a, o: a.feed(document_saying(o, titre="Autre")),
    "cda.date": lambda a, o: a.feed(document_saying(o, creation="20261124080000")),
    "cda.remplacement": lambda a, o: a.feed(document_saying(o, remplace_uid="1.2.3.98")),
    "remplacement.auteur": of_another_structure,
    "requete.statut": search_without_status,
}


def test_every_soft_rule_is_tried_here():
    assert set(SOFT) == {identifiant for identifiant, regle in CATALOGUE.items() if regle.souple}


@pytest.mark.parametrize("rule", SOFT)
def test_a_soft_rule_refuses_when_strict(atelier, outils, rule):
    answer = SOFT[rule](atelier, outils)
    assert outils.rule_of(answer) == rule
    assert atelier.dernier.toleres == []


@pytest.mark.parametrize("rule", SOFT)
def test_a_soft_rule_passes_when_lenient_and_is_noted(clement, outils, rule):
    answer = SOFT[rule](clement, outils)
    assert outils.code_of(answer) == "", answer.refus
    assert [item.regle.id for item in clement.dernier.toleres] == [rule]


@pytest.mark.parametrize(
    ("send", "rule"),
    [
        (lambda a, o: a.exists(o.Porteur(sign="es-auth")), "vihf.certificat_usage"),
        (lambda a, o: a.exists(o.Porteur(sign="revoque")), "vihf.certificat_revoque"),
        (lambda a, o: a.exists(o.Porteur(auth="")), "tls.absent"),
        (lambda a, o: a.exists(o.Porteur(changements={"LPS_Nom": None})), "vihf.attribut"),
        (lambda a, o: a.feed(porteur=o.AIR), "droits.transaction"),
        (lambda a, o: a.retrieve(["1.2.3.1"], o.AIR), "droits.autorisation"),
        (lambda a, o: a.feed(o.Lot(sans_signature=True)), "signature.absente"),
        (lambda a, o: a.feed(o.Lot(sign="expire")), "signature.certificat"),
        (lambda a, o: a.feed(o.Lot(docs=[o.Doc(classe="11")])), "meta.x16"),
        (lambda a, o: a.feed(o.Lot(docs=[o.Doc(ins=o.AUTRE_INS)])), "patient.lot"),
        (lambda a, o: a.feed(o.Lot(docs=[o.Doc(visibilite=("INVISIBLE_REPRESENTANTS_LEGAUX",))])), "meta.mineur"),
        (lambda a, o: a.feed(o.Lot(liste=no_language)), "meta.absente"),
        (lambda a, o: a.feed(document_saying(o, ins=o.AUTRE_INS)), "cda.patient"),
        (lambda a, o: a.post("patients", b"<!DOCTYPE a><a/>"), "xml.doctype"),
    ],
)
def test_the_others_refuse_all_the_same(clement, outils, refusee, send, rule):
    refusee(lambda: send(clement, outils), CATALOGUE[rule].code, rule)


def test_a_firm_rule_beside_a_soft_one(clement, outils):
    """What is tolerated does not appear among the reasons of a refusal."""

    def change(liste):
        slot_of_ones_own(liste)
        no_language(liste)

    answer = clement.feed(outils.Lot(liste=change))
    assert [item.regle.id for item in answer.refus] == ["meta.absente"]
    assert [item.regle.id for item in clement.dernier.toleres] == ["meta.inconnue"]
