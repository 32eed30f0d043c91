from django.urls import path

from opensegur.cabinet.diagnostic import vues

app_name = "diagnostic"

urlpatterns = [
    path("", vues.page, name="page"),
    path("lancer/", vues.lancer, name="lancer"),
]
