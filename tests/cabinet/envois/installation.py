"""An installation in a process of its own: reads one question a line, as JSON, and answers on one line."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from opensegur.cabinet import installation


def prepare() -> None:
    installation.prepare(Path(os.environ["OPENSEGUR_DONNEES"]))
    from opensegur.cabinet.comptes.models import Compte
    from opensegur.cabinet.patients.models import Patient
    from opensegur.cabinet.structures.models import Structure

    compte = Compte.objects.create_user("dr.essai", nom="ESSAI", prenom="Anne")
    structure = Structure.objects.create(id_nat="1189999998", nom="Cabinet d'essai", secteur="SA07")
    Patient.objects.create(
        structure=structure,
        ipp=1,
        nom_naissance="ESSAI",
        premier_prenom="PAUL",
        date_naissance="1980-01-01",
        sexe="M",
        cree_par=compte,
    )


def enqueue() -> str:
    from django.utils import timezone

    from opensegur.cabinet.envois.models import Envoi
    from opensegur.cabinet.patients.models import Patient
    from opensegur.foundation.identifiers import new_oid

    patient = Patient.objects.select_related("structure", "cree_par").get()
    envoi = Envoi.objects.create(
        structure=patient.structure,
        patient=patient,
        canal="dmp",
        nature="depot",
        libelle="Essai",
        moyen="INDIRECTE",
        auteur=patient.cree_par,
        identifiants={"document": new_oid()},
        contenu=b"contenu",
        a_tenter_le=timezone.now(),
    )
    return str(envoi.pk)


def state(envoi_id: str) -> tuple[str, list[str]]:
    from opensegur.cabinet.envois.models import Envoi

    envoi = Envoi.objects.get(pk=envoi_id)
    return envoi.etat, [tentative.resultat for tentative in envoi.tentatives.all()]


def work(registry: str) -> int:
    from service_de_test import ServiceDeTest

    from opensegur.cabinet.envois import expediteurs
    from opensegur.cabinet.envois.ouvrier import Ouvrier

    expediteurs.register("dmp", "depot", lambda: ServiceDeTest(Path(registry)))
    return Ouvrier().run_due()


def main() -> None:
    prepare()
    for line in sys.stdin:
        command, *arguments = json.loads(line)
        result = {"enqueue": enqueue, "work": work, "state": state}[command](*arguments)
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
