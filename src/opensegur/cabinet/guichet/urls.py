from django.urls import path

from opensegur.cabinet.guichet import vues_apcv, vues_scan

app_name = "guichet"
urlpatterns = [
    path("", vues_scan.accueil, name="accueil"),
    path("lire/", vues_scan.lire, name="lire"),
    path("image/", vues_scan.image, name="image"),
    path("ins/<uuid:lecture_id>/", vues_scan.ins, name="ins"),
    path("appli/<uuid:lecture_id>/", vues_apcv.apcv, name="apcv"),
]
