"""Creating and completing records with INSi: ask, compare, accept or refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from django.urls import reverse

from cabinet.personnages import Navigateur, make_patient, reread
from opensegur.cabinet.comptes.models import Compte
from opensegur.cabinet.patients import insi
from opensegur.cabinet.patients.models import Patient, RechercheInsi
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.errors import TransportError
from opensegur.ins import CodeRetour, Individu, InsAncien, Nature, Sexe, Statut, Traits, TraitsRecus
from opensegur.ins.testing import ADRUN, TCHITCHI, answer, fault, scripted_client

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

NOUVEAU = reverse("patients:nouveau")
_FORM = {
    "nom_naissance": "Tchitchi",
    "premier_prenom": "Catarina",
    "date_naissance": "21/06/1936",
    "sexe": "F",
    "nom_utilise": "Roy",
    "geste": "insi",
}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch):
    """INSi gives these answers, in this order."""

    def install(*answers):
        client, script = scripted_client(*answers)

        @contextmanager
        def no_transport(configuration: object) -> Iterator[None]:
            yield None

        monkeypatch.setattr(insi, "configuration_of", lambda structure: None)
        monkeypatch.setattr(insi, "insi_transport", no_transport)
        monkeypatch.setattr(insi.InsiClient, "from_configuration", lambda configuration, transport: client)
        return script

    return install


def _found(identite) -> bytes:
    return answer(CodeRetour.UNE, identite.individu)


def test_an_accepted_answer_opens_the_record_as_recuperee(au_comptoir: Navigateur, service) -> None:
    service(_found(TCHITCHI))
    comparison = au_comptoir.envoyer(NOUVEAU, _FORM).url
    page = au_comptoir.get(comparison).text
    assert "CATARINA BELLA" in page
    assert not Patient.objects.exists()
    response = au_comptoir.envoyer(comparison, {"decision": "accepter", "premier_prenom": "CATARINA BELLA"})
    patient = Patient.objects.get()
    assert response.url == reverse("patients:dossier", args=[patient.pk])
    assert patient.statut is Statut.RECUPEREE
    assert patient.matricule_ins() == TCHITCHI.matricule
    assert (patient.prenoms, patient.premier_prenom) == ("CATARINA BELLA", "CATARINA BELLA")
    assert patient.lieu_naissance == "63220"


@pytest.mark.exigence("EXI ID 08")
def test_the_name_in_use_is_what_was_typed(au_comptoir: Navigateur, service) -> None:
    service(_found(TCHITCHI))
    au_comptoir.envoyer(au_comptoir.envoyer(NOUVEAU, _FORM).url, {"decision": "accepter"})
    assert Patient.objects.get().nom_utilise == "ROY"


@pytest.mark.exigence("EXI REC 07")
def test_what_insi_gave_is_kept_as_it_gave_it(au_comptoir: Navigateur, service) -> None:
    service(_found(TCHITCHI))
    au_comptoir.envoyer(au_comptoir.envoyer(NOUVEAU, _FORM).url, {"decision": "accepter"})
    recherche = RechercheInsi.objects.get()
    assert b"TCHITCHI" in bytes(recherche.reponse)
    assert "CATARINA BELLA" in Patient.objects.get().preuves.get().recu


def test_a_cut_that_the_list_does_not_begin_with_is_not_taken(au_comptoir: Navigateur, service) -> None:
    service(_found(TCHITCHI))
    au_comptoir.envoyer(au_comptoir.envoyer(NOUVEAU, _FORM).url, {"decision": "accepter", "premier_prenom": "BELLA"})
    assert Patient.objects.get().premier_prenom == "CATARINA"


def test_a_refused_answer_leaves_what_was_typed_as_provisoire(au_comptoir: Navigateur, service) -> None:
    service(_found(TCHITCHI))
    au_comptoir.envoyer(au_comptoir.envoyer(NOUVEAU, _FORM).url, {"decision": "refuser"})
    patient = Patient.objects.get()
    assert (patient.statut, patient.prenoms, patient.matricule) == (Statut.PROVISOIRE, "", "")


def test_an_answer_is_decided_once(au_comptoir: Navigateur, service) -> None:
    service(_found(TCHITCHI))
    comparison = au_comptoir.envoyer(NOUVEAU, _FORM).url
    au_comptoir.envoyer(comparison, {"decision": "accepter"})
    response = au_comptoir.envoyer(comparison, {"decision": "accepter"})
    assert response.status_code == 400
    assert Patient.objects.count() == 1
    assert "déjà été acceptée" in au_comptoir.get(comparison).text


def test_a_person_who_has_a_record_is_not_created_twice(au_comptoir: Navigateur, service) -> None:
    service(_found(TCHITCHI), _found(TCHITCHI))
    au_comptoir.envoyer(au_comptoir.envoyer(NOUVEAU, _FORM).url, {"decision": "accepter"})
    assert "ressemble à celui que vous créez" in au_comptoir.envoyer(NOUVEAU, _FORM).text
    again = au_comptoir.envoyer(NOUVEAU, {**_FORM, "autre_personne": str(Patient.objects.get().pk)}).url
    page = au_comptoir.get(again).text
    assert "a déjà un dossier chez vous" in page
    assert 'value="accepter"' not in page
    assert au_comptoir.envoyer(again, {"decision": "accepter"}).status_code == 400
    assert Patient.objects.count() == 1
    assert RechercheInsi.objects.filter(issue=RechercheInsi.Issue.EN_ATTENTE).count() == 1


@pytest.mark.parametrize(
    ("code", "said"),
    [(CodeRetour.AUCUNE, "aucune identité trouvée"), (CodeRetour.PLUSIEURS, "plusieurs identités trouvées")],
)
def test_no_single_identity_says_what_to_try_and_keeps_the_form(
    au_comptoir: Navigateur, service, code: CodeRetour, said: str
) -> None:
    service(answer(code), answer(code), answer(code))
    response = au_comptoir.envoyer(NOUVEAU, _FORM)
    assert response.status_code == 422
    assert said in response.text
    assert 'value="Tchitchi"' in response.text
    assert "identité provisoire" in response.text
    assert not Patient.objects.exists()


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (fault("siram_40", "insi_102", sender=False), "difficulté technique"),
        (
            TransportError("HTTP_DELAI", "L’INSi ne répond pas.", conseil="Réessayez.", retryable=True),
            "ne répond pas",
        ),
    ],
    ids=["fault", "silence"],
)
def test_a_failure_says_what_to_do_and_loses_nothing_typed(au_comptoir: Navigateur, service, failure, said) -> None:
    service(failure)
    response = au_comptoir.envoyer(NOUVEAU, _FORM)
    assert response.status_code == 422
    assert said in response.text
    assert 'value="Tchitchi"' in response.text


def test_without_insi_the_record_is_provisoire(au_comptoir: Navigateur) -> None:
    au_comptoir.envoyer(NOUVEAU, _FORM | {"geste": "provisoire"})
    assert Patient.objects.get().statut is Statut.PROVISOIRE


def test_what_was_searched_for_is_not_typed_again(au_comptoir: Navigateur) -> None:
    page = au_comptoir.envoyer(NOUVEAU, {"nom": "ROY", "prenom": "ANA", "date_naissance": "1980-02-01"}).text
    assert 'value="ROY"' in page
    assert 'value="01/02/1980"' in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"nom_naissance": "R0Y"}, "contient un chiffre"),
        ({"date_naissance": "31/31"}, "n’est pas lisible"),
        ({"sexe": ""}, "obligatoire"),
    ],
)
def test_traits_that_break_the_rules_do_not_leave(au_comptoir: Navigateur, service, change, said) -> None:
    script = service()
    response = au_comptoir.envoyer(NOUVEAU, _FORM | change)
    assert response.status_code == 422
    assert said in response.text
    assert not script.requests


def _incomplete() -> bytes:
    return answer(
        CodeRetour.UNE,
        Individu(TCHITCHI.matricule, TraitsRecus("TCHITCHI", "CATARINA BELLA", "F", "1936-00-21", "63220")),
    )


@pytest.mark.exigence("INS.15")
def test_an_incomplete_answer_is_shown_and_not_accepted(au_comptoir: Navigateur, service) -> None:
    service(_incomplete())
    comparison = au_comptoir.envoyer(NOUVEAU, _FORM).url
    page = au_comptoir.get(comparison).text
    assert "date de naissance incomplète" in page
    assert 'value="accepter"' not in page
    assert au_comptoir.envoyer(comparison, {"decision": "accepter"}).status_code == 400
    assert not Patient.objects.exists()


def test_a_record_that_exists_is_completed_and_differences_stand_out(
    au_comptoir: Navigateur, service, cabinet: Structure, secretaire: Compte
) -> None:
    typed = Traits("ADRUN", "", "ZOE", "1975-12-30", Sexe.F, "")
    patient = make_patient(cabinet, secretaire, Nature.CONTROLE_REUSSI, traits=typed)
    service(_found(ADRUN))
    comparison = au_comptoir.envoyer(reverse("patients:interroger", args=[patient.pk])).url
    page = au_comptoir.get(comparison).text
    assert page.count('class="ecart"') == 1
    assert "30/12/1975" in page
    assert "31/12/1975" in page
    au_comptoir.envoyer(comparison, {"decision": "accepter"})
    found = reread(patient)
    assert (found.date_naissance, found.statut) == ("1975-12-31", Statut.QUALIFIEE)


def test_a_refusal_leaves_the_record_as_it_was(
    au_comptoir: Navigateur, service, cabinet: Structure, secretaire: Compte
) -> None:
    patient = make_patient(cabinet, secretaire, traits=Traits("ADRUN", "", "ZOE", "1975-12-31", Sexe.F, ""))
    service(_found(ADRUN))
    au_comptoir.envoyer(
        au_comptoir.envoyer(reverse("patients:interroger", args=[patient.pk])).url, {"decision": "refuser"}
    )
    assert reread(patient).statut is Statut.PROVISOIRE


def test_an_answer_belongs_to_its_structure(au_comptoir: Navigateur, service, pharmacienne: Compte) -> None:
    from cabinet.personnages import open_session

    service(_found(TCHITCHI))
    comparison = au_comptoir.envoyer(NOUVEAU, _FORM).url
    assert open_session(pharmacienne).get(comparison).status_code == 404


def test_the_former_matricules_that_insi_tells_are_shown_and_kept(au_comptoir: Navigateur, service) -> None:
    former = InsAncien("1360663220836", "59", TCHITCHI.matricule.oid, "1936-06-21", "2020-01-01")
    service(answer(CodeRetour.UNE, replace(TCHITCHI.individu, historique=(former,))))
    comparison = au_comptoir.envoyer(NOUVEAU, _FORM).url
    assert "Matricules antérieurs selon l’INSi" in au_comptoir.get(comparison).text
    au_comptoir.envoyer(comparison, {"decision": "accepter", "premier_prenom": "CATARINA BELLA"})
    patient = Patient.objects.get()
    assert patient.preuves.get(nature=Nature.RECUPERATION_INSI).anciens() == ("136066322083659",)
    history = au_comptoir.get(reverse("patients:histoire", args=[patient.pk])).text
    assert "136066322083659" in history
