from django.urls import path

from opensegur.cabinet.medical import vues, vues_reprise, vues_synthese, vues_vaccination

app_name = "medical"

urlpatterns = [
    path("", vues.lire, name="dossier"),
    path("noter/<str:cle>/", vues.noter, name="noter"),
    path("aucune-allergie/", vues.aucune_allergie, name="aucune_allergie"),
    path("synthese/", vues_synthese.vsm, name="vsm"),
    path("synthese/format/", vues_synthese.choisir_format, name="format"),
    path("vaccination/", vues_vaccination.vacciner, name="vaccination"),
    path("vaccination/historique/", vues_vaccination.historique, name="historique"),
    path("reprendre/<uuid:document_id>/", vues_reprise.reprendre, name="reprendre"),
    path("<uuid:donnee_id>/modifier/", vues.modifier, name="modifier"),
    path("<uuid:donnee_id>/retirer/", vues.retirer, name="retirer"),
    path("<uuid:donnee_id>/remettre/", vues.remettre, name="remettre"),
]
