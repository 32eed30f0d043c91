"""Submissions: what each defect of a lot is refused with, and that nothing is kept of a refused lot."""

from __future__ import annotations

import base64
import types

import pytest
from lxml import etree

CLASSE = "41a5887f-8865-4c09-adf7-e362475b143a"
TYPE = "f0306f51-975f-434e-a61c-c59651d33983"
FORMAT = "a09d5840-386c-46f2-b5ad-9c3699a4309d"
CONF = "f4f85eac-e6cb-4883-b524-f2705394840f"
LIEU = "f33fb8ac-18af-42cc-ae0e-ed0b0bdb91e1"
CADRE = "cccf5598-8b07-4b77-a05e-ae952c785ead"
META = "XDSRepositoryMetadataError"
SIGNATURE = "DMPInvalidSignature"
RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}"


def put(path, name, value):
    def change(root):
        root.find(path).set(name, value)

    return change


def text(path, value):
    def change(root):
        root.find(path).text = value

    return change


def drop(path):
    def change(root):
        found = root.find(path)
        found.getparent().remove(found)

    return change


def repeat(path):
    def change(root):
        found = root.find(path)
        copied = etree.fromstring(etree.tostring(found, with_tail=False))
        if copied.get("id"):
            copied.set("id", "copie")
        found.addnext(copied)

    return change


def both(*changes):
    def change(root):
        for item in changes:
            item(root)

    return change


def append(xml):
    def change(root):
        root.append(etree.fromstring(xml))

    return change


DOC, SIG, LOT = (
    f"{RIM}ExtrinsicObject[@id='Document01']",
    f"{RIM}ExtrinsicObject[@id='Signature']",
    f"{RIM}RegistryPackage",
)


def slot(owner, name):
    return f"{owner}/{RIM}Slot[@name='{name}']"


def scheme(owner, uuid):
    return f"{owner}/{RIM}Classification[@classificationScheme='urn:uuid:{uuid}']"


def swap(contents):
    contents["Document01"] = contents["Document01"].replace(b"</title>", b" bis</title>")


def empty(contents):
    contents["Document01"] = b""


def drop_part(contents):
    del contents["Document01"]


def extra_part(contents):
    contents["Inconnu"] = b"<x/>"


def document_twice(request):
    request.append(etree.fromstring(etree.tostring(request[-1])))


def first_reference(root):
    root.find(".//{*}Manifest").insert(0, root.findall(".//{*}Manifest/{*}Reference")[1])


ASSOCIATION = (
    '<rim:Association xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" id="ax" associationType="{}"'
    ' sourceObject="{}" targetObject="{}"/>'
)


