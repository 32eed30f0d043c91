from django.urls import path

from opensegur.cabinet.imports import vues

app_name = "imports"
urlpatterns = [
    path("", vues.liste, name="liste"),
    path("deposer/", vues.deposer, name="deposer"),
    path("<uuid:import_id>/", vues.detail, name="detail"),
    path("<uuid:import_id>/colonnes/", vues.colonnes, name="colonnes"),
    path("<uuid:import_id>/avancer/", vues.avancer, name="avancer"),
    path("<uuid:import_id>/lancer/", vues.lancer, name="lancer"),
    path("<uuid:import_id>/arreter/", vues.arreter, name="arreter"),
    path("<uuid:import_id>/defaire/", vues.defaire, name="defaire"),
    path("<uuid:import_id>/rapport.csv", vues.rapport, name="rapport"),
]
