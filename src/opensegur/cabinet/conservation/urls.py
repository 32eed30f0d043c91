from django.urls import path

from opensegur.cabinet.conservation import vues

app_name = "conservation"
urlpatterns = [
    path("", vues.registre, name="registre"),
    path("completer/", vues.completer, name="completer"),
]
