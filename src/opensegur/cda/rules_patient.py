"""Rules on the patient of a document (``recordTarget``)."""

from __future__ import annotations

from opensegur.cda.rules import Regle
from opensegur.foundation.findings import Severity

_ROLE = "h:recordTarget/h:patientRole"
_PATIENT = f"{_ROLE}/h:patient"
_IS_INS = " or ".join(f"@root='1.2.250.1.213.1.4.{arc}'" for arc in (8, 9, 10, 11))
_INS = "Référentiel INS"

PATIENT = (
    Regle(
        "PAT.UN",
        "self::*[count(h:recordTarget/h:patientRole/h:patient)!=1]",
        "Le document ne désigne pas un patient et un seul.",
        "Donnez un seul recordTarget/patientRole/patient.",
    ),
    Regle(
        "PAT.ID",
        f"{_ROLE}[not(h:id[@root])]",
        "Le patient n’a pas d’identifiant.",
        "Donnez l’INS d’une identité qualifiée, ou le numéro local (IPP) avec l’OID qui l’émet.",
    ),
    Regle(
        "PAT.INS.UN",
        f"{_ROLE}[count(h:id[{_IS_INS}]) > 1]",
        "Le patient a plusieurs matricules INS.",
        "Ne gardez que le matricule de l’identité qualifiée.",
        _INS,
    ),
    Regle(
        "PAT.INS.FORME",
        f"{_ROLE}/h:id[{_IS_INS}][not(re:test(@extension, '^[0-9]{{6}}[0-9AB][0-9]{{8}}$'))]",
        "Le matricule INS n’a pas 15 caractères.",
        "Écrivez les 13 caractères suivis de la clé, sans espace.",
        _INS,
    ),
    Regle(
        "PAT.INS.CLE",
        f"{_ROLE}/h:id[{_IS_INS}][re:test(@extension, '^[0-9]{{6}}[0-9AB][0-9]{{8}}$')][not(o:cle_ins(@extension))]",
        "La clé du matricule INS ne correspond pas à ses 13 caractères.",
        "Vérifiez le matricule par le téléservice INSi.",
        _INS,
        Severity.WARNING,
    ),
    Regle(
        "PAT.INS.ANCIEN",
        f"{_ROLE}/h:id[@root='1.2.250.1.213.1.4.1' or @root='1.2.250.1.213.1.4.2']",
        "Le document porte un ancien INS calculé (INS-C ou INS-A).",
        "Ne l’émettez plus : donnez le matricule INS.",
        _INS,
        Severity.WARNING,
    ),
    Regle(
        "PAT.TRAITS",
        f"{_ROLE}[h:id[{_IS_INS}]][h:patient][not(h:patient/h:name/h:family[@qualifier='BR']"
        " and h:patient/h:name/h:given[@qualifier='BR'] and h:patient/h:name/h:given[not(@qualifier)]"
        " and h:patient/h:birthTime/@value and h:patient/h:administrativeGenderCode/@code"
        " and normalize-space(h:patient/h:birthplace/h:place/h:addr/h:county))]",
        "Avec un matricule INS, il manque un des traits de l’identité.",
        "Donnez le nom de naissance, la liste des prénoms, le premier prénom, la date, le sexe et le code COG.",
    ),
    Regle(
        "PAT.ADRESSE",
        f"{_ROLE}[count(h:addr) > 1]",
        "Le patient a plusieurs adresses.",
        "N’en gardez qu’une.",
    ),
    Regle(
        "PAT.NOM",
        f"{_PATIENT}[count(h:name)!=1]",
        "Le patient n’a pas un nom et un seul.",
        "Donnez un seul élément name.",
    ),
    Regle(
        "PAT.NOM.NAISSANCE",
        f"{_PATIENT}/h:name[count(h:family[@qualifier='BR'][normalize-space()])!=1]",
        "Le nom de naissance du patient est absent.",
        'Donnez <family qualifier="BR">.',
    ),
    Regle(
        "PAT.NOM.QUALIFICATIF",
        f"{_PATIENT}/h:name/h:family[not(@qualifier='BR' or @qualifier='CL')]",
        "Un nom de famille du patient n’est pas qualifié.",
        "Écrivez BR pour le nom de naissance, CL pour le nom utilisé.",
    ),
    Regle(
        "PAT.PRENOM.QUALIFICATIF",
        f"{_PATIENT}/h:name/h:given[@qualifier and not(@qualifier='BR' or @qualifier='CL')]",
        "Le qualificatif d’un prénom du patient n’est pas admis.",
        "BR pour le premier prénom, CL pour le prénom utilisé, rien pour la liste des prénoms.",
    ),
    Regle(
        "PAT.PRENOM.LISTE",
        f"{_PATIENT}/h:name[count(h:given[not(@qualifier)]) > 1]",
        "Les prénoms de naissance sont répartis dans plusieurs éléments.",
        "Mettez toute la liste dans un seul given sans qualificatif, séparée par des espaces.",
        severity=Severity.WARNING,
    ),
    Regle(
        "PAT.SEXE",
        f"{_PATIENT}[count(h:administrativeGenderCode)!=1]"
        f" | {_PATIENT}/h:administrativeGenderCode[not(@nullFlavor)][not(o:jdv('JDV_J143', @code))]",
        "Le sexe du patient est absent ou n’est pas dans JDV_J143.",
        "Écrivez M, F ou UN (inconnu) ; U n’est pas admis.",
    ),
    Regle(
        "PAT.NAISSANCE",
        f"{_PATIENT}[count(h:birthTime)!=1] | {_PATIENT}/h:birthTime[not(@value) or @nullFlavor]",
        "La date de naissance du patient est absente.",
        "Donnez birthTime/@value.",
    ),
    Regle(
        "PAT.NAISSANCE.FORME",
        f"{_PATIENT}/h:birthTime[@value and not(o:date(@value))]",
        "La date de naissance n’est pas une date.",
        "Écrivez AAAAMMJJ.",
    ),
    Regle(
        "PAT.COG",
        f"{_PATIENT}/h:birthplace/h:place/h:addr/h:county[not(re:test(., '^[0-9][0-9AB][0-9]{{3}}$'))]",
        "Le lieu de naissance n’est pas un code COG.",
        "Écrivez les 5 caractères de la commune ou du pays (99…).",
    ),
    Regle(
        "PAT.LIEU",
        f"{_PATIENT}/*[local-name()='birthPlace']",
        "L’élément birthPlace est mal écrit.",
        "Écrivez birthplace, sans majuscule.",
    ),
    Regle(
        "PAT.REPRESENTANT",
        f"{_PATIENT}/h:guardian[count(h:guardianPerson | h:guardianOrganization)!=1]",
        "Le représentant du patient n’est pas désigné.",
        "Donnez une personne (guardianPerson) ou un organisme (guardianOrganization).",
    ),
)
