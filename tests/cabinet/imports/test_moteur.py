"""Trying, applying, stopping, resuming and undoing an import."""

from __future__ import annotations

import pytest

from cabinet.imports_fichiers import TABLE
from cabinet.personnages import TRAITS, make_patient
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.doublons.fusion import merge
from opensegur.cabinet.doublons.models import Collision, Paire
from opensegur.cabinet.imports import fichier, moteur, retour
from opensegur.cabinet.imports.erreurs import ImportRefuse
from opensegur.cabinet.imports.models import Anomalie, Import, InsAnnoncee, Morceau, Provenance
from opensegur.cabinet.patients.models import Patient, Preuve
from opensegur.cabinet.patients.preuves import add_preuve, note_without_piece
from opensegur.cabinet.patients.selection import Criteres, search
from opensegur.cabinet.requete import Qui
from opensegur.cabinet.structures.models import Structure
from opensegur.ins import Canal, Nature, Statut

pytestmark = pytest.mark.django_db(databases=["default", "journal"])


def _said(made: Import) -> dict[int, str]:
    return {each.ligne: each.issue for each in made.anomalies.filter(essai=False).order_by("ligne")}


def test_a_table_becomes_records_provisoires_with_their_evidence(importer, cabinet: Structure) -> None:
    made = importer(TABLE)
    assert made.etat == Import.Etat.FAIT
    assert made.comptes["cree"] == 3
    assert [patient.nom_naissance for patient in Patient.objects.order_by("ipp")] == ["LEVEQUE", "N'DIAYE", "DURAND"]
    alice = Patient.objects.get(nom_naissance="LEVEQUE")
    assert (alice.premier_prenom, alice.prenoms, alice.nom_utilise) == ("ALICE", "ALICE COLETTE", "VALLEE")
    assert alice.statut is Statut.PROVISOIRE
    preuve = Preuve.objects.get(patient=alice)
    assert (preuve.nature, preuve.motif, preuve.canal) == (Nature.IMPORT, "base.csv", Canal.IMPORT)
    assert Structure.objects.get(pk=cabinet.pk).dernier_ipp == 3
    assert [found.patient for found in search(cabinet, Criteres(nom="NDIAYE"))] == [
        Patient.objects.get(premier_prenom="AWA")
    ]


def test_a_matricule_of_a_file_is_a_claim_and_never_active(importer) -> None:
    importer(TABLE)
    annoncee = InsAnnoncee.objects.get()
    assert (annoncee.matricule, annoncee.etat) == ("282111412790088", InsAnnoncee.Etat.A_VERIFIER)
    assert annoncee.patient.matricule == ""
    assert annoncee.patient.matricule_ins() is None
    assert Provenance.objects.get(patient=annoncee.patient).controle_annonce


def test_bad_lines_are_told_with_their_number_and_stop_nobody(importer) -> None:
    made = importer(TABLE)
    assert _said(made) == {4: "reserve", 5: "refuse", 6: "refuse"}
    assert "deux chiffres" in made.anomalies.get(essai=False, ligne=5).message
    assert not Anomalie.objects.filter(message__icontains="petit").exists()


def test_a_dry_run_writes_nobody_and_counts_the_same(prendre, gestionnaire: Compte) -> None:
    made = prendre(TABLE)
    moteur.start(made, essai=True)
    made = moteur.advance(made, gestionnaire)
    assert made.etat == Import.Etat.ESSAYE
    assert made.comptes["cree"] == 3
    assert not Patient.objects.exists()
    tried = dict(made.comptes)
    moteur.start(made, essai=False)
    assert moteur.advance(made, gestionnaire).comptes == tried


def test_the_same_file_is_refused(importer, prendre) -> None:
    importer(TABLE)
    with pytest.raises(ImportRefuse, match="déjà été déposé"):
        prendre(TABLE, nom="autre-nom.csv")


