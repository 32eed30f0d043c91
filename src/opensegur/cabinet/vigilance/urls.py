from django.urls import path

from opensegur.cabinet.vigilance import reglages, tableau, vues_campagne, vues_recues

app_name = "vigilance"
urlpatterns = [
    path("", tableau.tableau, name="tableau"),
    path("reglages/", reglages.reglages, name="reglages"),
    path("verifications/", vues_campagne.verifications, name="verifications"),
    path("verifications/lancer/", vues_campagne.lancer, name="lancer"),
    path("verifications/<uuid:campagne_id>/arreter/", vues_campagne.arreter, name="arreter"),
    path("verifications/refus/<uuid:verification_id>/", vues_campagne.traiter, name="traiter"),
    path("recues/", vues_recues.liste, name="recues"),
    path("recues/document/", vues_recues.document, name="recevoir"),
    path("recues/contrats/", vues_recues.contrat, name="contrat"),
    path("recues/<uuid:recue_id>/", vues_recues.decider, name="decider"),
    path("compter/", tableau.compter, name="compter"),
    path("chiffres.csv", tableau.export_csv, name="export_csv"),
    path("chiffres.json", tableau.export_json, name="export_json"),
]