def cases(o):
    """name → (documents or lot, code, rule)."""

    def doc(**options):
        return o.Lot(docs=[o.Doc(**options)])

    def liste(change):
        return o.Lot(liste=change)

    def coupe(change):
        return o.Lot(coupe_signature=change)

    return {
        "fine": (o.Lot(), "", ""),
        "two documents": (o.Lot(docs=[o.Doc(), o.Doc(titre="Un « autre » & <é>")]), "", ""),
        "inline base64": (o.Lot(en_ligne=True), "", ""),
        "SHA-1": (o.Lot(sha1=True), "", ""),
        "upper case hash": (doc(slots={"hash": None}), "", ""),
        "hidden from the patient": (doc(visibilite=("INVISIBLE_PATIENT",)), "", ""),
        "masked": (doc(visibilite=("MASQUE_PS",)), "", ""),
        "a reference": (doc(references=("A1^^^&1.2.3&ISO^urn:ihe:iti:xds:2013:accession",)), "", ""),
        "not the schema": (liste(put(DOC, "id", "")), META, None),
        "unordered": (liste(lambda r: r.find(DOC).append(r.find(slot(DOC, "creationTime")))), META, "xds.schema"),
        "no lot": (liste(drop(LOT)), META, "lot.unique"),
        "lot not marked": (liste(drop(f"{LOT}/{RIM}Classification[@id='marque']")), META, "lot.unique"),
        "two lots": (liste(repeat(LOT)), META, "lot.objet"),
        "a folder": (liste(append('<rim:ObjectRef xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0" id="x"/>')), META, "lot.objet"),
        "on-demand entry": (liste(put(DOC, "objectType", "urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248")), META, "lot.objet"),
        "same local id": (liste(put(f"{RIM}Association", "id", "Lot")), META, "lot.identifiant_local"),
        "owner of a classification": (liste(put(scheme(DOC, TYPE), "classifiedObject", "Autre")), META, "lot.classification"),
        "owner of an identifier": (liste(put(f"{DOC}/{RIM}ExternalIdentifier", "registryObject", "Lot")), META, "lot.classification"),
        "no submission time": (liste(drop(slot(LOT, "submissionTime"))), META, "meta.absente"),
        "no content type": (liste(drop(scheme(LOT, "aa543740-bdda-424e-8c96-df4873be8500"))), META, "meta.absente"),
        "no author of the lot": (liste(drop(scheme(LOT, "a7058bb9-b4e4-4307-ba5b-e3f0ab85e12d"))), META, "meta.absente"),
        "source id": (liste(put(f"{LOT}/{RIM}ExternalIdentifier[@identificationScheme='urn:uuid:554ac39e-e3fe-47fe-b233-965d2a147832']", "value", "LPS")), META, "meta.forme"),
        "no title": (doc(titre=""), META, "meta.absente"),
        "no class": (doc(codes={CLASSE: None}), META, "meta.absente"),
        "no type": (doc(codes={TYPE: None}), META, "meta.absente"),
        "no format": (doc(codes={FORMAT: None}), META, "meta.absente"),
        "no confidentiality": (doc(codes={CONF: None}), META, "meta.absente"),
        "no facility": (doc(codes={LIEU: None}), META, "meta.absente"),
        "no setting": (doc(codes={CADRE: None}), META, "meta.absente"),
        "no author": (liste(drop(scheme(DOC, "93606bcf-9494-43ec-9b4e-a7748d1a838d"))), META, "meta.absente"),
        "no legal authenticator": (doc(slots={"legalAuthenticator": None}), META, "meta.absente"),
        "no creation time": (doc(slots={"creationTime": None}), META, "meta.absente"),
        "no source patient": (doc(slots={"sourcePatientId": None}), META, "meta.absente"),
        "two classes": (liste(repeat(scheme(DOC, CLASSE))), META, "meta.repetee"),
        "a slot twice": (liste(repeat(slot(DOC, "languageCode"))), META, "meta.repetee"),
        "five visibilities": (doc(visibilite=("MASQUE_PS", "MASQUE_PS", "INVISIBLE_PATIENT", "INVISIBLE_PATIENT")), META, "meta.repetee"),
        "two levels": (doc(visibilite=("N",)), META, None),
        "unknown slot": (doc(slots={"couleur": "bleu"}), META, "meta.inconnue"),
        "slot of an extension": (doc(slots={"urn:exemple:couleur": "bleu"}), "", ""),
        "local time": (doc(slots={"creationTime": "20261125080000+0100"}), META, "meta.forme"),
        "impossible date": (doc(slots={"serviceStartTime": "20260231"}), META, "meta.forme"),
        "language": (doc(slots={"languageCode": "français"}), META, "meta.forme"),
        "authenticator form": (doc(slots={"legalAuthenticator": "MARCHAND^CLAIRE"}), META, "meta.forme"),
        "reference form": (doc(references=("A1",)), META, "meta.forme"),
        "uid with an extension": (doc(uid="1.2.3^4"), META, "meta.forme"),
        "uid too long": (doc(uid="1." + "2" * 70), META, "meta.forme"),
        "author form": (liste(text(f"{slot(scheme(DOC, '93606bcf-9494-43ec-9b4e-a7748d1a838d'), 'authorPerson')}/{RIM}ValueList/{RIM}Value", "MARCHAND")), META, "meta.forme"),
        "institution form": (liste(text(f"{slot(scheme(DOC, '93606bcf-9494-43ec-9b4e-a7748d1a838d'), 'authorInstitution')}/{RIM}ValueList/{RIM}Value", "CABINET")), META, "meta.forme"),
        "unknown type": (doc(codes={TYPE: ("99999-9", "2.16.840.1.113883.6.1")}), META, "meta.code"),
        "type of another system": (doc(codes={TYPE: ("11488-4", "1.2.3")}), META, "meta.code"),
        "unknown class": (doc(codes={CLASSE: ("12", "1.2.250.1.213.1.1.4.1")}), META, "meta.code"),
        "unknown format": (doc(codes={FORMAT: ("urn:autre", "1.3.6.1.4.1.19376.1.2.3")}), META, "meta.code"),
        "unknown facility": (doc(codes={LIEU: ("SA99", "1.2.250.1.71.4.2.4")}), META, "meta.code"),
        "unknown setting": (doc(codes={CADRE: ("AILLEURS", "1.2.250.1.213.1.1.4.9")}), META, "meta.code"),
        "visibility of nobody": (doc(visibilite=("MASQUE_PSOCIAL",)), META, "meta.code"),
        "no label": (liste(drop(f"{scheme(DOC, TYPE)}/{RIM}Name")), META, "meta.libelle"),
        "no coding scheme": (liste(drop(f"{scheme(DOC, TYPE)}/{RIM}Slot")), META, "meta.libelle"),
        "class of another type": (doc(classe="42"), META, "meta.x16"),
        "a PDF by itself": (doc(mime="application/pdf"), META, "meta.type_mime"),
        "hidden from both": (doc(visibilite=("MASQUE_PS", "INVISIBLE_PATIENT")), META, "meta.visibilite"),
        "guardians of an adult": (doc(visibilite=("INVISIBLE_REPRESENTANTS_LEGAUX",)), META, "meta.mineur"),
        "hash": (doc(slots={"hash": "0" * 40}), META, "meta.hash"),
        "size": (doc(slots={"size": "1"}), META, "meta.size"),
        "lot of another patient": (o.Lot(ins=o.AUTRE_INS), "XDSPatientIdDoesNotMatch", "patient.vihf"),
        "document of another patient": (doc(ins=o.AUTRE_INS), "XDSPatientIdDoesNotMatch", "patient.lot"),
        "missing part": (o.Lot(requete=both()), "", ""),
        "no document element": (o.Lot(documents=drop_part), "XDSMissingDocument", "document.absent"),
        "document without entry": (o.Lot(documents=extra_part), "XDSMissingDocumentMetadata", "document.sans_fiche"),
        "dangling reference": (o.Lot(requete=put(".//{*}Include", "href", "cid:ailleurs@lps")), "XDSMissingDocument", "document.absent"),
        "reference to a file": (o.Lot(requete=put(".//{*}Include", "href", "file:///etc/passwd")), "XDSMissingDocument", "document.absent"),
        "reference to the web": (o.Lot(requete=put(".//{*}Include", "href", "http://127.0.0.1/")), "XDSMissingDocument", "document.absent"),
        "empty document": (o.Lot(documents=empty), META, "document.vide"),
        "document twice": (o.Lot(requete=document_twice), META, "lot.identifiant_local"),
        "same uid twice": (o.Lot(docs=[o.Doc(uid="1.2.3"), o.Doc(uid="1.2.3")]), "XDSRepositoryDuplicateUniqueIdInMessage", "unicite.message"),
        "uid of the lot": (o.Lot(docs=[o.Doc(uid="1.2.3")], uid="1.2.3"), "XDSRepositoryDuplicateUniqueIdInMessage", "unicite.message"),
        "no signature": (o.Lot(sans_signature=True), SIGNATURE, "signature.absente"),
        "signature not linked": (liste(drop(f"{RIM}Association[@associationType='urn:ihe:iti:2007:AssociationType:signs']")), SIGNATURE, "signature.absente"),
        "signature of another kind": (liste(put(scheme(SIG, TYPE), "nodeRepresentation", "11488-4")), META, None),
        "signature in French": (liste(text(f"{slot(SIG, 'languageCode')}/{RIM}ValueList/{RIM}Value", "fr-FR")), META, "signature.fiche"),
        "document changed after": (doc(slots={"hash": None, "size": None}), "", ""),
        "certificate of nobody": (o.Lot(sign="inconnu"), SIGNATURE, "signature.certificat"),
        "certificate expired": (o.Lot(sign="expire"), SIGNATURE, "signature.certificat"),
        "certificate revoked": (o.Lot(sign="revoque"), SIGNATURE, "signature.certificat"),
        "authentication pair": (o.Lot(sign="es-auth"), SIGNATURE, "signature.certificat"),
        "signed by another structure": (o.Lot(sign="officine-sign"), SIGNATURE, "signature.porteur"),
        "lot's reference missing": (coupe(drop(".//{*}Manifest/{*}Reference")), SIGNATURE, "signature.lot"),
        "lot's reference second": (coupe(first_reference), SIGNATURE, "signature.lot"),
        "lot's digest": (coupe(text(".//{*}Manifest/{*}Reference/{*}DigestValue", "AAAA")), SIGNATURE, "signature.lot"),
        "document not covered": (coupe(drop(".//{*}Manifest/{*}Reference[2]")), SIGNATURE, "signature.couverture"),
        "covered twice": (coupe(repeat(".//{*}Manifest/{*}Reference[2]")), SIGNATURE, "signature.couverture"),
        "digest of another": (coupe(text(".//{*}Manifest/{*}Reference[2]/{*}DigestValue", base64.b64encode(b"x" * 32).decode())), SIGNATURE, "signature.empreinte"),
        "unknown digest": (coupe(put(".//{*}Manifest/{*}Reference[2]/{*}DigestMethod", "Algorithm", "urn:md5")), SIGNATURE, "signature.forme"),
        "a transform that computes": (coupe(put(".//{*}Manifest/{*}Reference[2]//{*}Transform", "Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")), SIGNATURE, "signature.forme"),
        "certificate digest": (coupe(text(".//{*}CertDigest/{*}DigestValue", "AAAA")), SIGNATURE, "signature.forme"),
        "no signing time": (coupe(drop(".//{*}SigningTime")), SIGNATURE, "signature.forme"),
        "no signed properties": (coupe(drop(".//{*}SignedProperties")), SIGNATURE, None),
        "two manifests": (coupe(repeat(".//{*}Manifest")), SIGNATURE, "signature.forme"),
        "signature that is not XML": (o.Lot(documents=lambda c: c.update(Signature=b"%PDF-1.4")), None, None),
        "member missing": (liste(drop(f"{RIM}Association[@targetObject='Document01']")), META, "association.membre"),
        "member twice": (liste(repeat(f"{RIM}Association[@targetObject='Document01']")), META, "association.membre"),
        "status of a member": (liste(text(f"{RIM}Association/{RIM}Slot/{RIM}ValueList/{RIM}Value", "Reference")), META, "association.forme"),
        "an addendum": (liste(append(ASSOCIATION.format("urn:ihe:iti:2007:AssociationType:APND", "Document01", "urn:uuid:x"))), META, "association.forme"),
        "a replacement inside the message": (liste(append(ASSOCIATION.format("urn:ihe:iti:2007:AssociationType:RPLC", "Document01", "Signature"))), META, "association.forme"),
        "not a CDA": (doc(cda=b"<x/>"), "InvalidDocumentContent", "cda.lecture"),
        "not even XML": (doc(cda=b"%PDF-1.4"), None, None),
        "id of the CDA": (doc(uid="1.2.3.9", cda=cda(id="1.2.3.8")), "InvalidDocumentContent", "cda.identifiant"),
        "type of the CDA": (doc(uid="1.2.3.9", cda=cda(code="34112-3")), "InvalidDocumentContent", "cda.type"),
        "patient of the CDA": (doc(uid="1.2.3.9", cda=cda(ins=o.AUTRE_INS)), "InvalidDocumentContent", "cda.patient"),
        "title of the CDA": (doc(uid="1.2.3.9", cda=cda(title="Autre")), "InvalidDocumentContent", "cda.titre"),
        "date of the CDA": (doc(uid="1.2.3.9", cda=cda(date="20261125080000+0100")), "InvalidDocumentContent", "cda.date"),
        "date of the CDA with its zone": (doc(uid="1.2.3.9", cda=cda(date="20261125090000+0100")), "", ""),
        "CDA that replaces nothing here": (doc(remplace_uid="1.2.3.7"), "InvalidDocumentContent", "cda.remplacement"),
        "CDA with a bomb": (doc(uid="1.2.3.9", cda=b'<!DOCTYPE x [<!ENTITY a "aaaa">]><ClinicalDocument xmlns="urn:hl7-org:v3">&a;</ClinicalDocument>'), None, None),
    }  # fmt: skip


