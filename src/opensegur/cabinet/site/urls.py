"""Where everything is. Identifiers in addresses are opaque: never a number or a name of a person."""

from __future__ import annotations

from django.urls import include, path

from opensegur.cabinet.medical import vues as medical
from opensegur.cabinet.site import pages

urlpatterns = [
    path("", include("opensegur.cabinet.accueil.urls")),
    path("compte/", include("opensegur.cabinet.comptes.urls")),
    path("patients/", include("opensegur.cabinet.patients.urls")),
    path("patients/<uuid:patient_id>/documents/", include("opensegur.cabinet.documents.urls")),
    path("patients/<uuid:patient_id>/archive/", include("opensegur.cabinet.portabilite.urls")),
    path("patients/<uuid:patient_id>/ecrits/", include("opensegur.cabinet.ecrits.urls")),
    path("patients/<uuid:patient_id>/medical/", include("opensegur.cabinet.medical.urls")),
    path("suggestions/<str:source>/", medical.suggerer, name="suggestions"),
    path("patients/<uuid:patient_id>/dmp/", include("opensegur.cabinet.dmp.urls")),
    path("patients/<uuid:patient_id>/equipe/", include("opensegur.cabinet.cercle.urls")),
    path("guichet/", include("opensegur.cabinet.guichet.urls")),
    path("modeles/", include("opensegur.cabinet.ecrits.urls_gabarits")),
    path("bannette/", include("opensegur.cabinet.bannette.urls")),
    path("doublons/", include("opensegur.cabinet.doublons.urls")),
    path("identitovigilance/", include("opensegur.cabinet.vigilance.urls")),
    path("imports/", include("opensegur.cabinet.imports.urls")),
    path("envois/", include("opensegur.cabinet.envois.urls")),
    path("journal/", include("opensegur.cabinet.journal.urls")),
    path("postes/", include("opensegur.cabinet.postes.urls")),
    path("equipe/acces-exceptionnels/", include("opensegur.cabinet.cercle.urls_relecture")),
    path("equipe/", include("opensegur.cabinet.equipe.urls")),
    path("bienvenue/", include("opensegur.cabinet.equipe.urls_bienvenue")),
    path("droits/", include("opensegur.cabinet.droits.urls")),
    path("donnees/", include("opensegur.cabinet.conservation.urls")),
    path("diagnostic/", include("opensegur.cabinet.diagnostic.urls")),
    path("aide/", include("opensegur.cabinet.aide.urls")),
    path("sante/", pages.sante, name="sante"),
    path("statique/<path:chemin>", pages.statique, name="statique"),
]

handler400 = "opensegur.cabinet.site.pages.requete_invalide"
handler403 = "opensegur.cabinet.site.pages.interdit"
handler404 = "opensegur.cabinet.site.pages.absente"
handler500 = "opensegur.cabinet.site.pages.panne"
