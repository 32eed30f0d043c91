from django.urls import path

from opensegur.cabinet.documents import vues, vues_versions

app_name = "documents"

urlpatterns = [
    path("", vues.liste, name="liste"),
    path("nouveau/", vues.ajouter, name="ajouter"),
    path("<uuid:document_id>/", vues.lire, name="lire"),
    path("<uuid:document_id>/fichier/", vues.fichier, name="fichier"),
    path("<uuid:document_id>/remplacer/", vues_versions.remplacer, name="remplacer"),
    path("<uuid:document_id>/annuler/", vues_versions.annuler, name="annuler"),
    path("<uuid:document_id>/etat/", vues.etat, name="etat"),
    path("<uuid:document_id>/envoyer/", vues.envoyer, name="envoyer"),
]
