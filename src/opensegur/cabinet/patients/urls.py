from django.urls import path

from opensegur.cabinet.patients import creation, dossier, vues_insi

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
    path("<uuid:patient_id>/fiche/", dossier.fiche, name="fiche"),
    path("<uuid:patient_id>/attester/", dossier.attester, name="attester"),
    path("<uuid:patient_id>/sans-piece/", dossier.sans_piece, name="sans_piece"),
    path("<uuid:patient_id>/identite/", dossier.modifier, name="modifier"),
    path("<uuid:patient_id>/attribut/", dossier.attribut, name="attribut"),
]
