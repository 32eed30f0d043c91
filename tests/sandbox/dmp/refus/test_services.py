"""Questions of existence, authorisations and lists that are refused, and assertions that do not serve again."""

from __future__ import annotations

from datetime import timedelta, timezone

import pytest
from lxml import etree

# TD0.2, TD0.3, TD0.4, TD1.6


def altered(outils, path, name, value):
    root = etree.fromstring(outils.demographics(outils.INS))
    element = root.find(path) if path else root
    if name:
        element.set(name, value)
    else:
        element.getparent().remove(element)
    return root


@pytest.mark.parametrize(
    ("path", "name", "value", "code", "rule"),
    [
        ("", "ITSVersion", "2", "HL7_MESSAGE", "td02.message"),
        ("{*}id", "", "", "HL7_MESSAGE", "td02.message"),
        ("{*}creationTime", "value", "hier", "HL7_MESSAGE", "td02.message"),
        ("{*}interactionId", "extension", "PRPA_IN201305UV02", "HL7_MESSAGE", "td02.message"),
        ("{*}processingCode", "code", "X", "HL7_MESSAGE", "td02.message"),
        ("{*}processingModeCode", "code", "A", "HL7_MESSAGE", "td02.message"),
        ("{*}acceptAckCode", "", "", "HL7_MESSAGE", "td02.message"),
        ("{*}receiver/{*}device/{*}id", "root", "1.2.3", "HL7_MESSAGE", "td02.message"),
        ("{*}sender", "", "", "HL7_MESSAGE", "td02.message"),
        ("{*}controlActProcess", "moodCode", "RQO", "HL7_MESSAGE", "td02.message"),
        ("{*}controlActProcess/{*}queryByParameter", "", "", "HL7_MESSAGE", "td02.message"),
        (".//{*}semanticsText", "", "", "HL7_MESSAGE", "td02.message"),
        (".//{*}reasonCode", "code", "FERM", "HL7_REASON", "td02.motif"),
        (".//{*}reasonCode", "codeSystem", "1.2.3", "HL7_REASON", "td02.motif"),
        (".//{*}patientIdentifier/{*}value", "extension", "184127645108946", "HL7_PATIENT", "td02.patient"),
        (".//{*}patientIdentifier/{*}value", "root", "1.2.250.1.213.1.4.8", "HL7_PATIENT", "td02.patient"),
    ],
)
def test_wrong_questions_of_existence(atelier, outils, refusee, path, name, value, code, rule):
    body = altered(outils, path, name, value)
    refusee(lambda: atelier.send("patients", body, outils.AIR), code, rule)


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<action>VALIDER</action>",
        "<action/>",
        "<action>AJOUT</action><role/>",
        "<action>AJOUT</action><role>PATRON</role>",
        "<role>MEDECIN_TRAITANT</role><action>AJOUT</action>",
        "<action>AJOUT</action><action>AJOUT</action>",
        "<action>AJOUT</action><patient>1</patient>",
    ],
)
def test_wrong_authorisations(atelier, outils, refusee, inner):
    body = f'<setAuthorization xmlns="urn:si-dmp-habilitations">{inner}</setAuthorization>'
    refusee(
        lambda: atelier.send("setAuthorization", body, outils.AIR), "HABILITATION_MESSAGE", "habilitation.message"
    )


@pytest.mark.parametrize("inner", ["", "<mode>TOUS</mode>", "<mode/>", "<mode>TOUTE</mode><mode>TOUTE</mode>"])
def test_wrong_lists_of_the_authorised(atelier, outils, refusee, inner):
    body = f'<listAuthorizationByPatient xmlns="urn:si-dmp-habilitations">{inner}</listAuthorizationByPatient>'
    refusee(
        lambda: atelier.send("listAuthorization", body, outils.AIR), "HABILITATION_MESSAGE", "habilitation.message"
    )


