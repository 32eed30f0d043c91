"""Merging two records and undoing it to the byte; the list of work; what is never merged by mistake."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import TRAITS, Navigateur, make_patient, open_session, reread
from opensegur.cabinet.accueil.models import Venue
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.doublons import fusion
from opensegur.cabinet.doublons.models import Fusion, Paire
from opensegur.cabinet.doublons.veille import watch
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.patients.preuves import add_preuve, create_patient
from opensegur.cabinet.patients.selection import Criteres, look_alikes, search
from opensegur.cabinet.requete import Qui
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import OpenSegurError
from opensegur.ins import OID_NIR_TEST, Matricule, Nature, Statut, compute_key

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

# what a merge keeps for itself, and what is computed from the records: everything else must come back byte for byte
_APART = ("doublons_", "antecedence_", "django_", "sqlite_")


def everything() -> dict[str, list[Any]]:
    """Every row of every table, raw as the database has it."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if not name.startswith(_APART)]
        found = {}
        for name in tables:
            cursor.execute(f'SELECT * FROM "{name}"')
            rows = [tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row) for row in cursor]
            found[name] = sorted(rows, key=repr)
        return found


def number(rank: int) -> Matricule:
    nir = f"28211141275{rank:02d}"
    return Matricule(nir + compute_key(nir), OID_NIR_TEST)


@pytest.fixture
def qui(secretaire: Compte, cabinet: Structure) -> Qui:
    return Qui(secretaire, cabinet, "secretaire")


@pytest.fixture
def deux(cabinet: Structure, secretaire: Compte) -> tuple[Patient, Patient]:
    """A qualified record, and another of the same person, récupérée nowhere, with a visit of its own."""
    garde = make_patient(cabinet, secretaire, Nature.RECUPERATION_INSI, Nature.CONTROLE_REUSSI)
    absorbe = make_patient(
        cabinet, secretaire, Nature.CONTROLE_REUSSI, traits=replace(TRAITS, premier_prenom="ALYCE")
    )
    for patient in (garde, absorbe):
        Venue.objects.create(
            structure=cabinet,
            patient=patient,
            recu_par=secretaire,
            nature="soin",
            motif="Tension",
            prevue_le=timezone.now(),
            creee_par=secretaire,
        )
    return garde, absorbe


def test_every_link_to_a_patient_has_its_policy() -> None:
    links = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is Patient
    }
    assert links == set(fusion.POLITIQUES)


def test_what_belongs_to_the_care_joins_the_record_that_stays(deux: tuple[Patient, Patient], qui: Qui) -> None:
    garde, absorbe = deux
    before = garde.traits()
    fusion.merge(garde, absorbe, qui)
    assert garde.venues.count() == 2
    after = reread(garde)
    assert (after.traits(), after.statut) == (before, Statut.QUALIFIEE)
    assert after.preuves.count() == 2


def test_the_absorbed_record_is_not_found_any_more_and_says_where_it_went(
    au_comptoir: Navigateur, deux: tuple[Patient, Patient], qui: Qui, cabinet: Structure
) -> None:
    garde, absorbe = deux
    fusion.merge(garde, absorbe, qui)
    assert [each.patient for each in search(cabinet, Criteres("LEVEQUE", "", TRAITS.date_naissance))] == [garde]
    assert search(cabinet, Criteres(ipp=absorbe.ipp)) == []
    assert [each.patient for each in look_alikes(cabinet, TRAITS)] == [garde]
    page = au_comptoir.get(reverse("patients:dossier", args=[absorbe.pk]))
    assert page.status_code == 400
    assert f"dossier {garde.ipp}" in page.text


@pytest.mark.parametrize("natures", [(), (Nature.CONTROLE_REUSSI,), (Nature.RECUPERATION_INSI,)])
def test_a_merge_is_undone_to_the_byte(
    cabinet: Structure, secretaire: Compte, deux: tuple[Patient, Patient], qui: Qui, natures: tuple[Nature, ...]
) -> None:
    garde, absorbe = deux
    if Nature.RECUPERATION_INSI in natures:
        Rattachement.objects.filter(compte=secretaire).update(referent_identite=True)
        add_preuve(absorbe, Nature.RECUPERATION_INSI, secretaire, matricule=number(3))
    qui = replace(qui, referent_identite=True)
    before = everything()
    made = fusion.merge(garde, absorbe, qui, motif="essai")
    assert everything() != before
    assert fusion.undo(made, qui) == []
    assert everything() == before
    found = {each.patient.pk for each in search(cabinet, Criteres("LEVEQUE", "", TRAITS.date_naissance))}
    assert found == {garde.pk, absorbe.pk}


