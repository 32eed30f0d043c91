"""The life of a certificate: how long it serves, what its authority says, its replacement, and who may see it."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cabinet.certificats.atelier import Atelier, ranger
from cabinet.personnages import Navigateur, make_compte, open_session, reread
from opensegur.cabinet.certificats import garde, tournee
from opensegur.cabinet.certificats.models import Certificat
from opensegur.cabinet.certificats.presentation import announcements, places_of
from opensegur.cabinet.certificats.usages import Usage
from opensegur.cabinet.comptes.models import Compte, Rattachement
from opensegur.cabinet.comptes.roles import Role
from opensegur.cabinet.diagnostic.bilan import diagnose
from opensegur.cabinet.diagnostic.constat import Niveau
from opensegur.cabinet.droits.models import Ajustement
from opensegur.cabinet.envois import ouvrier
from opensegur.cabinet.structures.models import Structure
from opensegur.foundation.configuration import write_configuration
from opensegur.foundation.errors import InvalidValue, TransportError
from opensegur.foundation.transport import HttpTransport

pytestmark = pytest.mark.django_db(databases=["default", "journal"])
LISTE = reverse("certificats:liste")


@pytest.fixture
def garde_(tilleuls: Structure, bac: Atelier, gestionnaire: Compte) -> Certificat:
    return ranger(tilleuls, Usage.AUTHENTIFICATION, bac.nouvelle(), gestionnaire)


@pytest.fixture
def muette(monkeypatch: pytest.MonkeyPatch) -> None:
    """No authority answers."""

    def silent(*_: object) -> None:
        raise TransportError("TRANSPORT_INJOIGNABLE", "Le service est injoignable.")

    monkeypatch.setattr(HttpTransport, "send", silent)


def post(navigateur: Navigateur, geste: str, row: Certificat):
    return navigateur.envoyer(reverse(f"certificats:{geste}", args=[row.pk]))


@pytest.mark.parametrize(
    ("restent", "couleur", "libelle", "annonce"),
    [
        (61, "qualifiee", "en service", None),
        (59, "recuperee", "à remplacer bientôt", False),
        (29, "validee", "à commander", True),
        (6, "provisoire", "à remplacer cette semaine", True),
        (-1, "provisoire", "expiré", True),
    ],
    ids=["61 days", "59 days", "29 days", "6 days", "over"],
)
def test_the_end_is_announced_sixty_thirty_and_seven_days_before(
    tilleuls: Structure, garde_: Certificat, restent: int, couleur: str, libelle: str, annonce: bool | None
) -> None:
    now = garde_.fin - timedelta(days=restent, minutes=-1)
    place = next(each for each in places_of(tilleuls, now) if each.usage is Usage.AUTHENTIFICATION)
    assert (place.couleur, place.libelle) == (couleur, libelle)
    assert [each.grave for each in announcements(tilleuls, now)] == ([] if annonce is None else [annonce])


def test_whoever_administers_is_told_at_the_head_of_their_day(
    tilleuls: Structure, bac: Atelier, medecin: Compte, gestionnaire: Compte, au_comptoir: Navigateur
) -> None:
    ranger(tilleuls, Usage.SIGNATURE, bac.nouvelle(Usage.SIGNATURE, jours=20), gestionnaire)
    Rattachement.objects.filter(compte=medecin).update(administrateur=True)

    assert "commandez son remplaçant" in open_session(medecin).get("/").text
    assert "commandez son remplaçant" not in au_comptoir.get("/").text
    first = open_session(gestionnaire)
    assert "commandez son remplaçant" in first.get(reverse("equipe:liste")).text


def test_the_diagnosis_says_what_is_revoked_and_what_is_missing(
    tilleuls: Structure, bac: Atelier, garde_: Certificat
) -> None:
    Certificat.objects.update(revocation="revoque", revocation_dit="Révoqué le 01/11/2026.")
    told = {each.sujet: each for each in diagnose(tilleuls)}
    assert told["Certificat gardé : Authentification (ORG AUTH_CLI)"].niveau is Niveau.ROUGE
    assert told["Certificat pour signer pour le DMP"].remede == "Ajoutez-le dans l’écran Certificats."
    assert "DMP AUTH_CLI" in told["Certificat pour s’authentifier auprès du DMP"].dit


def test_a_revocation_is_found_again_by_the_button_and_shown(
    bureau: Navigateur, tilleuls: Structure, bac: Atelier, gestionnaire: Compte
) -> None:
    piece = bac.nouvelle(jours=302)
    row = ranger(tilleuls, Usage.AUTHENTIFICATION, piece, gestionnaire)
    bac.revoquer(piece)
    assert post(bureau, "verifier", row).url == LISTE

    page = bureau.get(LISTE).text
    assert "Révoqué le" in page
    assert "clé compromise" in page
    assert announcements(tilleuls, timezone.now())[0].grave


def test_without_an_answer_what_was_known_is_kept_with_its_date(
    bureau: Navigateur, garde_: Certificat, muette: None
) -> None:
    post(bureau, "verifier", garde_)
    now = reread(garde_)
    assert (now.revocation, now.non_revoque_le) == ("inconnu", garde_.non_revoque_le)
    assert f"non révoqué le {timezone.localtime(garde_.non_revoque_le):%d/%m/%Y}" in bureau.get(LISTE).text

    Certificat.objects.update(revocation="revoque", revocation_dit="Révoqué le 01/11/2026.")
    post(bureau, "verifier", garde_)
    assert reread(garde_).revocation == "revoque"


def test_the_worker_asks_once_a_day_and_tells_no_other_to(
    tilleuls: Structure, bac: Atelier, gestionnaire: Compte, caplog: pytest.LogCaptureFixture
) -> None:
    piece = bac.nouvelle(jours=303)
    row = ranger(tilleuls, Usage.AUTHENTIFICATION, piece, gestionnaire)
    bac.revoquer(piece)
    assert tournee.check_due() == 0

    Certificat.objects.update(verifie_le=timezone.now() - tournee.JOUR)
    tournee._REGARDE.clear()
    with caplog.at_level(logging.ERROR):
        assert tournee.check_due() == 1
    assert reread(row).revocation == "revoque"
    assert "is revoked" in caplog.text
    assert tournee.check_due in ouvrier._TACHES
    assert tournee.check_due() == 0


def test_an_authority_that_did_not_answer_is_asked_again_within_the_hour(garde_: Certificat, muette: None) -> None:
    Certificat.objects.update(verifie_le=timezone.now() - tournee.JOUR)
    assert tournee.check_due() == 1
    assert reread(garde_).revocation == "inconnu"
    assert tournee.check_due() == 0

    Certificat.objects.update(verifie_le=timezone.now() - tournee.REPRISE)
    tournee._REGARDE.clear()
    assert tournee.check_due() == 1


def test_a_structure_without_its_configuration_does_not_stop_the_worker(garde_: Certificat, settings) -> None:
    Certificat.objects.update(verifie_le=None)
    Structure.objects.update(configuration="absente.toml")
    assert tournee.check_due() == 1


def test_a_replaced_certificate_can_be_put_back_then_its_key_erased(
    bureau: Navigateur, tilleuls: Structure, bac: Atelier, garde_: Certificat, gestionnaire: Compte
) -> None:
    second = ranger(tilleuls, Usage.AUTHENTIFICATION, bac.nouvelle(jours=400), gestionnaire)
    former = reread(garde_)
    assert (former.etat, former.remplace_par, bool(former.cle)) == ("remplace", second, True)

    assert post(bureau, "remettre", former).url == LISTE
    assert (reread(former).etat, reread(second).etat) == ("service", "remplace")
    post(bureau, "retirer", second)
    gone = reread(second)
    assert (gone.etat, gone.cle, gone.efface_par) == ("retire", None, gestionnaire)
    page = bureau.get(LISTE).text
    assert "clé effacée le" in page
    assert "par Gaëlle" in page or "ARNAUD" in page


@pytest.mark.parametrize(
    "hors", [{"revocation": "revoque"}, {"fin": timezone.now() - timedelta(days=1)}, {"cle": None}],
    ids=["revoked", "over", "erased"],
)  # fmt: skip
def test_what_can_no_longer_serve_is_not_put_back(
    tilleuls: Structure, bac: Atelier, garde_: Certificat, gestionnaire: Compte, hors: dict
) -> None:
    second = ranger(tilleuls, Usage.AUTHENTIFICATION, bac.nouvelle(jours=400), gestionnaire)
    Certificat.objects.filter(pk=garde_.pk).update(**hors)
    with pytest.raises(InvalidValue, match="ne peut plus servir"):
        garde.put_back(reread(garde_), timezone.now())
    assert reread(second).etat == "service"


def test_keys_that_can_no_longer_serve_are_erased_by_the_worker(
    tilleuls: Structure, bac: Atelier, garde_: Certificat, gestionnaire: Compte
) -> None:
    second = ranger(tilleuls, Usage.AUTHENTIFICATION, bac.nouvelle(jours=400), gestionnaire)
    tournee._REGARDE.clear()
    Certificat.objects.filter(pk=garde_.pk).update(fin=timezone.now() - timedelta(days=1))
    tournee.check_due()
    assert (reread(garde_).cle, bool(reread(second).cle)) == (None, True)


def test_another_structure_sees_nothing_and_touches_nothing(garde_: Certificat, officine: Structure) -> None:
    stranger = open_session(make_compte("autre", officine, Role.GESTIONNAIRE))
    assert garde_.nom not in stranger.get(LISTE).text
    for geste in ("verifier", "remettre", "retirer"):
        assert post(stranger, geste, garde_).status_code == 404
    assert reread(garde_).cle


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.GESTIONNAIRE}))
def test_the_others_of_the_structure_are_refused(garde_: Certificat, role: str) -> None:
    somebody = open_session(make_compte("quelqu.un", garde_.structure, Role(role), profession="10"))
    assert somebody.get(LISTE).status_code == 403
    assert somebody.get(reverse("certificats:ajouter")).status_code == 403
    for geste in ("verifier", "remettre", "retirer"):
        assert post(somebody, geste, garde_).status_code == 403
    assert "Certificats</span>" not in somebody.get(reverse("aide:liste")).text


def test_the_keys_come_out_nowhere(bureau: Navigateur, garde_: Certificat) -> None:
    assert "PRIVATE KEY" not in bureau.get(LISTE).text
    assert "Certificats</span>" in bureau.get(LISTE).text


def test_the_screen_says_what_the_file_already_gives(
    bureau: Navigateur, tilleuls: Structure, bac: Atelier, settings
) -> None:
    assert {each.libelle for each in places_of(tilleuls, timezone.now())} == {"aucun"}

    write_configuration(bac.configuration, settings.OPENSEGUR_DONNEES / "structures" / "entiere.toml")
    Structure.objects.update(configuration="entiere.toml")
    told = {each.usage: each.libelle for each in places_of(reread(tilleuls), timezone.now())}
    assert told.pop(Usage.MESSAGERIE) == "aucun"
    assert set(told.values()) == {"dans un fichier"}
    assert "Celui du fichier de configuration sert." in bureau.get(LISTE).text


def test_whoever_may_only_look_is_offered_nothing_to_do(
    tilleuls: Structure, garde_: Certificat, medecin: Compte, gestionnaire: Compte
) -> None:
    Ajustement.objects.create(
        structure=tilleuls, action="certificat.lire", colonne=Role.MEDECIN, accorde=True,
        par=gestionnaire, le=timezone.now(),
    )  # fmt: skip
    page = open_session(medecin).get(LISTE).text
    assert garde_.nom in page
    assert "Remplacer" not in page
    assert "Retirer" not in page
