"""Rules on the circumstances: prescription answered, acts, encounter, and the data types of the whole header."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from opensegur.cda.locate import NAMESPACES
from opensegur.cda.reading_types import parse_timestamp
from opensegur.cda.rules import Regle

_MAIN = "h:documentationOf[1]/h:serviceEvent"
_PERFORMER = f"{_MAIN}/h:performer[@typeCode='PRF']"
_SETTING = f"{_PERFORMER}/h:assignedEntity/h:representedOrganization/h:standardIndustryClassCode"
_ENCOUNTER = "h:componentOf/h:encompassingEncounter"
_FACILITY = f"{_ENCOUNTER}/h:location/h:healthCareFacility"
_HEADER = "h:*[not(self::h:component)]"
# a representative may be named as the patient is, birth name and used name
_PERSON_NAME = (
    f"{_HEADER}/descendant::h:name[not(parent::h:patient or parent::h:guardianPerson)]"
    "[h:family or h:given or h:prefix or h:suffix]"
)
_ADDRESS_PARTS = (
    "houseNumber", "houseNumberNumeric", "streetName", "streetNameType", "unitID", "additionalLocator", "postBox",
    "precinct", "postalCode", "city", "county", "state", "country",
)  # fmt: skip
_TWICE = " or ".join(f"h:{part}[2]" for part in _ADDRESS_PARTS)
_TIMES = etree.XPath(
    f"{_HEADER}/descendant-or-self::*[@value][self::h:time or self::h:effectiveTime or self::h:low or self::h:high]",
    namespaces=NAMESPACES,
)


def _unreadable_times(root: etree._Element) -> Iterator[etree._Element]:
    found = _TIMES(root)
    assert isinstance(found, list)
    return (element for element in found if parse_timestamp(element.get("value", "")) is None)


CONTEXTE = (
    Regle(
        "ORD.ID",
        "h:inFulfillmentOf[count(h:order/h:id)!=1]",
        "La prescription à laquelle répond le document n’est pas identifiée.",
        "Donnez un seul order/id.",
    ),
    Regle(
        "ACT.UN",
        "self::*[not(h:documentationOf/h:serviceEvent)]",
        "L’acte documenté est absent.",
        "Donnez au moins un documentationOf/serviceEvent.",
    ),
    Regle(
        "ACT.DATE",
        f"{_MAIN}[not(h:effectiveTime/h:low/@value)]",
        "L’acte principal n’est pas daté.",
        "Donnez serviceEvent/effectiveTime/low/@value dans le premier documentationOf.",
    ),
    Regle(
        "ACT.CODE",
        "h:documentationOf/h:serviceEvent/h:code[not(@nullFlavor)][not(@code and @codeSystem)]",
        "Le code de l’acte est incomplet.",
        "Donnez code et codeSystem, ou un nullFlavor.",
    ),
    Regle(
        "ACT.EXECUTANT",
        f"{_MAIN}[count(h:performer[@typeCode='PRF'])!=1]",
        "L’acte principal n’a pas un exécutant et un seul.",
        'Donnez un seul performer typeCode="PRF" dans le premier documentationOf.',
    ),
    Regle(
        "ACT.EXECUTANT.ID",
        f"{_PERFORMER}[count(h:assignedEntity/h:id)!=1]",
        "L’exécutant de l’acte n’est pas identifié.",
        "Donnez un seul assignedEntity/id.",
    ),
    Regle(
        "ACT.STRUCTURE",
        f"{_PERFORMER}[h:assignedEntity][count(h:assignedEntity/h:representedOrganization)!=1]",
        "La structure de l’exécutant est absente.",
        "Donnez performer/assignedEntity/representedOrganization.",
    ),
    Regle(
        "ACT.CADRE",
        f"{_PERFORMER}/h:assignedEntity/h:representedOrganization[count(h:standardIndustryClassCode)!=1]"
        f" | {_SETTING}[not(@code and @codeSystem and @displayName)]",
        "Le cadre d’exercice est absent ou incomplet.",
        "Donnez standardIndustryClassCode avec code, codeSystem et displayName de JDV_J04.",
    ),
    Regle(
        "ACT.CADRE.JDV",
        f"{_SETTING}[@code and not(o:jdv('JDV_J04', @code, @codeSystem))]",
        "Le cadre d’exercice n’est pas dans JDV_J04.",
        "Écrivez par exemple AMBULATOIRE ; les codes SAnn vont dans componentOf (JDV_J02).",
    ),
    Regle(
        "REN.UN",
        f"self::*[count({_ENCOUNTER})!=1]",
        "La prise en charge est absente.",
        "Donnez componentOf/encompassingEncounter.",
    ),
    Regle(
        "REN.DATE",
        f"{_ENCOUNTER}[count(h:effectiveTime)!=1]",
        "La prise en charge n’est pas datée.",
        "Donnez effectiveTime, avec ses bornes ou un nullFlavor.",
    ),
    Regle(
        "REN.CODE",
        f"{_ENCOUNTER}/h:code[not(@nullFlavor)][not(@displayName) or not(o:jdv('JDV_J142', @code, @codeSystem))]",
        "Le type de prise en charge n’est pas dans JDV_J142.",
        "Choisissez un code de JDV_J142 (AMB, IMP, EXTERNE…), avec son libellé.",
    ),
    Regle(
        "REN.SORTIE",
        f"{_ENCOUNTER}/h:dischargeDispositionCode[@code][@codeSystem!='1.2.250.1.213.2.14']",
        "Le type de sortie n’est pas dans la bonne nomenclature.",
        "Écrivez codeSystem 1.2.250.1.213.2.14.",
    ),
    Regle(
        "REN.PARTICIPANT",
        f"{_ENCOUNTER}/h:encounterParticipant[not(o:jdv('JDV_J140', @typeCode))"
        " or not(h:assignedEntity/h:id[@root='1.2.250.1.71.4.2.1'])]",
        "Un intervenant de la prise en charge est mal désigné.",
        "Donnez un typeCode de JDV_J140 et l’identifiant du professionnel.",
    ),
    Regle(
        "REN.SECTEUR",
        f"{_ENCOUNTER}[count(h:location/h:healthCareFacility/h:code)!=1]"
        f" | {_FACILITY}/h:code[not(@code and @codeSystem and @displayName)]",
        "Le secteur d’activité du lieu de prise en charge est absent ou incomplet.",
        "Donnez location/healthCareFacility/code avec code, codeSystem et displayName de JDV_J02.",
    ),
    Regle(
        "REN.SECTEUR.JDV",
        f"{_FACILITY}/h:code[@code and not(o:jdv('JDV_J02', @code, @codeSystem))]",
        "Le secteur d’activité n’est pas dans JDV_J02.",
        "Écrivez par exemple SA07 (cabinet individuel) ; AMBULATOIRE va dans documentationOf (JDV_J04).",
    ),
    Regle(
        "CON.STATUT",
        "h:authorization/h:consent[not(h:statusCode[@code='completed' or @nullFlavor]) or not(h:code)]",
        "Le consentement est incomplet.",
        'Donnez code et <statusCode code="completed"/>.',
    ),
    Regle(
        "TYP.NOM",
        f"{_PERSON_NAME}[count(h:family)!=1 or count(h:given) > 1 or count(h:prefix) > 1 or count(h:suffix) > 1]",
        "Le nom d’une personne est mal composé.",
        "Donnez un nom, au plus un prénom, une civilité et un titre.",
    ),
    Regle(
        "TYP.CIVILITE",
        f"{_PERSON_NAME}/h:prefix[not(@nullFlavor)][not(o:jdv('JDV_J245', .))]",
        "La civilité n’est pas dans JDV_J245.",
        "Écrivez M ou MME ; le titre (DR, PR) va dans suffix.",
    ),
    Regle(
        "TYP.TITRE",
        f"{_PERSON_NAME}/h:suffix[not(@nullFlavor)][not(o:jdv('JDV_J246', .))]",
        "Le titre n’est pas dans JDV_J246.",
        "Écrivez DR, PR, MC, MG, PC ou PG.",
    ),
    Regle(
        "TYP.TELECOM",
        f"{_HEADER}/descendant::h:telecom[@value and not(re:test(@value, '^(tel|fax|mailto|http|ftp|mllp):.+'))"
        " or not(@value) and not(@nullFlavor) or @value and @nullFlavor]",
        "Une coordonnée n’a pas de préfixe admis.",
        "Écrivez tel:, fax:, mailto:, http:, ftp: ou mllp: devant la valeur, ou un nullFlavor seul.",
    ),
    Regle(
        "TYP.TELECOM.USAGE",
        f"{_HEADER}/descendant::h:telecom[@use]"
        "[not(re:test(concat(@use, ' '), '^((H|HP|HV|WP|DIR|PUB|EC|MC|PG) )+$'))]",
        "L’usage d’une coordonnée n’est pas admis.",
        "Choisissez H, HP, HV, WP, DIR, PUB, EC, MC ou PG.",
    ),
    Regle(
        "TYP.ADRESSE",
        f"{_HEADER}/descendant::h:addr[{_TWICE} or h:streetAddressLine[8]"
        " or h:streetAddressLine and h:*[not(self::h:streetAddressLine)]]",
        "Une adresse est mal composée.",
        "Donnez soit des lignes (7 au plus), soit des parties (chacune une fois), pas les deux.",
    ),
    Regle(
        "TYP.ADRESSE.USAGE",
        f"{_HEADER}/descendant::h:addr[@use and not(re:test(concat(@use, ' '), '^((H|HP|HV|WP|TMP) )+$'))]",
        "L’usage d’une adresse n’est pas admis.",
        "Choisissez H, HP, HV, WP ou TMP.",
    ),
    Regle(
        "TYP.DATE",
        _unreadable_times,
        "Une date est mal écrite.",
        "Écrivez AAAAMMJJhhmmss+zzzz.",
    ),
)