def test_what_was_added_since_stays_and_what_was_moved_elsewhere_is_told(
    cabinet: Structure, secretaire: Compte, deux: tuple[Patient, Patient], qui: Qui
) -> None:
    garde, absorbe = deux
    moved = absorbe.venues.get()
    made = fusion.merge(garde, absorbe, qui)
    later = Venue.objects.create(
        structure=cabinet,
        patient=garde,
        recu_par=secretaire,
        nature="soin",
        prevue_le=timezone.now(),
        creee_par=secretaire,
    )
    third = create_patient(cabinet, replace(TRAITS, nom_naissance="AUTRE"), secretaire)
    Venue.objects.filter(pk=moved.pk).update(patient=third)
    left = fusion.undo(made, qui)
    assert [each.cle for each in left] == [str(moved.pk)]
    assert reread(later).patient == garde


def test_two_valid_matricules_are_never_merged_without_somebody_who_says_why(
    cabinet: Structure, secretaire: Compte, deux: tuple[Patient, Patient], qui: Qui
) -> None:
    garde, absorbe = deux
    add_preuve(absorbe, Nature.RECUPERATION_INSI, secretaire, matricule=number(4))
    garde, absorbe = reread(garde), reread(absorbe)
    for who, why in ((qui, "même personne"), (replace(qui, referent_identite=True), "  ")):
        with pytest.raises(OpenSegurError) as caught:
            fusion.merge(garde, absorbe, who, motif=why)
        assert caught.value.code == "FUSION_DEUX_MATRICULES"
    assert not Fusion.objects.exists()
    fusion.merge(garde, absorbe, replace(qui, referent_identite=True), motif="NIA devenu NIR")


def test_the_number_of_an_absorbed_record_may_be_taken_by_the_one_that_stays(
    cabinet: Structure, secretaire: Compte, qui: Qui
) -> None:
    garde = make_patient(cabinet, secretaire, Nature.CONTROLE_REUSSI)
    absorbe = create_patient(cabinet, TRAITS, secretaire)
    add_preuve(absorbe, Nature.RECUPERATION_INSI, secretaire, matricule=number(5))
    made = fusion.merge(garde, reread(absorbe), qui)
    add_preuve(garde, Nature.RECUPERATION_INSI, secretaire, matricule=number(5))
    assert reread(garde).statut is Statut.QUALIFIEE
    with pytest.raises(OpenSegurError) as caught:
        fusion.undo(made, qui)
    assert caught.value.code == "FUSION_MATRICULE"
    assert reread(made).defaite_le is None


def test_what_makes_no_sense_is_refused(
    cabinet: Structure, secretaire: Compte, officine: Structure, pharmacienne: Compte, deux, qui: Qui
) -> None:
    garde, absorbe = deux
    stranger = make_patient(officine, pharmacienne)
    for one, other, code in (
        (garde, garde, "FUSION_MEME"),
        (garde, stranger, "FUSION_STRUCTURE"),
    ):
        with pytest.raises(OpenSegurError) as caught:
            fusion.merge(one, other, qui)
        assert caught.value.code == code
    made = fusion.merge(garde, absorbe, qui)
    third = create_patient(cabinet, TRAITS, secretaire)
    with pytest.raises(OpenSegurError) as caught:
        fusion.merge(absorbe, third, qui)
    assert caught.value.code == "FUSION_ABSORBE"
    fusion.undo(made, qui)
    with pytest.raises(OpenSegurError) as again:
        fusion.undo(made, qui)
    assert again.value.code == "FUSION_DEFAITE"


def test_merges_that_follow_one_another_are_undone_from_the_last(
    cabinet: Structure, secretaire: Compte, deux: tuple[Patient, Patient], qui: Qui, au_comptoir: Navigateur
) -> None:
    second, first = deux
    third = make_patient(cabinet, secretaire, Nature.CONTROLE_REUSSI)
    visits = {each.pk: each.patient_id for each in Venue.objects.all()}
    made = fusion.merge(second, first, qui)
    then = fusion.merge(third, second, qui)
    assert fusion.standing_for(first) == third
    assert f"dossier {third.ipp}" in au_comptoir.get(reverse("patients:dossier", args=[first.pk])).text
    with pytest.raises(OpenSegurError) as caught:
        fusion.undo(made, qui)
    assert caught.value.code == "FUSION_ENCHAINEE"
    assert reread(made).defaite_le is None
    assert [fusion.undo(then, qui), fusion.undo(made, qui)] == [[], []]
    assert {each.pk: each.patient_id for each in Venue.objects.all()} == visits


