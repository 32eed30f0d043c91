from django.urls import path

from opensegur.cabinet.ecrits import vues_gabarits

app_name = "gabarits"

urlpatterns = [
    path("", vues_gabarits.liste, name="liste"),
    path("<uuid:gabarit_id>/retirer/", vues_gabarits.retirer, name="retirer"),
]
