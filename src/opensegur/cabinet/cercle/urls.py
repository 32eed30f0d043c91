from django.urls import path

from opensegur.cabinet.cercle import vues

app_name = "cercle"
urlpatterns = [
    path("", vues.equipe, name="equipe"),
    path("tenir/", vues.tenir, name="tenir"),
    path("entrer/", vues.entrer, name="entrer"),
]
