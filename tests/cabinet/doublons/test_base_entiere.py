"""The search through the whole base: asked for, followed, stopped, taken up again; what it writes and what it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from cabinet.personnages import TRAITS, Navigateur, make_compte, make_patient, open_session, reread
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.doublons import fusion
from opensegur.cabinet.doublons.base_entiere import ask, claim, run, stop
from opensegur.cabinet.doublons.models import Paire, Recherche
from opensegur.cabinet.doublons.veille import to_decide, watch
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.requete import Qui
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import ConfigurationError

pytestmark = pytest.mark.django_db(databases=["default", "journal"])
_E = Recherche.Etat

LISTE = "doublons:liste"


def typed(cabinet: Structure, auteur: Compte, **traits: str) -> Patient:
    return make_patient(cabinet, auteur, traits=replace(TRAITS, **traits))


def search(cabinet: Structure, auteur: Compte) -> Recherche:
    ask(cabinet, auteur)
    made = claim()
    assert made is not None
    return run(made)


@pytest.fixture
def trois(cabinet: Structure, secretaire: Compte) -> list[Patient]:
    """Twice the same woman, once by her married name; and somebody else."""
    return [
        typed(cabinet, secretaire, nom_utilise="KERVELLA"),
        typed(cabinet, secretaire, nom_naissance="KERVELLA"),
        typed(cabinet, secretaire, nom_naissance="TANGUY", premier_prenom="YVES", prenoms="YVES"),
    ]


def test_the_pairs_of_the_whole_base_are_noted_with_their_reason(cabinet, secretaire, trois):
    made = search(cabinet, secretaire)
    assert (made.etat, made.total, made.fiches, made.trouvees, made.nouvelles) == (_E.FAITE, 3, 3, 1, 1)
    pair = Paire.objects.get()
    assert [pair.a, pair.b] == trois[:2]
    assert pair.raisons == ["le nom de naissance de l’un est le nom utilisé de l’autre"]
    assert pair.score > 50
    assert (made.part, made.arret_demande) == (100, False)


def test_what_somebody_decided_stays_decided(cabinet, secretaire, trois):
    search(cabinet, secretaire)
    Paire.objects.update(etat=Paire.Etat.DIFFERENTES)
    again = search(cabinet, secretaire)
    assert (again.trouvees, again.nouvelles) == (1, 0)
    assert Paire.objects.get().etat == Paire.Etat.DIFFERENTES


def test_a_pair_that_waits_takes_its_new_reasons(cabinet, secretaire, trois):
    search(cabinet, secretaire)
    Paire.objects.update(score=3, raisons=["ancien"])
    assert search(cabinet, secretaire).nouvelles == 0
    assert Paire.objects.get().raisons != ["ancien"]


def test_other_structures_are_never_compared(cabinet, officine, secretaire, pharmacienne):
    make_patient(cabinet, secretaire)
    make_patient(officine, pharmacienne)
    assert search(cabinet, secretaire).trouvees == 0


def test_a_record_absorbed_is_not_compared_and_its_pairs_wait(cabinet, secretaire, trois):
    search(cabinet, secretaire)
    third = typed(cabinet, secretaire, nom_naissance="KERVELLA", prenoms="")
    search(cabinet, secretaire)
    assert to_decide(cabinet).count() == 3
    qui = Qui(secretaire, cabinet, "secretaire")
    merge = fusion.merge(reread(trois[0]), reread(third), qui)
    assert {(pair.a, pair.b) for pair in to_decide(cabinet)} == {(trois[0], trois[1])}
    assert search(cabinet, secretaire).trouvees == 1
    fusion.undo(merge, qui)
    assert to_decide(cabinet).count() == 3


def test_only_one_search_is_asked_for_at_a_time(cabinet, secretaire):
    assert ask(cabinet, secretaire) == ask(cabinet, secretaire)
    assert Recherche.objects.count() == 1


def test_only_one_process_takes_a_search(cabinet, secretaire):
    ask(cabinet, secretaire)
    assert claim() is not None
    assert claim() is None


def test_a_search_whose_process_died_is_taken_up_again(cabinet, secretaire, trois):
    ask(cabinet, secretaire)
    dead = claim()
    assert dead is not None
    Recherche.objects.update(battement=timezone.now() - timedelta(minutes=11))
    again = claim()
    assert again == dead
    assert run(again).etat == _E.FAITE


def test_one_that_waits_is_stopped_at_once(cabinet, secretaire):
    stop(ask(cabinet, secretaire))
    assert claim() is None
    assert Recherche.objects.get().etat == _E.ARRETEE


def test_one_under_way_stops_between_two_steps_and_writes_nothing(cabinet, secretaire, trois):
    ask(cabinet, secretaire)
    made = claim()
    assert made is not None
    stop(made)
    assert run(made).etat == _E.ARRETEE
    assert not Paire.objects.exists()
    assert search(cabinet, secretaire).etat == _E.FAITE


def test_a_missing_engine_is_said_in_french(cabinet, secretaire, trois):
    class Absent:
        def open(self, fiches):
            raise ConfigurationError("DOUBLONS_MOTEUR", "Il manque une bibliothèque.", conseil="Installez-la.")

    ask(cabinet, secretaire)
    made = run(claim(), Absent())
    assert (made.etat, made.echec) == (_E.ECHOUEE, "Il manque une bibliothèque. Installez-la.")


def test_the_counter_and_the_base_say_the_same(cabinet, secretaire, trois):
    watch(trois[1])
    at_the_counter = list(Paire.objects.values_list("a", "b", "score", "raisons"))
    Paire.objects.all().delete()
    search(cabinet, secretaire)
    assert list(Paire.objects.values_list("a", "b", "score", "raisons")) == at_the_counter


def test_the_page_asks_and_shows(au_comptoir: Navigateur, cabinet, secretaire, trois):
    page = au_comptoir.get(reverse(LISTE)).content.decode()
    assert "Rechercher dans toute la base" in page
    au_comptoir.envoyer(reverse("doublons:lancer"))
    waiting = au_comptoir.get(reverse("doublons:avancement")).content.decode()
    assert "en attente" in waiting
    assert "<progress" in waiting
    run(claim())
    assert au_comptoir.get(reverse("doublons:avancement")).headers["HX-Refresh"] == "true"
    page = au_comptoir.get(reverse(LISTE)).content.decode()
    assert "3 dossiers comparés, 1 ressemblance, dont 1 nouvelle." in page
    assert Ligne.objects.filter(action="doublons.rechercher").count() == 1


def test_the_page_stops_it(au_comptoir: Navigateur, cabinet, secretaire):
    ask(cabinet, secretaire)
    au_comptoir.envoyer(reverse("doublons:arreter"))
    assert Recherche.objects.get().etat == _E.ARRETEE
    assert "Arrêtée" in au_comptoir.get(reverse(LISTE)).content.decode()


def test_another_structure_sees_nothing_of_it(cabinet, secretaire, officine):
    ask(cabinet, secretaire)
    autre = open_session(make_compte("eva", officine, Role.PHARMACIEN))
    assert autre.get(reverse("doublons:avancement")).headers["HX-Refresh"] == "true"
    autre.envoyer(reverse("doublons:arreter"))
    assert Recherche.objects.get().etat == _E.DEMANDEE


def test_an_identity_slave_does_not_search(au_comptoir: Navigateur, cabinet):
    cabinet.esclave = True
    cabinet.save()
    assert "Rechercher dans toute la base" not in au_comptoir.get(reverse(LISTE)).content.decode().split("<form")[-1]
    au_comptoir.envoyer(reverse("doublons:lancer"))
    assert not Recherche.objects.exists()


@pytest.mark.django_db(transaction=True, databases=["default", "journal"])
def test_the_worker_makes_it_in_a_thread_of_its_own(cabinet, secretaire, trois):
    from opensegur.cabinet.doublons import ouvrage

    if connection.vendor == "sqlite" and connection.settings_dict["NAME"].startswith("file:memory"):
        connection.inc_thread_sharing()
    ask(cabinet, secretaire)
    assert ouvrage.start_due() == 1
    ouvrage._FIL[0].join(60)
    assert Recherche.objects.get().etat == _E.FAITE
    assert ouvrage.start_due() == 0
