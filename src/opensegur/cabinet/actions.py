"""Every action of the journal and its French name: what screens call it, and what a reader of the journal sees."""

from __future__ import annotations

ACTIONS: dict[str, str] = {
    "connexion": "se connecter",
    "deconnexion": "se déconnecter",
    "connexion.structure": "choisir sa structure",
    "compte.lire": "voir son compte",
    "compte.mot_de_passe": "changer son mot de passe",
    "aide.lire": "lire l’aide",
    "accueil.lire": "voir les venues du jour",
    "venue.creer": "ajouter une venue",
    "venue.avancer": "faire avancer une venue",
    "dossier.chercher": "chercher un dossier",
    "dossier.creer": "créer un dossier",
    "dossier.lire": "ouvrir un dossier",
    "dossier.modifier": "modifier l’identité d’un dossier",
    "identite.controler": "contrôler une pièce d’identité",
    "identite.attribut": "déclarer une identité douteuse, fictive ou homonyme",
    "insi.rechercher": "demander l’INS au téléservice INSi",
    "insi.comparer": "comparer avec l’identité reçue de l’INSi",
    "insi.decider": "accepter ou refuser l’identité reçue de l’INSi",
    "lieu.chercher": "chercher un lieu de naissance",
    "document.lire": "lire un document du dossier",
    "document.ajouter": "ajouter un document au dossier",
    "document.envoyer": "envoyer un document au DMP",
    "dmp.consulter": "consulter le DMP",
    "dmp.consentement": "recueillir l’accord du patient pour le DMP",
    "dmp.lire_document": "lire un document du DMP",
    "envois.lire": "voir les envois",
    "envois.decider": "relancer ou abandonner un envoi",
    "journal.lire": "lire le journal des accès",
}
