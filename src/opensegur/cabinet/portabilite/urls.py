from django.urls import path

from opensegur.cabinet.portabilite import vues

app_name = "portabilite"

urlpatterns = [
    path("", vues.page, name="page"),
    path("exporter/", vues.exporter, name="exporter"),
    path("reprendre/", vues.reprendre, name="reprendre"),
]
