from django.urls import path

from opensegur.cabinet.ecrits import vues

app_name = "ecrits"

urlpatterns = [
    path("<str:cle>/", vues.rediger, name="rediger"),
    path("<str:cle>/brouillon/", vues.enregistrer, name="enregistrer"),
    path("<str:cle>/<uuid:document_id>/", vues.rediger, name="corriger"),
    path("<str:cle>/<uuid:document_id>/brouillon/", vues.enregistrer, name="enregistrer_correction"),
]