def test_nobody_is_imported_twice(importer) -> None:
    importer(TABLE)
    again = importer(TABLE.replace("validée", "oui") + "99;Leveque;;Alice;30/11/1982;F;;;\n")
    assert again.comptes.get("cree", 0) == 0
    assert {line: issue for line, issue in _said(again).items() if issue == "deja"} == dict.fromkeys(
        (2, 3, 4, 7), "deja"
    )


def test_twice_in_one_file_is_once(importer) -> None:
    made = importer("Nom de naissance;Prénom;Né le\nRoy;Eve;01/02/1980\nROY;Ève;01/02/1980\n")
    assert (made.comptes["cree"], made.comptes["deja"]) == (1, 1)
    assert made.anomalies.filter(essai=True, issue="deja").count() == 1


@pytest.mark.parametrize("ressemblances", [False, True])
def test_whoever_resembles_a_record_is_left_aside_unless_asked(
    importer, cabinet: Structure, gestionnaire: Compte, ressemblances: bool
) -> None:
    make_patient(cabinet, gestionnaire)
    made = importer("Nom de naissance;Prénom;Né le;Sexe\nLevecque;Alice;30/11/1982;F\n", ressemblances=ressemblances)
    assert _said(made) == {2: "ressemble"}
    assert made.anomalies.get(essai=False).ipp == 1
    assert Patient.objects.count() == 1 + ressemblances


def test_the_number_of_an_insured_parent_is_left_out(importer) -> None:
    importer("Nom de naissance;Prénom;Né le;Sexe;INS\nRoy;Eve;01/02/2015;F;282111412790088\n")
    assert Patient.objects.count() == 1
    assert not InsAnnoncee.objects.exists()
    assert "contredit" in Anomalie.objects.get(essai=False).message


def _many(count: int) -> str:
    lines = "".join(
        f"{n};ROY{chr(65 + n // 26 % 26)}{chr(65 + n % 26)};EVE;{n % 28 + 1:02d}/{n // 28 + 1:02d}/1980\n"
        for n in range(count)
    )
    return f"ID;Nom de naissance;Prénom;Né le\n{lines}"


@pytest.fixture
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moteur, "LOT", 10)


@pytest.mark.usefixtures("_small_batches")
def test_an_import_is_stopped_and_goes_on_at_the_next_line(prendre, gestionnaire: Compte) -> None:
    made = prendre(_many(35))
    moteur.start(made, essai=True)
    made = moteur.advance(made, gestionnaire)
    moteur.start(made, essai=False)
    made = moteur.advance(made, gestionnaire, seconds=0)
    assert (made.position, Patient.objects.count()) == (10, 10)
    moteur.ask_to_stop(made)
    made = moteur.advance(made, gestionnaire)
    assert (made.etat, made.position) == (Import.Etat.ARRETE, 10)
    moteur.start(made, essai=False)
    made = moteur.advance(made, gestionnaire)
    assert (made.etat, made.position, Patient.objects.count()) == (Import.Etat.FAIT, 35, 35)
    assert sorted(Patient.objects.values_list("ipp", flat=True)) == list(range(1, 36))


