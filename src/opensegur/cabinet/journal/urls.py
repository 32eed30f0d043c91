from django.urls import path

from opensegur.cabinet.journal import vues

app_name = "journal"

urlpatterns = [
    path("", vues.liste, name="liste"),
    path("export/csv/", vues.exporter, {"sort": "csv"}, name="export_csv"),
    path("export/fhir/", vues.exporter, {"sort": "fhir"}, name="export_fhir"),
    path("dossier/<uuid:patient_id>/", vues.dossier, name="dossier"),
]
