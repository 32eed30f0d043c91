"""The VIHF: what each defect is refused with, in the order of the real service's checks."""

from __future__ import annotations

import contextlib
import copy
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from opensegur.sandbox.regles import Refus

ROLE = "urn:oasis:names:tc:xacml:2.0:subject:role"
USAGE = "urn:oasis:names:tc:xspa:1.0:subject:purposeofuse"
PATIENT = "urn:oasis:names:tc:xacml:2.0:resource:resource-id"
SECRET = "urn:oasis:names:tc:xspa:1.0:resource:patient:hl7:confidentiality-code"
G15, R01 = "1.2.250.1.71.1.2.7", "1.2.250.1.71.4.2.5"


def set_text(path, text):
    def change(assertion):
        assertion.find(path).text = text

    return change


def set_attribute(path, name, value):
    def change(assertion):
        (assertion if path == "." else assertion.find(path)).set(name, value)

    return change


def add(path, xml):
    def change(assertion):
        (assertion if path == "." else assertion.find(path)).append(etree.fromstring(xml))

    return change


def remove(path):
    def change(assertion):
        found = assertion.find(path)
        found.getparent().remove(found)

    return change


def comment_in_name(assertion):
    name = assertion.find("{*}Subject/{*}NameID")
    name.text, comment = "899700500020", etree.Comment("x")
    comment.tail = "899700500012"
    name.append(comment)


def move_signature(assertion):
    signature = assertion.find("{*}Signature")
    assertion.append(signature)


def second_signature(assertion):
    assertion.append(copy.deepcopy(assertion.find("{*}Signature")))


def whole_document_reference(assertion):
    assertion.find(".//{*}Reference").set("URI", "")


def other_transform(assertion):
    assertion.findall(".//{*}Transform")[1].set("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")


def conditions(before=None, after=None, extra=""):
    written = "".join(
        f' {name}="{moment:%Y-%m-%dT%H:%M:%SZ}"'
        for name, moment in (("NotBefore", before), ("NotOnOrAfter", after))
        if moment
    )

    def change(assertion):
        element = etree.fromstring(
            f'<s:Conditions xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion"{written}>{extra}</s:Conditions>'
        )
        assertion.insert(3, element)

    return change


AUDIENCE = "<s:AudienceRestriction><s:Audience>urn:x</s:Audience></s:AudienceRestriction>"
TOP = "{*}AttributeStatement"


