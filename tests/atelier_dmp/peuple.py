"""Who exists in these tests, and the authorities that certify them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from opensegur.foundation.acteurs import Professionnel, Structure
from opensegur.sandbox.pki.confiance import Confiance
from opensegur.sandbox.pki.gabarits import Autorite, Usage, card_name, issue, issue_authority, structure_name
from opensegur.sandbox.population.personnes import Personne

MOMENT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


INS, AUTRE_INS, MINEUR, FERME, ABSENT = (
    "279035121518989",
    "184127645108946",
    "215059999910105",
    "255069999920247",
    "199129999930384",
)


OID_TEST = "1.2.250.1.213.1.4.10"


CABINET = Structure("300000099200016", "CABINET TEST", "SA07")


OFFICINE = Structure("1189999998", "PHARMACIE TEST", "SA33")


DR = Professionnel("899700500012", "MARCHAND", "CLAIRE", "10", "SM26")


AUTRE_DR = Professionnel("899700500020", "OLIVEIRA", "PAUL", "10", "SM26")


PHARMACIENNE = Professionnel("899700500038", "BENSAID", "NADIA", "21", "A")


INFIRMIERE = Professionnel("899700500046", "LE GOFF", "SOAZIG", "60")


AIDE = Professionnel("899700500061", "PETIT", "LUC", "35")


DU_TRAVAIL = Professionnel("899700500079", "TISSOT", "EVE", "10", "SM25")


SECRETAIRE = Professionnel(
    "500000099200016/CP01", "FAUREL", "LOU", "SECRETARIAT_MEDICAL", profession_system="1.2.250.1.213.1.1.4.6"
)


Paire = tuple[x509.Certificate, rsa.RSAPrivateKey]


class Peuple:
    """Who exists in these tests."""

    def __init__(self) -> None:
        self.patients = {
            ins: Personne(ins[:13], ins[13:], "NIR", OID_TEST, nom, prenoms, sexe, naissance, "18033")
            for ins, nom, prenoms, naissance, sexe in (
                (INS, "EXEMPLE", "ALICE MARIE", "1979-03-12", "F"),
                (AUTRE_INS, "AUTRE", "PAUL", "1984-12-02", "M"),
                (MINEUR, "PETIT", "LEO", "2015-05-04", "M"),
                (FERME, "FERME", "ANNE", "1955-06-07", "F"),
                (ABSENT, "ABSENT", "JEAN", "1999-12-08", "M"),
            )
        }

    def patient(self, ins: str) -> Personne | None:
        return self.patients.get(ins)

    def professionnel(self, id_nat: str) -> Professionnel | None:
        known = (DR, AUTRE_DR, PHARMACIENNE, INFIRMIERE, AIDE, DU_TRAVAIL)
        return next((item for item in known if item.id_nat == id_nat), None)

    def structure(self, id_nat: str) -> Structure | None:
        return next((item for item in (CABINET, OFFICINE) if item.id_nat == id_nat), None)

    def same_entity(self, one: str, other: str) -> bool:
        return one == other


@dataclass(frozen=True)
class Trousseau:
    """The authorities and pairs of these tests."""

    autorite: Autorite
    confiance: Confiance
    paires: dict[str, Paire]


def make_trousseau() -> Trousseau:
    start = MOMENT - timedelta(days=30)
    root = issue_authority("AC TEST", None, start, 3650)
    stranger = issue_authority("AC INCONNUE", None, start, 3650)
    sign, auth = Usage.SIGNATURE, Usage.AUTHENTIFICATION
    sujet, officine = structure_name(CABINET, "DMP SIGN"), structure_name(OFFICINE, "DMP SIGN")
    paires = {
        "es-sign": issue(sujet, sign, root, start, 365),
        "es-auth": issue(structure_name(CABINET, "DMP AUTH_CLI"), auth, root, start, 365),
        "officine-sign": issue(officine, sign, root, start, 365),
        "officine-auth": issue(structure_name(OFFICINE, "DMP AUTH_CLI"), auth, root, start, 365),
        "expire": issue(sujet, sign, root, start - timedelta(days=400), 365),
        "futur": issue(sujet, sign, root, MOMENT + timedelta(days=2), 365),
        "revoque": issue(sujet, sign, root, start, 365),
        "inconnu": issue(sujet, sign, stranger, start, 365),
        "auth-revoque": issue(structure_name(CABINET, "DMP AUTH_CLI"), auth, root, start, 365),
    }
    for nom, personne in (
        ("dr", DR),
        ("autre-dr", AUTRE_DR),
        ("travail", DU_TRAVAIL),
        ("inf", INFIRMIERE),
        ("cpe", SECRETAIRE),
    ):
        paires[f"{nom}-sign"] = issue(card_name(personne, "Médecin"), sign, root, start, 365, card=True)
        paires[f"{nom}-auth"] = issue(card_name(personne, "Médecin"), auth, root, start, 365, card=True)
    revoked = frozenset({paires["revoque"][0].serial_number, paires["auth-revoque"][0].serial_number})
    return Trousseau(root, Confiance((root.certificat,), revoked), paires)
