"""Rules on who acts: author, custodian, responsible person, participants, recipients."""

from __future__ import annotations

from opensegur.cda.rules import Regle
from opensegur.foundation.findings import Severity

_PS = "@root='1.2.250.1.71.4.2.1'"
_STRUCTURE = "@root='1.2.250.1.71.4.2.2'"
_CUSTODIAN = "h:custodian/h:assignedCustodian/h:representedCustodianOrganization"
_HEADER = "h:*[not(self::h:component)]"

ACTEURS = (
    Regle(
        "AUT.UN",
        "self::*[not(h:author/h:assignedAuthor)]",
        "Le document n’a pas d’auteur.",
        "Donnez au moins un author/assignedAuthor.",
    ),
    Regle(
        "AUT.DATE",
        "h:author[count(h:time[@value])!=1]",
        "La contribution de l’auteur n’est pas datée.",
        "Donnez author/time/@value.",
    ),
    Regle(
        "AUT.ID",
        "h:author/h:assignedAuthor[not(h:id)]"
        " | h:author/h:assignedAuthor/h:id[not(@nullFlavor)][not(@root and @extension)]",
        "L’auteur n’est pas identifié.",
        "Donnez id avec root et extension (8 suivi du RPPS pour un professionnel).",
    ),
    Regle(
        "AUT.IDENTITE",
        "h:author/h:assignedAuthor[not(h:assignedPerson/h:name[normalize-space(h:family)])]"
        "[not(h:assignedAuthoringDevice[h:manufacturerModelName and h:softwareName])]",
        "L’auteur n’est ni une personne nommée ni un système décrit.",
        "Donnez assignedPerson/name/family, ou assignedAuthoringDevice avec manufacturerModelName et softwareName.",
    ),
    Regle(
        "AUT.STRUCTURE",
        f"h:author/h:assignedAuthor/h:representedOrganization[count(h:id[{_STRUCTURE}]) > 1]",
        "La structure de l’auteur a plusieurs identifiants nationaux.",
        "N’en gardez qu’un.",
    ),
    Regle(
        "PS.PROFESSION",
        "(h:author/h:assignedAuthor | h:legalAuthenticator/h:assignedEntity | h:authenticator/h:assignedEntity)"
        "/h:code[not(@nullFlavor)][not(@code and @codeSystem and @displayName)]",
        "La profession est incomplète.",
        "Donnez code, codeSystem et displayName de JDV_J01.",
    ),
    Regle(
        "PS.PROFESSION.JDV",
        "(h:author/h:assignedAuthor | h:legalAuthenticator/h:assignedEntity | h:authenticator/h:assignedEntity)"
        "/h:code[@code and not(o:jdv('JDV_J01', @code))]",
        "La profession n’est pas dans JDV_J01.",
        "Choisissez un code de JDV_J01, par exemple G15_10/SM26.",
    ),
    Regle(
        "PS.RPPS",
        f"{_HEADER}/descendant::h:id[{_PS}][not(o:cle_rpps(@extension))]",
        "Le numéro RPPS a une clé fausse.",
        "Vérifiez le numéro dans l’annuaire santé.",
        "Annuaire santé, RPPS (clé de Luhn)",
        Severity.WARNING,
    ),
    Regle(
        "FON.JDV",
        "(h:author | h:participant)/h:functionCode[@code and not(o:jdv('JDV_J47', @code, @codeSystem))]",
        "La fonction n’est pas dans JDV_J47.",
        "Choisissez un code de JDV_J47, par exemple PCP pour le médecin traitant.",
    ),
    Regle(
        "INF.CHOIX",
        "h:informant[count(h:assignedEntity | h:relatedEntity)!=1]",
        "L’informateur n’est pas désigné.",
        "Donnez assignedEntity (professionnel) ou relatedEntity (proche).",
    ),
    Regle(
        "INF.LIEN",
        "h:informant/h:relatedEntity[not(contains('|ECON|NOK|CON|CAREGIVER|PAT|', concat('|', @classCode, '|')))]",
        "Le lien de l’informateur avec le patient n’est pas admis.",
        "Choisissez ECON, NOK, CON, CAREGIVER ou PAT.",
    ),
    Regle(
        "INF.NOM",
        "h:informant/h:relatedEntity[not(h:relatedPerson/h:name[normalize-space(h:family)])]",
        "L’informateur n’a pas de nom.",
        "Donnez relatedPerson/name/family.",
    ),
    Regle(
        "CUS.UN",
        f"self::*[count({_CUSTODIAN})!=1]",
        "La structure qui conserve le document n’est pas désignée.",
        "Donnez custodian/assignedCustodian/representedCustodianOrganization.",
    ),
    Regle(
        "CUS.ID",
        f"{_CUSTODIAN}[count(h:id)!=1] | {_CUSTODIAN}/h:id[not({_STRUCTURE} or @root='1.2.250.1.213.4.1')]",
        "La structure qui conserve le document n’a pas son identifiant national.",
        "Donnez un seul id, root 1.2.250.1.71.4.2.2 (1 suivi du FINESS, 3 suivi du SIRET…).",
    ),
    Regle(
        "CUS.UNIQUE",
        f"{_CUSTODIAN}[count(h:name) > 1 or count(h:telecom) > 1 or count(h:addr) > 1]",
        "La structure qui conserve le document a plusieurs noms, téléphones ou adresses.",
        "N’en gardez qu’un de chaque.",
    ),
    Regle(
        "DES.ID",
        "h:informationRecipient[count(h:intendedRecipient)!=1]"
        " | h:informationRecipient/h:intendedRecipient/h:id[not(@nullFlavor)][not(@root and @extension)]",
        "Le destinataire est mal désigné.",
        "Donnez intendedRecipient, et dans id root et extension.",
    ),
    Regle(
        "RES.UN",
        "self::*[count(h:legalAuthenticator/h:assignedEntity)!=1]",
        "Le document n’a pas de responsable.",
        "Donnez un legalAuthenticator.",
    ),
    Regle(
        "RES.DATE",
        "(h:legalAuthenticator | h:authenticator)[count(h:time[@value])!=1]",
        "La prise de responsabilité n’est pas datée.",
        "Donnez time/@value.",
    ),
    Regle(
        "RES.SIGNATURE",
        "(h:legalAuthenticator | h:authenticator)[count(h:signatureCode[@code='S'])!=1]",
        "La prise de responsabilité n’est pas déclarée.",
        'Écrivez <signatureCode code="S"/>.',
    ),
    Regle(
        "RES.ID",
        "h:legalAuthenticator/h:assignedEntity[count(h:id[@root][@extension])!=1 or count(h:id)!=1]",
        "Le responsable du document n’est pas identifié.",
        "Donnez un seul id, avec root et extension.",
    ),
    Regle(
        "ATT.ID",
        f"h:authenticator/h:assignedEntity[count(h:id[{_PS}])!=1]",
        "La personne qui atteste n’est pas identifiée.",
        "Donnez un seul id, root 1.2.250.1.71.4.2.1.",
    ),
    Regle(
        "PRT.ROLE",
        "h:participant[not(o:jdv('JDV_J144', @typeCode))]",
        "Le rôle du participant n’est pas dans JDV_J144.",
        "Choisissez REF, REFB, INF, RESP, PRF, CON ou VRF.",
    ),
    Regle(
        "PRT.DATE",
        "h:participant[count(h:time)!=1]",
        "La participation n’est pas datée.",
        "Donnez time, avec ses bornes ou un nullFlavor.",
    ),
    Regle(
        "PRT.CLASSE",
        "h:participant/h:associatedEntity[not(@classCode='PROV' or @classCode='AGNT')]",
        "La catégorie du participant n’est pas admise.",
        "Écrivez classCode PROV (professionnel de santé) ou AGNT (autre).",
    ),
)
