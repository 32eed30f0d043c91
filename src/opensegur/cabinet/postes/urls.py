from django.urls import path

from opensegur.cabinet.postes import vues

app_name = "postes"
urlpatterns = [
    path("", vues.page, name="page"),
    path("jumeler/", vues.jumeler, name="jumeler"),
    path("sceau/", vues.sceller, name="sceau"),
    path("<uuid:poste_id>/revoquer/", vues.revoquer, name="revoquer"),
]
