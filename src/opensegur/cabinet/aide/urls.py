from django.urls import path

from opensegur.cabinet.aide import vues

app_name = "aide"
urlpatterns = [
    path("", vues.liste, name="liste"),
    path("ecran/", vues.ecran, name="ecran"),
]