def cda(**changes):
    values = {
        "id": "1.2.3.9",
        "code": "11488-4",
        "ins": "279035121518989",
        "title": "CR de consultation",
        "date": "20261125080000+0000",
    }
    values |= changes
    return (
        f'<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="{values["id"]}"/><code code="{values["code"]}"'
        f' codeSystem="2.16.840.1.113883.6.1"/><title>{values["title"]}</title><effectiveTime value="{values["date"]}"/>'
        f'<recordTarget><patientRole><id root="1.2.250.1.213.1.4.10" extension="{values["ins"]}"/></patientRole>'
        "</recordTarget></ClinicalDocument>"
    ).encode()


def names():
    return list(cases(types.SimpleNamespace(Lot=lambda **_: None, Doc=lambda **_: None, AUTRE_INS="")))


@pytest.mark.parametrize("name", names())
def test_lot(atelier, outils, name):
    lot, code, rule = cases(outils)[name]
    answer = atelier.feed(lot)
    found = outils.code_of(answer)
    if rule is not None:
        assert (found, outils.rule_of(answer)) == (code, rule)
    else:
        assert found if code is None else found == code
    kept = atelier.depot.fiches_du_patient(outils.INS)
    assert bool(kept) is (found == ""), "a refused lot leaves nothing"


