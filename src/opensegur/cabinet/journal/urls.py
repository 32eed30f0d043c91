from django.urls import path

from opensegur.cabinet.journal import vues

app_name = "journal"

urlpatterns = [path("", vues.liste, name="liste")]
