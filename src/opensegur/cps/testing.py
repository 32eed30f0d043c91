"""Cards in memory, for the tests of whoever uses this library: real keys and certificates, no reader.

``LecteursVirtuels`` is a ``Module``; insert a ``CarteVirtuelle`` in it, take it out in the middle, spoil its code.
Three wrong codes block a card, like a real one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from opensegur.cps.carte import SituationExercice
from opensegur.cps.certificats import OID_CATEGORIE, OID_TYPE
from opensegur.cps.donnees import INFO_PS, activity_label
from opensegur.cps.errors import Essais, code_refused, cps_error
from opensegur.cps.puce import Lecteur, ObjetCertificat, ObjetCle, Puce
from opensegur.foundation.ports import HashName

PIN = "1234"
_TRIES = 3
_LABELS = {0x20: "CPS_PRIV_AUT", 0x10: "CPS_PRIV_SIG"}
_PREFIX = b"\xe8\x28\xbd\x08\x0f"
_ESSAIS = {3: Essais.INTACTS, 2: Essais.ENTAMES, 1: Essais.DERNIER, 0: Essais.BLOQUE}


@dataclass(slots=True)
class CarteVirtuelle:
    """A card: ``paires`` gives, by the last byte of CKA_ID, a key with its certificate.

    ``donnees`` are the public data objects, ``reservees`` those that the code protects. A ``discrete`` one gives
    neither a CKA_ID to its certificates nor the public part of its keys.
    """

    serie: str
    paires: Mapping[int, tuple[rsa.RSAPrivateKey, x509.Certificate]]
    donnees: Mapping[str, bytes] = field(default_factory=dict)
    reservees: Mapping[str, bytes] = field(default_factory=dict)
    label: str = "CPS3-VIRTUELLE"
    pin: str = PIN
    restants: int = _TRIES
    etiquettes: Mapping[int, str] = field(default_factory=lambda: _LABELS)
    discrete: bool = False


def make_card(
    id_nat: str = "899700218896",
    nom: str = "ESSAI",
    prenom: str = "CLAUDE",
    titre: str = "Médecin",
    *,
    type_carte: int = 0,
    savoir_faire: str = "SM26",
    activites: tuple[SituationExercice, ...] = (SituationExercice(1, "CABINET D’ESSAI", "1750009995", "SA07"),),
    debut: datetime | None = None,
    jours: int = 1095,
    inversee: bool = False,
    serie: str = "2800000001",
) -> CarteVirtuelle:
    """A card of test of a fictional holder; ``inversee`` swaps the certificates of its two pairs."""
    start = debut or datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    subject = _subject(id_nat, nom, prenom, titre)
    (auth_key, auth_certificate), (sign_key, sign_certificate) = (
        _certify(subject, type_carte, start, jours, signature=signature) for signature in (False, True)
    )
    if inversee:
        auth_certificate, sign_certificate = sign_certificate, auth_certificate
    return CarteVirtuelle(
        serie,
        {0x20: (auth_key, auth_certificate), 0x10: (sign_key, sign_certificate)},
        donnees={INFO_PS: b"\x04\x00PS" + savoir_faire.encode()} if savoir_faire else {},
        reservees={activity_label(each.rang): encode_activite(each) for each in activites},
    )


def encode_activite(activite: SituationExercice) -> bytes:
    """As the chip stores it: EE around 84, 85 and 86."""
    fields = ((0x84, activite.raison_sociale), (0x85, activite.id_structure), (0x86, activite.secteur))
    return _tlv(0xEE, b"".join(_tlv(tag, text.encode()) for tag, text in fields))


class LecteursVirtuels:
    """A ``Module`` over readers in memory, each named with its card or with ``None``."""

    def __init__(self, **lecteurs: CarteVirtuelle | None) -> None:
        self._cards = dict(lecteurs)
        self._insertions = dict.fromkeys(lecteurs, 0)

    def insert(self, lecteur: str, carte: CarteVirtuelle) -> None:
        self._cards[lecteur] = carte
        self._insertions[lecteur] = self._insertions.get(lecteur, 0) + 1

    def remove(self, lecteur: str) -> None:
        self._cards[lecteur] = None

    def readers(self) -> tuple[Lecteur, ...]:
        return tuple(_describe(rank, name, card) for rank, (name, card) in enumerate(self._cards.items()))

    def refresh(self) -> None:
        """Cards in memory are always seen."""

    def connect(self, lecteur: Lecteur) -> Puce:
        card = self.card_in(lecteur.nom)
        if card is None:
            raise cps_error("CPS_CARTE_ABSENTE")
        return _PuceVirtuelle(self, lecteur.nom, card)

    def card_in(self, lecteur: str) -> CarteVirtuelle | None:
        return self._cards.get(lecteur)

    def insertion(self, lecteur: str) -> int:
        """How often a card came into this reader: a session outlives none."""
        return self._insertions.get(lecteur, 0)


class _PuceVirtuelle:
    def __init__(self, module: LecteursVirtuels, nom: str, carte: CarteVirtuelle) -> None:
        self._module = module
        self._nom = nom
        self._carte = carte
        self._insertion = module.insertion(nom)
        self._open = False

    @property
    def lecteur(self) -> Lecteur:
        self._check()
        return next(each for each in self._module.readers() if each.nom == self._nom)

    def certificates(self) -> tuple[ObjetCertificat, ...]:
        self._check()
        return tuple(
            ObjetCertificat(
                f"Certificat {octet:02X}",
                b"" if self._carte.discrete else _PREFIX + bytes((octet,)),
                made.public_bytes(Encoding.DER),
            )
            for octet, (_, made) in self._carte.paires.items()
        )

    def data(self) -> Mapping[str, bytes]:
        self._check()
        return {**self._carte.donnees, **(self._carte.reservees if self._open else {})}

    def keys(self) -> tuple[ObjetCle, ...]:
        self._check()
        if not self._open:
            return ()
        return tuple(
            ObjetCle(
                self._carte.etiquettes[octet],
                _PREFIX + bytes((octet,)),
                0 if self._carte.discrete else key.public_key().public_numbers().n,
            )
            for octet, (key, _) in self._carte.paires.items()
        )

    def login(self, pin: str) -> None:
        self._check()
        card = self._carte
        if card.restants and pin == card.pin:
            card.restants, self._open = _TRIES, True
            return
        card.restants = max(card.restants - 1, 0)
        raise code_refused("CPS_PIN_FAUX" if card.restants else "CPS_PIN_BLOQUE", _ESSAIS[card.restants])

    def logout(self) -> None:
        self._check()
        self._open = False

    def sign(self, key: ObjetCle, data: bytes, hash_name: HashName) -> bytes:
        self._check()
        private, _ = self._carte.paires[key.ident[-1]]
        algorithm = hashes.SHA256() if hash_name == "sha256" else hashes.SHA1()  # noqa: S303 - asked for by name # nosec B303
        return private.sign(data, padding.PKCS1v15(), algorithm)

    def close(self) -> None:
        self._open = False

    def _check(self) -> None:
        moved = self._module.insertion(self._nom) != self._insertion
        if moved or self._module.card_in(self._nom) is not self._carte:
            self._open = False
            raise cps_error("CPS_CARTE_RETIREE")


def _describe(rank: int, name: str, card: CarteVirtuelle | None) -> Lecteur:
    if card is None:
        return Lecteur(rank, name)
    return Lecteur(rank, name, carte_presente=True, label=card.label, serie=card.serie, essais=_ESSAIS[card.restants])


def _subject(id_nat: str, nom: str, prenom: str, titre: str) -> x509.Name:
    holder = [(NameOID.COMMON_NAME, id_nat), (NameOID.SURNAME, nom), (NameOID.GIVEN_NAME, prenom)]
    parts = [[(NameOID.COUNTRY_NAME, "FR")], *([[(NameOID.TITLE, titre)]] if titre else []), holder]
    return x509.Name(
        x509.RelativeDistinguishedName([x509.NameAttribute(kind, value) for kind, value in part]) for part in parts
    )


def _certify(
    subject: x509.Name, type_carte: int, start: datetime, days: int, *, signature: bool
) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    key = _key(int(signature))
    usage = x509.KeyUsage(
        digital_signature=not signature,
        content_commitment=signature,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "TEST AC EN MEMOIRE")]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(usage, critical=True)
        .add_extension(x509.UnrecognizedExtension(OID_TYPE, bytes((2, 1, type_carte))), critical=False)
        .add_extension(x509.UnrecognizedExtension(OID_CATEGORIE, bytes((2, 1, 80))), critical=False)
    )
    if not signature:
        builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
    return key, builder.sign(_key(2), hashes.SHA256())


@cache
def _key(rank: int) -> rsa.RSAPrivateKey:
    """Keys are slow to make: every card of a test run has the same ones."""
    del rank
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _tlv(tag: int, content: bytes) -> bytes:
    short, one = 0x80, 0x100
    if len(content) < short:
        length = bytes((len(content),))
    else:
        length = bytes((0x81, len(content))) if len(content) < one else b"\x82" + len(content).to_bytes(2, "big")
    return bytes((tag,)) + length + content
