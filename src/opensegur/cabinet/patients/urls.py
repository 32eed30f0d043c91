from django.urls import path

from opensegur.cabinet.patients import vues

app_name = "patients"
urlpatterns = [
    path("", vues.recherche, name="recherche"),
    path("<uuid:patient_id>/", vues.dossier, name="dossier"),
]
