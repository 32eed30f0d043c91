from django.urls import path

from opensegur.cabinet.cercle import vues_relecture

app_name = "exceptions"
urlpatterns = [
    path("", vues_relecture.liste, name="liste"),
    path("regler/", vues_relecture.regler, name="regler"),
]
