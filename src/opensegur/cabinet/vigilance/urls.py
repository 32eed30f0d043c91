from django.urls import path

from opensegur.cabinet.vigilance import tableau

app_name = "vigilance"
urlpatterns = [
    path("", tableau.tableau, name="tableau"),
    path("compter/", tableau.compter, name="compter"),
    path("chiffres.csv", tableau.export_csv, name="export_csv"),
    path("chiffres.json", tableau.export_json, name="export_json"),
]