def cases(o):
    from datetime import UTC, datetime

    now = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
    p = o.Porteur
    return {
        "fine": (p(), "", ""),
        "fine in direct mode": (o.DIRECT, "", ""),
        "fine reinforced": (o.AIR, "", ""),
        "fine with SHA-1": (p(sha1=True), "", ""),
        "fine in version 4.0": (p(changements={"VIHF_Version": "4.0"}), "", ""),
        "fine for a pharmacist": (p(personne=o.PHARMACIENNE), "", ""),
        "fine secretly": (p(changements={SECRET: "INVISIBLE_REPRESENTANTS_LEGAUX^1.2.250.1.213.1.1.4.13"}), "", ""),
        "fine within its conditions": (
            p(avant_signature=conditions(now - timedelta(minutes=1), now + timedelta(minutes=5))),
            "",
            "",
        ),
        "an old patient id with its date": (
            p(changements={PATIENT: f"{o.INS}^^^&amp;{o.OID_TEST}&amp;ISO^NH^^20100907"}),
            "",
            "",
        ),
        "content changed after": (
            p(apres_signature=set_text("{*}Subject/{*}NameID", "899700500020")),
            "DMPInvalidSignature",
            "vihf.signature",
        ),
        "comment inside a name": (p(avant_signature=comment_in_name), "FailedAuthentication", "vihf.acteur"),
        "signature value changed": (
            p(apres_signature=set_text(".//{*}SignatureValue", "AAAA")),
            "DMPInvalidSignature",
            "vihf.signature",
        ),
        "signature value not base64": (
            p(apres_signature=set_text(".//{*}SignatureValue", "é!")),
            "DMPInvalidSignature",
            "vihf.signature",
        ),
        "no signature": (p(apres_signature=remove("{*}Signature")), "DMPInvalidSignature", "vihf.signature_absente"),
        "two signatures": (p(apres_signature=second_signature), "DMPInvalidSignature", None),
        "signature elsewhere": (p(apres_signature=move_signature), "DMPInvalidSignature", None),
        "reference to the whole message": (
            p(apres_signature=whole_document_reference),
            "DMPInvalidSignature",
            "vihf.signature_forme",
        ),
        "an XSLT transform": (p(apres_signature=other_transform), "DMPInvalidSignature", "vihf.signature_forme"),
        "no certificate": (p(apres_signature=remove(".//{*}X509Certificate")), "DMPInvalidSignature", None),
        "certificate that is none": (
            p(apres_signature=set_text(".//{*}X509Certificate", "AAAA")),
            "DMPInvalidSignature",
            "vihf.signature_forme",
        ),
        "unknown authority": (p(sign="inconnu"), "DMPInvalidCertificate", "vihf.certificat_chaine"),
        "expired": (p(sign="expire"), "DMPInvalidCertificate", "vihf.certificat_expire"),
        "not yet valid": (p(sign="futur"), "DMPInvalidCertificate", "vihf.certificat_expire"),
        "revoked": (p(sign="revoque"), "DMPInvalidCertificate", "vihf.certificat_revoque"),
        "signed with the authentication pair": (p(sign="es-auth"), "DMPInvalidCertificate", "vihf.certificat_usage"),
        "issuer of another": (
            p(issuer="CN=DMP SIGN,OU=1750099990,O=AUTRE,C=FR"),
            "InvalidSecurityToken",
            "vihf.issuer",
        ),
        "issuer format": (
            p(avant_signature=set_attribute("{*}Issuer", "Format", "urn:x")),
            "InvalidSecurityToken",
            "vihf.issuer",
        ),
        "no TLS certificate": (p(auth=""), "FailedAuthentication", "tls.absent"),
        "TLS with the signature pair": (p(auth="es-sign"), "FailedAuthentication", "tls.usage"),
        "TLS revoked": (p(auth="auth-revoque"), "FailedAuthentication", "tls.usage"),
        "TLS of another structure": (p(auth="officine-auth"), "FailedAuthentication", "tls.structure"),
        "signature of another structure": (p(sign="officine-sign"), "FailedAuthentication", "tls.structure"),
        "a card that is not the bearer's": (
            o.DIRECT.but(auth="autre-dr-auth"),
            "FailedAuthentication",
            "tls.structure",
        ),
        "direct with a structure's certificate": (p(mode="DIRECTE"), "FailedAuthentication", "tls.structure"),
        "version": (p(changements={"VIHF_Version": "2.0"}), "InvalidSecurityToken", "vihf.version"),
        "no version": (p(changements={"VIHF_Version": None}), "InvalidSecurityToken", "vihf.attribut"),
        "no structure": (p(changements={"Identifiant_Structure": None}), "InvalidSecurityToken", "vihf.attribut"),
        "no software": (p(changements={"LPS_Nom": None}), "InvalidSecurityToken", "vihf.attribut"),
        "no homologation": (
            p(changements={"LPS_ID_HOMOLOGATION_DMP": None}),
            "InvalidSecurityToken",
            "vihf.attribut",
        ),
        "no subject in indirect mode": (
            p(changements={"urn:oasis:names:tc:xspa:1.0:subject:subject-id": None}),
            "InvalidSecurityToken",
            "vihf.attribut",
        ),
        "empty attribute": (p(changements={"LPS_Version": " "}), "InvalidSecurityToken", "vihf.attribut"),
        "attribute twice": (
            p(
                avant_signature=add(
                    TOP,
                    '<s:Attribute xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion" Name="Ressource_URN"><s:AttributeValue>urn:dmp</s:AttributeValue></s:Attribute>',
                )
            ),
            "InvalidSecurityToken",
            "vihf.attribut_repete",
        ),
        "mode": (p(mode="SIMPLE"), "InvalidSecurityToken", "vihf.mode"),
        "sector form": (p(changements={"Secteur_Activite": "SA07"}), "InvalidSecurityToken", "vihf.secteur"),
        "sector unknown": (
            p(changements={"Secteur_Activite": "SA99^1.2.250.1.71.4.2.4"}),
            "InvalidSecurityToken",
            "vihf.secteur",
        ),
        "sector of another": (
            p(changements={"Secteur_Activite": "SA33^1.2.250.1.71.4.2.4"}),
            "InvalidSecurityToken",
            "vihf.secteur_structure",
        ),
        "resource": (p(changements={"Ressource_URN": "urn:autre"}), "InvalidSecurityToken", "vihf.ressource"),
        "patient form": (p(changements={PATIENT: "279035121518989"}), "InvalidSecurityToken", "vihf.patient"),
        "patient authority": (p(oid="1.2.3"), "InvalidSecurityToken", "vihf.patient"),
        "no patient": (p(ins=None), "InvalidSecurityToken", "vihf.patient"),
        "purpose": (p(usage="curiosite"), "InvalidSecurityToken", "vihf.usage"),
        "no purpose": (p(changements={USAGE: None}), "InvalidSecurityToken", "vihf.attribut"),
        "confidentiality": (p(changements={SECRET: "AUTRE"}), "InvalidSecurityToken", "vihf.confidentialite"),
        "audience": (p(avant_signature=conditions(extra=AUDIENCE)), "InvalidSecurityToken", "vihf.audience"),
        "no role": (p(roles=()), "InvalidSecurityToken", "vihf.attribut"),
        "unknown role": (p(roles=(("ZZ", G15),)), "InvalidSecurityToken", "vihf.role"),
        "speciality first": (p(roles=(("SM26", R01), ("10", G15))), "InvalidSecurityToken", "vihf.role"),
        "five roles": (p(roles=(("10", G15), *[("SM26", R01)] * 4)), "InvalidSecurityToken", "vihf.role"),
        "physician without speciality": (p(roles=(("10", G15),)), "InvalidSecurityToken", "vihf.specialite"),
        "physician with an unknown one": (
            p(roles=(("10", G15), ("SM999", R01))),
            "InvalidSecurityToken",
            "vihf.specialite",
        ),
        "pharmacist without section": (
            p(personne=o.PHARMACIENNE, roles=(("21", G15),)),
            "InvalidSecurityToken",
            "vihf.specialite",
        ),
        "too old": (p(emis=now - timedelta(minutes=6)), "MessageExpired", "vihf.fraicheur"),
        "from the future": (p(emis=now + timedelta(minutes=3)), "MessageExpired", "vihf.fraicheur"),
        "conditions over": (
            p(avant_signature=conditions(None, now - timedelta(minutes=3))),
            "MessageExpired",
            "vihf.conditions",
        ),
        "conditions to come": (
            p(avant_signature=conditions(now + timedelta(minutes=3))),
            "MessageExpired",
            "vihf.conditions",
        ),
        "unreadable date": (
            p(avant_signature=set_attribute("{*}AuthnStatement", "AuthnInstant", "hier")),
            "InvalidSecurityToken",
            "vihf.schema",
        ),
        "login after the assertion": (
            p(avant_signature=set_attribute("{*}AuthnStatement", "AuthnInstant", "2026-11-25T09:00:00Z")),
            "InvalidSecurityToken",
            "vihf.dates",
        ),
        "date without zone": (
            p(avant_signature=set_attribute(".", "IssueInstant", "2026-11-25T08:59:55")),
            "InvalidSecurityToken",
            "vihf.dates",
        ),
        "unknown professional": (
            p(personne=o.Professionnel("899700599999", "X", "Y", "10", "SM26")),
            "FailedAuthentication",
            "vihf.acteur",
        ),
        "internal id of the structure": (p(personne=o.Professionnel("500000099200016/77", "X", "Y", "60")), "", ""),
        "internal id of another": (
            p(personne=o.Professionnel("3189999998/77", "X", "Y", "60")),
            "FailedAuthentication",
            "vihf.acteur",
        ),
        "profession of another": (p(roles=(("60", G15),)), "FailedAuthentication", "vihf.acteur_profession"),
        "not SAML": (p(apres_signature=add(".", "<x/>")), "InvalidSecurityToken", "vihf.schema"),
    }


