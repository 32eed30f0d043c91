from django.urls import path, re_path

from opensegur.cabinet.journal import vues

app_name = "journal"

urlpatterns = [
    path("", vues.liste, name="liste"),
    re_path(r"^export/(?P<format>csv|fhir)/$", vues.exporter, name="exporter"),
    path("dossier/<uuid:patient_id>/", vues.dossier, name="dossier"),
]
