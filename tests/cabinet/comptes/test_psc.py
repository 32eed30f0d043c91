"""Coming in by Pro Santé Connect: matched by the national identifier, never by the name."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from cabinet.personnages import Navigateur, open_session, reread
from opensegur.cabinet.comptes import psc
from opensegur.cabinet.comptes.models import Compte, IdentitePsc
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.patients.models import Patient
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.points import PointPsc
from opensegur.psc import Activite, Demande, Exercice, SessionPsc, Userinfo
from opensegur.psc.client import Jetons
from opensegur.psc.errors import psc_error

pytestmark = pytest.mark.django_db(databases=["default", "journal"])

RETOUR = reverse("comptes:psc_retour")
MOMENT = datetime(2026, 11, 25, 8, tzinfo=UTC)


class FauxPsc:
    """Pro Santé Connect as its client shows it, for a person decided beforehand."""

    def __init__(self, userinfo: Userinfo) -> None:
        self.userinfo = userinfo

    def begin(self) -> Demande:
        return Demande("https://psc.exemple/auth?state=s", "s", "n", "v")

    def complete(self, demande: Demande, retour: dict[str, str]) -> SessionPsc:
        if retour.get("state") != demande.state:
            raise psc_error("PSC_STATE")
        return SessionPsc(
            self.userinfo, "https://psc.exemple/realm", MOMENT, "MOBILE", Jetons("acces-secret", "id-token")
        )

    def logout_url(self, id_token: str, retour: str) -> str:
        return f"https://psc.exemple/logout?id_token_hint={id_token}"


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch):
    def install(userinfo: Userinfo) -> Navigateur:
        faux = FauxPsc(userinfo)
        point = PointPsc("https://psc.exemple/decouverte", "client")
        monkeypatch.setattr(psc, "_point", lambda: point)
        monkeypatch.setattr(psc, "_client", lambda point: faux)
        navigateur = Navigateur()
        assert navigateur.get(reverse("comptes:psc_aller")).url.startswith("https://psc.exemple/auth")
        return navigateur

    return install


def _doctor(cabinet: Structure, id_nat: str = "899700500012", **champs: str) -> Userinfo:
    activite = Activite(secteur="SA07", siret=cabinet.id_nat[1:], raison_sociale="CABINET")
    exercice = Exercice("10", savoir_faire=champs.pop("savoir_faire", "SM26"), activites=(activite,))
    return Userinfo("f:realm:1", id_nat, "AUTRE", "NOM", exercices=(exercice,))


def test_the_account_with_this_rpps_opens(connect, medecin: Compte, cabinet: Structure) -> None:
    navigateur = connect(_doctor(cabinet))
    assert navigateur.get(RETOUR, {"code": "c", "state": "s"}).url == "/"
    assert "Pro Santé Connect" in navigateur.get("/").text
    line = Ligne.objects.get(action="connexion")
    assert (line.acteur, line.objet) == (medecin.id_nat, "Pro Santé Connect MOBILE")
    assert IdentitePsc.objects.get().compte == medecin


def test_a_page_of_another_site_begins_no_login(connect, medecin: Compte, cabinet: Structure) -> None:
    connect(_doctor(cabinet))
    victim = Navigateur()
    answer = victim.get(reverse("comptes:psc_aller"), headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.url == reverse("comptes:connexion")
    assert victim.get(RETOUR, {"code": "c", "state": "s"}).status_code == 403


def test_no_token_of_access_is_kept(connect, medecin: Compte, cabinet: Structure) -> None:
    navigateur = connect(_doctor(cabinet))
    navigateur.get(RETOUR, {"code": "c", "state": "s"})
    assert "acces-secret" not in str(dict(navigateur.session))


def test_a_new_speciality_replaces_the_one_we_knew(connect, medecin: Compte, cabinet: Structure) -> None:
    connect(_doctor(cabinet, savoir_faire="SM54")).get(RETOUR, {"code": "c", "state": "s"})
    assert reread(medecin).savoir_faire == "SM54"


def test_the_same_name_with_another_identifier_does_not_open(connect, medecin: Compte, cabinet: Structure) -> None:
    response = connect(_doctor(cabinet, "899700999999")).get(RETOUR, {"code": "c", "state": "s"})
    assert response.status_code == 403
    assert "PSC_SANS_COMPTE" in response.text
    assert Ligne.objects.get(action="connexion").resultat == "PSC_SANS_COMPTE"


def test_an_account_that_was_closed_does_not_open(connect, medecin: Compte, cabinet: Structure) -> None:
    Compte.objects.filter(pk=medecin.pk).update(is_active=False)
    assert connect(_doctor(cabinet)).get(RETOUR, {"code": "c", "state": "s"}).status_code == 403


@pytest.mark.parametrize("retour", [{"code": "c", "state": "autre"}, {"code": "c"}])
def test_a_return_that_nobody_asked_for_is_refused(connect, medecin: Compte, cabinet: Structure, retour) -> None:
    assert connect(_doctor(cabinet)).get(RETOUR, retour).status_code == 403


def test_a_demand_serves_once(connect, medecin: Compte, cabinet: Structure) -> None:
    navigateur = connect(_doctor(cabinet))
    navigateur.get(RETOUR, {"code": "c", "state": "autre"})
    assert navigateur.get(RETOUR, {"code": "c", "state": "s"}).status_code == 403


def test_a_return_without_a_demand_is_refused(connect, cabinet: Structure, medecin: Compte) -> None:
    connect(_doctor(cabinet))
    assert Navigateur().get(RETOUR, {"code": "c", "state": "s"}).status_code == 403


def test_activities_elsewhere_open_nothing_here(connect, medecin: Compte, cabinet: Structure) -> None:
    elsewhere = Exercice("10", activites=(Activite(finess="999999999", raison_sociale="AILLEURS"),))
    navigateur = connect(Userinfo("s", medecin.id_nat, exercices=(elsewhere,)))
    assert navigateur.get(RETOUR, {"code": "c", "state": "s"}).url == reverse("comptes:structure")
    assert "aucune de vos activités" in navigateur.get(reverse("comptes:structure")).text
    assert navigateur.get("/").status_code == 302


def test_leaving_also_leaves_pro_sante_connect(connect, medecin: Compte, cabinet: Structure) -> None:
    navigateur = connect(_doctor(cabinet))
    navigateur.get(RETOUR, {"code": "c", "state": "s"})
    response = navigateur.envoyer(reverse("comptes:deconnexion"))
    assert "url=https://psc.exemple/logout" in response.headers["Refresh"]
    assert parse_qs(urlsplit(response.headers["Refresh"].partition("url=")[2]).query)["id_token_hint"] == ["id-token"]
    assert navigateur.get("/").status_code == 302


def test_when_psc_is_down_the_local_login_is_proposed(
    connect, medecin: Compte, cabinet: Structure, monkeypatch
) -> None:
    navigateur = connect(_doctor(cabinet))

    def down(point: PointPsc) -> FauxPsc:
        raise psc_error("PSC_UNAVAILABLE")

    monkeypatch.setattr(psc, "_client", down)
    response = navigateur.get(reverse("comptes:psc_aller"))
    assert response.status_code == 403
    assert "entrez avec un compte du cabinet" in response.text


def test_reading_outside_asks_for_psc_and_says_so(au_comptoir: Navigateur, medecin: Compte) -> None:
    from opensegur.cabinet.comptes.permis import permis_of
    from opensegur.cabinet.requete import Qui

    local = open_session(medecin)
    page = local.get("/compte/").text
    place = medecin.rattachements.select_related("structure").get()
    closed = [each.libelle for each in permis_of(Qui(medecin, place.structure, place.role)) if each.manque == "psc"]
    for libelle in closed:
        assert f"{libelle[0].upper()}{libelle[1:]}" in page


def test_leaving_the_dmp_asks_whether_to_stay_connected(medecin: Compte, patient: Patient) -> None:
    navigateur = open_session(medecin, psc=True)
    leave = f"{reverse('comptes:psc_quitter')}?dossier={patient.pk}"
    assert leave in navigateur.get(reverse("dmp:dossier", args=[patient.pk])).text
    page = navigateur.get(leave).text
    assert "Rester connecté" in page
    assert reverse("patients:dossier", args=[patient.pk]) in page
    assert reverse("comptes:deconnexion") in page
    assert navigateur.get(reverse("comptes:psc_quitter"), {"dossier": "../../ailleurs"}).status_code == 200


def test_a_local_account_has_nothing_to_leave(secretaire: Compte) -> None:
    assert open_session(secretaire).get(reverse("comptes:psc_quitter")).url == reverse("accueil:jour")