def names():
    import types

    fake = types.SimpleNamespace()
    fake.__dict__.update(dict.fromkeys(("DIRECT", "AIR", "PHARMACIENNE", "INS", "OID_TEST"), None))

    class Any:
        def __init__(self, *args, **options): ...

        def but(self, **options):
            return self

    fake.Porteur = fake.Professionnel = Any
    fake.DIRECT = fake.AIR = Any()
    return list(cases(fake))


@pytest.mark.parametrize("name", names())
def test_vihf(atelier, outils, name):
    porteur, code, rule = cases(outils)[name]
    answer = atelier.exists(porteur)
    found = outils.code_of(answer)
    if rule is None:
        assert found in {code, "InvalidSecurityToken"}
        return
    assert outils.rule_of(answer) == rule
    assert found == code


def test_a_vihf_serves_once(atelier, outils):
    vihf = atelier.vihf(outils.AIR)
    body = outils.demographics(outils.INS)
    for expected in ("", "FailedCheck", "FailedCheck"):
        message = atelier.envelope(outils.ACTIONS["patients"], etree.fromstring(body), copy.deepcopy(vihf))
        answer = atelier.post("patients", etree.tostring(message))
        assert outils.code_of(answer) == expected


def test_a_refused_vihf_has_served_too(atelier, outils):
    vihf = atelier.vihf(outils.AIR.but(personne=outils.Professionnel("899700599999", "X", "Y", "10", "SM26")))
    for expected in ("vihf.acteur", "vihf.rejeu"):
        body = etree.fromstring(outils.demographics(outils.INS))
        message = atelier.envelope(outils.ACTIONS["patients"], body, copy.deepcopy(vihf))
        assert outils.rule_of(atelier.post("patients", etree.tostring(message))) == expected


