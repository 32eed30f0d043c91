from django.urls import path

from opensegur.cabinet.droits import vues

app_name = "droits"
urlpatterns = [
    path("", vues.tableau, name="tableau"),
    path("regler/", vues.regler, name="regler"),
]
