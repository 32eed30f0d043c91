"""The header of a document: ``Entete`` to the children of ``ClinicalDocument``, in the order of the schema.

Source: CI-SIS Structuration minimale des documents de santé, entête.
"""

from __future__ import annotations

from collections.abc import Sequence

from opensegur.cda.actors import assigned, associated, organization, patient_role, person
from opensegur.cda.checks import check_code, concept_of
from opensegur.cda.datatypes import address, coded, identifier, interval, person_name, telecoms, time_node
from opensegur.cda.document import Entete
from opensegur.cda.document_lu import Modele
from opensegur.cda.gabarit import ORDINAIRE, Gabarit
from opensegur.cda.noeud import NS_LAB, Noeud, node
from opensegur.cda.participations import Destinataire, Participant, Proche
from opensegur.foundation.acteurs import OID_PS, OID_STRUCTURE, Code
from opensegur.nomenclature import Concept

HL7_FRANCE = Modele("2.16.840.1.113883.2.8.2.1")
STRUCTURATION_MINIMALE = Modele("1.2.250.1.213.1.1.1.1")
_PRESCRIBER = "REF"
# what the ANS codes so is information about the document, not an act (eP-MED-DM)
_TA_ASIP = "1.2.250.1.213.1.1.4.322"


def build_document(
    entete: Entete, modeles: Sequence[Modele], component: Noeud, gabarit: Gabarit = ORDINAIRE
) -> bytes:
    """The bytes of ``ClinicalDocument``: header, templates of its model, body (a ``component``)."""
    children = (
        *_identity(entete, modeles),
        *_actors(entete, gabarit),
        *_context(entete, gabarit),
        component,
    )
    return node("ClinicalDocument", *children).document()


def _identity(entete: Entete, modeles: Sequence[Modele]) -> list[Noeud]:
    document_type = check_code("JDV_J07", entete.type, quoi="Type de document")
    confidentiality = concept_of("JDV_J08", entete.confidentialite, quoi="Confidentialité")
    return [
        node("realmCode", code="FR"),
        identifier("2.16.840.1.113883.1.3", "POCD_HD000040", tag="typeId"),
        *(
            identifier(modele.oid, modele.version, tag="templateId")
            for modele in (HL7_FRANCE, STRUCTURATION_MINIMALE, *modeles)
        ),
        identifier(entete.uid),
        coded("code", document_type),
        node("title", entete.titre),
        time_node("effectiveTime", entete.created_at),
        coded("confidentialityCode", confidentiality),
        node("languageCode", code=entete.language),
        identifier(entete.set_id, tag="setId"),
        node("versionNumber", value=str(entete.version)),
    ]


def _actors(entete: Entete, gabarit: Gabarit) -> list[Noeud]:
    contacts = gabarit.coordonnees
    return [
        node("recordTarget", patient_role(entete.patient)),
        _author(entete, gabarit),
        *_data_enterer(entete),
        *(_informant(proche) for proche in entete.proches),
        node(
            "custodian",
            node("assignedCustodian", organization(entete.structure, "representedCustodianOrganization")),
        ),
        *(_recipient(destinataire) for destinataire in entete.destinataires),
        node(
            "legalAuthenticator",
            time_node("time", entete.responsable_at or entete.created_at),
            node("signatureCode", code="S"),
            assigned(entete.responsable, structure=entete.structure, with_contacts=contacts),
        ),
        *(
            node(
                "authenticator",
                *_templates(gabarit.attestation),
                time_node("time", attestation.moment),
                node("signatureCode", code="S"),
                assigned(attestation.professionnel, structure=attestation.structure, with_contacts=contacts),
            )
            for attestation in entete.attestations
        ),
        *(_participant(participant, gabarit) for participant in entete.participants),
    ]


def _context(entete: Entete, gabarit: Gabarit) -> list[Noeud]:
    return [
        *(
            node("inFulfillmentOf", node("order", identifier(order.root, order.extension)))
            for order in entete.prescriptions
        ),
        _main_act(entete, gabarit),
        *(node("documentationOf", _further_act(each)) for each in entete.autres_actes),
        *_related_document(entete),
        _encounter(entete, gabarit),
    ]


def _templates(models: Sequence[str]) -> list[Noeud]:
    return [identifier(model, tag="templateId") for model in models]


def _author(entete: Entete, gabarit: Gabarit) -> Noeud:
    function = entete.auteur_fonction
    return node(
        "author",
        coded("functionCode", check_code("JDV_J47", function, quoi="Fonction de l’auteur")) if function else None,
        time_node("time", entete.auteur_at or entete.created_at),
        assigned(entete.auteur, "assignedAuthor", structure=entete.structure, with_contacts=gabarit.coordonnees),
    )