def test_wrapping_shows_the_forged_assertion_to_nobody(atelier, outils):
    """The signed assertion is moved beside or inside a forged one that keeps its ID (XML signature wrapping)."""
    signed = atelier.vihf(outils.AIR)
    for place in ("inside", "beside", "in an object"):
        forged = copy.deepcopy(signed)
        forged.find("{*}Subject/{*}NameID").text = outils.AUTRE_DR.id_nat
        original = copy.deepcopy(signed)
        if place == "inside":
            forged.set("ID", "_autre")
            forged.find("{*}AttributeStatement").append(original)
        elif place == "in an object":
            forged.set("ID", "_autre")
            holder = etree.SubElement(forged.find("{*}Signature"), "{http://www.w3.org/2000/09/xmldsig#}Object")
            holder.append(original)
        body = etree.fromstring(outils.demographics(outils.INS))
        message = atelier.envelope(outils.ACTIONS["patients"], body, forged)
        if place == "beside":
            message[0].append(original)
        answer = atelier.post("patients", etree.tostring(message))
        assert outils.code_of(answer)
        assert outils.AUTRE_DR.id_nat not in str(answer.resume)


def test_lenience_lets_soft_rules_pass_and_says_so(atelier, outils):
    atelier.reglages = type(atelier.reglages)(strict=False)
    answer = atelier.exists(outils.Porteur(changements={"Secteur_Activite": "SA33^1.2.250.1.71.4.2.4"}))
    assert outils.code_of(answer) == ""
    assert [item.regle.id for item in atelier.dernier.toleres] == ["vihf.secteur_structure"]


def test_sha1_may_be_closed(atelier, outils):
    atelier.reglages = type(atelier.reglages)(sha1_admis=False)
    assert outils.rule_of(atelier.exists(outils.Porteur(sha1=True))) == "vihf.sha1"


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_by_a_rule(data):
    from opensegur.sandbox.dmp.enveloppe import read_xml

    with contextlib.suppress(Refus):
        assert read_xml(data) is not None
