from django.urls import path

from opensegur.cabinet.dmp import vues

app_name = "dmp"

urlpatterns = [
    path("", vues.dossier, name="dossier"),
    path("etat/", vues.etat, name="etat"),
    path("autoriser/", vues.autoriser, name="autoriser"),
    path("documents/", vues.documents, name="documents"),
    path("documents/<str:uid>/", vues.lire, name="lire"),
    path("documents/<str:uid>/importer/", vues.importer, name="importer"),
    path("documents/<str:uid>/fichier/", vues.fichier, name="fichier"),
]