def test_a_document_swapped_after_the_signature(atelier, outils):
    lot = outils.Lot(docs=[outils.Doc(slots={"hash": None, "size": None})], documents=swap)
    assert outils.rule_of(atelier.feed(lot)) == "signature.empreinte"


def test_duplicates(atelier, outils):
    first = outils.Lot(docs=[outils.Doc(uid="1.2.3.1")])
    assert outils.code_of(atelier.feed(first)) == ""
    same = outils.Lot(docs=[outils.Doc(uid="1.2.3.1")], uid=first.uid)
    assert outils.rule_of(atelier.feed(same)) == "unicite.lot"
    again = atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1")]))
    assert (outils.code_of(again), outils.rule_of(again)) == ("XDSDuplicateUniqueIdInRegistry", "unicite.document")
    other = atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.1", titre="Autre contenu")]))
    assert (outils.code_of(other), outils.rule_of(other)) == ("XDSNonIdenticalHash", "unicite.contenu")
    lot_as_document = atelier.feed(outils.Lot(docs=[outils.Doc(uid=first.uid)]))
    assert outils.code_of(lot_as_document) == "XDSDuplicateUniqueIdInRegistry"


def test_oversize(atelier, outils):
    atelier.reglages = type(atelier.reglages)(taille_document=300)
    assert outils.code_of(atelier.feed()) == "XDSRepositoryOutOfResources"
    atelier.reglages = type(atelier.reglages)(taille_lot=1000)
    assert outils.code_of(atelier.feed()) == "XDSRepositoryOutOfResources"


