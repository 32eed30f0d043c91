"""The VIHF: what it says in each mode, that the schema takes it and that an independent verifier trusts it."""

import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from lxml import etree

from opensegur.cda.testing import CABINET, INFIRMIER, MEDECIN
from opensegur.dmp import Acteur, Finalite, Mode
from opensegur.dmp.noms import HL7, SAML
from opensegur.dmp.vihf import build_assertion, build_security_header
from opensegur.foundation.acteurs import Professionnel
from opensegur.foundation.certificates import same_dn, subject_dn
from opensegur.foundation.errors import InvalidValue
from opensegur.foundation.schemas import load_schema
from opensegur.foundation.xml import parse, serialize

MOMENT = datetime(2026, 3, 12, 10, 0, tzinfo=UTC)
SPEC = "urn:oasis:names:tc:"
PHARMACIEN = Professionnel("810000000033", "PETIT", "Luc", "21", "A")
SECRETAIRE = Professionnel(
    "3750000016/42", "MOREAU", "Zoé", "SECRETARIAT_MEDICAL", profession_system="1.2.250.1.213.1.1.4.6"
)


@pytest.fixture
def build(lps, matricule):
    def assertion(acteur, **changes):
        options = {"issuer": "CN=X", "moment": MOMENT, **changes}
        return build_assertion(acteur, CABINET, lps, options.pop("matricule", matricule), **options)

    return assertion


def values(assertion, name):
    """The values of one attribute: texts, or (name, code, code system, label) of coded ones."""
    found = assertion.find(f".//{SAML}Attribute[@Name='{name}']")
    if found is None:
        return None
    return [
        value.text
        if not len(value)
        else (
            etree.QName(value[0]).localname,
            value[0].get("code"),
            value[0].get("codeSystem"),
            value[0].get("displayName"),
        )
        for value in found
    ]


ACTEURS = {
    "carte": Acteur(MEDECIN, Mode.DIRECTE, MOMENT),
    "structure": Acteur(MEDECIN, Mode.INDIRECTE, MOMENT, service="Cardiologie & urgences"),
    "e-CPS": Acteur(INFIRMIER, Mode.INDIRECTE_RENFORCEE, MOMENT),
    "pharmacien": Acteur(PHARMACIEN, Mode.DIRECTE, MOMENT),
    "secrétaire": Acteur(SECRETAIRE, Mode.INDIRECTE, MOMENT),
    "bris de glace": Acteur(MEDECIN, Mode.DIRECTE, MOMENT, purpose=Finalite.BRIS_DE_GLACE, motif="Coma"),
    "mineur": Acteur(MEDECIN, Mode.DIRECTE, MOMENT, connexion_secrete=True),
}


@pytest.mark.parametrize("who", ACTEURS)
def test_the_schema_takes_it_signed_or_not(build, lps, matricule, signer, who):
    schema = load_schema("saml")
    assert schema.findings(build(ACTEURS[who])) == []
    security = build_security_header(ACTEURS[who], CABINET, lps, matricule, signer=signer, moment=MOMENT)
    assert schema.findings(parse(etree.tostring(security[0]))) == []


def test_it_says_who_asks_for_which_structure_about_whom(build, matricule):
    assertion = build(ACTEURS["structure"])
    assert values(assertion, "VIHF_Version") == ["3.0"]
    assert values(assertion, "Authentification_Mode") == ["INDIRECTE"]
    assert values(assertion, "Identifiant_Structure") == [CABINET.id_nat]
    assert values(assertion, "Secteur_Activite") == ["SA07^1.2.250.1.71.4.2.4"]
    assert values(assertion, f"{SPEC}xspa:1.0:subject:subject-id") == [
        f"{MEDECIN.nom} {MEDECIN.prenom} (Cardiologie & urgences)"
    ]
    assert values(assertion, f"{SPEC}xacml:2.0:resource:resource-id") == [
        f"{matricule.valeur}^^^&{matricule.oid}&ISO^NH"
    ]
    assert values(assertion, "Ressource_URN") == ["urn:dmp"]
    assert values(assertion, "LPS_ID_HOMOLOGATION_DMP") == ["OSG-000000-tmp1"]
    assert assertion.findtext(f"{SAML}Subject/{SAML}NameID") == MEDECIN.id_nat
    assert assertion.find(f"{SAML}Conditions") is None


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (
            "carte",
            [
                ("Role", "10", "1.2.250.1.71.1.2.7", "Médecin"),
                ("Role", "SM26", "1.2.250.1.71.4.2.5", "Qualifié en médecine générale (SM)"),
            ],
        ),
        ("e-CPS", [("Role", "60", "1.2.250.1.71.1.2.7", "Infirmier")]),
        (
            "pharmacien",
            [
                ("Role", "21", "1.2.250.1.71.1.2.7", "Pharmacien"),
                ("Role", "A", "1.2.250.1.71.4.2.6", "Pharmacien titulaire d'officine"),
            ],
        ),
        ("secrétaire", [("Role", "SECRETARIAT_MEDICAL", "1.2.250.1.213.1.1.4.6", "Secrétariat médical")]),
    ],
)
def test_only_physicians_and_pharmacists_add_their_know_how(build, who, expected):
    assert values(build(ACTEURS[who]), f"{SPEC}xacml:2.0:subject:role") == expected