def _data_enterer(entete: Entete) -> list[Noeud]:
    if entete.operateur_saisie is None:
        return []
    return [node("dataEnterer", time_node("time", entete.created_at), assigned(entete.operateur_saisie))]


def _informant(proche: Proche) -> Noeud:
    kinship = proche.parente
    return node(
        "informant",
        node(
            "relatedEntity",
            coded("code", check_code("JDV_J11", kinship, quoi="Lien de parenté")) if kinship else None,
            address(proche.adresse),
            *telecoms(proche.telecoms),
            node("relatedPerson", person_name(proche.nom, proche.prenom)),
            classCode=proche.lien.value,
        ),
    )


def _recipient(destinataire: Destinataire) -> Noeud:
    structure = destinataire.structure
    return node(
        "informationRecipient",
        node(
            "intendedRecipient",
            identifier(OID_PS, destinataire.professionnel.id_nat),
            *telecoms(destinataire.telecoms),
            person(destinataire.professionnel, "informationRecipient"),
            organization(structure, "receivedOrganization") if structure else None,
        ),
    )


def _participant(participant: Participant, gabarit: Gabarit) -> Noeud:
    function = participant.fonction
    return node(
        "participant",
        *_templates(gabarit.prescripteur if participant.role == _PRESCRIBER else ()),
        coded("functionCode", _function(function)) if function else None,
        interval("time", participant.debut, participant.fin),
        associated(participant.professionnel, participant.structure, participant.telecoms),
        typeCode=participant.role,
    )


def _function(function: Code) -> Code | Concept:
    """The label that the caller gives, when it does: the VSM wants one of its own."""
    concept = check_code("JDV_J47", function, quoi="Fonction du participant")
    return function if function.label else concept


def _main_act(entete: Entete, gabarit: Gabarit) -> Noeud:
    contacts = gabarit.coordonnees
    performer = assigned(
        entete.executant or entete.auteur, structure=entete.structure, with_cadre=True, with_contacts=contacts
    )
    status = entete.acte_statut
    return node(
        "documentationOf",
        node(
            "serviceEvent",
            *(identifier(each.root, each.extension) for each in entete.acte_identifiants),
            coded("code", entete.acte_code) if entete.acte_code else None,
            node("statusCode", namespace=NS_LAB, code=status) if status else None,
            _act_time(entete, gabarit),
            node(
                "performer",
                *_templates(gabarit.executant),
                interval("time", None, entete.acte_fin or entete.created_at) if contacts else None,
                performer,
                typeCode="PRF",
            ),
        ),
    )


def _further_act(act: Code) -> Noeud:
    return node("serviceEvent", coded("code", act), classCode="INFO" if act.system == _TA_ASIP else "")


def _act_time(entete: Entete, gabarit: Gabarit) -> Noeud:
    if not gabarit.fin_acte:
        return interval("effectiveTime", entete.acte_debut, entete.acte_fin)
    end = entete.acte_fin
    return node(
        "effectiveTime",
        time_node("low", entete.acte_debut),
        time_node("high", end) if end and end != entete.acte_debut else node("high", nullFlavor="UNK"),
    )


def _related_document(entete: Entete) -> list[Noeud]:
    replaced = entete.remplace
    if replaced is None:
        return []
    return [
        node(
            "relatedDocument",
            node(
                "parentDocument",
                identifier(replaced.uid),
                node("versionNumber", value=str(replaced.version)),
            ),
            typeCode="RPLC",
        )
    ]


def _encounter(entete: Entete, gabarit: Gabarit) -> Noeud:
    structure = entete.structure
    sector = concept_of("JDV_J02", structure.secteur, quoi="Secteur d’activité de la structure")
    encounter = entete.prise_en_charge
    return node(
        "componentOf",
        node(
            "encompassingEncounter",
            coded("code", check_code("JDV_J142", encounter, quoi="Type de prise en charge")) if encounter else None,
            interval("effectiveTime", entete.acte_debut, entete.acte_fin),
            _responsible(entete, gabarit),
            node(
                "location",
                node(
                    "healthCareFacility",
                    identifier(OID_STRUCTURE, structure.id_nat),
                    coded("code", sector),
                    node("location", node("name", structure.nom), address(structure.adresse)),
                ),
            ),
        ),
    )


def _responsible(entete: Entete, gabarit: Gabarit) -> Noeud | None:
    who = entete.responsable_prise_en_charge
    if who is None:
        return None
    return node("responsibleParty", assigned(who, structure=entete.structure, with_contacts=gabarit.coordonnees))
