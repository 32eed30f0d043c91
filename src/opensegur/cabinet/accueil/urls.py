from django.urls import path

from opensegur.cabinet.accueil import vues

app_name = "accueil"
urlpatterns = [
    path("", vues.jour, name="jour"),
    path("venues/nouvelle/<uuid:patient_id>/", vues.nouvelle, name="nouvelle"),
    path("venues/<uuid:venue_id>/", vues.avancer, name="avancer"),
]
