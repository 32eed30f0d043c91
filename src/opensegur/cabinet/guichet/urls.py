from django.urls import path

from opensegur.cabinet.guichet import vues_scan

app_name = "guichet"
urlpatterns = [
    path("lire/", vues_scan.lire, name="lire"),
]
