"""From an identity that was read to a record: ask INSi, or take what the appli carte Vitale proves."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from django.db import transaction

from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.patients import insi
from opensegur.cabinet.patients.models import Patient, RechercheInsi
from opensegur.cabinet.patients.preuves import add_preuve, create_patient, write_traits
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import STRICT_TRAITS, Canal, Matricule, Nature, Traits, check_insi_call


def ask_for_claim(
    structure: Structure, claimed: Traits, auteur: Compte, *, patient: Patient | None, canal: Canal
) -> RechercheInsi:
    """Ask INSi about an identity that a code claims: the code pre-fills, INSi alone confirms (EXI REC 02).

    Raises ``OpenSegurError``.
    """
    if patient is not None:
        check_insi_call(patient.etat())
    answer = insi.ask(structure, claimed, auteur, patient)
    if patient is not None:
        answer.demande = json.dumps(asdict(patient.traits()), ensure_ascii=False)
    answer.canal = canal.value
    answer.source = json.dumps(strict_of(claimed), ensure_ascii=False)
    answer.save(update_fields=["canal", "source", "demande"])
    return answer


def open_from_appli(
    structure: Structure, matricule: Matricule, traits: Traits, auteur: Compte, *, patient: Patient | None
) -> Patient:
    """The record of somebody whose appli carte Vitale was read: qualifiée at once, INSi is not called (RNIV 4.3.4).

    The names in use of a record that exists are kept. Raises ``InvalidValue``, ``MatriculeDejaPris``.
    """
    with transaction.atomic():
        if patient is None:
            patient = create_patient(structure, traits, auteur)
        before = patient.traits()
        after = replace(traits, nom_utilise=before.nom_utilise, prenom_utilise=before.prenom_utilise)
        changed = {
            name: (str(getattr(before, name)), str(getattr(after, name)))
            for name in STRICT_TRAITS
            if getattr(before, name) != getattr(after, name)
        }
        add_preuve(
            patient,
            Nature.APPLI_VITALE,
            auteur,
            matricule=matricule,
            canal=Canal.APPLI_VITALE,
            recu=json.dumps(_as_received(matricule, traits), ensure_ascii=False),
            changements=changed,
        )
        write_traits(patient, after)
    return patient


def strict_of(traits: Traits) -> dict[str, str]:
    """The strict traits by name, for a row or a form."""
    return {name: str(getattr(traits, name)) for name in STRICT_TRAITS}


def _as_received(matricule: Matricule, traits: Traits) -> dict[str, Any]:
    # the shape in which INSi's own answers are kept
    return {
        "matricule": matricule.valeur,
        "oid": matricule.oid,
        "traits": {
            "nom_naissance": traits.nom_naissance,
            "liste_prenoms": traits.prenoms,
            "sexe": traits.sexe.value,
            "date_naissance": traits.date_naissance,
            "lieu_naissance": traits.lieu_naissance,
        },
    }
