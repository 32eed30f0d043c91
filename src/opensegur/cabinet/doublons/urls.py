from django.urls import path

from opensegur.cabinet.doublons import vues, vues_recherche

app_name = "doublons"
urlpatterns = [
    path("", vues.liste, name="liste"),
    path("comparer/", vues.comparer, name="comparer"),
    path("recherche/", vues_recherche.avancement, name="avancement"),
    path("recherche/lancer/", vues_recherche.lancer, name="lancer"),
    path("recherche/arreter/", vues_recherche.arreter, name="arreter"),
    path("collisions/<uuid:collision_id>/", vues.une_personne, name="une_personne"),
    path("<uuid:paire_id>/", vues.paire, name="paire"),
    path("<uuid:paire_id>/decider/", vues.decider, name="decider"),
    path("fusions/<uuid:fusion_id>/defaire/", vues.defaire, name="defaire"),
]
