from django.urls import path

from opensegur.cabinet.comptes import (
    conditions,
    psc_vues,
    telephone,
    vues,
    vues_cle_acces,
    vues_second_facteur,
    vues_sessions,
)

app_name = "comptes"
urlpatterns = [
    path("", vues.compte, name="compte"),
    path("connexion/", vues.connexion, name="connexion"),
    path("connexion/code/", vues_second_facteur.code, name="code"),
    path("connexion/cle/", vues_cle_acces.entrer, name="cle_entrer"),
    path("connexion/cle/defi/", vues_cle_acces.defi, name="cle_defi"),
    path("conditions/", conditions.lire, name="conditions"),
    path("conditions/accepter/", conditions.accepter, name="conditions_accepter"),
    path("jeton/", vues.jeton, name="jeton"),
    path("deconnexion/", vues.deconnexion, name="deconnexion"),
    path("mot-de-passe/", vues.mot_de_passe, name="mot_de_passe"),
    path("code/commencer/", vues_second_facteur.commencer, name="second_facteur_commencer"),
    path("code/", vues_second_facteur.installer, name="second_facteur"),
    path("code/gerer/", vues_second_facteur.gerer, name="second_facteur_gerer"),
    path("cles/", vues_cle_acces.liste, name="cles"),
    path("cles/preparer/", vues_cle_acces.preparer, name="cles_preparer"),
    path("cles/ajouter/", vues_cle_acces.ajouter, name="cles_ajouter"),
    path("cles/<uuid:cle>/retirer/", vues_cle_acces.retirer, name="cles_retirer"),
    path("sessions/", vues_sessions.liste, name="sessions"),
    path("sessions/fermer/", vues_sessions.fermer, name="sessions_fermer"),
    path("structure/", vues.structure, name="structure"),
    path("psc/", psc_vues.aller, name="psc_aller"),
    path("psc/telephone/", telephone.demander, name="telephone"),
    path("psc/telephone/attente/", telephone.attendre, name="telephone_attendre"),
    path("psc/telephone/reponse/", telephone.interroger, name="telephone_interroger"),
    path("psc/telephone/abandon/", telephone.abandonner, name="telephone_abandonner"),
    path("psc/retour/", psc_vues.retour, name="psc_retour"),
]
