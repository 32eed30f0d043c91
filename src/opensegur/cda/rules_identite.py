"""Rules on what identifies a document: constants, identifiers, type, title, dates, confidentiality, versions."""

from __future__ import annotations

from opensegur.cda.constat import CDA_XSD
from opensegur.cda.rules import Regle
from opensegur.foundation.findings import Severity

_OID_OR_UUID = r"^([0-2](\.(0|[1-9][0-9]*))+|[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12})$"
_MANDATORY = (
    "h:realmCode|h:typeId|h:templateId|h:id|h:code|h:title|h:effectiveTime|h:confidentialityCode|h:languageCode"
    "|h:setId|h:versionNumber|h:recordTarget|h:author|h:custodian|h:legalAuthenticator|h:documentationOf|h:componentOf"
)
_MASKING = "@code='MASQUE_PS' or @code='INVISIBLE_PATIENT' or @code='INVISIBLE_REPRESENTANTS_LEGAUX'"

IDENTITE = (
    Regle(
        "ENT.REALM",
        "self::*[count(h:realmCode[@code='FR'])!=1]",
        "Le document ne se déclare pas français.",
        'Écrivez <realmCode code="FR"/>.',
    ),
    Regle(
        "ENT.TYPEID",
        "self::*[count(h:typeId[@root='2.16.840.1.113883.1.3'][@extension='POCD_HD000040'])!=1]",
        "Le document ne se déclare pas CDA R2.",
        "Écrivez typeId avec root 2.16.840.1.113883.1.3 et extension POCD_HD000040.",
    ),
    Regle(
        "ENT.MODELE.FRANCE",
        "self::*[count(h:templateId[@root='2.16.840.1.113883.2.8.2.1'])!=1]",
        "La conformité à HL7 France n’est pas déclarée.",
        "Ajoutez templateId 2.16.840.1.113883.2.8.2.1, une seule fois.",
    ),
    Regle(
        "ENT.MODELE.CISIS",
        "self::*[count(h:templateId[@root='1.2.250.1.213.1.1.1.1'][not(@extension)])!=1]",
        "La conformité à la structuration minimale du CI-SIS n’est pas déclarée.",
        "Ajoutez templateId 1.2.250.1.213.1.1.1.1, une seule fois et sans extension.",
    ),
    Regle(
        "ENT.MODELE.VOLET",
        "self::*[not(h:templateId[@root!='2.16.840.1.113883.2.8.2.1' and @root!='1.2.250.1.213.1.1.1.1'])]",
        "Le modèle du document n’est pas déclaré.",
        "Ajoutez le templateId du volet, ou 1.3.6.1.4.1.19376.1.2.20 pour un document non structuré.",
    ),
    Regle(
        "ENT.ID",
        "self::*[count(h:id)!=1] | h:id[not(@root)]",
        "Le document n’a pas un identifiant unique.",
        "Donnez un seul id, avec son OID dans root.",
    ),
    Regle(
        "ENT.ID.FORME",
        f"(h:id|h:setId)[@root and not(re:test(@root, '{_OID_OR_UUID}'))]",
        "L’identifiant n’est ni un OID ni un UUID.",
        "Écrivez l’OID seul, sans « urn:oid: » ni « urn:uuid: ».",
    ),
    Regle(
        "ENT.ID.DMP",
        "h:id[@extension or contains(@root, '-') or string-length(@root) > 64]",
        "Le DMP ne prend qu’un OID d’au plus 64 caractères, sans extension.",
        "Donnez à chaque version un OID complet dans root (un UUID devient 2.25.<décimal>).",
        "CI-SIS Volet Transmission d’un document",
        Severity.WARNING,
    ),
    Regle(
        "ENT.TYPE",
        "self::*[count(h:code)!=1] | h:code[not(@code) or not(@codeSystem) or not(@displayName)]",
        "Le type du document est absent ou incomplet.",
        "Donnez code, codeSystem et displayName.",
    ),
    Regle(
        "ENT.TYPE.JDV",
        "h:code[@code and not(o:jdv('JDV_J07', @code, @codeSystem))]",
        "Le type du document n’est pas dans JDV_J07.",
        "Choisissez un type de JDV_J07, par exemple 11488-4 pour un compte rendu de consultation.",
    ),
    Regle(
        "ENT.TYPE.LIBELLE",
        "h:code[@displayName and o:jdv('JDV_J07', @code) and not(o:libelle('JDV_J07', @code, @displayName))]",
        "Le libellé du type n’est pas celui de JDV_J07.",
        "Reprenez le libellé de la nomenclature.",
        severity=Severity.WARNING,
    ),
    Regle(
        "ENT.TITRE",
        "self::*[count(h:title)!=1] | h:title[not(normalize-space())]",
        "Le document n’a pas de titre.",
        "Donnez un titre, par exemple le type et la date.",
    ),
    Regle(
        "ENT.DATE",
        "self::*[count(h:effectiveTime)!=1] | h:effectiveTime[not(@value)]",
        "Le document n’a pas de date de création.",
        "Donnez effectiveTime/@value.",
    ),
    Regle(
        "ENT.DATE.PRECISION",
        "h:effectiveTime[@value and not(re:test(@value, '^[0-9]{14}[+-][0-9]{4}$'))]",
        "La date de création n’est pas à la seconde avec son fuseau.",
        "Écrivez-la AAAAMMJJhhmmss+zzzz, par exemple 20260312103000+0100.",
    ),
    Regle(
        "ENT.CONFIDENTIALITE",
        "self::*[count(h:confidentialityCode)!=1]"
        " | h:confidentialityCode[not(@code) or not(@codeSystem) or not(@displayName)]",
        "Le niveau de confidentialité est absent ou incomplet.",
        "Donnez code (N par défaut), codeSystem 2.16.840.1.113883.5.25 et displayName.",
    ),
    Regle(
        "ENT.CONFIDENTIALITE.MASQUAGE",
        f"h:confidentialityCode[{_MASKING}]",
        "Un masquage est écrit dans le document, alors que c’est une métadonnée du DMP.",
        "Écrivez N et demandez le masquage lors de l’envoi au DMP.",
    ),
    Regle(
        "ENT.CONFIDENTIALITE.JDV",
        f"h:confidentialityCode[@code and not({_MASKING})]"
        "[not(contains('|N|R|V|', concat('|', @code, '|'))) or @codeSystem!='2.16.840.1.113883.5.25']",
        "Le niveau de confidentialité n’est pas admis.",
        "Choisissez N, R ou V dans 2.16.840.1.113883.5.25.",
    ),
    Regle(
        "ENT.LANGUE",
        "self::*[count(h:languageCode)!=1] | h:languageCode[not(re:test(@code, '^[a-z]{2}-[A-Z]{2}$'))]",
        "La langue du document est absente ou mal écrite.",
        'Écrivez <languageCode code="fr-FR"/> : la casse compte.',
    ),
    Regle(
        "ENT.SETID",
        "self::*[count(h:setId)!=1] | h:setId[not(@root)]",
        "L’identifiant commun aux versions est absent.",
        "Donnez un setId, le même pour toutes les versions.",
    ),
    Regle(
        "ENT.VERSION",
        "self::*[count(h:versionNumber)!=1] | h:versionNumber[not(re:test(@value, '^[1-9][0-9]*$'))]",
        "Le numéro de version est absent ou n’est pas un entier à partir de 1.",
        "Commencez à 1 et augmentez de 1 à chaque version.",
    ),
    Regle(
        "ENT.COPYTIME",
        "h:copyTime",
        "copyTime est obsolète.",
        "Retirez cet élément.",
    ),
    Regle(
        "ENT.NULLFLAVOR",
        f"({_MANDATORY})[@nullFlavor]",
        "Un élément obligatoire de l’entête est déclaré sans valeur (nullFlavor).",
        "Donnez la valeur : nullFlavor n’y est pas admis.",
    ),
    Regle(
        "ENT.NULLFLAVOR.VALEUR",
        "h:*[not(self::h:component)]/descendant-or-self::*[@nullFlavor]"
        "[not(contains('|UNK|NASK|ASKU|NAV|MSK|', concat('|', @nullFlavor, '|')))]",
        "Ce nullFlavor n’est pas admis dans l’entête.",
        "Choisissez UNK, NASK, ASKU, NAV ou MSK.",
        severity=Severity.WARNING,
    ),
    Regle(
        "ENT.REMPLACEMENT",
        "self::*[count(h:relatedDocument[@typeCode='RPLC']) > 1]"
        " | h:relatedDocument[@typeCode='RPLC'][count(h:parentDocument/h:id[@root])!=1]",
        "Le document remplacé est mal désigné.",
        "Donnez un seul relatedDocument RPLC, avec l’id de la version remplacée.",
    ),
    Regle(
        "ENT.REMPLACEMENT.VERSION",
        "h:relatedDocument[@typeCode='RPLC'][/*/h:versionNumber/@value='1']",
        "La version 1 d’un document ne peut pas en remplacer une autre.",
        "Augmentez le numéro de version et gardez le même setId.",
        severity=Severity.WARNING,
    ),
    Regle(
        "ENT.CORPS",
        "self::*[count(h:component/h:nonXMLBody | h:component/h:structuredBody)!=1]",
        "Le document n’a pas un corps unique.",
        "Donnez un seul component, avec nonXMLBody (N1) ou structuredBody (N3).",
        CDA_XSD,
    ),
)
