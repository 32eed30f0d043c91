from django.urls import path

from opensegur.cabinet.guichet import vues_apcv, vues_scan, vues_vitale

app_name = "guichet"
urlpatterns = [
    path("", vues_scan.accueil, name="accueil"),
    path("lire/", vues_scan.lire, name="lire"),
    path("image/", vues_scan.image, name="image"),
    path("ins/<uuid:lecture_id>/", vues_scan.ins, name="ins"),
    path("vitale/", vues_vitale.vitale, name="vitale"),
    path("vitale/lecteur/", vues_vitale.lecteur, name="lecteur"),
    path("vitale/beneficiaire/", vues_vitale.beneficiaire, name="beneficiaire"),
    path("appli/<uuid:lecture_id>/", vues_apcv.apcv, name="apcv"),
]
