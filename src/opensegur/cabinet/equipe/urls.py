from django.urls import path

from opensegur.cabinet.equipe import vues

app_name = "equipe"
urlpatterns = [
    path("", vues.liste, name="liste"),
    path("ajouter/", vues.ajouter, name="ajouter"),
    path("preuves/", vues.preuves, name="preuves"),
    path("comptes.csv", vues.extraire, {"sort": "comptes"}, name="comptes_csv"),
    path("droits.csv", vues.extraire, {"sort": "droits"}, name="droits_csv"),
    path("<uuid:compte_id>/", vues.personne, name="personne"),
    path("<uuid:compte_id>/agir/", vues.agir, name="agir"),
]