@pytest.mark.parametrize(
    "inner",
    [
        "",
        "<startDate>20260101000000</startDate>",
        "<startDate>2026</startDate><dateType>LASTDOC</dateType>",
        "<startDate>20260101000000</startDate><dateType>LASTAUTHORIZATION</dateType>",
        "<dateType>LASTDOC</dateType><startDate>20260101000000</startDate>",
        "<startDate>20260101000000</startDate><dateType>LASTDOC</dateType><autre/>",
    ],
)
def test_wrong_lists_of_patients(atelier, outils, refusee, inner):
    body = f'<patientList xmlns="urn:si-dmp-patients">{inner}</patientList>'
    porteur = outils.AIR.but(ins=None)
    refusee(lambda: atelier.send("patientList", body, porteur), "PATIENTS_MESSAGE", "patients.message")


def test_a_list_of_patients_is_about_none(atelier, outils, refusee):
    body = (
        '<patientList xmlns="urn:si-dmp-patients"><startDate>20260101000000</startDate><dateType>LASTDOC</dateType>'
        "</patientList>"
    )
    refusee(lambda: atelier.send("patientList", body, outils.AIR), "InvalidSecurityToken", "vihf.patient_exclu")


@pytest.mark.parametrize(("name", "code"), [("FERME", "DMPClosed"), ("ABSENT", "DMPPatientNotFound")])
def test_no_authorisation_on_a_dossier_that_is_not_open(atelier, outils, refusee, name, code):
    porteur = outils.AIR.but(ins=getattr(outils, name))
    rule = "dossier.ferme" if code == "DMPClosed" else "dossier.inconnu"
    refusee(lambda: atelier.authorize(porteur), code, rule)


def test_a_vihf_serves_once_and_only_while_fresh(atelier, outils, refusee):
    vihf = atelier.vihf()
    body = etree.fromstring(outils.demographics(outils.INS))
    data = etree.tostring(atelier.envelope(outils.ACTIONS["patients"], body, vihf))
    assert outils.code_of(atelier.post("patients", data)) == ""
    refusee(lambda: atelier.post("patients", data), "FailedCheck", "vihf.rejeu")
    atelier.moment += timedelta(minutes=30)
    refusee(lambda: atelier.post("patients", data), "MessageExpired", "vihf.fraicheur")


@pytest.mark.parametrize("hours", [-10, -4, 0, 11])
def test_a_vihf_dated_in_another_zone_serves_once_too(atelier, outils, refusee, hours):
    written = outils.MOMENT.astimezone(timezone(timedelta(hours=hours))).isoformat()

    def redate(assertion):
        assertion.set("IssueInstant", written)
        assertion.find("{*}AuthnStatement").set("AuthnInstant", written)

    body = etree.fromstring(outils.demographics(outils.INS))
    vihf = atelier.vihf(outils.Porteur(avant_signature=redate))
    data = etree.tostring(atelier.envelope(outils.ACTIONS["patients"], body, vihf))
    assert outils.code_of(atelier.post("patients", data)) == ""
    refusee(lambda: atelier.post("patients", data), "FailedCheck", "vihf.rejeu")


@pytest.mark.parametrize(
    "instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31T24:00:00Z"]
)
@pytest.mark.parametrize("place", ["IssueInstant", "AuthnInstant", "NotBefore", "NotOnOrAfter"])
def test_dates_at_the_ends_of_time(atelier, outils, place, instant):
    def redate(assertion):
        if place in {"IssueInstant", "AuthnInstant"}:
            (assertion if place == "IssueInstant" else assertion.find("{*}AuthnStatement")).set(place, instant)
            return
        conditions = etree.fromstring(
            f'<s:Conditions xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion" {place}="{instant}"/>'
        )
        assertion.insert(3, conditions)

    answer = atelier.exists(outils.Porteur(avant_signature=redate))
    passes = (place, instant[:4]) in {("NotBefore", "0001"), ("NotOnOrAfter", "9999"), ("AuthnInstant", "0001")}
    if not passes:
        assert outils.rule_of(answer) in {"vihf.fraicheur", "vihf.dates", "vihf.conditions", "vihf.schema"}
    else:
        assert outils.rule_of(answer) in {"", "vihf.dates", "vihf.schema"}
