"""The one table of what is encrypted, what is only indexed, and what stays in clear and why.

A test holds the models against it: an encrypted field that is not listed, or a listed one that is in clear, fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Traitement(StrEnum):
    CHIFFRE = "chiffré"
    CHIFFRE_INDEXE = "chiffré, avec un index aveugle pour la recherche exacte"
    CLAIR = "en clair, protégé par le chiffrement du volume ou de la base"


@dataclass(frozen=True, slots=True)
class Donnee:
    colonne: str
    traitement: Traitement
    raison: str


_C, _I, _L = Traitement.CHIFFRE, Traitement.CHIFFRE_INDEXE, Traitement.CLAIR

REGISTRE: tuple[Donnee, ...] = (
    Donnee("patients.patient.matricule", _I, "identifiant national ; cherché à l’identique"),
    Donnee("patients.patient.nom_naissance", _L, "cherché avec des fautes de frappe"),
    Donnee("patients.patient.nom_utilise", _L, "cherché avec des fautes de frappe"),
    Donnee("patients.patient.premier_prenom", _L, "cherché avec des fautes de frappe"),
    Donnee("patients.patient.date_naissance", _L, "cherchée partiellement"),
    Donnee("patients.preuve.matricule", _C, "identifiant national"),
    Donnee("patients.preuve.recu", _C, "identité telle que l’INSi l’a donnée"),
    Donnee("patients.preuve.changements", _C, "traits avant et après une correction"),
    Donnee("patients.copiepiece.contenu", _C, "pièce d’identité d’une personne"),
    Donnee("patients.rechercheinsi.source", _C, "identité lue sur une carte ou dans un code"),
    Donnee("patients.rechercheinsi.demande", _C, "identité demandée à l’INSi"),
    Donnee("patients.rechercheinsi.individu", _C, "identité telle que l’INSi l’a donnée"),
    Donnee("patients.rechercheinsi.requete", _C, "message envoyé à l’INSi"),
    Donnee("patients.rechercheinsi.reponse", _C, "message reçu de l’INSi"),
    Donnee("accueil.venue.motif", _C, "peut dire de quoi souffre la personne"),
    Donnee("cercle.accesexceptionnel.precision", _C, "peut parler d’une personne"),
    Donnee("doublons.fusion.motif", _C, "peut parler d’une personne"),
    Donnee("guichet.lecture.contenu", _C, "identité lue sur une carte ou dans un code"),
    Donnee("vigilance.verification.identite", _C, "identité envoyée à la vérification"),
    Donnee("vigilance.verification.requete", _C, "message envoyé à l’INSi"),
    Donnee("vigilance.verification.reponse", _C, "message reçu de l’INSi"),
    Donnee("vigilance.recue.contenu", _C, "identité reçue avec un document ou un message"),
    Donnee("imports.morceau.contenu", _C, "fichier de patients, le temps de l’importer"),
    Donnee("imports.insannoncee.matricule", _I, "identifiant national qu’un fichier annonce ; cherché à l’identique"),
    Donnee("antecedence.mot.forme", _L, "des noms, sans dire de qui ; cherchés avec des fautes de frappe"),
    Donnee("medical.donnee.contenu", _C, "ce que l’on sait de la santé d’une personne"),
    Donnee("bannette.arrivee.nom", _C, "contient souvent le nom de la personne"),
    Donnee("bannette.arrivee.contenu", _C, "document médical, le temps de le classer"),
    Donnee("bannette.arrivee.codes", _C, "identité lue dans un code"),
    Donnee("ecrits.brouillon.contenu", _C, "document médical en cours d’écriture"),
    Donnee("documents.document.titre", _C, "peut dire de quoi souffre la personne"),
    Donnee("documents.document.valeurs", _C, "ce que dit un document médical"),
    Donnee("documents.document.motif_annulation", _C, "peut parler d’une personne"),
    Donnee("documents.document.nom_fichier", _C, "contient souvent le nom de la personne"),
    Donnee("documents.document.origine", _C, "document médical"),
    Donnee("documents.document.pdfa", _C, "document médical"),
    Donnee("postes.poste.secret", _C, "ferait répondre l’agent d’un poste à d’autres que nous"),
    Donnee("comptes.secondfacteur.secret", _C, "donne les codes du téléphone à qui le connaît"),
    Donnee("envois.envoi.libelle", _C, "peut dire de quoi souffre la personne"),
    Donnee("envois.envoi.parametres", _C, "nomme des personnes"),
    Donnee("envois.envoi.contenu", _C, "le document tel qu’il part"),
)
