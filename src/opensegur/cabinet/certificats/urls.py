from django.urls import path

from opensegur.cabinet.certificats import vues

app_name = "certificats"

urlpatterns = [
    path("", vues.liste, name="liste"),
    path("ajouter/", vues.ajouter, name="ajouter"),
    path("<uuid:certificat_id>/verifier/", vues.verifier, name="verifier"),
    path("<uuid:certificat_id>/remettre/", vues.remettre, name="remettre"),
    path("<uuid:certificat_id>/retirer/", vues.retirer, name="retirer"),
]
