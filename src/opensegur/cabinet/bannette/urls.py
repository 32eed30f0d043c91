from django.urls import path

from opensegur.cabinet.bannette import vues

app_name = "bannette"

urlpatterns = [
    path("", vues.liste, name="liste"),
    path("deposer/", vues.deposer, name="deposer"),
    path("avancer/", vues.avancer, name="avancer"),
    path("<uuid:arrivee_id>/", vues.lire, name="lire"),
    path("<uuid:arrivee_id>/classer/<uuid:patient_id>/", vues.classer, name="classer"),
    path("<uuid:arrivee_id>/ecarter/", vues.ecarter, name="ecarter"),
]