@pytest.mark.usefixtures("_small_batches")
def test_a_batch_that_breaks_leaves_no_half(prendre, gestionnaire: Compte, monkeypatch: pytest.MonkeyPatch) -> None:
    made = prendre(_many(15))
    moteur.start(made, essai=True)
    made = moteur.advance(made, gestionnaire)
    moteur.start(made, essai=False)
    with monkeypatch.context() as patch:
        patch.setattr(moteur, "write_batch", lambda *a: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            moteur.advance(made, gestionnaire)
    made.refresh_from_db()
    assert (made.position, Patient.objects.count()) == (0, 0)
    assert moteur.advance(made, gestionnaire).comptes["cree"] == 15


def test_two_runs_at_once_do_not_write_the_same_lines(prendre, gestionnaire: Compte) -> None:
    made = prendre(_many(3))
    stale = Import.objects.get(pk=made.pk)
    moteur.start(made, essai=True)
    moteur.start(stale, essai=True)
    moteur.advance(made, gestionnaire)
    with pytest.raises(ImportRefuse, match="avance déjà ailleurs"):
        moteur._one(stale, gestionnaire, [], set())


def test_the_content_is_encrypted_and_goes_when_the_import_is_done(prendre, importer) -> None:
    made = prendre(TABLE)
    stored = Morceau.objects.get(origine=made)
    assert stored.contenu == TABLE.encode()
    importer(TABLE + "\n17;Faure;;Léa;01/01/1990;F;;;\n")
    assert Morceau.objects.count() == 1


def test_undoing_removes_what_the_import_made_and_that_alone(
    importer, cabinet: Structure, gestionnaire: Compte
) -> None:
    other = make_patient(cabinet, gestionnaire, traits=TRAITS)
    made = importer(_many(5))
    done = retour.undo(made)
    assert (done.retires, done.gardes) == (5, ())
    assert list(Patient.objects.all()) == [other]
    assert made.etat == Import.Etat.DEFAIT
    assert not search(cabinet, Criteres(nom="ROYAA"))
    assert search(cabinet, Criteres(nom="LEVEQUE"))
    importer(_many(5))
    assert Patient.objects.count() == 6


def test_what_has_been_used_since_stays_and_is_listed(importer, gestionnaire: Compte) -> None:
    made = importer(_many(5))
    first, second = Patient.objects.order_by("ipp")[:2]
    add_preuve(first, Nature.CONTROLE_REUSSI, gestionnaire, piece="CN")
    note_without_piece(second, "absence", gestionnaire)
    done = retour.undo(made)
    assert (done.retires, done.gardes) == (3, (1, 2))
    assert Patient.objects.count() == 2


def test_a_resemblance_that_nobody_looked_at_does_not_keep_a_record(
    importer, cabinet: Structure, gestionnaire: Compte
) -> None:
    other = make_patient(cabinet, gestionnaire, traits=TRAITS)
    made = importer(_many(4))
    one, two, three, four = Patient.objects.exclude(pk=other.pk).order_by("ipp")
    Paire.objects.create(structure=cabinet, a=other, b=one, score=90)
    Paire.objects.create(structure=cabinet, a=other, b=two, score=90, etat=Paire.Etat.DIFFERENTES)
    Collision.objects.create(structure=cabinet, patient=three, signes=["traits"])
    Collision.objects.create(structure=cabinet, patient=four, signes=["traits"], etat=Collision.Etat.ECARTEE)
    done = retour.undo(made)
    assert (done.retires, done.gardes) == (2, (two.ipp, four.ipp))
    assert (Paire.objects.get().b, Collision.objects.get().patient) == (two, four)


def test_records_merged_since_stay(importer, cabinet: Structure, gestionnaire: Compte) -> None:
    made = importer(_many(3))
    one, two, _ = Patient.objects.order_by("ipp")
    merge(one, two, Qui(gestionnaire, cabinet, "gestionnaire"))
    done = retour.undo(made)
    assert (done.retires, done.gardes) == (1, (one.ipp, two.ipp))


def test_an_import_under_way_is_not_undone(prendre) -> None:
    with pytest.raises(ImportRefuse, match="ne peut pas être défait"):
        retour.undo(prendre(TABLE))


def test_a_table_is_refused_where_identities_come_by_flow(prendre, cabinet: Structure) -> None:
    cabinet.esclave = True
    cabinet.save()
    with pytest.raises(ImportRefuse, match="référentiel"):
        prendre(TABLE)
    assert not Import.objects.exists()


def test_pieces_of_a_large_file_are_put_together(monkeypatch: pytest.MonkeyPatch, prendre) -> None:
    monkeypatch.setattr(fichier, "MORCEAU", 100)
    made = prendre(TABLE)
    assert made.morceaux.count() == len(TABLE.encode()) // 100 + 1
    assert b"".join(fichier.pieces_of(made)) == TABLE.encode()
