from django.urls import path

from opensegur.cabinet.equipe import bienvenue

app_name = "bienvenue"
urlpatterns = [
    path("", bienvenue.code, name="code"),
    path("mot-de-passe/", bienvenue.mot_de_passe, name="mot_de_passe"),
]
