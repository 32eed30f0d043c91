from django.urls import path

from opensegur.cabinet.envois import vues

app_name = "envois"

urlpatterns = [
    path("", vues.liste, name="liste"),
    path("<uuid:envoi_id>/", vues.detail, name="detail"),
    path("<uuid:envoi_id>/relancer/", vues.relancer, name="relancer"),
    path("<uuid:envoi_id>/abandonner/", vues.abandonner, name="abandonner"),
]
