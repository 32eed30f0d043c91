"""Adding a certificate on screen: what is taken, what is refused and how it is said."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.urls import reverse

from cabinet.certificats.atelier import MOT_DE_PASSE, Atelier, Piece, fichier
from cabinet.personnages import Navigateur
from opensegur.cabinet.certificats import ouverture
from opensegur.cabinet.certificats.models import Certificat
from opensegur.cabinet.certificats.ouverture import TAILLE_MAX, FichierRefuse, open_upload
from opensegur.cabinet.certificats.usages import Usage
from opensegur.cabinet.journal.models import Ligne
from opensegur.cabinet.structures.models import Structure
from opensegur.sandbox.population.acteurs import OFFICINE

pytestmark = pytest.mark.django_db(databases=["default", "journal"])
AJOUTER, LISTE = reverse("certificats:ajouter"), reverse("certificats:liste")


def give(bureau: Navigateur, usage: Usage, contenu: bytes, *, cle: bytes = b"", mot_de_passe: str = MOT_DE_PASSE):
    files = {"fichier": fichier("structure.p12", contenu)} | ({"cle": fichier("cle.pem", cle)} if cle else {})
    return bureau.envoyer(AJOUTER, {"usage": usage.value, "mot_de_passe": mot_de_passe, **files})


def said(response) -> str:
    """The text of the errors."""
    assert response.status_code == 422
    form = response.text.partition('class="feuille formulaire"')[2].partition("</form>")[0]
    return re.sub(r"<[^>]+>", " ", " ".join(re.findall(r"(?:avis-erreur|champ-erreur).*?</div>", form, re.DOTALL)))


@pytest.mark.parametrize("usage", Usage)
def test_a_p12_with_its_password_is_in_service_at_once_and_says_what_it_serves(
    bureau: Navigateur, bac: Atelier, usage: Usage
) -> None:
    assert give(bureau, usage, bac.nouvelle(usage).p12()).url == LISTE

    page = bureau.get(LISTE).text
    assert usage.sert_a in page
    assert "Non révoqué, d’après la réponse OCSP" in page
    assert "certificat de test" in page
    row = Certificat.objects.get()
    assert (row.usage, row.etat, row.ajoute_par.identifiant) == (usage, "service", "gaelle")


@pytest.mark.parametrize("mot_de_passe", ["", MOT_DE_PASSE], ids=["in clear", "with a password"])
def test_a_pem_certificate_is_taken_with_its_key_beside(bureau: Navigateur, bac: Atelier, mot_de_passe: str) -> None:
    piece = bac.nouvelle()
    given = give(
        bureau, Usage.AUTHENTIFICATION, piece.pem, cle=piece.cle_pem(mot_de_passe), mot_de_passe=mot_de_passe
    )
    assert given.status_code == 302


def test_a_pem_file_that_holds_both_is_taken(bureau: Navigateur, bac: Atelier) -> None:
    piece = bac.nouvelle()
    assert give(bureau, Usage.AUTHENTIFICATION, piece.cle_pem() + piece.pem, mot_de_passe="").status_code == 302


def test_neither_the_key_nor_the_password_lies_in_the_database_or_in_the_journal(
    bureau: Navigateur, bac: Atelier
) -> None:
    piece = bac.nouvelle()
    give(bureau, Usage.AUTHENTIFICATION, piece.p12())

    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT cle, pem FROM certificats_certificat")
        sealed, pem = cursor.fetchone()
    private = piece.cle.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    assert private[40:80] not in bytes(sealed)
    assert "PRIVATE" not in pem
    assert Certificat.objects.get().cle == private
    line = Ligne.objects.get(action="certificat.ajouter")
    assert line.objet == f"certificat {Certificat.objects.get().pk} : authentification"
    assert MOT_DE_PASSE not in repr(line.__dict__)


def _other_key(bac: Atelier) -> Piece:
    return Piece(bac.nouvelle().certificat, bac.nouvelle(Usage.SIGNATURE).cle)


@pytest.mark.parametrize(
    ("contenu", "cle", "mot_de_passe", "dit"),
    [
        (lambda bac: bac.nouvelle().p12(), None, "pas-le-bon", "Le mot de passe est faux"),
        (lambda bac: bac.nouvelle().p12(), None, "", "demande un mot de passe"),
        (lambda bac: bac.nouvelle().pem, lambda bac: bac.nouvelle().cle_pem("autre"), "x", "Le mot de passe est faux"),
        (lambda bac: _other_key(bac).pem, lambda bac: _other_key(bac).cle_pem(), "", "La clé n’est pas celle de ce"),
        (lambda bac: bac.nouvelle().pem, None, "", "ne contient pas la clé"),
        (lambda bac: b"MZ" + bytes(500), None, "x", "ni un .p12 (.pfx), ni un certificat PEM"),
        (lambda bac: bac.nouvelle().p12()[:900], None, MOT_DE_PASSE, "abîmé"),
        (lambda bac: b"-----BEGIN CERTIFICATE-----\nAAAA\n", None, "", "pas de certificat lisible"),
        (lambda bac: bytes(TAILLE_MAX + 1), None, "", "64 Ko au plus"),
    ],
    ids=["wrong password", "no password", "wrong password of a key", "another key", "no key", "a program",
         "cut short", "a broken pem", "huge"],
)  # fmt: skip
def test_what_does_not_open_is_refused_in_plain_words(
    bureau: Navigateur, bac: Atelier, contenu, cle, mot_de_passe: str, dit: str
) -> None:
    response = give(
        bureau, Usage.AUTHENTIFICATION, contenu(bac), cle=cle(bac) if cle else b"", mot_de_passe=mot_de_passe
    )
    assert response.status_code == 422
    assert dit in said(response)
    assert not Certificat.objects.exists()


@pytest.mark.parametrize(
    ("usage", "piece", "dit"),
    [
        (Usage.SIGNATURE, {}, "C’est un certificat d’authentification : il ne signe pas."),
        (Usage.AUTHENTIFICATION, {"usage": Usage.SIGNATURE}, "C’est un certificat de signature : il n’authentifie"),
        (Usage.MESSAGERIE, {"usage": Usage.SIGNATURE}, "C’est un certificat de signature"),
        (Usage.INSI, {}, "n’est ni INSI-AUTO ni INSI-MANU"),
        (Usage.AUTHENTIFICATION, {"usage": Usage.INSI}, "Ce certificat est celui de l’INSi"),
        (Usage.AUTHENTIFICATION, {"structure": OFFICINE}, "celui d’une autre structure (1189999998)"),
        (Usage.AUTHENTIFICATION, {"jours": -3, "debut": timedelta(days=-9)}, "Expiré depuis"),
        (Usage.AUTHENTIFICATION, {"debut": timedelta(days=3)}, "Ne vaut qu’à partir"),
    ],
    ids=["auth to sign", "sign to authenticate", "sign for the mail", "not for insi", "insi's own",
         "another structure", "expired", "of tomorrow"],
)  # fmt: skip
def test_a_certificate_that_cannot_serve_is_refused_with_the_reason(
    bureau: Navigateur, bac: Atelier, usage: Usage, piece: dict, dit: str
) -> None:
    response = give(bureau, usage, bac.nouvelle(**piece).p12())
    assert response.status_code == 422
    assert dit in said(response)
    assert not Certificat.objects.exists()


def test_everything_that_is_wrong_is_said_at_once(bureau: Navigateur, bac: Atelier) -> None:
    told = said(give(bureau, Usage.SIGNATURE, bac.nouvelle(structure=OFFICINE).p12()))
    assert "il ne signe pas" in told
    assert "autre structure" in told


def test_an_authority_that_is_not_ours_is_refused(bureau: Navigateur, bac: Atelier) -> None:
    from opensegur.foundation.testing import Authority

    stranger = Authority("AC INCONNUE").issue("DMP AUTH_CLI", unit="300000099200016")
    given = give(bureau, Usage.AUTHENTIFICATION, stranger.certificate_pem, cle=stranger.key_pem, mot_de_passe="")
    assert "n’est pas émis par une autorité reconnue" in said(given)


def test_a_revoked_certificate_is_refused(bureau: Navigateur, bac: Atelier) -> None:
    piece = bac.nouvelle(jours=301)
    bac.revoquer(piece)
    assert "Révoqué le" in said(give(bureau, Usage.AUTHENTIFICATION, piece.p12()))


def test_an_authority_that_does_not_answer_is_told_and_holds_nothing_back(
    bureau: Navigateur, bac: Atelier, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opensegur.foundation.errors import TransportError
    from opensegur.foundation.transport import HttpTransport

    def silent(*_: object) -> None:
        raise TransportError("TRANSPORT_INJOIGNABLE", "Le service est injoignable.")

    monkeypatch.setattr(HttpTransport, "send", silent)
    assert give(bureau, Usage.AUTHENTIFICATION, bac.nouvelle().p12()).status_code == 302
    assert "La révocation n’a pas pu être vérifiée" in bureau.get(LISTE).text
    assert Certificat.objects.get().revocation == "inconnu"


def test_the_same_certificate_is_not_taken_twice(bureau: Navigateur, bac: Atelier) -> None:
    give(bureau, Usage.AUTHENTIFICATION, bac.nouvelle().p12())
    assert "déjà là" in said(give(bureau, Usage.AUTHENTIFICATION, bac.nouvelle().p12()))


def test_without_any_anchor_nobody_is_believed(
    bureau: Navigateur, bac: Atelier, tilleuls: Structure, settings
) -> None:
    toml = settings.OPENSEGUR_DONNEES / "structures" / "tilleuls.toml"
    text = toml.read_text(encoding="utf-8")
    for section in ("insi", "dmp", "apcv"):
        text = re.sub(rf"\[{section}\]\n(.+\n)+", "", text)
    toml.write_text(text, encoding="utf-8")
    assert "aucune autorité de confiance" in said(give(bureau, Usage.AUTHENTIFICATION, bac.nouvelle().p12()))


def _der(tag: int, *parts: bytes) -> bytes:
    body = b"".join(parts)
    length = bytes((len(body),)) if len(body) < 128 else b"\x82" + len(body).to_bytes(2, "big")
    return bytes((tag,)) + length + body


_OID = {"pbes2": "2a864886f70d01050d", "pbkdf2": "2a864886f70d01050c", "hmac": "2a864886f70d0209",
        "aes": "60864801650304012a", "scrypt": "2b06010401da47040b"}  # fmt: skip


def _oid(name: str) -> bytes:
    return _der(6, bytes.fromhex(_OID[name]))


def _sealed_key(derivation: bytes) -> bytes:
    """A private key whose password goes through ``derivation`` (RFC 8018 §A.4)."""
    cipher = _der(0x30, _oid("aes"), _der(4, bytes(16)))
    sealed = _der(0x30, _der(0x30, _oid("pbes2"), _der(0x30, derivation, cipher)), _der(4, bytes(1232)))
    body = base64.encodebytes(sealed)
    return b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + body + b"-----END ENCRYPTED PRIVATE KEY-----\n"


def _slow_key() -> bytes:
    """PBKDF2 with two thousand million rounds."""
    rounds, prf = _der(2, (2**31 - 1).to_bytes(4, "big")), _der(0x30, _oid("hmac"), _der(5))
    return _sealed_key(_der(0x30, _oid("pbkdf2"), _der(0x30, _der(4, bytes(16)), rounds, prf)))


def _heavy_key() -> bytes:
    """scrypt with four gibibytes of memory (RFC 7914 §7.1)."""
    cost, block, parallel = _der(2, (2**22).to_bytes(3, "big")), _der(2, b"\x08"), _der(2, b"\x01")
    return _sealed_key(_der(0x30, _oid("scrypt"), _der(0x30, _der(4, bytes(16)), cost, block, parallel)))


def test_a_file_that_asks_for_gibibytes_is_refused_without_taking_them(bac: Atelier) -> None:
    resource = pytest.importorskip("resource", reason="the system does not limit memory")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with pytest.raises(FichierRefuse):
        open_upload(bac.nouvelle().pem, _heavy_key(), "x", delai=5.0)
    assert max(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss - before, 0) < 1024**2  # in KiB


def test_a_file_that_asks_for_minutes_of_computing_is_left_unopened(bac: Atelier) -> None:
    with pytest.raises(FichierRefuse) as refused:
        open_upload(bac.nouvelle().pem, _slow_key(), "x", delai=2.0)
    assert refused.value.code == "CERT_CALCUL"


def test_an_elliptic_key_is_refused(bac: Atelier) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(FichierRefuse, match="RSA"):
        open_upload(bac.nouvelle().pem, pem, "")


def test_a_reader_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ouverture.sys, "executable", "/bin/false")
    with pytest.raises(FichierRefuse, match="n’a pas pu être ouvert"):
        open_upload(b"x", b"", "")