def test_the_opposition_of_the_patient(atelier, outils):
    from opensegur.sandbox.dmp.depot import Dossier

    atelier.depot.save_dossier(Dossier(outils.INS, opposition_alimentation=True))
    assert outils.rule_of(atelier.feed()) == "droits.opposition_alimentation"


def test_hidden_from_the_guardians_of_a_minor(atelier, outils):
    doc = outils.Doc(ins=outils.MINEUR, visibilite=("INVISIBLE_REPRESENTANTS_LEGAUX",))
    lot = outils.Lot(docs=[doc], ins=outils.MINEUR)
    assert outils.code_of(atelier.feed(lot, outils.Porteur(ins=outils.MINEUR))) == ""


def test_every_wrong_metadata_is_told_at_once(atelier, outils):
    doc = outils.Doc(slots={"languageCode": "x", "creationTime": "hier"}, codes={FORMAT: None})
    answer = atelier.feed(outils.Lot(docs=[doc]))
    assert len(outils.root_of(answer).findall(".//{*}RegistryError")) == 3


def test_lenience_on_documents(atelier, outils):
    atelier.reglages = type(atelier.reglages)(strict=False)
    lot = outils.Lot(docs=[outils.Doc(uid="1.2.3.9", cda=cda(title="Autre", date="20260101000000+0000"))])
    assert outils.code_of(atelier.feed(lot)) == ""
    assert {item.regle.id for item in atelier.dernier.toleres} == {"cda.titre", "cda.date"}
    assert outils.rule_of(atelier.feed(outils.Lot(docs=[outils.Doc(uid="1.2.3.8", cda=cda())]))) == "cda.identifiant"


def test_by_card_the_lot_is_signed_by_its_bearer(atelier, outils):
    assert outils.code_of(atelier.feed(porteur=outils.DIRECT)) == ""
    other = outils.Lot(sign="autre-dr-sign")
    assert outils.rule_of(atelier.feed(other, outils.DIRECT)) == "signature.porteur"


@pytest.mark.parametrize("code", ["10", "42"])
def test_no_patient_data_in_a_refusal(atelier, outils, code):
    answer = atelier.feed(outils.Lot(docs=[outils.Doc(classe=code, ins=outils.AUTRE_INS)]))
    assert outils.AUTRE_INS.encode() not in answer.corps
    assert outils.INS not in str(answer.resume)