def test_records_that_look_alike_are_noted_as_they_are_made_and_once(
    cabinet: Structure, secretaire: Compte, deux: tuple[Patient, Patient]
) -> None:
    garde, absorbe = deux
    watch(absorbe)
    watch(garde)
    pair = Paire.objects.get()
    assert {pair.a_id, pair.b_id} == {garde.pk, absorbe.pk}
    assert pair.raisons
    assert "LEVEQUE" not in str(pair.raisons)
    Paire.objects.update(etat=Paire.Etat.DIFFERENTES)
    watch(absorbe)
    assert Paire.objects.get().etat == Paire.Etat.DIFFERENTES


def test_the_list_the_comparison_and_the_merge_on_screen(
    au_comptoir: Navigateur, deux: tuple[Patient, Patient]
) -> None:
    garde, absorbe = deux
    watch(absorbe)
    pair = Paire.objects.get()
    listing = reverse("doublons:liste")
    assert f"dossiers {garde.ipp} et {absorbe.ipp}" in au_comptoir.get(listing).text
    page = au_comptoir.get(reverse("doublons:paire", args=[pair.pk])).text
    assert page.count('class="ecart"') == 1
    assert f'value="{garde.pk}" checked' in page
    decide = reverse("doublons:decider", args=[pair.pk])
    au_comptoir.envoyer(decide, {"geste": "fusionner", "garder": str(garde.pk)})
    assert "Fusionnés" in au_comptoir.get(reverse("doublons:paire", args=[pair.pk])).text
    history = au_comptoir.get(reverse("patients:histoire", args=[garde.pk])).text
    assert "Dossiers fusionnés" in history
    made = Fusion.objects.get()
    au_comptoir.envoyer(reverse("doublons:defaire", args=[made.pk]))
    assert reread(pair).etat == Paire.Etat.A_TRAITER
    assert "Fusion défaite" in au_comptoir.get(reverse("patients:histoire", args=[garde.pk])).text


@pytest.mark.parametrize(("geste", "marked"), [("differentes", 0), ("homonymes", 2)])
def test_two_people_are_said_so_and_homonyms_are_marked(
    au_comptoir: Navigateur, deux: tuple[Patient, Patient], geste: str, marked: int
) -> None:
    watch(deux[1])
    pair = Paire.objects.get()
    au_comptoir.envoyer(reverse("doublons:decider", args=[pair.pk]), {"geste": geste})
    assert reread(pair).etat == geste
    assert sum("homonyme" in reread(each).etat().attributs for each in deux) == marked


def test_any_two_records_may_be_compared_by_their_numbers(
    au_comptoir: Navigateur, deux: tuple[Patient, Patient]
) -> None:
    page = reverse("doublons:comparer")
    garde, absorbe = deux
    assert au_comptoir.envoyer(page, {"a": str(absorbe.ipp), "b": str(garde.ipp)}).status_code == 302
    for a, b in (("", ""), ("1", "1"), ("1", "999"), ("x", "1"), ("1" * 40, "2")):
        assert au_comptoir.envoyer(page, {"a": a, "b": b}).status_code == 400


def test_nothing_of_another_structure_is_seen_or_merged(
    deux: tuple[Patient, Patient], pharmacienne: Compte, qui: Qui
) -> None:
    watch(deux[1])
    pair = Paire.objects.get()
    made = fusion.merge(*deux, qui)
    stranger = open_session(pharmacienne)
    assert stranger.get(reverse("doublons:paire", args=[pair.pk])).status_code == 404
    assert stranger.envoyer(reverse("doublons:decider", args=[pair.pk]), {"geste": "fusionner"}).status_code == 404
    assert stranger.envoyer(reverse("doublons:defaire", args=[made.pk])).status_code == 404
    assert "dossiers" not in stranger.get(reverse("doublons:liste")).text.split("À traiter")[1][:200]


def test_an_identity_slave_merges_nothing(
    au_comptoir: Navigateur, cabinet: Structure, deux: tuple[Patient, Patient]
) -> None:
    watch(deux[1])
    Structure.objects.update(esclave=True)
    decide = reverse("doublons:decider", args=[Paire.objects.get().pk])
    assert au_comptoir.envoyer(decide, {"geste": "fusionner"}).status_code == 400
    assert not Fusion.objects.exists()
