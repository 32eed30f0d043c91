from django.urls import path

from opensegur.cabinet.patients import creation, dossier, vues_copies, vues_insi, vues_statut

app_name = "patients"
urlpatterns = [
    path("", creation.recherche, name="recherche"),
    path("nouveau/", creation.nouveau, name="nouveau"),
    path("lieux/", creation.lieux, name="lieux"),
    path("insi/<uuid:recherche_id>/", vues_insi.comparaison, name="comparaison"),
    path("<uuid:patient_id>/", dossier.dossier, name="dossier"),
    path("<uuid:patient_id>/insi/", vues_insi.interroger, name="interroger"),
    path("<uuid:patient_id>/piece/", dossier.piece, name="piece"),
    path("insi/<uuid:recherche_id>/fiche/", vues_insi.fiche_insi, name="fiche_insi"),
    path("<uuid:patient_id>/histoire/", vues_statut.histoire, name="histoire"),
    path("<uuid:patient_id>/dequalifier/", vues_statut.declasser, name="declasser"),
    path("<uuid:patient_id>/sans-ins/", vues_statut.sans_ins, name="sans_ins"),
    path("<uuid:patient_id>/destinataires/", vues_statut.recipients, name="destinataires"),
    path("<uuid:patient_id>/destinataires/<uuid:envoi_id>/", vues_statut.rectify, name="rectifier"),
    path("<uuid:patient_id>/copies/<uuid:copie_id>/", vues_copies.lire, name="copie"),
    path("<uuid:patient_id>/copies/<uuid:copie_id>/effacer/", vues_copies.effacer, name="copie_effacer"),
    path("<uuid:patient_id>/fiche/", dossier.fiche, name="fiche"),
    path("<uuid:patient_id>/attester/", dossier.attester, name="attester"),
    path("<uuid:patient_id>/sans-piece/", dossier.sans_piece, name="sans_piece"),
    path("<uuid:patient_id>/identite/", dossier.modifier, name="modifier"),
    path("<uuid:patient_id>/attribut/", dossier.attribut, name="attribut"),
]