@pytest.mark.parametrize(
    ("who", "context", "declaration"),
    [
        ("carte", "SmartcardPKI", None),
        ("structure", "Password", None),
        ("e-CPS", "MobileTwoFactorUnregistered", "APP_BROWSER_AUTH"),
    ],
)
def test_the_login_is_the_one_of_the_mode(build, who, context, declaration):
    assertion = build(ACTEURS[who])
    found = assertion.findtext(f".//{SAML}AuthnContextClassRef")
    assert found == f"{SPEC}SAML:2.0:ac:classes:{context}"
    assert assertion.findtext(f".//{SAML}AuthnContextDecl") == declaration


def test_the_purpose_carries_the_reason_of_a_bris_de_glace(build):
    assertion = build(ACTEURS["bris de glace"])
    name = f"{SPEC}xspa:1.0:subject:purposeofuse"
    assert values(assertion, name) == [("PurposeOfUse", "bris_de_glace", "1.2.250.1.213.1.1.4.248", "Bris de glace")]
    assert assertion.findtext(f".//{HL7}originalText") == "Coma"
    assert values(build(ACTEURS["carte"]), name)[0][1] == "normal"


def test_a_secret_connection_says_so_and_only_then(build):
    name = f"{SPEC}xspa:1.0:resource:patient:hl7:confidentiality-code"
    assert values(build(ACTEURS["mineur"]), name) == ["INVISIBLE_REPRESENTANTS_LEGAUX^1.2.250.1.213.1.1.4.13"]
    assert values(build(ACTEURS["carte"]), name) is None


def test_a_request_about_nobody_has_no_resource(build):
    assert values(build(ACTEURS["carte"], matricule=None), f"{SPEC}xacml:2.0:resource:resource-id") is None


def test_the_version_can_be_changed(build):
    assert values(build(ACTEURS["carte"], version="4.0"), "VIHF_Version") == ["4.0"]


def test_each_assertion_is_new(build):
    assert build(ACTEURS["carte"]).get("ID") != build(ACTEURS["carte"]).get("ID")


def test_the_activity_chosen_on_the_card_replaces_the_structure(build):
    other = replace(CABINET, id_nat="1750000024", secteur="SA05")
    assertion = build(replace(ACTEURS["carte"], structure=other))
    assert values(assertion, "Identifiant_Structure") == ["1750000024"]
    assert values(assertion, "Secteur_Activite") == ["SA05^1.2.250.1.71.4.2.4"]


def test_the_issuer_is_the_signing_certificate(lps, matricule, signer):
    security = build_security_header(ACTEURS["carte"], CABINET, lps, matricule, signer=signer, moment=MOMENT)
    assertion = security[0]
    assert same_dn(assertion.findtext(f"{SAML}Issuer"), subject_dn(signer.certificate))
    assert etree.QName(assertion[1]).localname == "Signature"


@pytest.mark.skipif(shutil.which("xmlsec1") is None, reason="needs xmlsec1")
@pytest.mark.parametrize("hash_name", ["sha256", "sha1"])
def test_xmlsec1_verifies_it_inside_its_envelope(lps, matricule, signer, tmp_path, hash_name):
    security = build_security_header(
        ACTEURS["bris de glace"], CABINET, lps, matricule, signer=signer, moment=MOMENT, hash_name=hash_name
    )
    envelope = etree.Element("{http://www.w3.org/2003/05/soap-envelope}Envelope", nsmap={None: "urn:autre"})
    envelope.append(security)
    message = tmp_path / "vihf.xml"
    message.write_bytes(serialize(envelope))
    assert verify_with_xmlsec1(message).returncode == 0
    message.write_bytes(message.read_bytes().replace(b"bris_de_glace", b"normal"))
    assert verify_with_xmlsec1(message).returncode != 0


def verify_with_xmlsec1(path):
    command = ["xmlsec1", "--verify", "--insecure", "--enabled-key-data", "x509,rsa"]
    identifier = ["--id-attr:ID", f"{SAML[1:-1]}:Assertion"]
    return subprocess.run([*command, *identifier, str(path)], capture_output=True, check=False)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"authenticated_at": datetime(2026, 1, 1)}, "DMP_AUTHENTIFICATION"),
        ({"purpose": Finalite.BRIS_DE_GLACE, "motif": " "}, "DMP_MOTIF"),
        ({"professionnel": replace(MEDECIN, savoir_faire="")}, "DMP_SPECIALITE"),
        ({"professionnel": replace(PHARMACIEN, savoir_faire="SM26")}, "DMP_SPECIALITE"),
        ({"professionnel": replace(MEDECIN, profession="999")}, "DMP_ROLE"),
    ],
)
def test_an_actor_whom_the_dmp_cannot_know_is_refused_at_once(changes, code):
    with pytest.raises(InvalidValue) as refused:
        replace(ACTEURS["carte"], **changes)
    assert refused.value.code == code
    assert refused.value.conseil


@pytest.mark.fixtures
@pytest.mark.parametrize(
    ("sample", "who"),
    [
        ("vihf-direct-cps", "carte"),
        ("vihf-direct-bris-de-glace", "bris de glace"),
        ("vihf-direct-connexion-secrete", "mineur"),
        ("vihf-direct-cps-pharmacien", "pharmacien"),
        ("vihf-direct-cps-infirmier", "e-CPS"),
        ("vihf-indirect-org", "structure"),
    ],
)
def test_its_attributes_are_those_of_the_samples(official, build, sample, who):
    expected = parse((official / f"dmp/samples-dmp/{sample}.unsigned.xml").read_bytes())
    names = [found.get("Name") for found in build(ACTEURS[who]).iter(f"{SAML}Attribute")]
    assert names == [found.get("Name") for found in expected.iter(f"{SAML}Attribute")]
